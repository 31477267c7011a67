#include "record_filter.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pool.h"
#include "filter.h"
#include "record_audit.h"
#include "record_batch.h"
#include "record_count.h"
#include "record_elsewhere.h"
#include "record_proof.h"
#include "record_resolve.h"
#include "record_words.h"
#include "wire/config.h"

/* Bounds for --result: a batch that takes longer than the first is too large; a
 * batch that takes less than the second may grow; the third is the smallest
 * batch in lines. */
enum { SLOW_MS = 2000, QUICK_MS = 500, LEAST = 10 };

/* The pause after the ledger became unreachable; the number of batches in
 * progress at once; the number of lines in these and in one waiting batch. */
enum { RETRY_MS = 15000, AT_ONCE = 2,
	WINDOW = (AT_ONCE + 1) * RW_RECORD_BATCH };

struct state {
	const struct rw_record_work *work;
	struct rw_ledger *ledger;
	bool dry_run;
	struct rw_pool *pool;
	struct rw_record_batch batches[AT_ONCE];
	size_t at_once, busy;
	size_t limit;			/* lines of a batch, at most */
	struct rw_job *waiting[WINDOW];
	size_t n;			/* jobs in waiting */
	struct rw_record_tally tally;
	struct rw_record_audit audit;
	struct rw_record_elsewhere elsewhere;
	struct rw_journal_proof proof;	/* of a --result within a run */
	enum rw_kind worst;
	int64_t retry_at_ms;
};

/* ---- lines ------------------------------------------------------------- */

/* An earlier tool's error is more useful than the error that the line was not
 * recorded. */
static void
fail_job(struct state *s, struct rw_job *job, const struct rw_err *err)
{
	if (!rw_record_has(&job->record, RW_M_ERROR)) {
		rw_job_fail(job, err);
		return;
	}
	rw_say_failure(rw_record_label(&job->record), err);
	s->worst = rw_kind_worse(s->worst, err->kind);
	rw_job_pass(job);
}

static bool
begin(void *context, struct rw_job *job, struct rw_err *err)
{
	struct state *s = context;
	struct rw_err failure;

	(void)err;
	if (!rw_record_resolve_is_meant(s->work, &job->record)) {
		rw_fail(&failure, RW_REFUSED, "--follower does not name its "
			"follower: it was not settled");
		fail_job(s, job, &failure);
		return true;
	}
	if ((s->work->mode == RW_RECORD_CLAIM ||
	    s->work->mode == RW_RECORD_RESULT) && !s->dry_run &&
	    !rw_record_is_real(&job->record, &failure))
		fail_job(s, job, &failure);
	else
		s->waiting[s->n++] = job;
	return true;
}

static void
end_job(struct state *s, struct rw_job *job, struct rw_ledger_item *item)
{
	if (s->work->mode == RW_RECORD_AUDIT)
		rw_record_audit_note(&s->audit, item);
	s->tally.fates[item->fate]++;
	if (item->fate == RW_FATE_CLAIMED_ELSEWHERE ||
	    item->fate == RW_FATE_CLAIMED_BY_HAND)
		s->worst = rw_kind_worse(s->worst, rw_record_elsewhere_add(
			&s->elsewhere, &job->record.line));
	if (item->fate == RW_FATE_RESENT)
		rw_record_name(&s->tally.resent,
			rw_record_label(&job->record));
	if (s->work->mode == RW_RECORD_LOOKUP && item->bounced)
		rw_record_name(&s->tally.bounced, job->record.follower_id);
	if (s->work->mode == RW_RECORD_RESULT &&
	    rw_record_proof_fails(job, item))
		s->worst = rw_kind_worse(s->worst, RW_BUG);
	if (item->fate == RW_FATE_NOT_DONE) {
		fail_job(s, job, &item->err);
	} else if (rw_fate_drops(item->fate)) {
		rw_period_text(s->tally.period, job->record.period);
		if (s->work->names_left)
			rw_record_name_left(job, item->fate);
		else
			rw_job_drop(job);
	} else {
		rw_job_pass(job);
	}
}

/* ---- beginning batches ------------------------------------------------- */

static void
fill_batch(struct state *s, struct rw_record_batch *batch)
{
	rw_record_batch_fill(batch, s->waiting, s->n, s->limit, s->batches,
		s->at_once);
	s->n -= batch->n;
	memmove(s->waiting, s->waiting + batch->n,
		s->n * sizeof *s->waiting);
	s->tally.lines += batch->n;
	rw_record_proof_check(&s->proof, batch->jobs, batch->n);
}

/* An unreachable ledger must not delay rw-mail: the journal has the outcomes,
 * and the next --claim replays it. */
static void
leave_to_journal(struct state *s, struct rw_record_batch *batch)
{
	s->tally.not_written += batch->n;
	rw_record_batch_drop(batch);
}

/* A second batch is begun only when it is full. Lines that arrive slowly are
 * gathered while the first batch is in progress. */
static void
begin_batches(struct state *s)
{
	struct rw_record_batch *batch;

	for (batch = s->batches; batch < s->batches + s->at_once; batch++) {
		if (batch->n > 0)
			continue;
		if (s->n == 0 || (s->busy > 0 && s->n < s->limit))
			return;
		fill_batch(s, batch);
		if (batch->n == 0)
			return;
		if (rw_clock_monotonic_ms() < s->retry_at_ms) {
			leave_to_journal(s, batch);
			continue;
		}
		s->busy++;
		rw_pool_submit(s->pool, &batch->task);
	}
}

/* ---- ending them ------------------------------------------------------- */

/* A slow batch delays the outcomes behind it, and a batch without an answer is
 * lost as a whole. Therefore --result adapts the size of its batches. Other
 * steps pass on a whole batch or nothing. */
static void
adapt_limit(struct state *s, const struct rw_record_batch *batch)
{
	size_t n = batch->n;

	if (s->work->mode != RW_RECORD_RESULT)
		return;
	if (!batch->good && batch->took_ms > SLOW_MS)
		s->limit = n / 8;
	else if (batch->took_ms > SLOW_MS)
		s->limit = n / 2;
	else if (batch->good && batch->took_ms < QUICK_MS && n == s->limit)
		s->limit = 2 * n;
	if (s->limit < LEAST)
		s->limit = LEAST;
	if (s->limit > s->work->batch)
		s->limit = s->work->batch;
}

static bool
end_batch(struct state *s, struct rw_record_batch *batch, struct rw_err *err)
{
	size_t i;

	s->busy--;
	adapt_limit(s, batch);
	if (batch->good) {
		for (i = 0; i < batch->n; i++)
			end_job(s, batch->jobs[i], &batch->items[i]);
		batch->n = 0;
		return true;
	}
	if (s->work->mode == RW_RECORD_RESULT && batch->err.kind != RW_BUG) {
		if (s->tally.not_written == 0)
			rw_say(RW_ERROR, "%s", batch->err.message);
		s->worst = rw_kind_worse(s->worst, batch->err.kind);
		s->retry_at_ms = rw_clock_monotonic_ms() + RETRY_MS;
		leave_to_journal(s, batch);
		return true;
	}
	*err = batch->err;
	rw_record_batch_drop(batch);
	return false;
}

static bool
end_batches(struct state *s, struct rw_err *err)
{
	struct rw_task *task;
	bool good = true;

	while ((task = rw_pool_take(s->pool)) != NULL)
		good = end_batch(s, (struct rw_record_batch *)(void *)task,
			err) && good;
	return good;
}

/* Lines that another batch has recorded meanwhile are passed on as well. */
static void
end_all(struct state *s)
{
	struct pollfd done = {.fd = rw_pool_fd(s->pool), .events = POLLIN};
	struct rw_err ignored;

	while (s->busy > 0) {
		(void)poll(&done, 1, -1);
		(void)end_batches(s, &ignored);
	}
}

static bool
poll_batches(void *context, int input_fd, struct rw_err *err)
{
	struct state *s = context;
	struct pollfd fds[] = {
		{.fd = rw_pool_fd(s->pool), .events = POLLIN},
		{.fd = input_fd, .events = POLLIN}};

	begin_batches(s);
	if (s->busy == 0)
		return true;
	if ((poll(fds, 2, -1) >= 0 || errno == EINTR || rw_fail_errno(err,
	    RW_IO, "cannot wait for the ledger")) && end_batches(s, err))
		return true;
	end_all(s);
	return false;
}

/* ---- the run ----------------------------------------------------------- */

static bool
replay_journals(struct rw_ledger *ledger, struct rw_err *err)
{
	struct rw_replayed outcome = {0};

	if (!rw_ledger_replay_journals(ledger, &outcome, err))
		return false;
	rw_record_explain_replay(&outcome);
	return true;
}

static enum rw_kind
run_filter(struct state *s, const struct rw_common *common)
{
	bool is_result = s->work->mode == RW_RECORD_RESULT;
	/* Lines that failed earlier, in this run or before it, have not been
	 * repaired since. */
	bool in_run = rw_config_text("RW_RUN_ID", NULL) != NULL;
	const struct rw_filter filter = {.context = s,
		.window = (s->at_once + 1) * s->work->batch,
		.takes_failed = true, .keeps_error = is_result || in_run,
		.drains = is_result, .told = rw_record_is_asking(s->work->mode),
		.says_once = s->work->mode == RW_RECORD_CLAIM, .begin = begin,
		.poll = poll_batches};
	struct rw_filter_counts counts;
	enum rw_kind worst = rw_filter_run(&filter, common, &counts);
	struct rw_err err;

	worst = rw_kind_worse(worst, s->worst);
	if (s->work->mode == RW_RECORD_AUDIT)
		worst = rw_kind_worse(worst, rw_record_audit_tell(&s->audit));
	else if (s->work->mode != RW_RECORD_FREE)
		rw_record_explain(&s->tally, s->dry_run);
	rw_record_explain_later(&s->tally, rw_ledger_later(s->ledger));
	if (s->tally.not_written > 0 || rw_kind_worse(worst, RW_UNREACHABLE) !=
	    RW_UNREACHABLE || rw_record_count(s->ledger, s->work,
	    s->tally.fates, &counts, &err))
		return worst;
	rw_say(RW_ERROR, "%s", err.message);
	return rw_kind_worse(worst, err.kind);
}

static void
begin_state(struct state *s, const struct rw_record_work *work,
	struct rw_ledger *ledger, const struct rw_common *common)
{
	static const char *const done[] = {[RW_RECORD_LOOKUP] = "passed on",
		[RW_RECORD_CLAIM] = "claimed", [RW_RECORD_RESULT] = "recorded",
		[RW_RECORD_RESOLVE] = "settled", [RW_RECORD_FREE] = "passed on",
		[RW_RECORD_AUDIT] = "audited"};
	/* The knowledge about earlier lines belongs to one connection. */
	bool parts = work->mode == RW_RECORD_CLAIM ||
		work->mode == RW_RECORD_RESULT;
	size_t i;

	s->work = work;
	s->limit = work->batch;
	s->dry_run = common->dry_run;
	s->tally.done = done[work->mode];
	s->tally.revise = work->terms.revise;
	s->ledger = s->batches[0].ledger = ledger;
	s->at_once = parts && rw_ledger_at_once(ledger) > 1 ? AT_ONCE : 1;
	for (i = 0; i < AT_ONCE; i++) {
		s->batches[i].work = work;
		s->batches[i].first = ledger;
	}
}

static void
end_state(struct state *s)
{
	size_t i;

	rw_record_elsewhere_close(&s->elsewhere);
	rw_record_audit_free(&s->audit);
	rw_journal_proof_close(&s->proof);
	rw_pool_close(s->pool);
	for (i = 0; i < AT_ONCE; i++)
		rw_record_batch_free(&s->batches[i]);
	rw_buf_free(&s->tally.resent.names);
	rw_buf_free(&s->tally.bounced.names);
	free(s);
}

static bool
open_files(struct state *s, struct rw_err *err)
{
	enum rw_record_mode mode = s->work->mode;

	return rw_record_elsewhere_open(&s->elsewhere, s->work->elsewhere,
		err) &&
		rw_record_audit_open(&s->audit, s->work->unchanged, err) &&
		(mode != RW_RECORD_CLAIM || replay_journals(s->ledger, err)) &&
		(mode != RW_RECORD_RESULT || s->dry_run ||
		rw_record_proof_open(&s->proof,
		rw_config_text("RW_RUN_ID", NULL), err));
}

enum rw_kind
rw_record_filter(const struct rw_record_work *work, struct rw_ledger *ledger,
	const struct rw_common *common)
{
	struct state *s = calloc(1, sizeof *s);
	void *states[AT_ONCE] = {NULL};
	struct rw_err err;
	enum rw_kind worst;

	if (s == NULL) {
		rw_fail_memory(&err, "the batches");
		rw_say(RW_ERROR, "%s", err.message);
		return err.kind;
	}
	begin_state(s, work, ledger, common);
	if (!open_files(s, &err) ||
	    !rw_pool_open(&s->pool, s->at_once, rw_record_batch_run, states,
	    &err)) {
		rw_say(RW_ERROR, "%s", err.message);
		worst = err.kind;
	} else {
		worst = run_filter(s, common);
	}
	end_state(s);
	return worst;
}
