/* The loop writes lines to standard output, buffered until the loop waits, and
 * unreadable lines to --rejects. */
#include "filter_priv.h"

#include <errno.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/output.h"

enum { FLUSH_SIZE = 65536 };

/* ---- rejects ----------------------------------------------------------- */

bool
rw_loop_open_rejects(struct rw_loop *loop, struct rw_err *err)
{
	const char *path = loop->common->rejects;

	if (path == NULL)
		return true;
	return rw_output_open("--rejects", path, RW_OUTPUT_PRIVATE,
		&loop->rejects, err);
}

void
rw_loop_reject(void *context, const char *bytes, size_t len)
{
	struct rw_loop *loop = context;
	struct rw_err err;

	if (loop->rejects < 0)
		return;
	if (!rw_file_write_all(loop->rejects, bytes, len,
	    loop->common->rejects, &err)) {
		rw_loop_end(loop, &err);
		close(loop->rejects);
		loop->rejects = -1;
	}
}

/* ---- lines ------------------------------------------------------------- */

void
rw_loop_flush(struct rw_loop *loop)
{
	struct rw_err err;

	if (!loop->output_gone && loop->out.len > 0 &&
	    !rw_file_write_all(STDOUT_FILENO, loop->out.data, loop->out.len,
	    "standard output", &err)) {
		loop->output_gone = true;
		loop->reader_gone = errno == EPIPE;
		if (loop->reader_gone)
			rw_say_aside(err.message);
		else
			rw_say_failure(NULL, &err);
		rw_loop_note(loop, RW_IO);
		if (!loop->filter->drains)
			loop->ended = true;
	}
	if (loop->out.len > 0)
		rw_fault("lines-written");
	rw_buf_reset(&loop->out);
}

void
rw_loop_emit(struct rw_loop *loop, struct rw_job *job)
{
	size_t before = loop->out.len;
	struct rw_err failure;

	if (job->state == RW_JOB_DROP || loop->filter->mute)
		return;
	rw_line_add_to(&job->record.line, &loop->out);
	if (loop->out.len > before)
		loop->counts.written_sum = rw_hash64(
			loop->counts.written_sum, loop->out.data + before,
			loop->out.len - before);
	if (loop->out.failed || job->record.line.failed) {
		rw_fail_memory(&failure, "a line of output");
		rw_loop_end(loop, &failure);
		rw_buf_reset(&loop->out);
	}
	if (loop->out.len >= FLUSH_SIZE)
		rw_loop_flush(loop);
}

/* On a network file system, only close(2) may report a full disk. */
void
rw_loop_close_output(struct rw_loop *loop)
{
	struct rw_err err;

	rw_loop_flush(loop);
	if (!loop->output_gone && close(STDOUT_FILENO) != 0) {
		rw_fail_errno(&err, RW_IO, "cannot write standard output");
		rw_loop_end(loop, &err);
	}
	if (loop->rejects >= 0 && close(loop->rejects) != 0) {
		rw_fail_errno(&err, RW_IO, "cannot write %s",
			loop->common->rejects);
		rw_loop_end(loop, &err);
	}
	rw_buf_free(&loop->out);
}
