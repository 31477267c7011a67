#include "outcome.h"

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "base/text.h"
#include "wire/config.h"

/* The outcome of this process. */
static struct {
	const char *tool;
	struct rw_filter_counts counts;
	bool reader_gone;
	const char *period;
} outcome = {.tool = "report-worker"};

static const char *
outcome_path(void)
{
	return rw_config_text("RW_OUTCOME_FILE", NULL);
}

bool
rw_outcome_is_wanted(void)
{
	return outcome_path() != NULL;
}

void
rw_outcome_begin(const char *tool)
{
	outcome.tool = tool;
}

void
rw_outcome_count(const struct rw_filter_counts *counts, bool reader_gone)
{
	outcome.counts = *counts;
	outcome.reader_gone = reader_gone;
}

void
rw_outcome_period(const char *period)
{
	outcome.period = period;
}

static void
add_counts(struct rw_buf *out, const struct rw_filter_counts *c)
{
	rw_buf_addf(out, ",\"read\":%" PRIu64 ",\"passed\":%" PRIu64
		",\"failed\":%" PRIu64 ",\"dropped\":%" PRIu64
		",\"unreadable\":%" PRIu64 ",\"given_up\":%" PRIu64
		",\"would_send\":%" PRIu64 ",\"read_sum\":\"%016" PRIx64
		"\",\"written_sum\":\"%016" PRIx64 "\"", c->read, c->passed,
		c->failed, c->dropped, c->unreadable, c->given_up,
		c->would_send, c->read_sum, c->written_sum);
}

static void
add_cause(struct rw_buf *out, const struct rw_said_cause *cause)
{
	rw_buf_addf(out, "{\"level\":\"%s\"", cause->level);
	if (cause->kind != NULL)
		rw_buf_addf(out, ",\"kind\":\"%s\"", cause->kind);
	if (cause->subject != NULL) {
		rw_buf_adds(out, ",\"subject\":");
		rw_text_add_json(out, cause->subject);
	}
	rw_buf_adds(out, ",\"message\":");
	rw_text_add_json(out, cause->message);
	rw_buf_addf(out, ",\"count\":%" PRIu64 "}", cause->count);
}

static void
add_causes(struct rw_buf *out, const struct rw_said *said)
{
	size_t i;

	rw_buf_adds(out, ",\"causes\":[");
	for (i = 0; i < said->n; i++) {
		rw_buf_adds(out, i > 0 ? "," : "");
		add_cause(out, &said->causes[i]);
	}
	rw_buf_addf(out, "],\"more\":%" PRIu64 "}\n", said->more);
}

static bool
append(const char *path, const struct rw_buf *text, struct rw_err *err)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	bool good;

	if (fd < 0)
		return rw_fail_errno(err, RW_IO, "cannot open %s", path);
	good = rw_file_write_all(fd, text->data, text->len, path, err);
	if (close(fd) != 0 && good)
		return rw_fail_errno(err, RW_IO, "cannot write %s", path);
	return good;
}

bool
rw_outcome_write(enum rw_kind worst, struct rw_err *err)
{
	struct rw_buf out = {0};
	bool good;

	if (!rw_outcome_is_wanted())
		return true;
	rw_buf_adds(&out, "{\"tool\":");
	rw_text_add_json(&out, outcome.tool);
	rw_buf_addf(&out, ",\"status\":%d", rw_kind_status(worst));
	add_counts(&out, &outcome.counts);
	rw_buf_addf(&out, ",\"reader_gone\":%s",
		outcome.reader_gone ? "true" : "false");
	if (outcome.period != NULL)
		rw_buf_addf(&out, ",\"period\":\"%s\"", outcome.period);
	add_causes(&out, rw_log_said());
	good = rw_buf_ok(&out, "the outcome", err) &&
		append(outcome_path(), &out, err);
	rw_buf_free(&out);
	return good;
}
