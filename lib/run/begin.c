#include "run/begin.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/boot.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/state_dir.h"

/* RUN_WAIT_S: a process that checks whether the lock is held takes it for a
 * moment. */
enum { RUN_WAIT_S = 10, PAUSE_NS = 50000000 };

#define ID_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ" \
	"abcdefghijklmnopqrstuvwxyz0123456789._-"

/* ---- locks ------------------------------------------------------------- */

static bool
open_lock(const char *path, int number, struct rw_err *err)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);

	if (fd < 0 || (fd != number && dup2(fd, number) < 0))
		return rw_fail_errno(err, RW_IO, "cannot open %s", path);
	if (fd != number)
		close(fd);
	return true;
}

/* True when the process that "run ID (process N)" names has ended. Processes
 * that it started hold the lock as well. */
static bool
is_gone(const char *holder)
{
	const char *process = strstr(holder, "(process ");
	char *end;
	long pid;

	if (process == NULL)
		return false;
	pid = strtol(process + strlen("(process "), &end, 10);
	return *end == ')' && pid > 0 && pid <= INT_MAX &&
		kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* The text that the holder has written to the lock file. */
static bool
is_held(const char *path, struct rw_err *err)
{
	struct rw_buf holder = {.max = 512};
	const char *name = "another run";

	if (rw_file_read(path, &holder, NULL) && holder.len > 0) {
		holder.data[strcspn(holder.data, "\n")] = '\0';
		name = holder.data;
	}
	rw_fail(err, RW_LOCKED, "%s is already running on this host%s; "
		"--lock-wait waits for it", name, is_gone(name) ? ": that "
		"process has ended, but a process that it started is still "
		"running" : "");
	rw_buf_free(&holder);
	return false;
}

static bool
take_lock(const char *path, int number, int operation, uint64_t wait_s,
	struct rw_err *err)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	int64_t end = rw_clock_monotonic_ms() + (int64_t)wait_s * 1000;

	if (!open_lock(path, number, err))
		return false;
	while (flock(number, operation | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return rw_fail_errno(err, RW_IO, "cannot lock %s",
				path);
		if (rw_clock_monotonic_ms() >= end)
			return is_held(path, err);
		nanosleep(&pause, NULL);
	}
	return true;
}

/* Writes the text that is_held reads, and the boot ID of the kernel whose
 * processes the lock proves alive. */
static bool
sign_lock(const struct rw_run *run, const char *path, int number,
	struct rw_err *err)
{
	char boot_id[RW_BOOT_ID_SIZE];
	struct rw_buf name = {0};
	struct rw_err ignored;
	bool good;

	rw_buf_addf(&name, "run %s (process %ld)\n", rw_buf_text(&run->id),
		(long)getpid());
	if (rw_boot_id(boot_id, &ignored))
		rw_buf_addf(&name, RW_RUN_BOOT "%s\n", boot_id);
	good = ftruncate(number, 0) == 0 &&
		pwrite(number, name.data, name.len, 0) == (ssize_t)name.len;
	rw_buf_free(&name);
	return good || rw_fail_errno(err, RW_IO, "cannot write %s", path);
}

/* Runs of different shards share the host's lock, and each run also has the
 * lock of its shard. */
static bool
lock_host(const struct rw_run *run, const struct rw_run_options *options,
	struct rw_err *err)
{
	bool parted = options->shard > 0, good;
	struct rw_buf host = {0}, shard = {0};

	rw_buf_addf(&host, "%s/lock", rw_buf_text(&run->state));
	rw_buf_addf(&shard, "%s.%" PRIu64 "-of-%" PRIu64, rw_buf_text(&host),
		options->shard, options->shards);
	good = take_lock(rw_buf_text(&host), RW_FD_HOST,
		parted ? LOCK_SH : LOCK_EX, options->wait_s, err) &&
		(!parted || take_lock(rw_buf_text(&shard), RW_FD_SHARD, LOCK_EX,
		options->wait_s, err)) &&
		sign_lock(run, rw_buf_text(&host), RW_FD_HOST, err) &&
		(!parted || sign_lock(run, rw_buf_text(&shard), RW_FD_SHARD,
		err));
	rw_buf_free(&host);
	rw_buf_free(&shard);
	return good;
}

/* ---- the run ----------------------------------------------------------- */

/* TIME-HOST-PID: valid in file names, and unique because the command keeps
 * this process's number. */
static bool
name_run(struct rw_run *run, struct rw_err *err)
{
	time_t now = (time_t)(rw_clock_now_ms() / 1000);
	char host[HOST_NAME_MAX + 1], when[24], *c;
	struct rw_buf name = {0};
	struct tm utc;

	if (!rw_boot_host(&name, err))
		return false;
	snprintf(host, sizeof host, "%s", rw_buf_text(&name));
	rw_buf_free(&name);
	for (c = host; *(c += strspn(c, ID_CHARACTERS)) != '\0'; )
		*c = '-';
	gmtime_r(&now, &utc);
	strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &utc);
	rw_buf_addf(&run->id, "%s-%s-%ld", when, host, (long)getpid());
	rw_buf_addf(&run->dir, "%s/runs/%s", rw_buf_text(&run->state),
		rw_buf_text(&run->id));
	return rw_buf_ok(&run->dir, "the run's directory", err);
}

static bool
make_dir(const struct rw_run *run, struct rw_err *err)
{
	return mkdir(rw_buf_text(&run->dir), 0700) == 0 || rw_fail_errno(err,
		RW_IO, "cannot make %s", rw_buf_text(&run->dir));
}

static bool
lock_run(const struct rw_run *run, struct rw_err *err)
{
	struct rw_buf path = {0};
	bool good;

	rw_buf_addf(&path, "%s.lock", rw_buf_text(&run->dir));
	good = take_lock(rw_buf_text(&path), RW_FD_RUN, LOCK_EX, RUN_WAIT_S,
		err) && sign_lock(run, rw_buf_text(&path), RW_FD_RUN, err);
	rw_buf_free(&path);
	return good;
}

/* In the form of struct rw_lock. */
static bool
name_lock(struct rw_run *run, struct rw_err *err)
{
	struct stat st;

	if (fstat(RW_FD_RUN, &st) != 0)
		return rw_fail_errno(err, RW_IO,
			"cannot look at the lock of the run");
	snprintf(run->lock_id, sizeof run->lock_id, "%llx:%llx",
		(unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
	return true;
}

bool
rw_run_begin(struct rw_run *run, const struct rw_run_options *options,
	struct rw_err *err)
{
	struct rw_buf runs = {0};
	bool good;

	if (!rw_file_state_dir(&run->state, err) || !name_run(run, err))
		return false;
	rw_buf_addf(&runs, "%s/runs", rw_buf_text(&run->state));
	good = rw_state_dir_prepare(rw_buf_text(&run->state), err) &&
		rw_file_mkdirs(rw_buf_text(&runs), err) &&
		lock_host(run, options, err) && lock_run(run, err) &&
		make_dir(run, err) && name_lock(run, err);
	rw_buf_free(&runs);
	return good;
}

void
rw_run_free(struct rw_run *run)
{
	rw_buf_free(&run->id);
	rw_buf_free(&run->state);
	rw_buf_free(&run->dir);
}
