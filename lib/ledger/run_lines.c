#include "ledger/run_lines.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/record.h"

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
add_run(struct rw_run_lines *lines, const char *name, size_t *room)
{
	char **runs = lines->runs;

	if (runs == NULL || lines->count == *room) {
		*room = *room == 0 ? 64 : *room * 2;
		runs = reallocarray(runs, *room, sizeof *runs);
		if (runs == NULL)
			return false;
		lines->runs = runs;
	}
	runs[lines->count] = strdup(name);
	return runs[lines->count++] != NULL;
}

static bool
list_runs(struct rw_run_lines *lines, struct rw_err *err)
{
	DIR *directory = opendir(lines->dir);
	const struct dirent *entry;
	size_t room = 0;
	bool good = true;

	if (directory == NULL)
		return rw_fail_errno(err, errno == ENOENT || errno == ENOTDIR ?
			RW_CONFIG : RW_IO, "there are no runs to replay: %s",
			lines->dir);
	while (good && (entry = readdir(directory)) != NULL)
		good = !rw_record_is_id(entry->d_name) ||
			add_run(lines, entry->d_name, &room) ||
			rw_fail_memory(err, "the runs in %s", lines->dir);
	closedir(directory);
	if (good && lines->count > 0)
		qsort(lines->runs, lines->count, sizeof *lines->runs,
			compare_names);
	return good;
}

bool
rw_run_lines_open(struct rw_run_lines *lines, const char *dir,
	struct rw_err *err)
{
	struct rw_buf path = {0};

	*lines = (struct rw_run_lines){.fd = -1};
	rw_buf_addf(&path, "%s/runs", dir);
	lines->dir = rw_buf_take(&path);
	if ((lines->dir != NULL ||
	    rw_fail_memory(err, "a name")) &&
	    list_runs(lines, err))
		return true;
	rw_run_lines_close(lines);
	return false;
}

static void
close_file(struct rw_run_lines *lines)
{
	if (lines->fd < 0)
		return;
	rw_reader_free(&lines->reader);
	close(lines->fd);
	lines->fd = -1;
}

static void
count_run(struct rw_run_lines *lines, const char *run, int64_t at)
{
	if (lines->found == 0) {
		lines->oldest = run;
		lines->oldest_at = at;
	}
	if (lines->newest != run)
		lines->found++;
	lines->newest = run;
}

/* A run that ended before the mail has no such file; the name of a lock file is
 * not a directory. */
static bool
open_run_lines(struct rw_run_lines *lines, const char *run, const char *name,
	struct rw_err *err)
{
	struct stat status;
	int fd;

	rw_buf_reset(&lines->path);
	rw_buf_addf(&lines->path, "%s/%s/%s", lines->dir, run, name);
	fd = open(rw_buf_text(&lines->path), O_RDONLY | O_CLOEXEC |
		O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ||
			rw_fail_errno(err, RW_IO, "cannot read %s",
			rw_buf_text(&lines->path));
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		close(fd);
		return true;
	}
	lines->fd = fd;
	rw_reader_init(&lines->reader, fd, RW_BUF_MAX);
	count_run(lines, run, status.st_mtime);
	return true;
}

/* *found is false after the last one. */
static bool
open_next(struct rw_run_lines *lines, bool *found, struct rw_err *err)
{
	static const char *const names[] = {"done", "folded"};

	while (lines->fd < 0 && lines->at < lines->count) {
		if (!open_run_lines(lines, lines->runs[lines->at],
		    names[lines->part++], err))
			return false;
		if (lines->part == sizeof names / sizeof names[0]) {
			lines->part = 0;
			lines->at++;
		}
	}
	*found = lines->fd >= 0;
	return true;
}

bool
rw_run_lines_next(struct rw_run_lines *lines, const char **text, size_t *len,
	bool *found, struct rw_err *err)
{
	for (;;) {
		if (!open_next(lines, found, err))
			return false;
		if (!*found)
			return true;
		switch (rw_reader_next(&lines->reader, true, text, len)) {
		case RW_READ_LINE:
			return true;
		case RW_READ_LONG:
			/* No record is that long. */
			*text = "";
			*len = 0;
			return true;
		case RW_READ_END:
			close_file(lines);
			continue;
		case RW_READ_WAIT:
		case RW_READ_FAILED:
			break;
		}
		return rw_fail_errno(err, RW_IO, "cannot read %s",
			rw_buf_text(&lines->path));
	}
}

void
rw_run_lines_close(struct rw_run_lines *lines)
{
	close_file(lines);
	while (lines->count > 0)
		free(lines->runs[--lines->count]);
	free(lines->runs);
	free(lines->dir);
	rw_buf_free(&lines->path);
	*lines = (struct rw_run_lines){.fd = -1};
}
