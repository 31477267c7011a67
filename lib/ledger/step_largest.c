/*
 * Finds each follower's largest month in the ledger, which rw-gen compares with
 * the current month (RW_MAX_CHANGE).
 */
#include "ledger/steps_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"

struct search {
	struct rw_ledger_item **items;	/* sorted by follower */
	int64_t *largest;		/* the largest P&L of each item; 0:
					 * none */
	size_t n;
};

static int
compare_amounts(const void *a, const void *b)
{
	struct rw_ledger_item *const *x = a, *const *y = b;

	return strcmp((*x)->record->follower_id, (*y)->record->follower_id);
}

/* The first item of the follower; n when there is none. */
static size_t
find_largest(const struct search *search, const char *follower_id)
{
	size_t low = 0, high = search->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(search->items[middle]->record->follower_id,
		    follower_id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
rw_ledger_has_currency(const struct rw_entry *mark, struct rw_record *record)
{
	const char *then = rw_entry_text(mark, RW_F_CURRENCY), *now;
	struct rw_err ignored;

	return rw_record_optional_string(record, RW_M_CURRENCY,
		RW_MONEY_DEFAULT_CURRENCY, &now, &ignored) && strcmp(now,
		then != NULL ? then : RW_MONEY_DEFAULT_CURRENCY) == 0;
}

/* False when the entry cannot be used: not sent, or in a different currency. */
static bool
is_comparable(const struct rw_entry *entry, struct rw_record *record)
{
	return rw_entry_number(entry, RW_F_EMAIL_SENT, 0) != 0 &&
		rw_ledger_has_currency(entry, record);
}

static bool
visit(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	struct search *search = context;
	const char *id = rw_entry_text(entry, RW_F_FOLLOWER_ID);
	const char *period = rw_entry_text(entry, RW_F_REPORT_PERIOD);
	const char *text = rw_entry_text(entry, RW_F_TOTAL_PNL);
	struct rw_ledger_item *item;
	int64_t total;
	size_t i;

	(void)err;
	if (id == NULL || period == NULL || text == NULL ||
	    !rw_money_parse_sum(text, strlen(text), &total, NULL))
		return true;
	total = total < 0 ? -total : total;
	for (i = find_largest(search, id); i < search->n; i++) {
		item = search->items[i];
		if (strcmp(item->record->follower_id, id) != 0)
			break;
		if (strcmp(item->period, period) != 0 &&
		    total > search->largest[i] &&
		    is_comparable(entry, item->record))
			search->largest[i] = total;
	}
	return true;
}

static bool
ask(struct rw_ledger *ledger, struct search *search, const char **ids,
	struct rw_err *err)
{
	struct rw_ledger_query query = {.followers = ids};
	size_t i;

	for (i = 0; i < search->n; i++)
		if (i == 0 || strcmp(ids[query.follower_count - 1],
		    search->items[i]->record->follower_id) != 0)
			ids[query.follower_count++] =
				search->items[i]->record->follower_id;
	if (!rw_ledger_each(ledger, &query, visit, search, err))
		return false;
	for (i = 0; i < search->n; i++)
		if (search->largest[i] > 0)
			rw_record_set_money(search->items[i]->record,
				RW_M_LARGEST_PNL, search->largest[i], 2);
	return true;
}

bool
rw_ledger_look_back(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, struct rw_err *err)
{
	struct search search = {.items = calloc(n + 1, sizeof *search.items),
		.largest = calloc(n + 1, sizeof *search.largest)};
	const char **ids = calloc(n + 1, sizeof *ids);
	bool good = search.items != NULL && search.largest != NULL &&
		ids != NULL;
	size_t i;

	if (!good)
		rw_fail_memory(err, "the largest months");
	for (i = 0; good && i < n; i++)
		if (items[i].fate == RW_FATE_LOOKED_UP)
			search.items[search.n++] = &items[i];
	if (good && search.n > 0) {
		qsort(search.items, search.n, sizeof *search.items,
			compare_amounts);
		good = ask(ledger, &search, ids, err);
	}
	free(search.items);
	free(search.largest);
	free(ids);
	return good;
}
