/* The queues of a delivery, and the functions that add to them. */
#include "mail/delivery_priv.h"

#include <stdlib.h>

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

void
rw_delivery_bind(struct rw_delivery_item *item)
{
	item->mail.recipient = rw_address_text(&item->letter.to);
	item->mail.bytes = rw_buf_text(&item->letter.message);
	item->mail.len = item->letter.message.len;
}

void
rw_delivery_item_free(struct rw_delivery_item *item)
{
	rw_letter_free(&item->letter);
	rw_buf_free(&item->sender);
	rw_buf_free(&item->recipient);
	rw_buf_free(&item->about);
}

/* ---- copies ------------------------------------------------------------ */

void
rw_delivery_put_copy(struct rw_delivery *delivery, const char *recipient,
	const char *about, struct rw_buf *message, bool needs_utf8)
{
	struct rw_delivery_item *copy = calloc(1, sizeof *copy);
	struct rw_err err;

	if (copy == NULL) {
		rw_fail_memory(&err, "a mail to %s", recipient);
		rw_say(RW_WARNING, "%s", err.message);
		return;
	}
	copy->letter.message.max = message->max;
	rw_buf_add(&copy->letter.message, message->data, message->len);
	rw_buf_adds(&copy->recipient, recipient);
	rw_buf_adds(&copy->about, about);
	if (!rw_buf_ok(&copy->letter.message, "a copy", &err) ||
	    !rw_buf_ok(&copy->recipient, "a copy", &err) ||
	    !rw_buf_ok(&copy->about, "a copy", &err)) {
		rw_say(RW_WARNING, "%s", err.message);
		rw_delivery_item_free(copy);
		free(copy);
		return;
	}
	copy->mail = (struct rw_mail){.sender = delivery->options.sender,
		.recipient = rw_buf_text(&copy->recipient),
		.bytes = rw_buf_text(&copy->letter.message),
		.len = copy->letter.message.len, .needs_utf8 = needs_utf8,
		.context = copy};
	rw_delivery_put(&delivery->copies, copy);
}

void
rw_delivery_add_copy(struct rw_delivery *delivery, const char *recipient,
	struct rw_buf *message)
{
	rw_delivery_put_copy(delivery, recipient, "", message, false);
}
