/* Opens files whose names a different program has chosen. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* O_NONBLOCK: opening a FIFO would wait for a writer. */
enum {
	AS_FILE = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
	AS_DIRECTORY = O_PATH | O_DIRECTORY | O_CLOEXEC,
};

/* The start of the last count components of a path. */
static size_t
last_parts(const char *path, size_t count)
{
	size_t at = strlen(path);

	while (at > 0 && (path[at - 1] != '/' || --count > 0))
		at--;
	return at;
}

/* Opens the components below directory dir, and closes dir. Modifies the
 * string. */
static int
open_below(int dir, char *parts)
{
	char *slash;
	int next;

	while (dir != -1 && (slash = strchr(parts, '/')) != NULL) {
		*slash = '\0';
		next = openat(dir, parts, AS_DIRECTORY | O_NOFOLLOW);
		if (dir != AT_FDCWD)
			close(dir);
		dir = next;
		parts = slash + 1;
	}
	if (dir == -1)
		return -1;
	next = openat(dir, parts, AS_FILE | O_NOFOLLOW);
	if (dir != AT_FDCWD)
		close(dir);
	return next;
}

static int
open_real(const char *path, size_t real)
{
	size_t at = last_parts(path, real);
	char *above = strndup(path, at), *parts = strdup(path + at);
	int fd = -1;

	if (above != NULL && parts != NULL)
		fd = open_below(at == 0 ? AT_FDCWD : open(above,
			AS_DIRECTORY), parts);
	free(above);
	free(parts);
	return fd;
}

bool
rw_file_open(const char *path, size_t real, int *fd, struct stat *st,
	struct rw_err *err)
{
	*fd = real > 0 ? open_real(path, real) : open(path, AS_FILE);
	if (*fd < 0 && real > 0 && (errno == ELOOP || errno == ENOTDIR))
		return rw_fail(err, RW_DATA, "%s leads through a symbolic "
			"link: expected the file itself", path);
	if (*fd < 0)
		return rw_fail_errno(err, RW_IO, "cannot open %s", path);
	if (fstat(*fd, st) != 0)
		rw_fail_errno(err, RW_IO, "cannot read %s", path);
	else if (!S_ISREG(st->st_mode))
		rw_fail(err, RW_DATA, "%s is not a regular file", path);
	else
		return true;
	close(*fd);
	*fd = -1;
	return false;
}
