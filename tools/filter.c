#include "filter.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/log.h"
#include "wire/config.h"

enum { FLUSH_SIZE = 65536, PROGRESS_MS = 200, STOP_MS = 500 };

struct rw_loop {
	const struct rw_filter *filter;
	const struct rw_common *common;
	struct rw_reader reader;
	struct rw_buf out;
	int rejects;			/* -1: none */
	struct rw_job *jobs;		/* all of them, window many */
	struct rw_job *unused;
	struct rw_job *oldest;		/* in flight, in order of input */
	struct rw_job **newest;
	struct rw_filter_counts counts;
	enum rw_kind worst;
	bool ended;			/* no more input */
	bool output_gone;
	uint64_t total;			/* lines to come, for the progress
					 * line; 0: not known */
	int64_t began_ms, shown_ms;
};

/* ---- what went wrong --------------------------------------------------- */

static void
note(struct rw_loop *loop, enum rw_kind kind)
{
	loop->worst = rw_kind_worse(loop->worst, kind);
}

static void
end_run(struct rw_loop *loop, const struct rw_err *err)
{
	rw_say(RW_ERROR, "%s", err->message);
	note(loop, err->kind);
	loop->ended = true;
}

static void
reject(void *context, const char *bytes, size_t len)
{
	struct rw_loop *loop = context;
	struct rw_err err;

	if (loop->rejects < 0)
		return;
	if (!rw_file_write_all(loop->rejects, bytes, len,
	    loop->common->rejects, &err)) {
		end_run(loop, &err);
		close(loop->rejects);
		loop->rejects = -1;
	}
}

static void
unreadable(struct rw_loop *loop, const char *why)
{
	rw_say(RW_ERROR, "line %" PRIu64 ": %s", loop->reader.number, why);
	note(loop, RW_UNREADABLE);
	loop->counts.unreadable++;
}

/* ---- ends of a job ----------------------------------------------------- */

void
rw_job_pass(struct rw_job *job)
{
	job->state = RW_JOB_PASS;
	job->loop->counts.passed++;
}

void
rw_job_drop(struct rw_job *job)
{
	job->state = RW_JOB_DROP;
	job->loop->counts.dropped++;
}

void
rw_job_fail(struct rw_job *job, const struct rw_err *failure)
{
	rw_say(RW_ERROR, "%s: %s", rw_record_label(&job->record),
		failure->message);
	note(job->loop, failure->kind);
	rw_record_set_error(&job->record, job->loop->common->tool, failure);
	job->state = RW_JOB_PASS;
	job->loop->counts.failed++;
}

/* ---- output ------------------------------------------------------------ */

static void
flush(struct rw_loop *loop)
{
	struct rw_err err;

	if (!loop->output_gone && loop->out.len > 0 &&
	    !rw_file_write_all(STDOUT_FILENO, loop->out.data, loop->out.len,
	    "standard output", &err)) {
		loop->output_gone = true;
		rw_say(RW_ERROR, "%s", err.message);
		note(loop, RW_IO);
		if (!loop->filter->drains)
			loop->ended = true;
	}
	if (loop->out.len > 0)
		rw_fault("lines-written");
	rw_buf_reset(&loop->out);
}

static void
emit(struct rw_loop *loop, struct rw_job *job)
{
	if (job->state == RW_JOB_DROP || loop->filter->mute)
		return;
	rw_line_add_to(&job->record.line, &loop->out);
	if (loop->out.failed || job->record.line.failed) {
		end_run(loop, &(struct rw_err){RW_BUG, false,
			"no memory for a line of output"});
		rw_buf_reset(&loop->out);
	}
	if (loop->out.len >= FLUSH_SIZE)
		flush(loop);
}

/* Writes what is done: all of it, or what is done before the first that is
 * not. */
static void
collect(struct rw_loop *loop)
{
	struct rw_job **at = &loop->oldest, *job;

	while ((job = *at) != NULL) {
		if (job->state == RW_JOB_OPEN) {
			if (!loop->filter->as_done)
				return;
			at = &job->next;
			continue;
		}
		emit(loop, job);
		*at = job->next;
		if (*at == NULL)
			loop->newest = at;
		job->next = loop->unused;
		loop->unused = job;
	}
}

static void
show_progress(struct rw_loop *loop)
{
	int64_t now = rw_clock_monotonic_ms();
	const struct rw_filter_counts *c = &loop->counts;
	uint64_t done = c->passed + c->failed + c->dropped + c->unreadable;
	double rate;

	if (now - loop->shown_ms < PROGRESS_MS)
		return;
	loop->shown_ms = now;
	rate = (double)done * 1000 / (double)(now - loop->began_ms + 1);
	if (loop->total < done || done == 0)
		rw_log_progress("%s: %" PRIu64 " done, %" PRIu64 " failed, "
			"%.0f/s", loop->common->tool, done, c->failed, rate);
	else
		rw_log_progress("%s: %" PRIu64 " of %" PRIu64 ", %" PRIu64
			" failed, %.0f/s, %.0f s left", loop->common->tool,
			done, loop->total, c->failed, rate,
			(double)(loop->total - done) / rate);
}

/* ---- input ------------------------------------------------------------- */

static struct rw_job *
take_job(struct rw_loop *loop)
{
	struct rw_job *job = loop->unused;

	loop->unused = job->next;
	job->next = NULL;
	job->state = RW_JOB_OPEN;
	*loop->newest = job;
	loop->newest = &job->next;
	return job;
}

/* Puts the job that take_job gave last back: nothing came of its line. */
static void
return_job(struct rw_loop *loop, struct rw_job *job)
{
	struct rw_job **at = &loop->oldest;

	while (*at != job)
		at = &(*at)->next;
	*at = NULL;
	loop->newest = at;
	job->next = loop->unused;
	loop->unused = job;
}

static void
begin(struct rw_loop *loop, struct rw_job *job, const struct rw_err *malformed)
{
	const char *tool = rw_record_error_tool(&job->record);
	struct rw_err err;

	if (malformed != NULL)
		loop->counts.malformed++;
	if (tool != NULL && strcmp(tool, loop->common->tool) == 0 &&
	    !loop->filter->keeps_error) {
		rw_line_remove(&job->record.line, RW_M_ERROR);
		tool = NULL;
	}
	if (tool != NULL && (malformed != NULL || !loop->filter->takes_failed))
		rw_job_pass(job);
	else if (malformed != NULL)
		rw_job_fail(job, malformed);
	else if (!loop->filter->begin(loop->filter->context, job, &err)) {
		return_job(loop, job);
		end_run(loop, &err);
	}
}

static void
take_line(struct rw_loop *loop, const char *text, size_t len)
{
	const struct rw_period *period = loop->common->has_period ?
		&loop->common->period : NULL;
	struct rw_job *job = take_job(loop);
	struct rw_err err;

	rw_fault("line-read");
	job->record.number = loop->reader.number;
	loop->counts.read++;
	if (rw_record_parse(&job->record, text, len, period, &err)) {
		begin(loop, job, NULL);
	} else if (err.kind != RW_UNREADABLE) {
		begin(loop, job, &err);
	} else {
		return_job(loop, job);
		unreadable(loop, err.message);
		reject(loop, text, len);
		reject(loop, "\n", 1);
	}
}

/* True when a line was read, of whatever kind. */
static bool
read_line(struct rw_loop *loop, bool wait)
{
	struct rw_err err;
	const char *text;
	char why[80];
	size_t len;

	switch (rw_reader_next(&loop->reader, wait, &text, &len)) {
	case RW_READ_LINE:
		take_line(loop, text, len);
		return true;
	case RW_READ_LONG:
		loop->counts.read++;
		snprintf(why, sizeof why, "longer than %zu bytes "
			"(RW_MAX_LINE)", loop->reader.max_line);
		unreadable(loop, why);
		return true;
	case RW_READ_WAIT:
		return false;
	case RW_READ_END:
		loop->ended = true;
		return false;
	case RW_READ_FAILED:
		rw_fail_errno(&err, RW_IO, "cannot read standard input");
		end_run(loop, &err);
		return false;
	}
	return false;
}

static bool
may_begin(const struct rw_loop *loop)
{
	return !loop->ended && loop->unused != NULL &&
		(loop->filter->stop == NULL || !*loop->filter->stop);
}

/* Waits for a line. A tool that can be stopped must not sleep in read(2),
 * where a signal that came a moment before is not seen. */
static bool
await_line(struct rw_loop *loop)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	if (loop->filter->stop == NULL)
		return may_begin(loop) && read_line(loop, true);
	while (may_begin(loop)) {
		if (poll(&input, 1, STOP_MS) > 0 && read_line(loop, false))
			return true;
	}
	return false;
}

static void
read_lines(struct rw_loop *loop)
{
	while (may_begin(loop)) {
		if (!read_line(loop, false)) {
			if (loop->ended || loop->oldest != NULL)
				return;
			flush(loop);
			show_progress(loop);
			if (!await_line(loop))
				return;
		}
		collect(loop);
	}
}

/* ---- the loop ---------------------------------------------------------- */

static void
run(struct rw_loop *loop)
{
	const struct rw_filter *filter = loop->filter;
	struct rw_err err;

	for (;;) {
		read_lines(loop);
		if (loop->oldest == NULL && !may_begin(loop))
			return;
		if (loop->oldest == NULL)
			continue;
		flush(loop);
		show_progress(loop);
		if (filter->poll == NULL) {
			end_run(loop, &(struct rw_err){RW_BUG, false,
				"a job was begun and never ended"});
			return;
		}
		if (!filter->poll(filter->context,
		    may_begin(loop) ? STDIN_FILENO : -1, &err)) {
			end_run(loop, &err);
			collect(loop);
			return;
		}
		collect(loop);
	}
}

static bool
open_loop(struct rw_loop *loop, struct rw_err *err)
{
	const char *rejects = loop->common->rejects;
	size_t window = loop->filter->window, i;
	uint64_t max_line;

	if (!rw_config_u64("RW_MAX_LINE", 4194304, 64, 1u << 30, &max_line,
	    err) || !rw_config_u64("RW_PROGRESS_TOTAL", 0, 0, UINT64_MAX,
	    &loop->total, err))
		return false;
	rw_reader_init(&loop->reader, STDIN_FILENO, (size_t)max_line);
	loop->reader.spill = reject;
	loop->reader.context = loop;
	if (rejects != NULL) {
		loop->rejects = open(rejects, O_WRONLY | O_CREAT | O_TRUNC |
			O_CLOEXEC, 0600);
		if (loop->rejects < 0)
			return rw_fail_errno(err, RW_IO, "cannot open %s",
				rejects);
	}
	if (window == 0)
		window = 1;
	loop->jobs = calloc(window, sizeof *loop->jobs);
	if (loop->jobs == NULL)
		return rw_fail(err, RW_BUG, "no memory for %zu jobs", window);
	for (i = window; i-- > 0; loop->unused = &loop->jobs[i]) {
		loop->jobs[i].loop = loop;
		loop->jobs[i].next = loop->unused;
	}
	return true;
}

static void
free_jobs(struct rw_loop *loop)
{
	size_t i, n = loop->filter->window != 0 ? loop->filter->window : 1;

	for (i = 0; loop->jobs != NULL && i < n; i++) {
		if (loop->filter->forget != NULL &&
		    loop->jobs[i].data != NULL)
			loop->filter->forget(loop->jobs[i].data);
		rw_record_free(&loop->jobs[i].record);
	}
	free(loop->jobs);
}

/* A full disk may show only at close(2), on a network file system say. */
static void
close_loop(struct rw_loop *loop)
{
	struct rw_err err;

	flush(loop);
	if (!loop->output_gone && close(STDOUT_FILENO) != 0) {
		rw_fail_errno(&err, RW_IO, "cannot write standard output");
		end_run(loop, &err);
	}
	if (loop->rejects >= 0 && close(loop->rejects) != 0) {
		rw_fail_errno(&err, RW_IO, "cannot write %s",
			loop->common->rejects);
		end_run(loop, &err);
	}
	free_jobs(loop);
	rw_reader_free(&loop->reader);
	rw_buf_free(&loop->out);
	rw_log_progress("%s", "");
}

enum rw_kind
rw_filter_run(const struct rw_filter *filter, const struct rw_common *common,
	struct rw_filter_counts *counts)
{
	struct rw_loop loop = {.filter = filter, .common = common,
		.rejects = -1, .newest = &loop.oldest,
		.began_ms = rw_clock_monotonic_ms()};
	struct rw_err err;

	/* A reader that went away is an error like a full disk, not a death:
	 * what is in flight must be ended properly. */
	signal(SIGPIPE, SIG_IGN);
	loop.shown_ms = loop.began_ms;
	if (open_loop(&loop, &err))
		run(&loop);
	else
		end_run(&loop, &err);
	close_loop(&loop);
	rw_say(RW_INFO, "%" PRIu64 " lines read, %" PRIu64 " passed, %" PRIu64
		" failed, %" PRIu64 " dropped, %" PRIu64 " unreadable",
		loop.counts.read, loop.counts.passed, loop.counts.failed,
		loop.counts.dropped, loop.counts.unreadable);
	if (counts != NULL)
		*counts = loop.counts;
	return loop.worst;
}
