#include "bounce_match.h"

#include <stdlib.h>
#include <string.h>

#include "record/record.h"

/* A failure that may have to be noted. */
struct pending {
	const struct rw_notice *notice;
	const char *code;
	struct rw_record record;
};

struct search {
	const struct rw_bounce_match *match;
	struct rw_notice *notices;	/* of one month, by their sums */
	bool *done;			/* of each: it was reported, or is
					 * pending */
	size_t n;
	struct pending *pending;	/* n */
	size_t pending_count;
};

static int
compare(const void *a, const void *b)
{
	const struct rw_notice *x = a, *y = b;
	int order = strcmp(x->period, y->period);

	return order != 0 ? order : strcmp(x->sum, y->sum);
}

static void
report(struct search *search, size_t i, const char *label, const char *code,
	enum rw_verdict verdict)
{
	const struct rw_bounce_match *match = search->match;

	search->done[i] = true;
	match->report(match->context, &search->notices[i], label, code,
		verdict);
}

/* ---- notices of an entry ----------------------------------------------- */

/* All sums begin with as many characters as the shorter kind has. */
static size_t
first_of(const struct search *search, const char *sum)
{
	size_t low = 0, high = search->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (strncmp(search->notices[middle].sum, sum, RW_VERP_SUM) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
sum_of(const struct rw_entry *entry, char sum[RW_MESSAGE_SUM_SIZE],
	struct rw_err *err)
{
	return rw_message_sum(rw_entry_text(entry, RW_F_FOLLOWER_ID),
		rw_entry_text(entry, RW_F_REPORT_PERIOD),
		rw_entry_number(entry, RW_F_REVISION, 1),
		rw_entry_number(entry, RW_F_SEQUENCE, 0), "", sum, err);
}

static bool
is_about(const struct rw_notice *notice, const char *sum)
{
	return strncmp(notice->sum, sum, strlen(notice->sum)) == 0;
}

/* When it came, unless that is impossible: neither before the mail nor in the
 * future. */
static int64_t
moment_of(const struct search *search, const struct rw_notice *notice,
	const struct rw_entry *entry)
{
	int64_t sent = rw_entry_number(entry, RW_F_SENT_TIMESTAMP, 0);
	int64_t now = search->match->now;

	return notice->date < sent || notice->date > now ? now : notice->date;
}

/* The line that rw_ledger_note_bounces reads. */
static bool
make_record(const struct search *search, const struct rw_entry *entry,
	struct pending *pending, struct rw_err *err)
{
	struct rw_line line = {0};
	struct rw_buf text = {0};
	bool ok;

	rw_line_clear(&line);
	rw_entry_to_line(entry, RW_F_FOLLOWER_ID, &line);
	rw_entry_to_line(entry, RW_F_REPORT_PERIOD, &line);
	rw_entry_to_line(entry, RW_F_REVISION, &line);
	rw_entry_to_line(entry, RW_F_SEQUENCE, &line);
	rw_line_set_string(&line, RW_M_BOUNCE_CODE, pending->code);
	rw_line_add_to(&line, &text);
	ok = rw_buf_ok(&text, "a bounce", err) && rw_record_parse(
		&pending->record, text.data, text.len - 1, NULL, err);
	if (ok)
		rw_record_set_time(&pending->record, RW_M_BOUNCED_AT,
			moment_of(search, pending->notice, entry));
	rw_line_free(&line);
	rw_buf_free(&text);
	return ok;
}

/* Of several failures of one mail, one that is for good counts, and else the
 * first; the others add nothing. */
static void
choose_failure(struct search *search, size_t i, const char *code,
	struct pending *chosen, const char *label)
{
	if (chosen->notice == NULL ||
	    (code[0] == '5' && chosen->code[0] != '5')) {
		if (chosen->notice != NULL)
			report(search, (size_t)(chosen->notice -
				search->notices), label, chosen->code,
				RW_BOUNCE_KNOWN);
		*chosen = (struct pending){.notice = &search->notices[i],
			.code = code};
		search->done[i] = true;
		return;
	}
	report(search, i, label, code, RW_BOUNCE_KNOWN);
}

static bool
keep_failure(struct search *search, const struct rw_entry *entry,
	struct pending *chosen, struct rw_err *err)
{
	if (!rw_ledger_is_bounce_news(entry, chosen->code)) {
		report(search, (size_t)(chosen->notice - search->notices),
			rw_entry_text(entry, RW_F_FOLLOWER_ID), chosen->code,
			RW_BOUNCE_KNOWN);
		return true;
	}
	if (!make_record(search, entry, chosen, err)) {
		rw_record_free(&chosen->record);
		return false;
	}
	search->pending[search->pending_count++] = *chosen;
	return true;
}

static bool
visit_entry(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	const char *label = rw_entry_text(entry, RW_F_FOLLOWER_ID), *code;
	struct search *search = context;
	char sum[RW_MESSAGE_SUM_SIZE];
	struct pending chosen = {0};
	enum rw_verdict verdict;
	size_t i;

	if (!sum_of(entry, sum, err))
		return false;
	for (i = first_of(search, sum); i < search->n && strncmp(
	    search->notices[i].sum, sum, RW_VERP_SUM) == 0; i++) {
		if (!is_about(&search->notices[i], sum))
			continue;
		verdict = rw_notice_judge(&search->notices[i], rw_entry_text(
			entry, RW_F_RECIPIENT_SHA256), &code);
		if (verdict == RW_BOUNCE_OPEN)
			choose_failure(search, i, code, &chosen, label);
		else
			report(search, i, label, NULL, verdict);
	}
	return chosen.notice == NULL ||
		keep_failure(search, entry, &chosen, err);
}

/* In the history: the report was sent once more after that mail. */
static bool
visit_earlier(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	struct search *search = context;
	char sum[RW_MESSAGE_SUM_SIZE];
	size_t i;

	if (!sum_of(entry, sum, err))
		return false;
	for (i = first_of(search, sum); i < search->n && strncmp(
	    search->notices[i].sum, sum, RW_VERP_SUM) == 0; i++)
		if (!search->done[i] && is_about(&search->notices[i], sum))
			report(search, i, rw_entry_text(entry,
				RW_F_FOLLOWER_ID), NULL, RW_BOUNCE_SUPERSEDED);
	return true;
}

/* ---- all notices of a month -------------------------------------------- */

static bool
is_all_done(const struct search *search)
{
	size_t i;

	for (i = 0; i < search->n; i++)
		if (!search->done[i])
			return false;
	return true;
}

static bool
look(struct search *search, struct rw_err *err)
{
	struct rw_ledger_query query = {.period = search->notices[0].period};
	struct rw_ledger *ledger = search->match->ledger;
	size_t i;

	if (!rw_ledger_each(ledger, &query, visit_entry, search, err))
		return false;
	query.history = true;
	if (!is_all_done(search) &&
	    !rw_ledger_each(ledger, &query, visit_earlier, search, err))
		return false;
	for (i = 0; i < search->n; i++)
		if (!search->done[i])
			report(search, i, NULL, NULL, RW_BOUNCE_UNKNOWN);
	return true;
}

static bool
write_notes(struct search *search, struct rw_err *err)
{
	size_t n = search->pending_count, i;
	struct rw_ledger_item *items = calloc(n + 1, sizeof *items);
	bool ok = items != NULL || rw_fail_memory(err, "%zu bounces", n);

	for (i = 0; ok && i < n; i++)
		items[i].record = &search->pending[i].record;
	ok = ok && (n == 0 || rw_ledger_note_bounces(search->match->ledger,
		items, n, err));
	for (i = 0; ok && i < n; i++) {
		const struct pending *p = &search->pending[i];

		if (items[i].fate == RW_FATE_NOT_DONE) {
			*err = items[i].err;
			ok = false;
			break;
		}
		report(search, (size_t)(p->notice - search->notices),
			p->record.follower_id, p->code,
			items[i].fate == RW_FATE_UNCLAIMED ?
			RW_BOUNCE_SUPERSEDED : items[i].known ?
			RW_BOUNCE_KNOWN : RW_BOUNCE_NOTED);
	}
	for (i = 0; items != NULL && i < n; i++)
		rw_ledger_item_free(&items[i]);
	free(items);
	return ok;
}

static bool
match_month(const struct rw_bounce_match *match, struct rw_notice *notices,
	size_t n, struct rw_err *err)
{
	struct search search = {.match = match, .notices = notices, .n = n,
		.done = calloc(n, sizeof *search.done),
		.pending = calloc(n, sizeof *search.pending)};
	bool ok = search.done != NULL && search.pending != NULL;
	size_t i;

	if (!ok)
		rw_fail_memory(err, "%zu notifications", n);
	ok = ok && look(&search, err) && write_notes(&search, err);
	for (i = 0; i < search.pending_count; i++)
		rw_record_free(&search.pending[i].record);
	free(search.pending);
	free(search.done);
	return ok;
}

bool
rw_bounce_match(const struct rw_bounce_match *match,
	struct rw_notice *notices, size_t n, struct rw_err *err)
{
	size_t first, i;

	if (n == 0)
		return true;
	qsort(notices, n, sizeof *notices, compare);
	for (first = 0, i = 1; i <= n; i++) {
		if (i < n && strcmp(notices[i].period,
		    notices[first].period) == 0)
			continue;
		if (!match_month(match, &notices[first], i - first, err))
			return false;
		first = i;
	}
	return true;
}
