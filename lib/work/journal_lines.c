#include "work/journal_lines.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *head;	/* how its lines begin */
	bool begin;
	enum rw_outcome outcome;
} heads[] = {
	{"{\"journal\":\"begin\",", true, RW_DOUBTFUL},
	{"{\"journal\":\"sent\",", false, RW_SENT},
	{"{\"journal\":\"failed\",", false, RW_FAILED},
	{"{\"journal\":\"in_doubt\",", false, RW_DOUBTFUL},
};

void
rw_journal_lines_open(struct rw_journal_lines *lines, int fd,
	const char *name)
{
	*lines = (struct rw_journal_lines){.name = name, .fd = fd};
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
		forget_begun(lines, 0);
	free(lines->begun);
	*lines = (struct rw_journal_lines){0};
}

/* ---- what a line says -------------------------------------------------- */

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
			return rw_fail(err, RW_IO,
				"no memory for the journal");
		lines->begun = begun;
		lines->begun_room = room;
	}
	begun += lines->begun_count++;
	*begun = (struct rw_journal_begun){strndup(text, len), len,
		strdup(claim)};
	return (begun->text != NULL && begun->claim != NULL) ||
		rw_fail(err, RW_IO, "no memory for the journal");
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

/* The record behind the member that was put in front of it. */
static bool
parse_behind(struct rw_record *record, const char *text, size_t len,
	size_t head, struct rw_err *err)
{
	struct rw_buf inner = {0};
	bool ok;

	rw_buf_addc(&inner, '{');
	rw_buf_add(&inner, text + head, len - head);
	ok = rw_buf_ok(&inner, "a line of the journal", err) &&
		rw_record_parse(record, inner.data, inner.len, NULL, err);
	rw_buf_free(&inner);
	return ok;
}

/* One line: an outcome, a begin (remembered, *found stays false), or neither:
 * false. */
static bool
take_line(struct rw_journal_lines *lines, struct rw_record *record,
	const char *text, size_t len, enum rw_outcome *outcome, bool *found,
	struct rw_err *err)
{
	size_t i, head = 0;

	for (i = 0; i < sizeof heads / sizeof *heads; i++) {
		head = strlen(heads[i].head);
		if (len > head && memcmp(text, heads[i].head, head) == 0)
			break;
	}
	if (i == sizeof heads / sizeof *heads)
		return rw_fail(err, RW_UNREADABLE, "no line of a journal");
	if (!parse_behind(record, text, len, head, err))
		return false;
	if (heads[i].begin)
		return remember_begun(lines, record, text + head - 1,
			len - head + 1, err);
	settle_begun(lines, record);
	*outcome = heads[i].outcome;
	*found = true;
	return true;
}

/* The begin's text has a comma where its brace belongs. */
static bool
take_begun(struct rw_journal_lines *lines, struct rw_record *record,
	struct rw_err *err)
{
	struct rw_journal_begun *begun = &lines->begun[0];
	struct rw_err doubt;
	bool ok;

	begun->text[0] = '{';
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
	return rw_fail(err, RW_IO, "the journal %s is damaged at line %llu",
		lines->name, (unsigned long long)number);
}

/* An unreadable line is forgiven when nothing readable follows: the system
 * went down before it was synced. */
static bool
take_next(struct rw_journal_lines *lines, struct rw_record *record,
	enum rw_outcome *outcome, bool *found, struct rw_err *err)
{
	struct rw_err why;
	const char *text;
	size_t len;

	switch (rw_reader_next(&lines->reader, true, &text, &len)) {
	case RW_READ_LINE:
		if (!take_line(lines, record, text, len, outcome, found,
		    &why)) {
			if (why.kind != RW_UNREADABLE && why.kind != RW_DATA)
				return rw_fail(err, why.kind, "%s",
					why.message);
			lines->torn = lines->reader.number;
			return true;
		}
		return lines->torn == 0 || damaged(lines, lines->torn, err);
	case RW_READ_LONG:
		return damaged(lines, lines->reader.number, err);
	case RW_READ_END:
		lines->at_end = true;
		return true;
	case RW_READ_WAIT:
	case RW_READ_FAILED:
		break;
	}
	return rw_fail_errno(err, RW_IO, "cannot read the journal %s",
		lines->name);
}

bool
rw_journal_lines_next(struct rw_journal_lines *lines,
	struct rw_record *record, enum rw_outcome *outcome, bool *found,
	struct rw_err *err)
{
	*found = false;
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
	bool ok = true, found;

	while (ok && !lines->at_end)
		ok = take_next(lines, &record, &ignored, &found, err);
	rw_record_free(&record);
	return ok;
}
