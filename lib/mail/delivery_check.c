/* Decides whether a letter may start: checks claim, lease and transport. */
#include "mail/delivery_priv.h"

#include "base/clock.h"
#include "mail/lease.h"

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

bool
rw_delivery_is_unused(const struct rw_journal_used *used,
	const struct rw_delivery_item *item, struct rw_err *err)
{
	return !rw_journal_used_has(used, claim_of(item)) || rw_fail(err,
		RW_IN_DOUBT, "a mail was already begun for this claim: "
		"rw-record --claim determines its outcome, and claims the "
		"report again");
}

/* rw-mail may read the line of a claim a second time, when an operator restarts
 * an aborted pipeline in the middle or joins two files. The ledger determines
 * the outcome of the first mail. */
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
	return rw_delivery_is_unused(used, item, err);
}

bool
rw_delivery_may_start(struct rw_delivery *delivery,
	struct rw_delivery_item *item, struct rw_err *err)
{
	const struct rw_transport *t = &delivery->transport;

	if (item->record == NULL)
		return t->ops->takes(t->state, &item->mail, err);
	if ((!item->begun && !check_unused(delivery, item, err)) ||
	    !check_lease(delivery, item, err) ||
	    !t->ops->takes(t->state, &item->mail, err))
		return false;
	if (!item->claimed || item->begun)
		return true;
	item->begun = rw_journal_used_add(&delivery->used, claim_of(item),
		err) && rw_journal_begin(&delivery->journal, item->record,
		rw_buf_text(&item->letter.id), err);
	if (!item->begun && err != NULL)
		err->retryable = true;
	return item->begun;
}
