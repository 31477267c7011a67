#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static const struct {
	int flags;
	mode_t mode;	/* of a new file */
	mode_t never;	/* bits to remove from an existing file */
} kinds[] = {
	[RW_OUTPUT_LOG] = {O_APPEND, 0640, S_IWGRP | S_IWOTH},
	[RW_OUTPUT_PRIVATE] = {0, 0600, S_IRWXG | S_IRWXO},
};

/* ---- descriptors by name ------------------------------------------------ */

/* The descriptor that path names, or -1. Opening such a name would follow a
 * link, and fails for a socket, such as the socket of systemd's journal. */
static int
descriptor_of(const char *path)
{
	static const char *const places[] = {"/dev/fd/", "/proc/self/fd/"};
	uint64_t number;
	size_t i;

	if (strcmp(path, "/dev/stderr") == 0)
		return STDERR_FILENO;
	if (strcmp(path, "/dev/stdout") == 0)
		return STDOUT_FILENO;
	for (i = 0; i < sizeof places / sizeof *places; i++)
		if (strncmp(path, places[i], strlen(places[i])) == 0 &&
		    rw_text_to_u64(path + strlen(places[i]), INT_MAX, &number))
			return (int)number;
	return -1;
}

static bool
duplicate(const char *what, const char *path, int number, int *fd,
	struct rw_err *err)
{
	if (number == STDOUT_FILENO)
		return rw_fail(err, RW_CONFIG, "%s %s is standard output, "
			"which carries the records: expected a file or "
			"/dev/stderr", what, path);
	*fd = fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return *fd >= 0 || rw_fail_errno(err, RW_IO, "cannot open %s %s",
		what, path);
}

/* ---- files ---------------------------------------------------------------- */

static const char *
word_for(mode_t mode)
{
	return S_ISFIFO(mode) ? "a FIFO" : S_ISDIR(mode) ? "a directory" :
		S_ISSOCK(mode) ? "a socket" : S_ISLNK(mode) ?
		"a symbolic link" : "a device";
}

static bool
is_wrong(const char *what, const char *path, mode_t mode, struct rw_err *err)
{
	return rw_fail(err, RW_CONFIG, "%s %s is %s: expected a regular file",
		what, path, word_for(mode));
}

/* Reports why openat(2) failed. */
static bool
cannot_open(const char *what, const char *path, int dir, const char *name,
	struct rw_err *err)
{
	int saved = errno;
	struct stat st;

	if ((saved == ELOOP || saved == ENXIO || saved == EISDIR) &&
	    fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return is_wrong(what, path, st.st_mode, err);
	errno = saved;
	return rw_fail_errno(err, RW_IO, "cannot open %s %s", what, path);
}

static bool
check_file(const char *what, const char *path, int dir, int fd,
	enum rw_output kind, struct rw_err *err)
{
	struct stat st, above;

	if (fstat(fd, &st) != 0 || fstat(dir, &above) != 0)
		return rw_fail_errno(err, RW_IO, "cannot examine %s", path);
	if (S_ISCHR(st.st_mode))
		return true;
	if (!S_ISREG(st.st_mode))
		return is_wrong(what, path, st.st_mode, err);
	if (st.st_nlink > 1)
		return rw_fail(err, RW_CONFIG, "%s %s has a second name (hard "
			"link): remove it first", what, path);
	if ((above.st_mode & S_IWOTH) != 0 && st.st_uid != geteuid() &&
	    st.st_uid != 0)
		return rw_fail(err, RW_CONFIG, "%s %s belongs to user %u, in a "
			"directory that every user can write to", what, path,
			(unsigned)st.st_uid);
	if ((st.st_mode & kinds[kind].never) != 0 &&
	    st.st_uid == geteuid() && fchmod(fd, st.st_mode & 07777 &
	    ~kinds[kind].never) != 0)
		return rw_fail_errno(err, RW_IO, "cannot set the mode of %s",
			path);
	if (kind == RW_OUTPUT_PRIVATE && ftruncate(fd, 0) != 0)
		return rw_fail_errno(err, RW_IO, "cannot empty %s", path);
	return true;
}

/* Opens the directory of path; *name is the last component of path. */
static int
open_above(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char *above = slash == NULL ? strdup(".") :
		strndup(path, (size_t)(slash - path) + 1);
	int dir = above == NULL ? -1 : open(above, O_PATH | O_DIRECTORY |
		O_CLOEXEC);

	*name = slash == NULL ? path : slash + 1;
	free(above);
	return dir;
}

/* The worker could not write to a log that root has just made in the worker's
 * directory. So the log gets the owner of its directory. */
static void
give_to_owner(int dir, int fd)
{
	struct stat above, file;

	if (geteuid() == 0 && fstat(dir, &above) == 0 &&
	    fstat(fd, &file) == 0 && above.st_uid != 0 && file.st_uid == 0 &&
	    S_ISREG(file.st_mode) && file.st_size == 0 &&
	    fchown(fd, above.st_uid, above.st_gid) != 0)
		return;	/* A later run of the worker reports the problem. */
}

bool
rw_output_open(const char *what, const char *path, enum rw_output kind,
	int *fd, struct rw_err *err)
{
	int number = descriptor_of(path), dir;
	const char *name;
	bool good;

	*fd = -1;
	if (number >= 0)
		return duplicate(what, path, number, fd, err);
	dir = open_above(path, &name);
	if (dir < 0)
		return rw_fail_errno(err, RW_IO, "cannot open %s %s", what,
			path);
	*fd = openat(dir, name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK |
		O_NOCTTY | O_CLOEXEC | kinds[kind].flags, kinds[kind].mode);
	good = *fd >= 0 ? check_file(what, path, dir, *fd, kind, err) :
		cannot_open(what, path, dir, name, err);
	if (good && kind == RW_OUTPUT_LOG)
		give_to_owner(dir, *fd);
	close(dir);
	if (good && fcntl(*fd, F_SETFL, kinds[kind].flags) != 0)
		good = rw_fail_errno(err, RW_IO, "cannot open %s", path);
	if (!good && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return good;
}
