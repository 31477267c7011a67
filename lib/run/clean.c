#include "run/clean.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/boot.h"
#include "base/buf.h"
#include "base/clock.h"
#include "run/begin.h"

/* UNKNOWN_DAYS: longer than any run takes. */
enum { DAY_S = 86400, OPEN_DIRECTORIES = 16, UNKNOWN_DAYS = 30 };

/* Takes the lock of a run for the time of its removal. The lock is shared, so
 * that other processes that check it do not consider the run alive. -1: a
 * process of the run is alive, or the lock cannot be checked. */
static int
lock_free(const char *lock)
{
	int fd = open(lock, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static int
remove_one(const char *path, const struct stat *status, int type,
	struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

/* A file that is already removed is not an error, because a run of another
 * shard may clean up at the same time. */
static bool
remove_all(const char *path, struct rw_err *err)
{
	return nftw(path, remove_one, OPEN_DIRECTORIES,
		FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT ||
		rw_fail_errno(err, RW_IO, "cannot remove %s", path);
}

/* A lock that can be taken proves that the run is dead only on the kernel that
 * made the lock, or when no other kernel can have mounted the directory. A lock
 * of release 1.0.0 does not name its kernel, and counts as proof. */
static bool
is_proof(int lock, const char *runs)
{
	char text[1024], boot_id[RW_BOOT_ID_SIZE];
	ssize_t len = pread(lock, text, sizeof text - 1, 0);
	const char *theirs;
	struct rw_err ignored;

	text[len > 0 ? len : 0] = '\0';
	theirs = strstr(text, "\n" RW_RUN_BOOT);
	if (theirs == NULL || rw_boot_owns(runs))
		return true;
	theirs += strlen("\n" RW_RUN_BOOT);
	return rw_boot_id(boot_id, &ignored) &&
		strncmp(theirs, boot_id, strlen(boot_id)) == 0;
}

static bool
is_old(const struct stat *status, uint64_t days)
{
	return rw_clock_now_ms() / 1000 - status->st_mtime >
		(int64_t)days * DAY_S;
}

static uint64_t
unknown_days(uint64_t keep_days)
{
	return keep_days > UNKNOWN_DAYS ? keep_days : UNKNOWN_DAYS;
}

/* name: the file name of the run's lock, ID.lock. */
static bool
clean(const char *runs, const char *name, uint64_t keep_days,
	struct rw_err *err)
{
	struct rw_buf lock = {0}, dir = {0}, reports = {0};
	struct stat status;
	bool good = true, dead;
	int fd;

	rw_buf_addf(&lock, "%s/%s", runs, name);
	rw_buf_addf(&dir, "%s/%.*s", runs, (int)strlen(name) - 5, name);
	rw_buf_addf(&reports, "%s/reports", rw_buf_text(&dir));
	fd = lock_free(rw_buf_text(&lock));
	if (fd >= 0) {
		dead = is_proof(fd, runs);
		good = !dead || remove_all(rw_buf_text(&reports), err);
		if (good && fstat(fd, &status) == 0 && is_old(&status,
		    dead ? keep_days : unknown_days(keep_days)))
			good = remove_all(rw_buf_text(&dir), err) &&
				remove_all(rw_buf_text(&lock), err);
		close(fd);
	}
	rw_buf_free(&lock);
	rw_buf_free(&dir);
	rw_buf_free(&reports);
	return good;
}

/* Cleans a run whose lock was removed. */
static bool
clean_lockless(const char *runs, const char *name, uint64_t keep_days,
	struct rw_err *err)
{
	struct rw_buf lock = {0}, dir = {0};
	struct stat status;
	bool good = true;

	rw_buf_addf(&dir, "%s/%s", runs, name);
	rw_buf_addf(&lock, "%s.lock", rw_buf_text(&dir));
	if (access(rw_buf_text(&lock), F_OK) != 0 && errno == ENOENT &&
	    lstat(rw_buf_text(&dir), &status) == 0 &&
	    S_ISDIR(status.st_mode) &&
	    is_old(&status, unknown_days(keep_days)))
		good = remove_all(rw_buf_text(&dir), err);
	rw_buf_free(&lock);
	rw_buf_free(&dir);
	return good;
}

static bool
clean_each(const char *runs, DIR *directory, uint64_t keep_days,
	struct rw_err *err)
{
	const struct dirent *entry;
	bool good = true;

	while (good && (entry = readdir(directory)) != NULL) {
		size_t len = strlen(entry->d_name);

		if (entry->d_name[0] == '.')
			continue;
		if (len > 5 && strcmp(entry->d_name + len - 5, ".lock") == 0)
			good = clean(runs, entry->d_name, keep_days, err);
		else
			good = clean_lockless(runs, entry->d_name, keep_days,
				err);
	}
	return good;
}

bool
rw_run_clean(const char *state, uint64_t keep_days, struct rw_err *err)
{
	struct rw_buf runs = {0};
	DIR *directory;
	bool good;

	rw_buf_addf(&runs, "%s/runs", state);
	directory = opendir(rw_buf_text(&runs));
	good = directory != NULL ? clean_each(rw_buf_text(&runs), directory,
		keep_days, err) : rw_fail_errno(err, RW_IO, "cannot read %s",
		rw_buf_text(&runs));
	if (directory != NULL)
		closedir(directory);
	rw_buf_free(&runs);
	return good;
}
