#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The start of the last component of path. */
static size_t
directory_length(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

bool
rw_file_create(struct rw_file *file, const char *path, struct rw_err *err)
{
	size_t dir = directory_length(path);

	*file = (struct rw_file){.fd = -1, .path = strdup(path)};
	if (file->path == NULL || asprintf(&file->temp, "%.*s.%s.XXXXXX",
	    (int)dir, path, path + dir) < 0) {
		file->temp = NULL;
		rw_file_discard(file);
		return rw_fail_memory(err, "%s", path);
	}
	file->fd = mkostemp(file->temp, O_CLOEXEC);
	if (file->fd < 0) {
		rw_fail_errno(err, RW_IO, "cannot create %s", path);
		free(file->temp);
		file->temp = NULL;
		rw_file_discard(file);
		return false;
	}
	return true;
}

static bool
sync_and_rename(struct rw_file *file, enum rw_file_sync sync,
	struct rw_err *err)
{
	int closed;

	if (sync != RW_SYNC_NONE && fsync(file->fd) != 0)
		return rw_fail_errno(err, RW_IO, "cannot write %s",
			file->path);
	closed = close(file->fd);
	file->fd = -1;
	if (closed != 0)
		return rw_fail_errno(err, RW_IO, "cannot write %s",
			file->path);
	if (rename(file->temp, file->path) != 0)
		return rw_fail_errno(err, RW_IO, "cannot rename %s to %s",
			file->temp, file->path);
	free(file->temp);
	file->temp = NULL;
	return sync != RW_SYNC_ALL || rw_file_sync_dir(file->path, err);
}

bool
rw_file_commit(struct rw_file *file, enum rw_file_sync sync,
	struct rw_err *err)
{
	bool ok = sync_and_rename(file, sync, err);

	rw_file_discard(file);
	return ok;
}

void
rw_file_discard(struct rw_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	if (file->temp != NULL)
		unlink(file->temp);
	free(file->temp);
	free(file->path);
	*file = (struct rw_file){.fd = -1};
}

bool
rw_file_write(const char *path, const void *bytes, size_t len,
	enum rw_file_sync sync, struct rw_err *err)
{
	struct rw_file file;

	if (!rw_file_create(&file, path, err))
		return false;
	if (!rw_file_write_all(file.fd, bytes, len, path, err)) {
		rw_file_discard(&file);
		return false;
	}
	return rw_file_commit(&file, sync, err);
}

/* Returns what read(2) returns. When buf is full, one more byte marks it as
 * failed: too long. */
static ssize_t
read_some(int fd, struct rw_buf *buf)
{
	size_t max = buf->max != 0 ? buf->max : RW_BUF_MAX;
	size_t want = max - buf->len < 65536 ? max - buf->len : 65536;
	char *room, one = 0;
	ssize_t n;

	room = want > 0 ? rw_buf_room(buf, want) : &one;
	if (room == NULL)
		return 0;
	do
		n = read(fd, room, want > 0 ? want : 1);
	while (n < 0 && errno == EINTR);
	if (n > 0 && want > 0)
		rw_buf_grown(buf, (size_t)n);
	else if (n > 0)
		rw_buf_addc(buf, one);
	return n;
}

bool
rw_file_read_fd(int fd, const char *name, struct rw_buf *buf,
	struct rw_err *err)
{
	ssize_t n;

	do
		n = read_some(fd, buf);
	while (n > 0 && !buf->failed);
	if (n < 0)
		rw_fail_errno(err, RW_IO, "cannot read %s", name);
	if (!rw_buf_ok(buf, name, err)) {
		if (err != NULL)
			err->kind = RW_IO;
		return false;
	}
	return n == 0;
}

bool
rw_file_read(const char *path, struct rw_buf *buf, struct rw_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool good;

	if (fd < 0)
		return rw_fail_errno(err, RW_IO, "cannot open %s", path);
	good = rw_file_read_fd(fd, path, buf, err);
	close(fd);
	return good;
}

/* The group bits include an access control list. */
static bool
is_trusted(int fd, const char *path, struct rw_err *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return rw_fail_errno(err, RW_CONFIG, "cannot examine %s", path);
	if (!S_ISREG(st.st_mode))
		return true;
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return rw_fail(err, RW_CONFIG, "%s belongs to user %u, who can "
			"change it: expected a file of user %u or of root "
			"(chown it)", path, (unsigned)st.st_uid,
			(unsigned)geteuid());
	return (st.st_mode & (S_IWGRP | S_IWOTH)) == 0 || rw_fail(err,
		RW_CONFIG, "other users can write to %s (mode %04o): run chmod "
		"go-w, and check that its contents are still yours", path,
		(unsigned)st.st_mode & 07777);
}

static bool
is_fifo(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode);
}

bool
rw_file_read_trusted(const char *path, struct rw_buf *buf, struct rw_err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	size_t before = buf->len;
	bool good;

	if (fd < 0)
		return rw_fail_errno(err, RW_CONFIG, "cannot open %s", path);
	/* Only the opening must not wait: it would, for ever, at a FIFO that
	 * nobody writes to. */
	good = (fcntl(fd, F_SETFL, 0) == 0 ||
		rw_fail_errno(err, RW_CONFIG, "cannot read %s", path)) &&
		is_trusted(fd, path, err) &&
		rw_file_read_fd(fd, path, buf, err) &&
		(buf->len > before || !is_fifo(fd) || rw_fail(err, RW_CONFIG,
		"%s is a FIFO, and no process writes to it", path));
	close(fd);
	if (!good && err != NULL)
		err->kind = RW_CONFIG;
	return good;
}

bool
rw_file_write_all(int fd, const void *bytes, size_t len, const char *name,
	struct rw_err *err)
{
	const char *p = bytes;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return rw_fail_errno(err, RW_IO, "cannot write %s",
				name);
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
make_above(const char *path, struct rw_err *err)
{
	size_t len = directory_length(path);
	char *above;
	bool ok;

	while (len > 0 && path[len - 1] == '/')
		len--;
	if (len == 0) {
		errno = ENOENT;
		return rw_fail_errno(err, RW_IO, "cannot make the directory "
			"%s", path);
	}
	above = strndup(path, len);
	ok = above != NULL ? rw_file_mkdirs(above, err) :
		rw_fail_memory(err, "%s", path);
	free(above);
	return ok;
}

/* Starts at the last directory, because its parents usually exist. */
bool
rw_file_mkdirs(const char *path, struct rw_err *err)
{
	struct stat st;
	int made = mkdir(path, 0700);

	if (made != 0 && errno == ENOENT) {
		if (!make_above(path, err))
			return false;
		made = mkdir(path, 0700);
	}
	if (made == 0)
		return true;
	if (errno == EEXIST) {
		if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
			return true;
		errno = ENOTDIR;
	}
	return rw_fail_errno(err, RW_IO, "cannot make the directory %s", path);
}

bool
rw_file_sync_dir(const char *path, struct rw_err *err)
{
	char *dir = strndup(path, directory_length(path));
	int fd = dir == NULL ? -1 : open(*dir != '\0' ? dir : ".",
		O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	/* Some file systems cannot sync a directory and need not. */
	if (!ok && fd >= 0 && errno == EINVAL)
		ok = true;
	if (!ok)
		rw_fail_errno(err, RW_IO, "cannot sync the directory of %s",
			path);
	if (fd >= 0)
		close(fd);
	free(dir);
	return ok;
}

bool
rw_file_state_dir(struct rw_buf *out, struct rw_err *err)
{
	const char *state = getenv("RW_STATE_DIR");
	const char *xdg = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (state != NULL && state[0] != '\0')
		rw_buf_adds(out, state);
	else if (xdg != NULL && xdg[0] != '\0')
		rw_buf_addf(out, "%s/report-worker", xdg);
	else if (home != NULL && home[0] != '\0')
		rw_buf_addf(out, "%s/.local/state/report-worker", home);
	else
		return rw_fail(err, RW_CONFIG, "no place for state: set "
			"RW_STATE_DIR, XDG_STATE_HOME or HOME");
	return rw_buf_ok(out, "the state directory's name", err);
}
