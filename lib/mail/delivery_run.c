/* The interface, and the rounds of a delivery. */
#include "mail/delivery_priv.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"

/* A signal that arrives just before the wait is noticed when this time is
 * over. */
#define WAIT_MS 1000

/* ---- opening and closing ----------------------------------------------- */

/* A server asks for a pause: the mail waits with the others of its domain, and
 * keeps what the journal has of it. A copy is not tried again. */
static bool
is_tried_again(struct rw_delivery *delivery, struct rw_delivery_item *item,
	const struct rw_err *answer)
{
	struct rw_pace *pace = delivery->options.pace;
	struct rw_err ignored;

	rw_pace_defer(pace, item->mail.recipient,
		rw_clock_monotonic_ms() * 1000, answer);
	return item->record != NULL && ++item->tries < RW_PACE_TRIES &&
		rw_pace_is_open(pace, item->mail.recipient, &ignored);
}

static void
mail_done(void *context, struct rw_mail *mail, const struct rw_err *failure)
{
	struct rw_delivery *delivery = context;
	struct rw_delivery_item *item = mail->context;

	delivery->on_the_way--;
	if (failure == NULL) {
		rw_pace_accept(delivery->options.pace, mail->recipient);
		rw_fault("accepted");
	} else if (mail->deferred && is_tried_again(delivery, item, failure)) {
		mail->deferred = false;
		rw_delivery_put(&delivery->waiting, item);
		return;
	}
	rw_delivery_end(delivery, item, failure);
}

bool
rw_delivery_open(struct rw_delivery *delivery,
	const struct rw_delivery_options *options, struct rw_err *err)
{
	struct rw_transport_options transport = options->transport;

	*delivery = (struct rw_delivery){.options = *options};
	delivery->waiting.last = &delivery->waiting.first;
	delivery->copies.last = &delivery->copies.first;
	delivery->finished.last = &delivery->finished.first;
	transport.report = (struct rw_mail_report){mail_done, delivery};
	if (!rw_boot_id(delivery->boot_id, NULL))
		delivery->boot_id[0] = '\0';
	if (!rw_journal_open(&delivery->journal, options->run_id, err))
		return false;
	if (rw_transport_open(&delivery->transport, &transport, err))
		return true;
	rw_journal_close(&delivery->journal);
	return false;
}

void
rw_delivery_close(struct rw_delivery *delivery)
{
	struct rw_delivery_item *copy;

	rw_transport_close(&delivery->transport);
	rw_journal_close(&delivery->journal);
	rw_journal_used_free(&delivery->used);
	rw_journal_watch_free(&delivery->watch);
	while ((copy = rw_delivery_take(&delivery->copies)) != NULL) {
		rw_delivery_item_free(copy);
		free(copy);
	}
}

/* Only the mail to a follower has a sender of its own: a notification about a
 * copy must not count as one about the mail. */
static bool
set_sender(struct rw_delivery *delivery, struct rw_delivery_item *item,
	struct rw_err *err)
{
	const struct rw_delivery_options *o = &delivery->options;

	rw_buf_reset(&item->sender);
	if (o->verp == NULL || o->staged)
		return true;
	if (!rw_verp_add(o->verp, rw_buf_text(&item->letter.id),
	    &item->sender, err))
		return false;
	item->mail.sender = rw_buf_text(&item->sender);
	return true;
}

static size_t
waiting_bytes(const struct rw_delivery *delivery)
{
	const struct rw_delivery_item *item;
	size_t bytes = 0;

	for (item = delivery->waiting.first; item != NULL; item = item->next)
		bytes += item->letter.message.len;
	return bytes;
}

void
rw_delivery_add(struct rw_delivery *delivery, struct rw_delivery_item *item,
	struct rw_record *record)
{
	struct rw_err failure;

	item->record = record;
	item->mail = (struct rw_mail){
		.sender = delivery->options.sender,
		.needs_utf8 = item->letter.to.needs_utf8,
		.context = item};
	rw_delivery_bind(item);
	item->claimed = rw_record_has(record, RW_M_CLAIM) &&
		!delivery->options.staged;
	item->begun = false;
	item->tries = 0;
	if (!set_sender(delivery, item, &failure)) {
		rw_delivery_end(delivery, item, &failure);
		return;
	}
	if (waiting_bytes(delivery) + item->mail.len >
	    RW_DELIVERY_WAITING_BYTES)
		rw_buf_free(&item->letter.message);
	rw_delivery_put(&delivery->waiting, item);
}

/* ---- a round ------------------------------------------------------------- */

/* When the journal cannot be written, outcomes are still reported, because they
 * are true. Mails that need the journal do not start. */
static size_t
run_round(struct rw_delivery *delivery)
{
	struct rw_delivery_queue starting = {.last = &starting.first};
	struct rw_err failure = {.kind = RW_OK};
	size_t reported;
	bool synced;

	rw_delivery_refuse(delivery);
	rw_delivery_choose(delivery, &starting);
	rw_delivery_journal_outcomes(delivery);
	synced = rw_journal_sync(&delivery->journal, &failure);
	if (!synced && delivery->finished.count + starting.count > 0)
		rw_say(RW_ERROR, "%s", failure.message);
	failure.retryable = true;
	if (starting.count > 0)
		rw_fault("journal-begin-synced");
	if (delivery->finished.count > 0)
		rw_fault("journal-outcome-synced");
	reported = rw_delivery_report_outcomes(delivery);
	rw_delivery_start(delivery, &starting, synced ? NULL : &failure);
	return reported;
}

/* The nearer one of the times at which a waiting mail may start. */
static int
wait_ms(const struct rw_delivery *delivery)
{
	const int64_t times[] = {delivery->next_us, delivery->domain_next_us};
	int64_t now_us = rw_clock_monotonic_ms() * 1000, left_us;
	int wait = WAIT_MS;
	size_t i;

	if (delivery->waiting.count + delivery->copies.count == 0)
		return WAIT_MS;
	for (i = 0; i < sizeof times / sizeof times[0]; i++) {
		left_us = times[i] - now_us;
		if (left_us > 0 && left_us / 1000 < wait)
			wait = (int)(left_us / 1000) + 1;
	}
	return wait;
}

bool
rw_delivery_is_full(const struct rw_delivery *delivery)
{
	const struct rw_delivery_options *o = &delivery->options;
	int64_t now_us = rw_clock_monotonic_ms() * 1000, ignored;
	size_t n = delivery->on_the_way + delivery->waiting.count;
	const struct rw_delivery_item *item = delivery->waiting.first;

	for (; o->pace->n > 0 && item != NULL; item = item->next)
		n -= !rw_pace_allows(o->pace, item->mail.recipient, now_us,
			&ignored);
	return n >= 2 * o->transport.connections;
}

bool
rw_delivery_poll(struct rw_delivery *delivery, int input_fd,
	struct rw_err *err)
{
	const struct rw_transport *t = &delivery->transport;
	bool readable = false, was_full = rw_delivery_is_full(delivery);

	while (!readable) {
		if (run_round(delivery) > 0 ||
		    (was_full && !rw_delivery_is_full(delivery)))
			return true;
		if (delivery->finished.count > 0)
			continue;
		if (!t->ops->poll(t->state, input_fd, wait_ms(delivery),
		    &readable, err))
			return false;
	}
	return true;
}

bool
rw_delivery_finish(struct rw_delivery *delivery, struct rw_err *err)
{
	const struct rw_transport *t = &delivery->transport;
	bool readable;

	for (;;) {
		run_round(delivery);
		if (delivery->finished.count > 0)
			continue;
		if (delivery->copies.count + delivery->on_the_way == 0)
			return true;
		if (!t->ops->poll(t->state, -1, wait_ms(delivery), &readable,
		    err))
			return false;
	}
}

bool
rw_delivery_is_in_use(const struct rw_delivery *delivery, struct rw_err *err)
{
	const struct rw_transport *t = &delivery->transport;

	return t->ops->is_in_use == NULL || t->ops->is_in_use(t->state, err);
}
