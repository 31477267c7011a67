#include "mail/delivery_priv.h"

#include <stdlib.h>

#include "base/boot.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "mail/lease.h"

/* A signal that came just before the wait shows itself after this. */
#define WAIT_MS 1000

/* ---- opening and closing ----------------------------------------------- */

static void
done(void *context, struct rw_mail *mail, const struct rw_err *failure)
{
	struct rw_delivery *delivery = context;

	delivery->on_the_way--;
	if (failure == NULL)
		rw_fault("accepted");
	rw_delivery_end(delivery, mail->context, failure);
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
	transport.report = (struct rw_mail_report){done, delivery};
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
rw_delivery_item_free(struct rw_delivery_item *item)
{
	rw_letter_free(&item->letter);
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

/* ---- beginning --------------------------------------------------------- */

void
rw_delivery_add(struct rw_delivery *delivery, struct rw_delivery_item *item,
	struct rw_record *record)
{
	item->record = record;
	item->mail = (struct rw_mail){
		.sender = delivery->options.sender,
		.recipient = rw_address_text(&item->letter.to),
		.bytes = rw_buf_text(&item->letter.message),
		.len = item->letter.message.len,
		.needs_utf8 = item->letter.to.needs_utf8,
		.context = item};
	item->claimed = rw_record_has(record, RW_M_CLAIM) &&
		!delivery->options.staged;
	item->begun = false;
	rw_delivery_put(&delivery->waiting, item);
}

static bool
read_lease(struct rw_record *record, bool *found, struct rw_boot_end *end,
	struct rw_err *err)
{
	if (!rw_record_optional_string(record, RW_M_BOOT_ID, NULL,
	    &end->boot_id, err) ||
	    !rw_record_optional_int(record, RW_M_LEASE_BOOT_MS, 0,
	    &end->boot_ms, err) ||
	    !rw_record_optional_time(record, RW_M_LEASE_UNTIL, found,
	    &end->wall_s, err))
		return false;
	*found = *found || end->boot_id != NULL;
	return true;
}

static bool
check_lease(const struct rw_delivery *delivery, struct rw_delivery_item *item,
	struct rw_err *err)
{
	const struct rw_lease_now now = {delivery->boot_id,
		rw_boot_clock_ms(), rw_clock_now_ms()};
	int64_t dot_ms = delivery->options.transport.dot_timeout_ms, end_ms;
	struct rw_boot_end end = {0};
	bool found = false;

	if (!item->claimed)
		return true;
	if (!read_lease(item->record, &found, &end, err))
		return false;
	if (!found)
		return true;
	if (!rw_lease_find_end(&end, &now, &end_ms, err))
		return false;
	item->mail.end_by_ms = rw_lease_end_by_ms(end_ms, dot_ms);
	return rw_lease_allows(end_ms, now.boot_ms, dot_ms, err);
}

static const char *
claim_of(const struct rw_delivery_item *item)
{
	const char *claim = "";

	rw_record_optional_string(item->record, RW_M_CLAIM, "", &claim, NULL);
	return claim;
}

static bool
is_unused(const struct rw_journal_used *used,
	const struct rw_delivery_item *item, struct rw_err *err)
{
	return !rw_journal_used_has(used, claim_of(item)) || rw_fail(err,
		RW_IN_DOUBT, "a mail was begun for this claim before: "
		"rw-record --claim finds out what came of it, and takes it up "
		"again");
}

/* The lines of a claim may come once more, from an operator who begins where a
 * pipeline broke off, or has put two files together. What came of the first
 * mail is for the ledger to find out. */
static bool
check_unused(struct rw_delivery *delivery, struct rw_delivery_item *item,
	struct rw_err *err)
{
	struct rw_journal_used *used = &delivery->used;

	if (!item->claimed)
		return true;
	if (!used->loaded && !rw_journal_used_load(used, err)) {
		rw_journal_used_free(used);
		err->retryable = true;
		return false;
	}
	return is_unused(used, item, err);
}

static bool
may_start(struct rw_delivery *delivery, struct rw_delivery_item *item,
	struct rw_err *err)
{
	const struct rw_transport *t = &delivery->transport;

	if (item->record == NULL)
		return t->ops->takes(t->state, &item->mail, err);
	if (!check_unused(delivery, item, err) ||
	    !check_lease(delivery, item, err) ||
	    !t->ops->takes(t->state, &item->mail, err))
		return false;
	if (!item->claimed)
		return true;
	item->begun = rw_journal_used_add(&delivery->used, claim_of(item),
		err) && rw_journal_begin(&delivery->journal, item->record,
		rw_buf_text(&item->letter.id), err);
	if (!item->begun && err != NULL)
		err->retryable = true;
	return item->begun;
}

/* Copies first, so that they do not pile up behind the letters. */
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
pace(struct rw_delivery *delivery)
{
	int64_t now_us = rw_clock_monotonic_ms() * 1000;

	if (delivery->next_us < now_us)
		delivery->next_us = now_us;
	delivery->next_us += delivery->options.interval_us;
}

static void
choose(struct rw_delivery *delivery, struct rw_delivery_queue *starting)
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
		pace(delivery);
		rw_delivery_put(starting, item);
	}
}

/* What has not begun need not begin. */
static void
refuse(struct rw_delivery *delivery)
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

/* Ours are on disk: whoever else is at one of these claims sees it, or is
 * seen. */
static bool
look_around(struct rw_delivery *delivery, struct rw_err *err)
{
	if (rw_journal_watch(&delivery->watch, delivery->journal.path, err) &&
	    rw_journal_is_complete(&delivery->journal, err))
		return true;
	err->retryable = true;
	return false;
}

static void
start(struct rw_delivery *delivery, struct rw_delivery_queue *starting,
	const struct rw_err *failure)
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
		} else if (item->begun && !is_unused(&delivery->watch.used,
		    item, &why)) {
			rw_delivery_end(delivery, item, &why);
		} else {
			delivery->on_the_way++;
			t->ops->send(t->state, &item->mail);
		}
	}
}

/* ---- a round ------------------------------------------------------------- */

/* When the journal cannot be written, outcomes go on all the same, since they
 * are true, and nothing that needs it starts. */
static size_t
run_round(struct rw_delivery *delivery)
{
	struct rw_delivery_queue starting = {.last = &starting.first};
	struct rw_err failure = {.kind = RW_OK};
	size_t reported;
	bool synced;

	refuse(delivery);
	choose(delivery, &starting);
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
	start(delivery, &starting, synced ? NULL : &failure);
	return reported;
}

static int
wait_ms(const struct rw_delivery *delivery)
{
	int64_t left_us = delivery->next_us - rw_clock_monotonic_ms() * 1000;

	if (delivery->waiting.count + delivery->copies.count == 0 ||
	    left_us <= 0 || left_us >= (int64_t)WAIT_MS * 1000)
		return WAIT_MS;
	return (int)(left_us / 1000) + 1;
}

bool
rw_delivery_poll(struct rw_delivery *delivery, int input_fd,
	struct rw_err *err)
{
	const struct rw_transport *t = &delivery->transport;
	bool readable = false;

	while (!readable) {
		if (run_round(delivery) > 0)
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
