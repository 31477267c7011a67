/* Notes, journals and reports the outcomes of letters. */
#include "mail/delivery_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "mail/message_id.h"

/* ---- copies ------------------------------------------------------------ */

/* Without the follower, who has the letter, and those in others, who get it. */
static void
copy_to_each(struct rw_delivery *delivery, struct rw_delivery_item *item,
	const struct rw_copies *copies, const struct rw_copies *others,
	const char *about)
{
	size_t i;

	for (i = 0; copies != NULL && i < copies->count; i++)
		if (strcmp(copies->each[i], item->mail.recipient) != 0 &&
		    (others == NULL ||
		    !rw_copies_has(others, copies->each[i])))
			rw_delivery_put_copy(delivery, copies->each[i], about,
				&item->letter.message, item->mail.needs_utf8);
}

/* Sends the follower's letter to the administrator and to the addresses in cc
 * as well. When such a copy fails, the follower has still received the
 * letter. */
static void
copy_letter(struct rw_delivery *delivery, struct rw_delivery_item *item)
{
	const struct rw_delivery_options *o = &delivery->options;

	if (o->staged || delivery->transport.ops->one_box)
		return;
	copy_to_each(delivery, item, o->copy_to, NULL, "");
	copy_to_each(delivery, item, &item->letter.cc.to, o->copy_to,
		rw_record_label(item->record));
}

static void
end_copy(const struct rw_delivery *delivery, struct rw_delivery_item *copy)
{
	const struct rw_delivery_options *o = &delivery->options;
	const char *about = rw_buf_text(&copy->about);
	const char *recipient = copy->mail.recipient;
	bool good = copy->failure.kind == RW_OK;

	if (good && *about != '\0')
		rw_log_event("%s: mailed a copy to %s", about, recipient);
	else if (!good && *about != '\0')
		o->copy_failed(o->context, about, recipient, &copy->failure);
	else if (!good)
		rw_say(RW_WARNING, "the mail to %s failed: %s", recipient,
			copy->failure.message);
	rw_delivery_item_free(copy);
	free(copy);
}

/* ---- outcomes ---------------------------------------------------------- */

/* Sets the members of the record that is passed on. */
static void
note_outcome(struct rw_delivery *delivery, struct rw_delivery_item *item)
{
	struct rw_line *line = &item->record->line;
	bool accepted = item->failure.kind == RW_OK;
	bool sent = accepted && !delivery->options.staged;
	char recipient[RW_SHA256_HEX];
	struct rw_err ignored;

	rw_line_set_bool(line, RW_M_EMAIL_SENT, sent);
	if (sent)
		rw_record_set_time(item->record, RW_M_SENT_TIMESTAMP,
			rw_clock_now_ms() / 1000);
	else
		rw_line_remove(line, RW_M_SENT_TIMESTAMP);
	rw_line_set_string(line, RW_M_MESSAGE_ID,
		rw_buf_text(&item->letter.id));
	rw_line_set_string(line, RW_M_DELIVERY,
		rw_letter_delivery(&item->letter));
	if (!delivery->options.staged &&
	    rw_recipient_sum(item->mail.recipient, recipient, &ignored))
		rw_line_set_string(line, RW_M_RECIPIENT_SHA256, recipient);
	if (item->failure.kind == RW_IN_DOUBT && !delivery->options.staged)
		rw_line_set_string(line, RW_M_STATE, "in_doubt");
	if (!accepted)
		rw_record_set_error(item->record, "rw-mail", &item->failure);
}

void
rw_delivery_journal_outcomes(struct rw_delivery *delivery)
{
	struct rw_delivery_item *item;

	for (item = delivery->finished.first; item != NULL;
	    item = item->next) {
		if (item->record == NULL)
			continue;
		note_outcome(delivery, item);
		if (item->begun)
			rw_journal_outcome(&delivery->journal, item->record,
				item->failure.kind == RW_OK ? RW_SENT :
				item->failure.kind == RW_IN_DOUBT ?
				RW_DOUBTFUL : RW_FAILED);
	}
}

size_t
rw_delivery_report_outcomes(struct rw_delivery *delivery)
{
	const struct rw_delivery_options *o = &delivery->options;
	struct rw_delivery_item *item;
	size_t n = 0;

	while ((item = rw_delivery_take(&delivery->finished)) != NULL) {
		if (item->record == NULL) {
			end_copy(delivery, item);
			continue;
		}
		if (item->failure.kind == RW_OK)
			copy_letter(delivery, item);
		n++;
		o->ended(o->context, item, item->failure.kind == RW_OK ?
			NULL : &item->failure);
	}
	return n;
}
