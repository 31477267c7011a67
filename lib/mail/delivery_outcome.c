/* Notes, journals and reports the outcomes of letters. */
#include "mail/delivery_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "mail/message_id.h"

/* ---- copies ------------------------------------------------------------ */

/* Sends the follower's letter to the administrator as well. When this copy
 * fails, the follower has still received the letter. */
static void
copy_letter(struct rw_delivery *delivery, struct rw_delivery_item *item)
{
	const struct rw_delivery_options *o = &delivery->options;
	size_t i;

	if (o->copy_to == NULL || o->staged ||
	    delivery->transport.ops->one_box)
		return;
	for (i = 0; i < o->copy_to->count; i++)
		if (strcmp(o->copy_to->each[i], item->mail.recipient) != 0)
			rw_delivery_put_copy(delivery, o->copy_to->each[i],
				&item->letter.message, item->mail.needs_utf8);
}

static void
end_copy(struct rw_delivery_item *copy)
{
	if (copy->failure.kind != RW_OK)
		rw_say(RW_WARNING, "the mail to %s failed: %s",
			copy->mail.recipient, copy->failure.message);
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
			end_copy(item);
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
