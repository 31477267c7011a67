#include "base/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"

/* True for a directory of the system, whose mode must not be changed. */
static bool
is_shared(const struct stat *st)
{
	static const char *const shared[] = {"/", "/tmp", "/var/tmp",
		"/dev/shm", "/run", "/run/lock", "/var/lib", "/var/mail"};
	struct stat other;
	size_t i;

	for (i = 0; i < sizeof shared / sizeof *shared; i++)
		if (stat(shared[i], &other) == 0 &&
		    other.st_dev == st->st_dev && other.st_ino == st->st_ino)
			return true;
	return false;
}

/* "report-worker", or "#998" for a user without a name: sudo(8) accepts
 * both. */
static void
name_user(char *name, size_t room, uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	if (user != NULL)
		snprintf(name, room, "%s", user->pw_name);
	else
		snprintf(name, room, "'#%u'", (unsigned)uid);
}

/* The command that the user typed: rw-run executes rw-report. */
static const char *
name_program(void)
{
	const char *name = program_invocation_short_name;

	return strcmp(name, "rw-run") == 0 ? "rw-report" : name;
}

/* A run by root in the worker's directory leaves files that the worker can
 * neither read nor lock. */
static bool
refuse_other(const char *path, uid_t uid, struct rw_err *err)
{
	char owner[80], self[80];

	name_user(owner, sizeof owner, uid);
	name_user(self, sizeof self, geteuid());
	return rw_fail(err, RW_CONFIG, "%s belongs to user %s, and this is "
		"user %s: run it as its owner: sudo -u %s %s ...", path, owner,
		self, owner, name_program());
}

static bool
refuse_dir(const char *path, uid_t uid, struct rw_err *err)
{
	struct rw_buf name = {0};

	rw_buf_addf(&name, "the state directory %s", path);
	refuse_other(rw_buf_text(&name), uid, err);
	rw_buf_reset(&name);
	rw_buf_addf(&name, "%s (or name a new directory in it, RW_STATE_DIR=%s/"
		"report-worker)", err->message, path);
	rw_fail(err, RW_CONFIG, "%s", rw_buf_text(&name));
	rw_buf_free(&name);
	return false;
}

/* The files of report-worker show who owns the state, even if the directory
 * itself belongs to root, as with a volume. */
static bool
check_contents(const char *state, struct rw_err *err)
{
	static const char *const made[] = {"runs", "journal", "ledgers",
		"reports", "id", "lock", "ledger.db"};
	char path[4096];
	struct stat st;
	size_t i;
	int n;

	for (i = 0; i < sizeof made / sizeof *made; i++) {
		n = snprintf(path, sizeof path, "%s/%s", state, made[i]);
		if (n < 0 || (size_t)n >= sizeof path)
			continue;
		if (lstat(path, &st) == 0 && st.st_uid != geteuid())
			return refuse_other(path, st.st_uid, err);
	}
	return true;
}

/* A ledger in SQLite that is kept elsewhere. MongoDB is used instead when
 * MONGO_URI is set. */
static bool
check_ledger(struct rw_err *err)
{
	const char *ledger = getenv("RW_LEDGER");
	struct stat st;

	return ledger == NULL || getenv("MONGO_URI") != NULL ||
		getenv("MONGO_URI_FILE") != NULL || stat(ledger, &st) != 0 ||
		st.st_uid == geteuid() ||
		refuse_other(ledger, st.st_uid, err);
}

/* The group bits include an access control list; clearing them disables it. */
static bool
own(int fd, const char *path, struct rw_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return rw_fail_errno(err, RW_IO, "cannot examine %s", path);
	if (st.st_uid != geteuid())
		return refuse_dir(path, st.st_uid, err);
	if (is_shared(&st))
		return rw_fail(err, RW_CONFIG, "the state directory %s belongs "
			"to the system: name a new directory in it "
			"(RW_STATE_DIR=%s/report-worker)", path, path);
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) == 0)
		return true;
	if (fchmod(fd, 0700) != 0)
		return rw_fail_errno(err, RW_CONFIG, "other users can write to "
			"the state directory %s, and its mode cannot be reset",
			path);
	rw_say(RW_WARNING, "other users could write to the state directory %s "
		"(mode %04o): its mode is now 0700; check its contents", path,
		(unsigned)st.st_mode & 07777);
	return true;
}

bool
rw_state_dir_prepare(const char *path, struct rw_err *err)
{
	bool good;
	int fd;

	/* Before anything is written. */
	if (!check_contents(path, err) || !check_ledger(err) ||
	    !rw_file_mkdirs(path, err))
		return false;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return rw_fail_errno(err, errno == EACCES ? RW_CONFIG : RW_IO,
			"cannot open the state directory %s", path);
	good = own(fd, path, err);
	close(fd);
	return good;
}
