#include "gen_unchanged.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"

/* In one message. */
enum { NAMES = 10 };

bool
rw_gen_unchanged_open(struct rw_gen_unchanged *unchanged, const char *path,
	struct rw_err *err)
{
	*unchanged = (struct rw_gen_unchanged){.path = path, .fd = -1};
	if (path == NULL)
		return true;
	unchanged->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW |
		O_CLOEXEC, 0600);
	return unchanged->fd >= 0 ||
		rw_fail_errno(err, RW_IO, "cannot open %s", path);
}

void
rw_gen_unchanged_take(struct rw_gen_unchanged *unchanged, struct rw_job *job)
{
	struct rw_buf line = {0};
	struct rw_err failure;
	bool good;

	rw_line_add_to(&job->record.line, &line);
	good = rw_buf_ok(&line, "a line", &failure) && rw_file_write_all(
		unchanged->fd, line.data, line.len, unchanged->path, &failure);
	rw_buf_free(&line);
	if (!good) {
		rw_job_fail(job, &failure);
		return;
	}
	if (unchanged->n++ < NAMES)
		rw_buf_addf(&unchanged->names, "%s%s", unchanged->n > 1 ?
			", " : "", rw_record_label(&job->record));
	rw_job_drop(job);
}

void
rw_gen_unchanged_close(struct rw_gen_unchanged *unchanged)
{
	char more[48] = "";

	if (unchanged->n > NAMES)
		snprintf(more, sizeof more, " and %" PRIu64 " more",
			unchanged->n - NAMES);
	if (unchanged->n > 0)
		rw_say(RW_WARNING, "%" PRIu64 " are unchanged since the newest "
			"revision that was sent, and are not revised (--force "
			"revises them all the same): %s%s", unchanged->n,
			rw_buf_text(&unchanged->names), more);
	rw_buf_free(&unchanged->names);
	if (unchanged->path != NULL && unchanged->fd >= 0)
		close(unchanged->fd);
}
