/* Starts or refuses letters. */
#include "mail/delivery_priv.h"

#include "base/clock.h"
#include "base/log.h"

/* Copies start first, so that they do not accumulate while letters are sent. */
static struct rw_delivery_item *
next_due(struct rw_delivery *delivery)
{
	int64_t now_us = rw_clock_monotonic_ms() * 1000;

	if (delivery->options.interval_us > 0 && now_us < delivery->next_us)
		return NULL;
	if (delivery->copies.count > 0)
		return rw_delivery_take(&delivery->copies);
	return rw_delivery_take(&delivery->waiting);
}

static void
pace_starts(struct rw_delivery *delivery)
{
	int64_t now_us = rw_clock_monotonic_ms() * 1000;

	if (delivery->next_us < now_us)
		delivery->next_us = now_us;
	delivery->next_us += delivery->options.interval_us;
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
		if (!rw_delivery_may_start(delivery, item, &failure)) {
			rw_delivery_end(delivery, item, &failure);
			continue;
		}
		pace_starts(delivery);
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
