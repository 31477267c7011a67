#include "record_elsewhere.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"

bool
rw_record_elsewhere_open(struct rw_record_elsewhere *elsewhere,
	const char *path, struct rw_err *err)
{
	*elsewhere = (struct rw_record_elsewhere){path, -1};
	if (path == NULL)
		return true;
	elsewhere->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW |
		O_CLOEXEC, 0600);
	return elsewhere->fd >= 0 ||
		rw_fail_errno(err, RW_IO, "cannot open %s", path);
}

enum rw_kind
rw_record_elsewhere_add(struct rw_record_elsewhere *elsewhere,
	const struct rw_line *line)
{
	struct rw_buf text = {0};
	struct rw_err err;
	bool good;

	if (elsewhere->path == NULL)
		return RW_OK;
	rw_line_add_to(line, &text);
	good = rw_buf_ok(&text, "a line", &err) && rw_file_write_all(
		elsewhere->fd, text.data, text.len, elsewhere->path, &err);
	rw_buf_free(&text);
	if (!good)
		rw_say(RW_ERROR, "%s", err.message);
	return good ? RW_OK : err.kind;
}

void
rw_record_elsewhere_close(struct rw_record_elsewhere *elsewhere)
{
	if (elsewhere->path != NULL && elsewhere->fd >= 0)
		close(elsewhere->fd);
}

void
rw_record_name_left(struct rw_job *job, enum rw_fate fate)
{
	char period[RW_PERIOD_SIZE];
	struct rw_buf line = {0};
	struct rw_err ignored;

	rw_period_text(period, job->record.period);
	rw_buf_addf(&line, "{\"%s\":\"%s\",\"%s\":\"%s\",\"%s\":\"%s\"}",
		RW_M_FOLLOWER_ID, job->record.follower_id,
		RW_M_REPORT_PERIOD, period, RW_M_STATE, rw_fate_name(fate));
	(void)rw_record_parse(&job->record, rw_buf_text(&line), line.len,
		NULL, &ignored);
	rw_buf_free(&line);
	rw_job_pass(job);
}
