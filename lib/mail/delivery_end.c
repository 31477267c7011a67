#include "mail/delivery_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

/* ---- queues ------------------------------------------------------------ */

void
rw_delivery_put(struct rw_delivery_queue *queue, struct rw_delivery_item *item)
{
	item->next = NULL;
	*queue->last = item;
	queue->last = &item->next;
	queue->count++;
}

struct rw_delivery_item *
rw_delivery_take(struct rw_delivery_queue *queue)
{
	struct rw_delivery_item *item = queue->first;

	if (item == NULL)
		return NULL;
	queue->first = item->next;
	if (queue->first == NULL)
		queue->last = &queue->first;
	queue->count--;
	return item;
}

void
rw_delivery_end(struct rw_delivery *delivery, struct rw_delivery_item *item,
	const struct rw_err *failure)
{
	item->failure = failure != NULL ? *failure :
		(struct rw_err){.kind = RW_OK};
	rw_delivery_put(&delivery->finished, item);
}

/* ---- copies ------------------------------------------------------------ */

static void
add_copy(struct rw_delivery *delivery, const char *recipient,
	struct rw_buf *message, bool needs_utf8)
{
	struct rw_delivery_item *copy = calloc(1, sizeof *copy);

	if (copy == NULL) {
		rw_say(RW_WARNING, "no memory for a mail to %s", recipient);
		return;
	}
	copy->letter.message = *message;
	*message = (struct rw_buf){.max = message->max};
	copy->mail = (struct rw_mail){.sender = delivery->options.sender,
		.recipient = recipient,
		.bytes = rw_buf_text(&copy->letter.message),
		.len = copy->letter.message.len, .needs_utf8 = needs_utf8,
		.context = copy};
	rw_delivery_put(&delivery->copies, copy);
}

void
rw_delivery_add_copy(struct rw_delivery *delivery, const char *recipient,
	struct rw_buf *message)
{
	add_copy(delivery, recipient, message, false);
}

/* The follower's letter itself, to somebody else too. Whatever comes of that,
 * the follower has it. */
static void
copy_letter(struct rw_delivery *delivery, struct rw_delivery_item *item)
{
	const struct rw_delivery_options *o = &delivery->options;

	if (o->copy_to != NULL && !o->staged &&
	    !delivery->transport.ops->one_box &&
	    strcmp(o->copy_to, item->mail.recipient) != 0)
		add_copy(delivery, o->copy_to, &item->letter.message,
			item->mail.needs_utf8);
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

/* The record as it goes on. */
static void
note_outcome(struct rw_delivery *delivery, struct rw_delivery_item *item)
{
	struct rw_line *line = &item->record->line;
	bool accepted = item->failure.kind == RW_OK;
	bool sent = accepted && !delivery->options.staged;

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
