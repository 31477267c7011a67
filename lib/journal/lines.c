#include "journal/lines_priv.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The outcome of each kind of line; after a begin it is in doubt. */
static const enum rw_outcome outcomes[] = {
	[RW_JOURNAL_BEGIN] = RW_DOUBTFUL,
	[RW_JOURNAL_SENT] = RW_SENT,
	[RW_JOURNAL_FAILED] = RW_FAILED,
	[RW_JOURNAL_IN_DOUBT] = RW_DOUBTFUL,
};

void
rw_journal_lines_open(struct rw_journal_lines *lines, int fd,
	const char *name)
{
	*lines = (struct rw_journal_lines){.name = name, .fd = fd,
		.checked = rw_journal_is_checked(name)};
	rw_reader_init(&lines->reader, fd, RW_BUF_MAX);
}

static void
forget_begun(struct rw_journal_lines *lines, size_t i)
{
	free(lines->begun[i].text);
	free(lines->begun[i].claim);
	lines->begun[i] = lines->begun[--lines->begun_count];
}

void
rw_journal_lines_close(struct rw_journal_lines *lines)
{
	if (lines->name == NULL)
		return;
	rw_reader_free(&lines->reader);
	close(lines->fd);
	while (lines->begun_count > 0)
		forget_begun(lines, lines->begun_count - 1);
	free(lines->begun);
	*lines = (struct rw_journal_lines){0};
}

/* ---- one line ---------------------------------------------------------- */

static bool
remember_begun(struct rw_journal_lines *lines, struct rw_record *record,
	const char *text, size_t len, struct rw_err *err)
{
	struct rw_journal_begun *begun = lines->begun;
	size_t room = lines->begun_room;
	const char *claim = "";

	if (!rw_record_string(record, RW_M_CLAIM, &claim, err))
		return false;
	if (lines->begun_count == room) {
		room = room == 0 ? 16 : room * 2;
		begun = reallocarray(begun, room, sizeof *begun);
		if (begun == NULL)
			return rw_fail_memory(err, "the journal");
		lines->begun = begun;
		lines->begun_room = room;
	}
	begun += lines->begun_count++;
	*begun = (struct rw_journal_begun){strndup(text, len), len,
		strdup(claim)};
	return (begun->text != NULL && begun->claim != NULL) ||
		rw_fail_memory(err, "the journal");
}

static void
settle_begun(struct rw_journal_lines *lines, struct rw_record *record)
{
	const char *claim = "";
	size_t i;

	rw_record_optional_string(record, RW_M_CLAIM, "", &claim, NULL);
	for (i = 0; i < lines->begun_count; i++)
		if (strcmp(lines->begun[i].claim, claim) == 0) {
			forget_begun(lines, i);
			return;
		}
}

/* Reads an outcome or a begin. A begin is remembered, and *found stays
 * false. */
static bool
take_event(struct rw_journal_lines *lines, const struct rw_journal_line *line,
	struct rw_record *record, enum rw_outcome *outcome, bool *found,
	struct rw_err *err)
{
	struct rw_buf object = {0};
	bool ok;

	rw_journal_line_object(line, &object);
	ok = rw_buf_ok(&object, "a line of the journal", err) &&
		rw_record_parse(record, object.data, object.len, NULL, err);
	if (ok && line->kind == RW_JOURNAL_BEGIN) {
		ok = remember_begun(lines, record, object.data, object.len,
			err);
	} else if (ok) {
		settle_begun(lines, record);
		*outcome = outcomes[line->kind];
		*found = true;
	}
	rw_buf_free(&object);
	return ok;
}

static bool
take_begun(struct rw_journal_lines *lines, struct rw_record *record,
	struct rw_err *err)
{
	struct rw_journal_begun *begun = &lines->begun[0];
	struct rw_err doubt;
	bool ok;

	ok = rw_record_parse(record, begun->text, begun->len, NULL, err);
	forget_begun(lines, 0);
	if (!ok)
		return false;
	rw_fail(&doubt, RW_IN_DOUBT, "%s: rw-mail ended before it knew "
		"whether the message was accepted", rw_record_label(record));
	doubt.retryable = true;
	rw_line_set_bool(&record->line, RW_M_EMAIL_SENT, false);
	rw_line_set_string(&record->line, RW_M_STATE, "in_doubt");
	rw_record_set_error(record, "rw-mail", &doubt);
	return true;
}

static bool
damaged(const struct rw_journal_lines *lines, uint64_t number,
	struct rw_err *err)
{
	return rw_fail(err, RW_IO, "the journal %s is damaged at line %llu; "
		"what to do about it: man rw-journal", lines->name,
		(unsigned long long)number);
}

/* True when the line belongs in this file. */
static bool
is_line(const struct rw_journal_lines *lines, const char *text, size_t len,
	struct rw_journal_line *line)
{
	return rw_journal_line_parse(line, lines->name, text, len) &&
		line->kind != RW_JOURNAL_RUN &&
		(line->kind == RW_JOURNAL_OPEN) == (lines->checked &&
		lines->good == 0 && lines->torn == 0) &&
		lines->checked == (line->n > 0);
}

/* A line that cannot be read is ignored when no good line follows, because the
 * system crashed before the line was synced. */
static bool
judge_line(struct rw_journal_lines *lines, const char *text, size_t len,
	struct rw_journal_line *line, bool *is_good, struct rw_err *err)
{
	uint64_t number = lines->reader.number;

	*is_good = is_line(lines, text, len, line);
	/* A line with a checksum in a file with a name of release 1.0.0. */
	if (!lines->checked && line->n > 0)
		return damaged(lines, number, err);
	if (!*is_good) {
		lines->torn = lines->torn != 0 ? lines->torn : number;
		return true;
	}
	if (lines->torn != 0)
		return damaged(lines, lines->torn, err);
	return !lines->checked || line->n == lines->good + 1 ||
		damaged(lines, lines->good + 1, err);
}

/* True when all lines that were synced are present. */
static bool
take_end(struct rw_journal_lines *lines, struct rw_err *err)
{
	lines->at_end = true;
	return !lines->checked || lines->good >= lines->head.lines ||
		damaged(lines, lines->good + 1, err);
}

static bool
take_text(struct rw_journal_lines *lines, const char *text, size_t len,
	struct rw_record *record, enum rw_outcome *outcome, bool *found,
	struct rw_err *err)
{
	struct rw_journal_line line;
	struct rw_err why;
	bool is_good;

	if (!judge_line(lines, text, len, &line, &is_good, err))
		return false;
	if (!is_good)
		return true;
	if (line.kind == RW_JOURNAL_OPEN ?
	    rw_journal_head_parse(&lines->head, &line) :
	    take_event(lines, &line, record, outcome, found, &why)) {
		lines->good++;
		return true;
	}
	if (line.kind != RW_JOURNAL_OPEN && why.kind != RW_UNREADABLE &&
	    why.kind != RW_DATA)
		return rw_fail(err, why.kind, "%s", why.message);
	if (lines->checked)
		return damaged(lines, lines->reader.number, err);
	lines->torn = lines->reader.number;
	return true;
}

static bool
take_next(struct rw_journal_lines *lines, struct rw_record *record,
	enum rw_outcome *outcome, bool *found, struct rw_err *err)
{
	const char *text;
	size_t len;

	switch (rw_reader_next(&lines->reader, true, &text, &len)) {
	case RW_READ_LINE:
		return take_text(lines, text, len, record, outcome, found,
			err);
	case RW_READ_LONG:
		return damaged(lines, lines->reader.number, err);
	case RW_READ_END:
		return take_end(lines, err);
	case RW_READ_WAIT:
	case RW_READ_FAILED:
		break;
	}
	return rw_fail_errno(err, RW_IO, "cannot read the journal %s",
		lines->name);
}

bool
rw_journal_lines_head(struct rw_journal_lines *lines, struct rw_err *err)
{
	struct rw_record none = {0};
	enum rw_outcome outcome;
	bool ok, found = false;

	if (!lines->checked || lines->good > 0)
		return true;
	ok = take_next(lines, &none, &outcome, &found, err);
	rw_record_free(&none);
	return ok && (lines->good > 0 || damaged(lines, 1, err));
}

bool
rw_journal_lines_are_original(const struct rw_journal_lines *lines)
{
	struct stat st;

	return lines->checked && fstat(lines->fd, &st) == 0 &&
		st.st_ino == lines->head.inode;
}

bool
rw_journal_lines_next(struct rw_journal_lines *lines,
	struct rw_record *record, enum rw_outcome *outcome, bool *found,
	struct rw_err *err)
{
	*found = false;
	if (!rw_journal_lines_head(lines, err))
		return false;
	while (!lines->at_end && !*found)
		if (!take_next(lines, record, outcome, found, err))
			return false;
	if (*found || lines->begun_count == 0)
		return true;
	*outcome = RW_DOUBTFUL;
	*found = true;
	return take_begun(lines, record, err);
}

bool
rw_journal_lines_skip(struct rw_journal_lines *lines, struct rw_err *err)
{
	struct rw_record record = {0};
	enum rw_outcome ignored;
	bool ok = rw_journal_lines_head(lines, err), found;

	while (ok && !lines->at_end)
		ok = take_next(lines, &record, &ignored, &found, err);
	rw_record_free(&record);
	return ok;
}
