#include "journal/read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/boot.h"
#include "base/file.h"
#include "journal/run_file.h"

/* A living writer may write its first line while we read it. */
enum { LOOKS = 5, PAUSE_NS = 50000000 };

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
		rw_fail_memory(err, "the journal's names");
}

bool
rw_journal_reader_open(struct rw_journal_reader *reader,
	const struct rw_journal_judge *judge, struct rw_err *err)
{
	struct rw_buf dir = {0};

	*reader = (struct rw_journal_reader){.lock_fd = -1};
	if (judge != NULL)
		reader->judge = *judge;
	if (!rw_boot_id(reader->boot_id, NULL))
		reader->boot_id[0] = '\0';
	if (!rw_journal_dir(&dir, err)) {
		rw_buf_free(&dir);
		return false;
	}
	reader->dir = rw_buf_take(&dir);
	if (reader->dir == NULL)
		return rw_fail_memory(err, "the journal");
	if (access(reader->dir, F_OK) != 0 && errno == ENOENT)
		return true;
	reader->owns = rw_boot_owns(reader->dir);
	if (rw_journal_lock(reader->dir, &reader->lock_fd, err) &&
	    take_names(reader, err))
		return true;
	rw_journal_reader_close(reader);
	return false;
}

/* ---- a file ---------------------------------------------------------- */

static char *
path_of(const struct rw_journal_reader *reader, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", reader->dir, name) < 0)
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
	char **living = reallocarray(reader->living, reader->living_count + 1,
		sizeof *living);

	if (busy != NULL)
		reader->busy = busy;
	if (living != NULL)
		reader->living = living;
	if (busy == NULL || living == NULL ||
	    (living[reader->living_count] = strdup(lines->name)) == NULL)
		return rw_fail_memory(err, "the journal");
	reader->living_count++;
	for (i = 0; i < lines->begun_count; i++) {
		busy[n + i] = lines->begun[i].claim;
		lines->begun[i].claim = NULL;
	}
	reader->busy_count = n + i;
	return true;
}

static bool
is_dead(const struct rw_journal_reader *reader)
{
	const struct rw_journal_lines *lines = &reader->lines;
	const struct rw_journal_head *head = &lines->head;

	return !lines->checked || reader->owns || reader->judge.takes_over ||
		(head->boot_id[0] != '\0' &&
		strcmp(head->boot_id, reader->boot_id) == 0) ||
		reader->judge.now_s >= head->lease_until;
}

/* False with kind RW_OK: the file was removed while we waited for the other
 * reader. */
static bool
open_journal_file(struct rw_journal_reader *reader, struct rw_err *err)
{
	const char *name = rw_journal_reader_name(reader);
	char *path = path_of(reader, name);
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		rw_journal_lines_open(&reader->lines, fd, name);
	else if (path != NULL && errno == ENOENT)
		err->kind = RW_OK;
	else
		rw_fail_errno(err, RW_IO, "cannot open the journal %s", name);
	free(path);
	return fd >= 0;
}

/* Leaves the file open when its writer is dead. */
static bool
look_at_file(struct rw_journal_reader *reader, bool *is_locked,
	struct rw_err *err)
{
	struct rw_journal_lines *lines = &reader->lines;
	bool good;

	*is_locked = true;
	if (!open_journal_file(reader, err))
		return err->kind == RW_OK;
	*is_locked = flock(lines->fd, LOCK_EX | LOCK_NB) == 0;
	good = rw_journal_lines_head(lines, err);
	/* Reading the lines of a damaged file reports the damage. */
	if (*is_locked && (!good || is_dead(reader)))
		return true;
	good = good && rw_journal_lines_skip(lines, err) &&
		keep_busy(reader, err);
	rw_journal_lines_close(lines);
	return good;
}

/* True without an open file: the file has nothing to settle. */
static bool
take_file(struct rw_journal_reader *reader, struct rw_err *err)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	struct rw_err why;
	bool is_locked;
	int looks = 0;

	while (!look_at_file(reader, &is_locked, &why)) {
		if (is_locked || ++looks == LOOKS)
			return rw_fail(err, why.kind, "%s", why.message);
		nanosleep(&pause, NULL);
	}
	return true;
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
rw_journal_reader_remove(struct rw_journal_reader *reader, const char *name,
	struct rw_err *err)
{
	char *path = path_of(reader, name);
	bool ok = path != NULL && (unlink(path) == 0 || errno == ENOENT);

	if (!ok)
		rw_fail_errno(err, RW_IO, "cannot remove the journal %s",
			name);
	ok = ok && rw_file_sync_dir(path, err);
	free(path);
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
	for (i = 0; i < reader->living_count; i++)
		free(reader->living[i]);
	free(reader->living);
	if (reader->dir != NULL && reader->lock_fd >= 0)
		close(reader->lock_fd);
	free(reader->dir);
	*reader = (struct rw_journal_reader){0};
}
