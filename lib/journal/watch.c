#include "journal/watch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/journal.h"
#include "record/record.h"

enum { PIECE = 1024 * 1024 };

/* A line that cannot be read was never synced, so nothing was sent for it,
 * unless other lines follow it. */
static bool
take_line(struct rw_journal_watch *watch, struct rw_watched *file,
	struct rw_record *record, const char *text, size_t len,
	struct rw_err *err)
{
	struct rw_journal_line line;
	const char *claim = "";
	struct rw_buf object = {0};
	bool good = rw_journal_line_parse(&line, file->name, text, len) &&
		(line.n > 0) == rw_journal_is_checked(file->name);

	if (!good) {
		file->is_torn = true;
		return true;
	}
	if (file->is_torn)
		return rw_fail(err, RW_IO, "the journal %s is damaged; what "
			"to do about it: man rw-journal", file->name);
	rw_journal_line_object(&line, &object);
	good = !rw_record_parse(record, rw_buf_text(&object), object.len, NULL,
		NULL) || !rw_record_optional_string(record, RW_M_CLAIM, "",
		&claim, NULL) || *claim == '\0' ||
		rw_journal_used_add(&watch->used, claim, err);
	rw_buf_free(&object);
	return good;
}

static bool
take_lines(struct rw_journal_watch *watch, struct rw_watched *file,
	const char *bytes, size_t len, struct rw_err *err)
{
	struct rw_record record = {0};
	const char *end;
	bool ok = true;

	while (ok && (end = memchr(bytes, '\n', len)) != NULL) {
		size_t line = (size_t)(end - bytes);

		ok = take_line(watch, file, &record, bytes, line, err);
		file->read += line + 1;
		bytes += line + 1;
		len -= line + 1;
	}
	rw_record_free(&record);
	return ok;
}

/* -1: see errno. */
static ssize_t
read_at(int fd, char *bytes, size_t len, size_t at)
{
	ssize_t n;

	do
		n = pread(fd, bytes, len, (off_t)at);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Reads in pieces; the buffer grows to the longest line. */
static bool
read_new(struct rw_journal_watch *watch, struct rw_watched *file, int fd,
	struct rw_err *err)
{
	size_t room = PIECE, before;
	char *bytes = malloc(room), *more;
	bool ok = bytes != NULL;
	ssize_t n = 0;

	while (ok && (n = read_at(fd, bytes, room, file->read)) > 0) {
		before = file->read;
		ok = take_lines(watch, file, bytes, (size_t)n, err);
		if (!ok || file->read > before)
			continue;
		/* A line without a newline is not completely written yet. */
		if ((size_t)n < room)
			break;
		more = realloc(bytes, room *= 2);
		ok = more != NULL;
		if (ok)
			bytes = more;
		else
			rw_fail_memory(err, "the journal %s", file->name);
	}
	if (bytes == NULL)
		rw_fail_memory(err, "the journal %s", file->name);
	else if (n < 0)
		ok = rw_fail_errno(err, RW_IO, "cannot read the journal %s",
			file->name);
	free(bytes);
	return ok;
}

static bool
look_at(struct rw_journal_watch *watch, struct rw_watched *file, int dir,
	struct rw_err *err)
{
	int fd = openat(dir, file->name, O_RDONLY | O_CLOEXEC);
	struct stat st;
	bool ok;

	/* It was settled and removed. */
	if (fd < 0 && errno == ENOENT)
		return true;
	if (fd < 0 || fstat(fd, &st) != 0)
		ok = rw_fail_errno(err, RW_IO, "cannot open the journal %s",
			file->name);
	else
		ok = (size_t)st.st_size <= file->read ||
			read_new(watch, file, fd, err);
	if (fd >= 0)
		close(fd);
	return ok;
}

static struct rw_watched *
find_file(struct rw_journal_watch *watch, const char *name,
	struct rw_err *err)
{
	struct rw_watched *files = watch->files;
	size_t i;

	for (i = 0; i < watch->count; i++)
		if (strcmp(files[i].name, name) == 0)
			return &files[i];
	if (watch->count == watch->room) {
		files = reallocarray(files, watch->room + 16, sizeof *files);
		if (files != NULL) {
			watch->files = files;
			watch->room += 16;
		}
	}
	if (files != NULL)
		files[i] = (struct rw_watched){.name = strdup(name)};
	if (files == NULL || files[i].name == NULL) {
		rw_fail_memory(err, "the journal's names");
		return NULL;
	}
	watch->count++;
	return &files[i];
}

static bool
is_other(const char *name, const char *own)
{
	const char *end = strrchr(name, '.');

	return name[0] != '.' && end != NULL && strcmp(end, ".jsonl") == 0 &&
		(own == NULL || strcmp(name, own) != 0);
}

static bool
look_at_all(struct rw_journal_watch *watch, DIR *dir, const char *own,
	struct rw_err *err)
{
	const struct dirent *entry;
	struct rw_watched *file;
	bool ok = true;

	while (ok && (entry = readdir(dir)) != NULL) {
		if (!is_other(entry->d_name, own))
			continue;
		file = find_file(watch, entry->d_name, err);
		ok = file != NULL && look_at(watch, file, dirfd(dir), err);
	}
	return ok;
}

bool
rw_journal_watch(struct rw_journal_watch *watch, const char *own,
	struct rw_err *err)
{
	const char *slash = own != NULL ? strrchr(own, '/') : NULL;
	struct rw_buf path = {0};
	DIR *dir = NULL;
	bool ok = rw_journal_dir(&path, err);

	if (ok) {
		dir = opendir(rw_buf_text(&path));
		ok = dir != NULL ? look_at_all(watch, dir, slash != NULL ?
			slash + 1 : own, err) : errno == ENOENT ||
			rw_fail_errno(err, RW_IO, "cannot list %s",
			rw_buf_text(&path));
	}
	if (dir != NULL)
		closedir(dir);
	rw_buf_free(&path);
	return ok;
}

void
rw_journal_watch_free(struct rw_journal_watch *watch)
{
	while (watch->count > 0)
		free(watch->files[--watch->count].name);
	free(watch->files);
	rw_journal_used_free(&watch->used);
	*watch = (struct rw_journal_watch){0};
}
