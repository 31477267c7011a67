/* A line becomes a job: read, parsed, and begun by the tool. */
#include "filter_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/hash.h"
#include "base/log.h"
#include "input_hint.h"
#include "wire/config.h"

bool
rw_loop_open_input(struct rw_loop *loop, struct rw_err *err)
{
	uint64_t max_line;

	if (!rw_config_u64("RW_MAX_LINE", 4194304, 64, 1u << 30, &max_line,
	    err))
		return false;
	if (isatty(STDIN_FILENO) != 0)
		rw_say(RW_WARNING, "standard input is a terminal: expected one "
			"JSON object on each line; to read a file, use < FILE");
	rw_reader_init(&loop->reader, STDIN_FILENO, (size_t)max_line);
	loop->reader.spill = rw_loop_reject;
	loop->reader.context = loop;
	return true;
}

/* Returns the newest job to the unused jobs, without an output line. */
static void
give_back(struct rw_loop *loop, const struct rw_job *newest)
{
	struct rw_job **at = &loop->oldest;

	while (*at != newest)
		at = &(*at)->next;
	rw_loop_return_job(loop, at);
}

static bool
was_said(const struct rw_loop *loop, struct rw_job *job,
	const struct rw_err *malformed)
{
	const char *tool = rw_record_error_tool(&job->record);

	return loop->filter->says_once && tool != NULL &&
		strcmp(tool, loop->common->tool) == 0 &&
		strcmp(rw_record_error_message(&job->record),
		malformed->message) == 0;
}

static void
fail_again(struct rw_job *job, const struct rw_err *malformed)
{
	rw_loop_note(job->loop, malformed->kind);
	job->loop->counts.failed++;
	rw_job_pass(job);
}

static void
begin_job(struct rw_loop *loop, struct rw_job *job,
	const struct rw_err *malformed)
{
	const char *tool;
	struct rw_err err;

	if (loop->filter->prepare != NULL)
		loop->filter->prepare(&job->record);
	tool = rw_record_error_tool(&job->record);
	if (malformed != NULL && loop->filter->is_wanted != NULL &&
	    !loop->filter->is_wanted(loop->filter->context, &job->record)) {
		rw_job_drop(job);
		return;
	}
	if (malformed != NULL)
		loop->counts.malformed++;
	if (malformed != NULL && loop->filter->told) {
		rw_loop_note(loop, malformed->kind);
		rw_job_drop(job);
		return;
	}
	if (malformed != NULL && was_said(loop, job, malformed)) {
		fail_again(job, malformed);
		return;
	}
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
		give_back(loop, job);
		rw_loop_end(loop, &err);
	}
}

static void
note_unreadable(struct rw_loop *loop, const char *why)
{
	struct rw_err failure;
	char line[40];

	snprintf(line, sizeof line, "line %" PRIu64, loop->reader.number);
	rw_fail(&failure, RW_UNREADABLE, "%s", why);
	if (!loop->filter->told)
		rw_complain(&loop->complaints, loop->reader.number, line,
			&failure);
	rw_loop_note(loop, RW_UNREADABLE);
	loop->counts.unreadable++;
}

static void
take_input_line(struct rw_loop *loop, const char *text, size_t len)
{
	const struct rw_period *period = loop->common->has_period ?
		&loop->common->period : NULL;
	struct rw_job *job = rw_loop_take_job(loop);
	const char *hint;
	struct rw_err err;

	rw_fault("line-read");
	job->record.number = loop->reader.number;
	loop->counts.read++;
	loop->counts.read_sum = rw_hash64(rw_hash64(loop->counts.read_sum,
		text, len), "\n", 1);
	if (rw_record_parse(&job->record, text, len, period, &err)) {
		begin_job(loop, job, NULL);
	} else if (err.kind != RW_UNREADABLE) {
		begin_job(loop, job, &err);
	} else {
		give_back(loop, job);
		hint = rw_input_hint(text, len);
		note_unreadable(loop, hint != NULL ? hint : err.message);
		rw_loop_reject(loop, text, len);
		rw_loop_reject(loop, "\n", 1);
	}
}

bool
rw_loop_read_line(struct rw_loop *loop, bool wait)
{
	struct rw_err err;
	const char *text;
	char why[80];
	size_t len;

	switch (rw_reader_next(&loop->reader, wait, &text, &len)) {
	case RW_READ_LINE:
		take_input_line(loop, text, len);
		return true;
	case RW_READ_LONG:
		loop->counts.read++;
		snprintf(why, sizeof why, "longer than %zu bytes "
			"(RW_MAX_LINE)", loop->reader.max_line);
		note_unreadable(loop, why);
		return true;
	case RW_READ_WAIT:
		return false;
	case RW_READ_END:
		loop->ended = true;
		return false;
	case RW_READ_FAILED:
		rw_fail_errno(&err, RW_IO, "cannot read standard input");
		rw_loop_end(loop, &err);
		return false;
	}
	return false;
}
