#include "record_filter.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/pool.h"
#include "filter.h"
#include "record_words.h"

/* How long a ledger that went away is left alone; and the lines that wait, and
 * are at work. */
enum { RETRY_MS = 15000, WINDOW = 2 * RW_RECORD_BATCH };

/* Belongs to the thread that works on it while it is at work. */
struct batch {
	struct rw_task task;
	struct rw_ledger_item items[RW_RECORD_BATCH];
	size_t n;		/* 0: none is at work */
	bool good;
	struct rw_err err;	/* when it is not */
};

struct state {
	const struct rw_record_work *work;
	struct rw_ledger *ledger;
	bool dry_run;
	struct rw_pool *pool;		/* of one thread: one ledger */
	struct batch batch;
	struct rw_job *jobs[WINDOW];	/* of the batch first, then those
					 * that wait */
	size_t n;
	struct rw_record_tally tally;
	enum rw_kind worst;
	int64_t retry_at_ms;
};

/* ---- a batch, on its thread -------------------------------------------- */

static bool
work_off(struct state *s, struct batch *batch)
{
	const struct rw_record_work *work = s->work;
	struct rw_err *err = &batch->err;

	switch (work->mode) {
	case RW_RECORD_LOOKUP:
		return rw_ledger_lookup(s->ledger, &work->terms, batch->items,
			batch->n, err);
	case RW_RECORD_CLAIM:
		return rw_ledger_claim(s->ledger, &work->terms, batch->items,
			batch->n, err);
	case RW_RECORD_RESULT:
		return rw_ledger_result(s->ledger, batch->items, batch->n,
			err);
	case RW_RECORD_RESOLVE:
		return rw_ledger_resolve(s->ledger, work->resolve_sent,
			batch->items, batch->n, err);
	case RW_RECORD_NOTHING:
		break;
	}
	return rw_fail(err, RW_BUG, "nothing to do");
}

static void
run_batch(void *state, struct rw_task *task)
{
	struct batch *batch = (struct batch *)(void *)task;

	batch->good = work_off(state, batch);
}

/* ---- lines ------------------------------------------------------------- */

/* What an earlier tool found wrong says more than that it was not recorded. */
static void
fail(struct state *s, struct rw_job *job, const struct rw_err *err)
{
	if (!rw_record_has(&job->record, RW_M_ERROR)) {
		rw_job_fail(job, err);
		return;
	}
	rw_say(RW_ERROR, "%s: %s", rw_record_label(&job->record),
		err->message);
	s->worst = rw_kind_worse(s->worst, err->kind);
	rw_job_pass(job);
}

static bool
begin(void *context, struct rw_job *job, struct rw_err *err)
{
	struct state *s = context;
	struct rw_err failure;

	(void)err;
	if ((s->work->mode == RW_RECORD_CLAIM ||
	    s->work->mode == RW_RECORD_RESULT) && !s->dry_run &&
	    !rw_record_is_real(&job->record, &failure))
		fail(s, job, &failure);
	else
		s->jobs[s->n++] = job;
	return true;
}

static void
end_job(struct state *s, size_t i)
{
	struct rw_ledger_item *item = &s->batch.items[i];

	s->tally.fates[item->fate]++;
	if (item->fate == RW_FATE_NOT_DONE) {
		fail(s, s->jobs[i], &item->err);
	} else if (rw_fate_drops(item->fate)) {
		rw_period_text(s->tally.period, s->jobs[i]->record.period);
		rw_job_drop(s->jobs[i]);
	} else {
		rw_job_pass(s->jobs[i]);
	}
}

/* ---- batches ----------------------------------------------------------- */

static void
forget_first(struct state *s, size_t n)
{
	s->n -= n;
	memmove(s->jobs, s->jobs + n, s->n * sizeof *s->jobs);
	s->batch.n = 0;
}

/* rw-mail must not be held up by a ledger that is away: its journal has the
 * outcomes, and the next --claim folds them in. */
static void
leave_to_journal(struct state *s, size_t n)
{
	size_t i;

	s->tally.not_written += n;
	for (i = 0; i < n; i++)
		rw_job_drop(s->jobs[i]);
	forget_first(s, n);
}

static void
begin_batch(struct state *s)
{
	size_t n = s->n < s->work->batch ? s->n : s->work->batch, i;

	s->tally.lines += n;
	if (rw_clock_monotonic_ms() < s->retry_at_ms) {
		leave_to_journal(s, n);
		return;
	}
	for (i = 0; i < n; i++)
		s->batch.items[i].record = &s->jobs[i]->record;
	s->batch.n = n;
	rw_pool_submit(s->pool, &s->batch.task);
}

static bool
end_batch(struct state *s, struct rw_err *err)
{
	struct batch *batch = &s->batch;
	size_t i;

	if (!batch->good && (s->work->mode != RW_RECORD_RESULT ||
	    batch->err.kind == RW_BUG)) {
		*err = batch->err;
		return false;
	}
	if (!batch->good) {
		if (s->tally.not_written == 0)
			rw_say(RW_ERROR, "%s", batch->err.message);
		s->worst = rw_kind_worse(s->worst, batch->err.kind);
		s->retry_at_ms = rw_clock_monotonic_ms() + RETRY_MS;
		leave_to_journal(s, batch->n);
		return true;
	}
	for (i = 0; i < batch->n; i++)
		end_job(s, i);
	forget_first(s, batch->n);
	return true;
}

static bool
poll_batch(void *context, int input_fd, struct rw_err *err)
{
	struct state *s = context;
	struct pollfd fds[] = {
		{.fd = rw_pool_fd(s->pool), .events = POLLIN},
		{.fd = input_fd, .events = POLLIN}};

	if (s->batch.n == 0)
		begin_batch(s);
	if (s->batch.n == 0)
		return true;
	if (poll(fds, 2, -1) < 0 && errno != EINTR)
		return rw_fail_errno(err, RW_IO, "cannot wait for the ledger");
	return rw_pool_take(s->pool) == NULL || end_batch(s, err);
}

/* ---- the run ----------------------------------------------------------- */

static bool
fold(struct rw_ledger *ledger, struct rw_err *err)
{
	struct rw_folded folded = {0};

	if (!rw_ledger_fold(ledger, &folded, err))
		return false;
	rw_record_explain_fold(&folded);
	return true;
}

static bool
count_rest(struct state *s, const struct rw_filter_counts *counts,
	struct rw_err *err)
{
	if (s->work->mode == RW_RECORD_RESOLVE)
		return true;
	rw_ledger_count(s->ledger, "unreadable", counts->unreadable);
	if (s->work->mode == RW_RECORD_RESULT)
		rw_ledger_count(s->ledger, "malformed", counts->malformed);
	return rw_ledger_flush(s->ledger, err);
}

static enum rw_kind
run(struct state *s, const struct rw_common *common)
{
	bool is_result = s->work->mode == RW_RECORD_RESULT;
	const struct rw_filter filter = {.context = s,
		.window = 2 * s->work->batch, .takes_failed = true,
		.keeps_error = is_result, .drains = is_result, .begin = begin,
		.poll = poll_batch};
	struct rw_filter_counts counts;
	enum rw_kind worst = rw_filter_run(&filter, common, &counts);
	struct rw_err err;

	worst = rw_kind_worse(worst, s->worst);
	rw_record_explain(&s->tally, s->dry_run);
	rw_record_explain_later(&s->tally, rw_ledger_later(s->ledger));
	if (s->tally.not_written > 0 || rw_kind_worse(worst, RW_UNREACHABLE) !=
	    RW_UNREACHABLE || count_rest(s, &counts, &err))
		return worst;
	rw_say(RW_ERROR, "%s", err.message);
	return rw_kind_worse(worst, err.kind);
}

enum rw_kind
rw_record_filter(const struct rw_record_work *work, struct rw_ledger *ledger,
	const struct rw_common *common)
{
	static const char *const done[] = {[RW_RECORD_LOOKUP] = "passed on",
		[RW_RECORD_CLAIM] = "claimed", [RW_RECORD_RESULT] = "recorded",
		[RW_RECORD_RESOLVE] = "settled"};
	static struct state s;
	void *states[] = {&s};
	struct rw_err err;
	enum rw_kind worst;
	size_t i;

	s.work = work;
	s.ledger = ledger;
	s.dry_run = common->dry_run;
	s.tally.done = done[work->mode];
	if ((work->mode == RW_RECORD_CLAIM && !fold(ledger, &err)) ||
	    !rw_pool_open(&s.pool, 1, run_batch, states, &err)) {
		rw_say(RW_ERROR, "%s", err.message);
		return err.kind;
	}
	worst = run(&s, common);
	rw_pool_close(s.pool);
	for (i = 0; i < RW_RECORD_BATCH; i++)
		rw_ledger_item_free(&s.batch.items[i]);
	return worst;
}
