/* Starts or refuses letters. */
#include "mail/delivery_priv.h"

#include "base/clock.h"
#include "base/log.h"

/* The first one whose domain does not have to wait. */
static struct rw_delivery_item *
take_due(struct rw_delivery *delivery, struct rw_delivery_queue *queue,
	int64_t now_us)
{
	struct rw_delivery_item **at = &queue->first, *item;
	int64_t next_us = 0;

	while ((item = *at) != NULL && !rw_pace_allows(delivery->options.pace,
	    item->mail.recipient, now_us, &next_us)) {
		if (delivery->domain_next_us == 0 ||
		    next_us < delivery->domain_next_us)
			delivery->domain_next_us = next_us;
		at = &item->next;
	}
	if (item == NULL)
		return NULL;
	*at = item->next;
	if (item->next == NULL)
		queue->last = at;
	queue->count--;
	return item;
}

/* Copies start first, so that they do not accumulate while letters are sent. */
static struct rw_delivery_item *
next_due(struct rw_delivery *delivery)
{
	int64_t now_us = rw_clock_monotonic_ms() * 1000;
	struct rw_delivery_item *item;

	delivery->domain_next_us = 0;
	if (delivery->options.interval_us > 0 && now_us < delivery->next_us)
		return NULL;
	item = take_due(delivery, &delivery->copies, now_us);
	return item != NULL ? item :
		take_due(delivery, &delivery->waiting, now_us);
}

static void
pace_starts(struct rw_delivery *delivery, const struct rw_delivery_item *item)
{
	int64_t now_us = rw_clock_monotonic_ms() * 1000;

	if (delivery->next_us < now_us)
		delivery->next_us = now_us;
	delivery->next_us += delivery->options.interval_us;
	rw_pace_start(delivery->options.pace, item->mail.recipient, now_us);
}

/* Its letter is written again, if its bytes were freed. */
static bool
may_start(struct rw_delivery *delivery, struct rw_delivery_item *item,
	struct rw_err *err)
{
	const struct rw_delivery_options *o = &delivery->options;

	if (!rw_pace_is_open(o->pace, item->mail.recipient, err))
		return false;
	if (item->record != NULL && item->letter.message.len == 0) {
		if (!o->write(o->context, item, err))
			return false;
		rw_delivery_bind(item);
	}
	return rw_delivery_may_start(delivery, item, err);
}

void
rw_delivery_choose(struct rw_delivery *delivery,
	struct rw_delivery_queue *starting)
{
	const struct rw_transport *t = &delivery->transport;
	struct rw_delivery_item *item;
	struct rw_err failure;
	size_t ready;

	t->ops->want(t->state, delivery->copies.count +
		delivery->waiting.count);
	ready = t->ops->ready(t->state);
	while (starting->count < ready &&
	    (item = next_due(delivery)) != NULL) {
		if (!may_start(delivery, item, &failure)) {
			rw_delivery_end(delivery, item, &failure);
			continue;
		}
		pace_starts(delivery, item);
		rw_delivery_put(starting, item);
	}
}

void
rw_delivery_refuse(struct rw_delivery *delivery)
{
	const struct rw_delivery_options *o = &delivery->options;
	const struct rw_transport *t = &delivery->transport;
	struct rw_delivery_item *item;
	struct rw_err why;

	if (o->stopped != NULL && o->stopped(o->context)) {
		rw_fail(&why, RW_REFUSED, "rw-mail was stopped before it sent "
			"this");
		why.retryable = true;
	} else if (!t->ops->is_down(t->state, &why)) {
		return;
	}
	while ((item = rw_delivery_take(&delivery->waiting)) != NULL ||
	    (item = rw_delivery_take(&delivery->copies)) != NULL)
		rw_delivery_end(delivery, item, &why);
}

/* Our own "begin" lines are on disk. If another rw-mail has the same claims,
 * either it has read our lines or its own lines are found here. */
static bool
look_around(struct rw_delivery *delivery, struct rw_err *err)
{
	if (rw_journal_watch(&delivery->watch, delivery->journal.path, err) &&
	    rw_journal_is_complete(&delivery->journal, err))
		return true;
	err->retryable = true;
	return false;
}

void
rw_delivery_start(struct rw_delivery *delivery,
	struct rw_delivery_queue *starting, const struct rw_err *failure)
{
	const struct rw_transport *t = &delivery->transport;
	struct rw_delivery_item *item;
	bool looked = false, good = true;
	struct rw_err blind, why;

	while ((item = rw_delivery_take(starting)) != NULL) {
		if (failure == NULL && item->begun && !looked) {
			good = look_around(delivery, &blind);
			looked = true;
		}
		if (failure != NULL && item->begun) {
			item->begun = false;
			rw_delivery_end(delivery, item, failure);
		} else if (item->begun && !good) {
			rw_delivery_end(delivery, item, &blind);
		} else if (item->begun && !rw_delivery_is_unused(
		    &delivery->watch.used, item, &why)) {
			rw_delivery_end(delivery, item, &why);
		} else {
			delivery->on_the_way++;
			t->ops->send(t->state, &item->mail);
		}
	}
}
