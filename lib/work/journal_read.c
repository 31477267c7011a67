#include "work/journal_read.h"

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

	*reader = (struct rw_journal_reader){.lock_fd = -1};
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

static bool
keep_busy(struct rw_journal_reader *reader, struct rw_err *err)
{
	struct rw_journal_lines *lines = &reader->lines;
	size_t i, n = reader->busy_count;
	char **busy = reallocarray(reader->busy, n + lines->begun_count + 1,
		sizeof *busy);

	if (busy == NULL)
		return rw_fail(err, RW_IO, "no memory for the journal");
	for (i = 0; i < lines->begun_count; i++) {
		busy[n + i] = lines->begun[i].claim;
		lines->begun[i].claim = NULL;
	}
	reader->busy = busy;
	reader->busy_count = n + i;
	return true;
}

/* What a living writer has begun: it is adding to the file. */
static bool
read_busy(struct rw_journal_reader *reader, struct rw_err *err)
{
	bool ok = rw_journal_lines_skip(&reader->lines, err) &&
		keep_busy(reader, err);

	rw_journal_lines_close(&reader->lines);
	return ok;
}

/* True with no file open: nothing to settle here. The writer lives, or the
 * file went while we waited for the other reader. */
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
	rw_journal_lines_open(&reader->lines, fd,
		rw_journal_reader_name(reader));
	return flock(fd, LOCK_EX | LOCK_NB) == 0 || read_busy(reader, err);
}

bool
rw_journal_reader_file(struct rw_journal_reader *reader, bool *found,
	struct rw_err *err)
{
	rw_journal_lines_close(&reader->lines);
	while (reader->lines.name == NULL && reader->at < reader->count) {
		reader->at++;
		if (!take_file(reader, err))
			return false;
	}
	*found = reader->lines.name != NULL;
	return true;
}

bool
rw_journal_reader_next(struct rw_journal_reader *reader,
	struct rw_record *record, enum rw_outcome *outcome, bool *found,
	struct rw_err *err)
{
	return rw_journal_lines_next(&reader->lines, record, outcome, found,
		err);
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
	rw_journal_lines_close(&reader->lines);
	return ok;
}

void
rw_journal_reader_close(struct rw_journal_reader *reader)
{
	size_t i;

	rw_journal_lines_close(&reader->lines);
	for (i = 0; i < reader->count; i++)
		free(reader->names[i]);
	free(reader->names);
	for (i = 0; i < reader->busy_count; i++)
		free(reader->busy[i]);
	free(reader->busy);
	if (reader->dir != NULL && reader->lock_fd >= 0)
		close(reader->lock_fd);
	free(reader->dir);
	*reader = (struct rw_journal_reader){0};
}
