#include "base/state_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"

/* A directory of the system, whose mode must not be changed. */
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

/* The group bits include an access control list; clearing them disables it. */
static bool
own(int fd, const char *path, struct rw_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return rw_fail_errno(err, RW_IO, "cannot examine %s", path);
	if (st.st_uid != geteuid())
		return rw_fail(err, RW_CONFIG, "the state directory %s belongs "
			"to user %u, and this is user %u: run as its owner, "
			"or name a new directory in it (RW_STATE_DIR=%s/"
			"report-worker)", path, (unsigned)st.st_uid,
			(unsigned)geteuid(), path);
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

	if (!rw_file_mkdirs(path, err))
		return false;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return rw_fail_errno(err, errno == EACCES ? RW_CONFIG : RW_IO,
			"cannot open the state directory %s", path);
	good = own(fd, path, err);
	close(fd);
	return good;
}
