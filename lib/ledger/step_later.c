/*
 * Finds later months that begin at the high-water mark of a month to be
 * revised, or that were made without the mark of a month that comes late. The
 * commission of each month begins at the mark that the month before has set.
 */
#include "ledger/steps_priv.h"

#include <stdlib.h>
#include <string.h>

struct chain {
	struct rw_later *later;
	const char *period;	/* of the current month */
	bool is_broken;		/* later months have a different mark */
	bool has_any;
};

static bool
add_month(struct rw_later *later, const char *period, struct rw_err *err)
{
	char (*months)[RW_PERIOD_SIZE];
	size_t i = 0;

	while (i < later->count && strcmp(later->months[i], period) < 0)
		i++;
	if (i < later->count && strcmp(later->months[i], period) == 0)
		return true;
	months = reallocarray(later->months, later->count + 1,
		sizeof *months);
	if (months == NULL)
		return rw_fail_memory(err, "months");
	later->months = months;
	memmove(months[i + 1], months[i], (later->count - i) *
		sizeof *months);
	strcpy(months[i], period);
	later->count++;
	return true;
}

static bool
is_unseen(const struct rw_entry *entry)
{
	return rw_entry_number(entry, RW_F_EMAIL_SENT, 0) == 0 &&
		rw_entry_state(entry) == RW_STATE_FAILED;
}

/* The months of one follower, in order. A month that was not delivered is
 * skipped: it will be made again, with the correct mark. */
static bool
visit(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	struct chain *chain = context;
	const char *period = rw_entry_text(entry, RW_F_REPORT_PERIOD);

	if (chain->is_broken || strlen(period) != RW_PERIOD_SIZE - 1 ||
	    strcmp(period, chain->period) <= 0)
		return true;
	if (!rw_entry_has(entry, RW_F_HIGH_WATER_MARK_AFTER) ||
	    is_unseen(entry)) {
		chain->is_broken = true;
		return true;
	}
	chain->has_any = true;
	return add_month(chain->later, period, err);
}

/* Nearly always the current month is the last one, and one query is enough for
 * all its lines. */
static bool
is_late(struct rw_ledger *ledger, const struct rw_ledger_item *item,
	bool *late, struct rw_err *err)
{
	if (!ledger->knows_newest && !ledger->backend->newest(ledger->handle,
	    ledger->newest, err))
		return false;
	ledger->knows_newest = true;
	*late = strcmp(item->period, ledger->newest) < 0;
	return true;
}

/* A report that was not delivered does not set a mark, and one that is sent
 * again sets the same mark. */
static bool
changes_mark(struct rw_ledger *ledger, const struct rw_terms *terms,
	const struct rw_ledger_item *item, bool *changes, struct rw_err *err)
{
	bool is_new = rw_entry_state(&item->old) == RW_STATE_NONE ||
		is_unseen(&item->old);

	*changes = terms->revise && !is_new &&
		rw_entry_has(&item->old, RW_F_HIGH_WATER_MARK_AFTER);
	return !is_new || is_late(ledger, item, changes, err);
}

bool
rw_ledger_look_later(struct rw_ledger *ledger, const struct rw_terms *terms,
	const struct rw_ledger_item *item, struct rw_err *err)
{
	const char *follower_id = item->record->follower_id;
	const struct rw_ledger_query query = {.followers = &follower_id,
		.follower_count = 1};
	struct chain chain = {.later = &ledger->later,
		.period = item->period};
	bool changes;

	if (!changes_mark(ledger, terms, item, &changes, err))
		return false;
	if (!changes)
		return true;
	if (!rw_ledger_each(ledger, &query, visit, &chain, err))
		return false;
	ledger->later.reports += chain.has_any;
	return true;
}

const struct rw_later *
rw_ledger_later(const struct rw_ledger *ledger)
{
	return &ledger->later;
}
