#include "ledger/replay.h"

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
add_run(struct rw_replay *replay, const char *name, size_t *room)
{
	char **runs = replay->runs;

	if (replay->count == *room) {
		*room = *room == 0 ? 64 : *room * 2;
		runs = reallocarray(runs, *room, sizeof *runs);
		if (runs == NULL)
			return false;
		replay->runs = runs;
	}
	runs[replay->count] = strdup(name);
	return runs[replay->count++] != NULL;
}

static bool
list_runs(struct rw_replay *replay, struct rw_err *err)
{
	DIR *directory = opendir(replay->dir);
	const struct dirent *entry;
	size_t room = 0;
	bool good = true;

	if (directory == NULL)
		return rw_fail_errno(err, errno == ENOENT || errno == ENOTDIR ?
			RW_CONFIG : RW_IO, "there are no runs to replay: %s",
			replay->dir);
	while (good && (entry = readdir(directory)) != NULL)
		good = !rw_record_is_id(entry->d_name) ||
			add_run(replay, entry->d_name, &room) ||
			rw_fail(err, RW_IO, "no memory for the runs in %s",
			replay->dir);
	closedir(directory);
	if (good && replay->count > 0)
		qsort(replay->runs, replay->count, sizeof *replay->runs,
			compare_names);
	return good;
}

bool
rw_replay_open(struct rw_replay *replay, const char *dir, struct rw_err *err)
{
	struct rw_buf path = {0};

	*replay = (struct rw_replay){.fd = -1};
	rw_buf_addf(&path, "%s/runs", dir);
	replay->dir = rw_buf_take(&path);
	if ((replay->dir != NULL ||
	    rw_fail(err, RW_BUG, "no memory for a name")) &&
	    list_runs(replay, err))
		return true;
	rw_replay_close(replay);
	return false;
}

static void
close_file(struct rw_replay *replay)
{
	if (replay->fd < 0)
		return;
	rw_reader_free(&replay->reader);
	close(replay->fd);
	replay->fd = -1;
}

static void
count_run(struct rw_replay *replay, const char *run, int64_t at)
{
	if (replay->found == 0) {
		replay->oldest = run;
		replay->oldest_at = at;
	}
	if (replay->newest != run)
		replay->found++;
	replay->newest = run;
}

/* A run that ended before the mail has no such file, and a lock is none. */
static bool
open_file(struct rw_replay *replay, const char *run, const char *name,
	struct rw_err *err)
{
	struct stat status;
	int fd;

	rw_buf_reset(&replay->path);
	rw_buf_addf(&replay->path, "%s/%s/%s", replay->dir, run, name);
	fd = open(rw_buf_text(&replay->path), O_RDONLY | O_CLOEXEC |
		O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == ELOOP ||
			rw_fail_errno(err, RW_IO, "cannot read %s",
			rw_buf_text(&replay->path));
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
		close(fd);
		return true;
	}
	replay->fd = fd;
	rw_reader_init(&replay->reader, fd, RW_BUF_MAX);
	count_run(replay, run, status.st_mtime);
	return true;
}

/* *found is false behind the last one. */
static bool
open_next(struct rw_replay *replay, bool *found, struct rw_err *err)
{
	static const char *const names[] = {"done", "folded"};

	while (replay->fd < 0 && replay->at < replay->count) {
		if (!open_file(replay, replay->runs[replay->at],
		    names[replay->part++], err))
			return false;
		if (replay->part == sizeof names / sizeof names[0]) {
			replay->part = 0;
			replay->at++;
		}
	}
	*found = replay->fd >= 0;
	return true;
}

bool
rw_replay_next(struct rw_replay *replay, const char **text, size_t *len,
	bool *found, struct rw_err *err)
{
	for (;;) {
		if (!open_next(replay, found, err))
			return false;
		if (!*found)
			return true;
		switch (rw_reader_next(&replay->reader, true, text, len)) {
		case RW_READ_LINE:
			return true;
		case RW_READ_LONG:
			/* No record is like that. */
			*text = "";
			*len = 0;
			return true;
		case RW_READ_END:
			close_file(replay);
			continue;
		case RW_READ_WAIT:
		case RW_READ_FAILED:
			break;
		}
		return rw_fail_errno(err, RW_IO, "cannot read %s",
			rw_buf_text(&replay->path));
	}
}

void
rw_replay_close(struct rw_replay *replay)
{
	close_file(replay);
	while (replay->count > 0)
		free(replay->runs[--replay->count]);
	free(replay->runs);
	free(replay->dir);
	rw_buf_free(&replay->path);
	*replay = (struct rw_replay){.fd = -1};
}
