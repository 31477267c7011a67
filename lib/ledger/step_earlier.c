/*
 * The months before the report's: the last twelve, and the sums of the year and
 * of all months. Only months that were sent, and that are in the currency of the
 * report; every other month is a gap.
 */
#include "ledger/steps_priv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"

struct sum {
	int64_t months, pnl, commission;
	char first[RW_PERIOD_SIZE];
};

/* Of one item. */
struct past {
	struct rw_ledger_item *item;
	const char *currency;
	char from[RW_PERIOD_SIZE];	/* the first of the last twelve */
	char january[RW_PERIOD_SIZE];	/* of the report's year */
	struct rw_buf months;		/* objects, with commas between */
	struct sum year, all;
	bool overflows;
};

struct search {
	struct past *pasts;		/* sorted by follower */
	size_t n, last;			/* last: that was found */
};

static int
compare(const void *a, const void *b)
{
	const struct past *x = a, *y = b;
	int order = strcmp(x->item->record->follower_id,
		y->item->record->follower_id);

	return order != 0 ? order : strcmp(x->item->period, y->item->period);
}

static size_t
find_first(struct search *search, const char *follower_id)
{
	size_t low = 0, high = search->n, middle;

	/* The months of a follower come together. */
	if (search->last < search->n && strcmp(search->pasts[search->last].
	    item->record->follower_id, follower_id) == 0)
		return search->last;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(search->pasts[middle].item->record->follower_id,
		    follower_id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return search->last = low;
}

/* ---- one month ------------------------------------------------------------ */

static bool
add_to_sum(struct sum *sum, const char *period, int64_t pnl,
	int64_t commission)
{
	if (sum->months++ == 0)
		memcpy(sum->first, period, sizeof sum->first);
	return rw_money_add(sum->pnl, pnl, &sum->pnl) &&
		rw_money_add(sum->commission, commission, &sum->commission);
}

static void
add_text(struct rw_buf *out, const char *before, const char *name,
	const char *value)
{
	rw_buf_adds(out, before);
	rw_buf_adds(out, name);
	rw_buf_adds(out, "\":\"");
	rw_buf_adds(out, value);
}

/* Twelve of them for each report: without formats, which took most of the
 * time. */
static void
add_month(struct rw_buf *out, const struct rw_past_month *month)
{
	add_text(out, out->len > 0 ? ",{\"" : "{\"", RW_M_REPORT_PERIOD,
		month->period);
	add_text(out, "\",\"", RW_M_TOTAL_PNL, month->pnl);
	add_text(out, "\",\"", RW_M_COMMISSION_AMOUNT,
		month->commission);
	if (month->opening != NULL)
		add_text(out, "\",\"", RW_M_OPENING_BALANCE,
			month->opening);
	rw_buf_adds(out, "\"}");
}

static void
take_month(struct past *past, const struct rw_past_month *month, int64_t pnl,
	int64_t commission)
{
	const char *period = month->period;
	bool fits = add_to_sum(&past->all, period, pnl, commission);

	if (strcmp(period, past->january) >= 0)
		fits = add_to_sum(&past->year, period, pnl, commission) &&
			fits;
	if (strcmp(period, past->from) >= 0)
		add_month(&past->months, month);
	past->overflows = past->overflows || !fits;
}

static void
take_earlier(void *context, const struct rw_past_month *month)
{
	const char *id = month->follower_id, *currency = month->currency;
	struct search *search = context;
	int64_t pnl, commission;
	struct past *past;
	size_t i;

	if (strlen(month->period) != RW_PERIOD_SIZE - 1 ||
	    !rw_money_parse_sum(month->pnl, strlen(month->pnl), &pnl,
	    NULL) || !rw_money_parse_sum(month->commission,
	    strlen(month->commission), &commission, NULL))
		return;
	for (i = find_first(search, id); i < search->n; i++) {
		past = &search->pasts[i];
		if (strcmp(past->item->record->follower_id, id) != 0)
			break;
		if (strcmp(month->period, past->item->period) < 0 &&
		    strcmp(past->currency, currency != NULL ? currency :
		    RW_MONEY_DEFAULT_CURRENCY) == 0)
			take_month(past, month, pnl, commission);
	}
}

/* ---- all items ------------------------------------------------------------- */

static void
begin_past(struct past *past, struct rw_ledger_item *item)
{
	struct rw_period month = item->record->period;
	struct rw_err ignored;

	past->item = item;
	if (!rw_record_optional_string(item->record, RW_M_CURRENCY,
	    RW_MONEY_DEFAULT_CURRENCY, &past->currency, &ignored))
		past->currency = "";
	month.month = 1;
	rw_period_text(past->january, month);
	month = item->record->period;
	month.year--;
	rw_period_text(past->from, month);
}

static void
add_amount(struct rw_buf *out, const char *name, int64_t amount)
{
	char text[RW_MONEY_SIZE];

	rw_money_text(text, amount, 2);
	rw_buf_addf(out, ",\"%s\":\"%s\"", name, text);
}

static void
add_sum(struct rw_buf *out, const char *name, const struct sum *sum)
{
	rw_buf_addf(out, ",\"%s\":{\"months\":%" PRId64, name, sum->months);
	if (sum->months > 0)
		rw_buf_addf(out, ",\"first\":\"%s\"", sum->first);
	add_amount(out, RW_M_TOTAL_PNL, sum->pnl);
	add_amount(out, RW_M_COMMISSION_AMOUNT, sum->commission);
	rw_buf_addc(out, '}');
}

static void
end_past(struct past *past)
{
	struct rw_buf text = {0};

	if (past->overflows) {
		rw_fail(&past->item->err, RW_DATA, "the sum of the earlier "
			"months in the ledger is too large");
		rw_batch_not_done(past->item);
	} else if (past->all.months > 0) {
		rw_buf_addf(&text, "{\"months\":[%s]",
			rw_buf_text(&past->months));
		add_sum(&text, "year_to_date", &past->year);
		add_sum(&text, "since_start", &past->all);
		rw_buf_addc(&text, '}');
		rw_line_set(&past->item->record->line, RW_M_EARLIER_MONTHS,
			rw_buf_text(&text), text.len);
	}
	rw_buf_free(&text);
	rw_buf_free(&past->months);
}

/* Each follower once, with the newest of the months that are asked for. */
static size_t
list_keys(const struct search *search, struct rw_key *keys)
{
	size_t i, n = 0;

	for (i = 0; i < search->n; i++) {
		const struct rw_ledger_item *item = search->pasts[i].item;

		if (n == 0 || strcmp(keys[n - 1].follower_id,
		    item->record->follower_id) != 0)
			n++;
		keys[n - 1] = (struct rw_key){item->record->follower_id,
			item->period};
	}
	return n;
}

static bool
ask(struct rw_ledger *ledger, struct search *search, struct rw_key *keys,
	struct rw_err *err)
{
	size_t i, n = list_keys(search, keys);
	int64_t now;
	bool good = ledger->backend->begin(ledger->handle, false, &now, err);

	if (good) {
		good = ledger->backend->earlier(ledger->handle, keys, n, take_earlier,
			search, err);
		ledger->backend->rollback(ledger->handle);
	}
	for (i = 0; i < search->n; i++)
		end_past(&search->pasts[i]);
	return good;
}

bool
rw_ledger_bring_earlier(struct rw_ledger *ledger,
	struct rw_ledger_item *items, size_t n, struct rw_err *err)
{
	struct search search = {.pasts = calloc(n + 1, sizeof *search.pasts)};
	struct rw_key *keys = calloc(n + 1, sizeof *keys);
	bool good = search.pasts != NULL && keys != NULL;
	size_t i;

	if (!good)
		rw_fail_memory(err, "the earlier months");
	for (i = 0; good && i < n; i++)
		if (items[i].fate == RW_FATE_LOOKED_UP)
			begin_past(&search.pasts[search.n++], &items[i]);
	if (good && search.n > 0) {
		qsort(search.pasts, search.n, sizeof *search.pasts, compare);
		good = ask(ledger, &search, keys, err);
	}
	free(search.pasts);
	free(keys);
	return good;
}
