/* The loop: when to read, when to let the tool work, when to write. */
#include "filter_priv.h"

#include <inttypes.h>
#include <poll.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/log.h"
#include "outcome.h"

enum { STOP_MS = 500 };

/* ---- out --------------------------------------------------------------- */

/* Writes the jobs that have ended: all of them, or only the jobs before the
 * first unfinished one. */
static void
collect_jobs(struct rw_loop *loop)
{
	struct rw_job **at = &loop->oldest, *job;

	while ((job = *at) != NULL) {
		if (job->state == RW_JOB_OPEN) {
			if (!loop->filter->as_done)
				return;
			at = &job->next;
			continue;
		}
		rw_loop_emit(loop, job);
		rw_loop_return_job(loop, at);
	}
}

/* Before the loop waits, the reader gets all finished lines. */
static void
show_all(struct rw_loop *loop)
{
	const struct rw_filter_counts *c = &loop->counts;

	rw_loop_flush(loop);
	rw_progress_show(&loop->progress, c->passed + c->failed + c->dropped +
		c->unreadable, c->failed);
}

/* ---- in ---------------------------------------------------------------- */

static bool
is_stopped(const struct rw_loop *loop)
{
	return loop->filter->stop != NULL && *loop->filter->stop;
}

static bool
may_begin(const struct rw_loop *loop)
{
	const struct rw_filter *filter = loop->filter;

	return !loop->ended && loop->unused != NULL &&
		(filter->is_full == NULL || !filter->is_full(filter->context)) &&
		(!is_stopped(loop) || loop->filter->clears);
}

/* Waits for a line. A tool that can be stopped must not sleep in read(2), where
 * it would not notice a signal that arrived just before. A stopped tool does
 * not wait. */
static bool
await_line(struct rw_loop *loop)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	if (loop->filter->stop == NULL)
		return may_begin(loop) && rw_loop_read_line(loop, true);
	while (may_begin(loop)) {
		if (poll(&input, 1, is_stopped(loop) ? 0 : STOP_MS) > 0 &&
		    rw_loop_read_line(loop, false))
			return true;
		loop->ended = loop->ended || is_stopped(loop);
	}
	return false;
}

static void
read_lines(struct rw_loop *loop)
{
	while (may_begin(loop)) {
		if (!rw_loop_read_line(loop, false)) {
			if (loop->ended || loop->oldest != NULL)
				return;
			show_all(loop);
			if (!await_line(loop))
				return;
		}
		collect_jobs(loop);
	}
}

/* ---- the whole --------------------------------------------------------- */

static void
run_loop(struct rw_loop *loop)
{
	const struct rw_filter *filter = loop->filter;
	struct rw_err err;

	for (;;) {
		read_lines(loop);
		if (loop->oldest == NULL && !may_begin(loop))
			return;
		if (loop->oldest == NULL)
			continue;
		show_all(loop);
		if (filter->poll == NULL) {
			rw_loop_end(loop, &(struct rw_err){RW_BUG, false,
				"a job was begun and never ended", false});
			return;
		}
		if (!filter->poll(filter->context,
		    may_begin(loop) ? STDIN_FILENO : -1, &err)) {
			rw_loop_end(loop, &err);
			collect_jobs(loop);
			return;
		}
		collect_jobs(loop);
	}
}

static bool
open_loop(struct rw_loop *loop, struct rw_err *err)
{
	return rw_loop_open_input(loop, err) &&
		rw_progress_start(&loop->progress, loop->common->tool, err) &&
		rw_loop_open_rejects(loop, err) &&
		rw_loop_open_jobs(loop, err);
}

static void
close_loop(struct rw_loop *loop)
{
	rw_loop_close_output(loop);
	rw_loop_free_jobs(loop);
	rw_reader_free(&loop->reader);
	rw_log_progress("%s", "");
}

enum rw_kind
rw_filter_run(const struct rw_filter *filter, const struct rw_common *common,
	struct rw_filter_counts *counts)
{
	struct rw_loop loop = {.filter = filter, .common = common,
		.counts = {.read_sum = RW_HASH64_START,
		.written_sum = RW_HASH64_START}, .rejects = -1};
	struct rw_err err;

	/* A closed pipe is an error like a full disk, and must not kill the
	 * process: jobs in flight must be ended properly. */
	signal(SIGPIPE, SIG_IGN);
	if (open_loop(&loop, &err))
		run_loop(&loop);
	else
		rw_loop_end(&loop, &err);
	close_loop(&loop);
	rw_complaints_end(&loop.complaints);
	rw_say(RW_INFO, "%" PRIu64 " lines read, %" PRIu64 " passed, %" PRIu64
		" failed, %" PRIu64 " dropped, %" PRIu64 " unreadable",
		loop.counts.read, loop.counts.passed, loop.counts.failed,
		loop.counts.dropped, loop.counts.unreadable);
	rw_outcome_count(&loop.counts, loop.reader_gone);
	if (counts != NULL)
		*counts = loop.counts;
	return loop.worst;
}
