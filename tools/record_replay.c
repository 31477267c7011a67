#include "record_replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli.h"
#include "journal/read.h"
#include "ledger/run_lines.h"

enum { BATCH = 100 };

struct replayer {
	struct rw_ledger *ledger;
	struct rw_run_lines runs;
	struct rw_journal_reader journal;
	struct rw_record records[BATCH];
	struct rw_ledger_item items[BATCH];
	size_t n;			/* items in this batch */
	uint64_t found, applied, known, open, damaged, refused;
	int64_t newest;			/* time of the newest entry before the
					 * replay, in seconds; 0: none */
	bool was_current;
	enum rw_kind worst;
};

static void
complain(struct replayer *r, const struct rw_err *err)
{
	rw_say(RW_ERROR, "%s", err->message);
	r->worst = rw_kind_worse(r->worst, err->kind);
}

/* ---- lines ------------------------------------------------------------- */

static bool
work_off(struct replayer *r, struct rw_err *err)
{
	struct rw_ledger_item *item;

	if (r->n > 0 && !rw_ledger_replay_lines(r->ledger, r->items, r->n, err))
		return false;
	for (item = r->items; item < r->items + r->n; item++) {
		if (item->known) {
			r->known++;
		} else if (item->fate != RW_FATE_NOT_DONE) {
			r->applied++;
		} else {
			rw_err_prefix(&item->err, "%s",
				rw_record_label(item->record));
			complain(r, &item->err);
			r->refused++;
		}
	}
	r->n = 0;
	return true;
}

/* Adds the current record to the batch. */
static bool
take(struct replayer *r, struct rw_err *err)
{
	r->items[r->n].record = &r->records[r->n];
	return ++r->n < BATCH || work_off(r, err);
}

static bool
take_journal_line(struct replayer *r, const char *text, size_t len,
	struct rw_err *err)
{
	struct rw_record *record = &r->records[r->n];
	enum rw_fate fate;
	struct rw_err why;

	r->found++;
	if (!rw_record_parse(record, text, len, NULL, &why) ||
	    !rw_ledger_replay_fate(record, &fate, &why)) {
		rw_say(RW_ERROR, "%s, line %" PRIu64 ": %s",
			rw_buf_text(&r->runs.path), r->runs.reader.number,
			why.message);
		r->worst = rw_kind_worse(r->worst, RW_UNREADABLE);
		r->damaged++;
		return true;
	}
	if (fate == RW_FATE_NOT_DONE) {
		r->open++;
		return true;
	}
	return take(r, err);
}

static bool
take_runs(struct replayer *r, const char *dir, struct rw_err *err)
{
	const char *text;
	size_t len;
	bool found = true;

	if (!rw_run_lines_open(&r->runs, dir, err))
		return false;
	for (;;) {
		if (!rw_run_lines_next(&r->runs, &text, &len, &found, err))
			return false;
		if (!found)
			return work_off(r, err);
		if (!take_journal_line(r, text, len, err))
			return false;
	}
}

/* ---- the journals ------------------------------------------------------ */

static bool
take_journal(struct replayer *r, struct rw_err *err)
{
	static const char *const states[] = {[RW_SENT] = "sent",
		[RW_FAILED] = "failed", [RW_DOUBTFUL] = "in_doubt"};
	enum rw_outcome outcome;
	bool found = true;

	for (;;) {
		struct rw_record *record = &r->records[r->n];

		if (!rw_journal_reader_next(&r->journal, record, &outcome,
		    &found, err))
			return false;
		if (!found)
			return work_off(r, err);
		r->found++;
		rw_line_set_string(&record->line, RW_M_STATE,
			states[outcome]);
		if (!take(r, err))
			return false;
	}
}

/* Outcomes of rw-mail that no ledger has recorded yet. The journals are kept:
 * the next --claim settles them, and then knows their reports. A damaged
 * journal is reported, and the part before the damage counts. */
static bool
take_journals(struct replayer *r, struct rw_err *err)
{
	bool found = true;
	struct rw_err why;

	if (!rw_journal_reader_open(&r->journal, NULL, err))
		return false;
	for (;;) {
		if (!rw_journal_reader_file(&r->journal, &found, err))
			return false;
		if (!found)
			return true;
		if (take_journal(r, &why))
			continue;
		complain(r, &why);
		r->damaged++;
		if (!work_off(r, err))
			return false;
	}
}

/* ---- the outcome ------------------------------------------------------- */

static bool
look_at(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	struct replayer *r = context;
	int64_t at = rw_entry_number(entry, RW_F_UPDATED_AT, 1);

	(void)err;
	if (at > r->newest)
		r->newest = at;
	return true;
}

/* Runs are removed after RW_KEEP_DAYS. */
static void
explain_gap(const struct replayer *r)
{
	char oldest[RW_RFC3339_SIZE], newest[RW_RFC3339_SIZE];

	if (r->runs.oldest == NULL || r->newest >= r->runs.oldest_at)
		return;
	rw_rfc3339(oldest, r->runs.oldest_at);
	rw_rfc3339(newest, r->newest);
	rw_say(RW_WARNING, "the oldest run that is kept, %s, ended at %s, and "
		"the ledger's newest entry was of %s: what was sent between "
		"them cannot be known here (RW_KEEP_DAYS)", r->runs.oldest,
		oldest, r->newest == 0 ? "never" : newest);
}

static void
tell_replayed(const struct replayer *r, const char *dir)
{
	printf("%s: found %" PRIu64 " lines of %zu runs", dir, r->found,
		r->runs.found);
	if (r->runs.oldest != NULL)
		printf(", the oldest %s", r->runs.oldest);
	printf("; applied %" PRIu64 ", known before %" PRIu64 ", without an "
		"outcome %" PRIu64 ", damaged %" PRIu64 ", not applied %"
		PRIu64 "\n", r->applied, r->known, r->open, r->damaged,
		r->refused);
}

/* A ledger that may be incomplete is not declared current. */
static bool
conclude(struct replayer *r, const char *dir, struct rw_err *err)
{
	tell_replayed(r, dir);
	explain_gap(r);
	if (r->damaged + r->refused == 0 && (r->found > 0 || r->was_current))
		return rw_ledger_make_current(r->ledger, err);
	if (r->was_current)
		return true;
	return rw_fail(err, RW_CONFIG, "the ledger still counts as an older "
		"copy, since %s: find the cause, and when nothing is left "
		"to replay, use rw-record --replay --none", r->found == 0 ?
		"nothing was found" : "not every line was applied");
}

static void
replayer_free(struct replayer *r)
{
	size_t i;

	rw_run_lines_close(&r->runs);
	rw_journal_reader_close(&r->journal);
	for (i = 0; i < BATCH; i++) {
		rw_record_free(&r->records[i]);
		rw_ledger_item_free(&r->items[i]);
	}
	free(r);
}

/* The journals of another state directory belong to that directory. */
static bool
is_ours(const struct rw_self *self, const char *dir)
{
	char *real = realpath(dir, NULL);
	bool ours = real != NULL && strcmp(real, self->state_dir) == 0;

	free(real);
	return ours;
}

static enum rw_kind
none(struct rw_ledger *ledger)
{
	struct rw_err err;

	if (rw_ledger_make_current(ledger, &err)) {
		printf("the ledger is current as it is: %s\n",
			rw_ledger_name(ledger));
		return rw_cli_close_stdout();
	}
	rw_say(RW_ERROR, "%s", err.message);
	return err.kind;
}

enum rw_kind
rw_record_replay(struct rw_ledger *ledger, const struct rw_self *self,
	const char *dir)
{
	const struct rw_ledger_query all = {0};
	struct replayer *r;
	struct rw_err err;
	enum rw_kind worst;

	if (strcmp(dir, "--none") == 0)
		return none(ledger);
	r = calloc(1, sizeof *r);
	if (r == NULL) {
		rw_fail_memory(&err, "the replay");
		rw_say(RW_ERROR, "%s", err.message);
		return err.kind;
	}
	r->ledger = ledger;
	r->runs.fd = -1;
	r->was_current = rw_ledger_is_current(ledger, NULL);
	if (!rw_ledger_each(ledger, &all, look_at, r, &err) ||
	    !take_runs(r, dir, &err) ||
	    (is_ours(self, dir) && !take_journals(r, &err)) ||
	    !conclude(r, dir, &err))
		complain(r, &err);
	worst = rw_kind_worse(r->worst, rw_cli_close_stdout());
	replayer_free(r);
	return worst;
}

void
rw_record_offer_replay(struct rw_ledger *ledger, const struct rw_self *self)
{
	const struct rw_ledger_query all = {0};
	struct replayer seen = {0};
	struct rw_run_lines runs;
	const char *text;
	struct rw_err err;
	bool found = false;
	size_t len;

	if (!rw_ledger_each(ledger, &all, look_at, &seen, &err) ||
	    seen.newest != 0 || !rw_run_lines_open(&runs, self->state_dir, &err))
		return;
	if (rw_run_lines_next(&runs, &text, &len, &found, &err) && found)
		rw_say(RW_WARNING, "the ledger is empty, and run %s and "
			"perhaps others have recorded what they sent: "
			"rw-record --replay %s brings that back", runs.oldest,
			self->state_dir);
	rw_run_lines_close(&runs);
}
