#include "work/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"

#define LOCK_NAME ".readers.lock"

/* What a begin says of its record. */
struct rw_journal_begun {
	char *text;	/* owned: the line */
	size_t len;
	char *claim;	/* owned */
};

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

/* ---- the directory --------------------------------------------------- */

static int
is_journal(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && end != NULL &&
		strcmp(end, ".jsonl") == 0;
}

static bool
take_names(struct rw_journal_reader *reader, struct rw_err *err)
{
	struct dirent **entries = NULL;
	int i, n = scandir(reader->dir, &entries, is_journal, alphasort);
	bool ok = true;

	if (n < 0)
		return rw_fail_errno(err, RW_IO, "cannot list %s",
			reader->dir);
	reader->names = calloc((size_t)n + 1, sizeof *reader->names);
	for (i = 0; i < n; i++) {
		if (reader->names != NULL)
			reader->names[i] = strdup(entries[i]->d_name);
		ok = ok && reader->names != NULL && reader->names[i] != NULL;
		free(entries[i]);
	}
	free(entries);
	if (reader->names != NULL)
		reader->count = (size_t)n;
	return (ok && reader->names != NULL) ||
		rw_fail(err, RW_IO, "no memory for the journal's names");
}

static bool
lock_readers(struct rw_journal_reader *reader, struct rw_err *err)
{
	char *path = NULL;

	if (asprintf(&path, "%s/" LOCK_NAME, reader->dir) < 0)
		return rw_fail(err, RW_IO, "no memory for the journal");
	reader->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (reader->lock_fd < 0)
		rw_fail_errno(err, RW_IO, "cannot create %s", path);
	free(path);
	if (reader->lock_fd < 0)
		return false;
	while (flock(reader->lock_fd, LOCK_EX) != 0)
		if (errno != EINTR)
			return rw_fail_errno(err, RW_IO,
				"cannot lock the journal");
	return true;
}

bool
rw_journal_reader_open(struct rw_journal_reader *reader, struct rw_err *err)
{
	struct rw_buf dir = {0};

	*reader = (struct rw_journal_reader){.lock_fd = -1, .fd = -1};
	if (!rw_journal_dir(&dir, err)) {
		rw_buf_free(&dir);
		return false;
	}
	reader->dir = rw_buf_take(&dir);
	if (reader->dir == NULL)
		return rw_fail(err, RW_IO, "no memory for the journal");
	if (access(reader->dir, F_OK) != 0 && errno == ENOENT)
		return true;
	if (lock_readers(reader, err) && take_names(reader, err))
		return true;
	rw_journal_reader_close(reader);
	return false;
}

/* ---- a file ---------------------------------------------------------- */

static bool
take_next(struct rw_journal_reader *reader, struct rw_record *record,
	enum rw_outcome *outcome, bool *found, struct rw_err *err);

static void
forget_begun(struct rw_journal_reader *reader, size_t i)
{
	free(reader->begun[i].text);
	free(reader->begun[i].claim);
	reader->begun[i] = reader->begun[--reader->begun_count];
}

static void
leave_file(struct rw_journal_reader *reader)
{
	if (reader->fd < 0)
		return;
	rw_reader_free(&reader->lines);
	close(reader->fd);
	reader->fd = -1;
	while (reader->begun_count > 0)
		forget_begun(reader, 0);
}

static char *
path_of(const struct rw_journal_reader *reader)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", reader->dir,
	    reader->names[reader->at - 1]) < 0)
		return NULL;
	return path;
}

const char *
rw_journal_reader_name(const struct rw_journal_reader *reader)
{
	return reader->at > 0 ? reader->names[reader->at - 1] : reader->dir;
}

static void
open_lines(struct rw_journal_reader *reader, int fd)
{
	reader->fd = fd;
	reader->at_end = false;
	reader->torn = 0;
	rw_reader_init(&reader->lines, fd, RW_BUF_MAX);
}

static bool
keep_busy(struct rw_journal_reader *reader, struct rw_err *err)
{
	size_t i, n = reader->busy_count;
	char **busy = reallocarray(reader->busy, n + reader->begun_count + 1,
		sizeof *busy);

	if (busy == NULL)
		return rw_fail(err, RW_IO, "no memory for the journal");
	for (i = 0; i < reader->begun_count; i++) {
		busy[n + i] = reader->begun[i].claim;
		reader->begun[i].claim = NULL;
	}
	reader->busy = busy;
	reader->busy_count = n + i;
	return true;
}

/* What a living writer has begun: it is adding to the file. */
static bool
read_busy(struct rw_journal_reader *reader, int fd, struct rw_err *err)
{
	struct rw_record record = {0};
	enum rw_outcome ignored;
	bool ok = true, found;

	open_lines(reader, fd);
	while (ok && !reader->at_end)
		ok = take_next(reader, &record, &ignored, &found, err);
	ok = ok && keep_busy(reader, err);
	rw_record_free(&record);
	leave_file(reader);
	return ok;
}

/* True with fd -1: nothing to settle here. The writer lives, or the file went
 * while we waited for the other reader. */
static bool
take_file(struct rw_journal_reader *reader, struct rw_err *err)
{
	char *path = path_of(reader);
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 || (path != NULL && errno == ENOENT);

	if (!ok)
		rw_fail_errno(err, RW_IO, "cannot open the journal %s",
			rw_journal_reader_name(reader));
	free(path);
	if (fd < 0)
		return ok;
	if (flock(fd, LOCK_EX | LOCK_NB) != 0)
		return read_busy(reader, fd, err);
	open_lines(reader, fd);
	return true;
}

bool
rw_journal_reader_file(struct rw_journal_reader *reader, bool *found,
	struct rw_err *err)
{
	leave_file(reader);
	while (reader->fd < 0 && reader->at < reader->count) {
		reader->at++;
		if (!take_file(reader, err))
			return false;
	}
	*found = reader->fd >= 0;
	return true;
}

/* ---- its lines ------------------------------------------------------- */

static bool
remember_begun(struct rw_journal_reader *reader, struct rw_record *record,
	const char *text, size_t len, struct rw_err *err)
{
	struct rw_journal_begun *begun = reader->begun;
	size_t room = reader->begun_room;
	const char *claim = "";

	if (!rw_record_string(record, RW_M_CLAIM, &claim, err))
		return false;
	if (reader->begun_count == room) {
		room = room == 0 ? 16 : room * 2;
		begun = reallocarray(begun, room, sizeof *begun);
		if (begun == NULL)
			return rw_fail(err, RW_IO,
				"no memory for the journal");
		reader->begun = begun;
		reader->begun_room = room;
	}
	begun += reader->begun_count++;
	*begun = (struct rw_journal_begun){strndup(text, len), len,
		strdup(claim)};
	return (begun->text != NULL && begun->claim != NULL) ||
		rw_fail(err, RW_IO, "no memory for the journal");
}

static void
settle_begun(struct rw_journal_reader *reader, struct rw_record *record)
{
	const char *claim = "";
	size_t i;

	rw_record_optional_string(record, RW_M_CLAIM, "", &claim, NULL);
	for (i = 0; i < reader->begun_count; i++)
		if (strcmp(reader->begun[i].claim, claim) == 0) {
			forget_begun(reader, i);
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
take_line(struct rw_journal_reader *reader, struct rw_record *record,
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
		return remember_begun(reader, record, text + head - 1,
			len - head + 1, err);
	settle_begun(reader, record);
	*outcome = heads[i].outcome;
	*found = true;
	return true;
}

/* The begin's text has a comma where its brace belongs. */
static bool
take_begun(struct rw_journal_reader *reader, struct rw_record *record,
	struct rw_err *err)
{
	struct rw_journal_begun *begun = &reader->begun[0];
	struct rw_err doubt;
	bool ok;

	begun->text[0] = '{';
	ok = rw_record_parse(record, begun->text, begun->len, NULL, err);
	forget_begun(reader, 0);
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
damaged(const struct rw_journal_reader *reader, uint64_t number,
	struct rw_err *err)
{
	return rw_fail(err, RW_IO, "the journal %s is damaged at line %llu",
		rw_journal_reader_name(reader), (unsigned long long)number);
}

/* An unreadable line is forgiven when nothing readable follows: the system
 * went down before it was synced. */
static bool
take_next(struct rw_journal_reader *reader, struct rw_record *record,
	enum rw_outcome *outcome, bool *found, struct rw_err *err)
{
	struct rw_err why;
	const char *text;
	size_t len;

	switch (rw_reader_next(&reader->lines, true, &text, &len)) {
	case RW_READ_LINE:
		if (!take_line(reader, record, text, len, outcome, found,
		    &why)) {
			if (why.kind != RW_UNREADABLE && why.kind != RW_DATA)
				return rw_fail(err, why.kind, "%s",
					why.message);
			reader->torn = reader->lines.number;
			return true;
		}
		return reader->torn == 0 ||
			damaged(reader, reader->torn, err);
	case RW_READ_LONG:
		return damaged(reader, reader->lines.number, err);
	case RW_READ_END:
		reader->at_end = true;
		return true;
	case RW_READ_WAIT:
	case RW_READ_FAILED:
		break;
	}
	return rw_fail_errno(err, RW_IO, "cannot read the journal %s",
		rw_journal_reader_name(reader));
}

bool
rw_journal_reader_next(struct rw_journal_reader *reader,
	struct rw_record *record, enum rw_outcome *outcome, bool *found,
	struct rw_err *err)
{
	*found = false;
	while (!reader->at_end && !*found)
		if (!take_next(reader, record, outcome, found, err))
			return false;
	if (*found || reader->begun_count == 0)
		return true;
	*outcome = RW_DOUBTFUL;
	*found = true;
	return take_begun(reader, record, err);
}

bool
rw_journal_reader_remove(struct rw_journal_reader *reader,
	struct rw_err *err)
{
	char *path = path_of(reader);
	bool ok = path != NULL && (unlink(path) == 0 || errno == ENOENT);

	if (!ok)
		rw_fail_errno(err, RW_IO, "cannot remove the journal %s",
			rw_journal_reader_name(reader));
	ok = ok && rw_file_sync_dir(path, err);
	free(path);
	leave_file(reader);
	return ok;
}

void
rw_journal_reader_close(struct rw_journal_reader *reader)
{
	size_t i;

	leave_file(reader);
	for (i = 0; i < reader->count; i++)
		free(reader->names[i]);
	free(reader->names);
	for (i = 0; i < reader->busy_count; i++)
		free(reader->busy[i]);
	free(reader->busy);
	free(reader->begun);
	free(reader->dir);
	if (reader->lock_fd >= 0)
		close(reader->lock_fd);
	*reader = (struct rw_journal_reader){.lock_fd = -1, .fd = -1};
}
