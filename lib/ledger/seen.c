#include "ledger/seen_priv.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

enum {
	EPOCH = RW_EPOCH_SIZE - 1,
	DIGITS = 20,
	FIXED = EPOCH + 1 + DIGITS,	/* before the path */
};

/* ---- names ------------------------------------------------------------- */

static bool
is_id(const char *id)
{
	return strlen(id) == RW_LEDGER_ID_SIZE - 1 &&
		strspn(id, "0123456789abcdef") == RW_LEDGER_ID_SIZE - 1;
}

/* False when no state directory is known. */
static bool
add_seen_name(struct rw_buf *name, const char *id)
{
	struct rw_err ignored;

	if (!rw_file_state_dir(name, &ignored))
		return false;
	rw_buf_addf(name, "/ledgers%s%s", id[0] != '\0' ? "/" : "", id);
	return true;
}

/* ---- the file's text --------------------------------------------------- */

static void
add_seen_text(struct rw_buf *text, const struct rw_seen *seen)
{
	rw_buf_addf(text, "%s %0*" PRId64 " %s\n", seen->epoch, DIGITS,
		seen->writes, strchr(seen->path, '\n') == NULL ? seen->path :
		"");
}

static bool
parse_seen(struct rw_seen *seen, const char *text)
{
	size_t len = strlen(text);

	if (len <= FIXED || strspn(text, "0123456789abcdef") != EPOCH ||
	    text[EPOCH] != ' ' ||
	    strspn(text + EPOCH + 1, "0123456789") != DIGITS)
		return false;
	memcpy(seen->epoch, text, EPOCH);
	seen->epoch[EPOCH] = '\0';
	errno = 0;
	seen->writes = strtoll(text + EPOCH + 1, NULL, 10);
	snprintf(seen->path, sizeof seen->path, "%.*s",
		(int)strcspn(text + FIXED + 1, "\n"), text + FIXED + 1);
	return errno == 0 && text[len - 1] == '\n';
}

/* -1: the file cannot be opened or locked. */
static int
open_locked(const char *name, int flags, int how)
{
	int fd = open(name, flags | O_CLOEXEC | O_NOFOLLOW);

	while (fd >= 0 && flock(fd, how) != 0)
		if (errno != EINTR) {
			close(fd);
			return -1;
		}
	return fd;
}

/* False when the text is damaged. */
static bool
read_fd(struct rw_seen *seen, int fd)
{
	char text[FIXED + PATH_MAX + 2];
	ssize_t got = pread(fd, text, sizeof text - 1, 0);

	text[got < 0 ? 0 : got] = '\0';
	return parse_seen(seen, text);
}

static bool
read_file(struct rw_seen *seen, const char *name, bool *found,
	struct rw_err *err)
{
	int fd = open_locked(name, O_RDONLY, LOCK_SH);
	bool good;

	*found = fd >= 0;
	if (fd < 0)
		return errno == ENOENT || rw_fail_errno(err, RW_IO,
			"cannot read %s", name);
	good = read_fd(seen, fd) || rw_fail(err, RW_IO, "%s is damaged: "
		"expected how often the ledger was written; rw-record "
		"--replay writes it anew", name);
	close(fd);
	return good;
}

bool
rw_seen_read(struct rw_seen *seen, const char *id, bool *found,
	struct rw_err *err)
{
	struct rw_buf name = {0};
	bool good = true;

	*found = false;
	if (is_id(id) && add_seen_name(&name, id))
		good = read_file(seen, rw_buf_text(&name), found, err);
	rw_buf_free(&name);
	return good;
}

/* ---- by path ----------------------------------------------------------- */

typedef bool visit_seen(void *context, const char *id, struct rw_seen *seen,
	struct rw_err *err);

static bool
each_at(const char *path, visit_seen *visit, void *context,
	struct rw_err *err)
{
	struct rw_buf name = {0};
	DIR *directory = add_seen_name(&name, "") ? opendir(rw_buf_text(&name)) :
		NULL;
	const struct dirent *entry;
	struct rw_seen seen;
	bool good = true, found;

	rw_buf_free(&name);
	while (good && directory != NULL &&
	    (entry = readdir(directory)) != NULL) {
		if (!is_id(entry->d_name))
			continue;
		good = rw_seen_read(&seen, entry->d_name, &found, err);
		if (good && found && strcmp(seen.path, path) == 0)
			good = visit(context, entry->d_name, &seen, err);
	}
	if (directory != NULL)
		closedir(directory);
	return good;
}

struct most {
	const char *id;		/* id of the ledger to ignore */
	int64_t writes;
};

static bool
take_most(void *context, const char *id, struct rw_seen *seen,
	struct rw_err *err)
{
	struct most *most = context;

	(void)err;
	if (strcmp(id, most->id) != 0 && seen->writes > most->writes)
		most->writes = seen->writes;
	return true;
}

bool
rw_seen_at(const char *path, const char *id, int64_t *writes,
	struct rw_err *err)
{
	struct most most = {.id = id};

	if (!each_at(path, take_most, &most, err))
		return false;
	*writes = most.writes;
	return true;
}

/* ---- setting ----------------------------------------------------------- */

static bool
write_file(const char *id, const struct rw_seen *seen, struct rw_err *err)
{
	struct rw_buf name = {0}, text = {0}, dir = {0};
	bool good;

	if (!is_id(id))
		return rw_fail(err, RW_IO, "the ledger is damaged: it has no "
			"id");
	good = rw_file_state_dir(&name, err);
	rw_buf_addf(&name, "/ledgers/%s", id);
	rw_buf_add(&dir, rw_buf_text(&name), name.len - strlen(id) - 1);
	add_seen_text(&text, seen);
	good = good && rw_file_mkdirs(rw_buf_text(&dir), err) &&
		rw_file_write(rw_buf_text(&name), rw_buf_text(&text),
		text.len, RW_SYNC_ALL, err);
	rw_buf_free(&name);
	rw_buf_free(&text);
	rw_buf_free(&dir);
	return good;
}

static bool
move_away(void *context, const char *id, struct rw_seen *seen,
	struct rw_err *err)
{
	if (strcmp(id, context) == 0)
		return true;
	seen->path[0] = '\0';
	return write_file(id, seen, err);
}

bool
rw_seen_set(const char *id, const struct rw_seen *seen, struct rw_err *err)
{
	char own[RW_LEDGER_ID_SIZE];

	snprintf(own, sizeof own, "%s", id);
	return each_at(seen->path, move_away, own, err) &&
		write_file(id, seen, err);
}

/* ---- counting ---------------------------------------------------------- */

/* The locked file; -1: there is none. */
static int
open_counter(const char *id)
{
	struct rw_buf name = {0};
	int fd = -1;

	if (is_id(id) && add_seen_name(&name, id))
		fd = open_locked(rw_buf_text(&name), O_RDWR, LOCK_EX);
	rw_buf_free(&name);
	return fd;
}

/* False when a different file has replaced it. */
static bool
lock_counter(int fd)
{
	struct stat status;

	return fd >= 0 && flock(fd, LOCK_EX) == 0 &&
		fstat(fd, &status) == 0 && status.st_nlink > 0;
}

static bool
is_known(const struct rw_seen_counter *counter, const struct rw_seen *seen,
	const struct rw_seen *now)
{
	return strcmp(seen->epoch, now->epoch) == 0 ?
		seen->writes >= now->writes :
		strcmp(seen->epoch, counter->before) != 0;
}

/* Written in place, because other processes have the same file open. */
static void
note(struct rw_seen_counter *counter, const struct rw_seen *now)
{
	struct rw_buf text = {0};
	struct rw_seen seen;
	ssize_t done;

	if (read_fd(&seen, counter->fd) && is_known(counter, &seen, now))
		return;
	add_seen_text(&text, now);
	done = pwrite(counter->fd, rw_buf_text(&text), text.len, 0);
	if (done > 0)
		counter->changed = ftruncate(counter->fd, done) == 0;
	rw_buf_free(&text);
}

void
rw_seen_note(struct rw_seen_counter *counter, const char *id,
	const struct rw_seen *now)
{
	struct rw_err ignored;

	if (!lock_counter(counter->fd)) {
		rw_seen_close(counter);
		counter->fd = open_counter(id);
	}
	if (counter->fd >= 0) {
		note(counter, now);
		flock(counter->fd, LOCK_UN);
	} else if (errno == ENOENT) {
		(void)write_file(id, now, &ignored);
	}
}

void
rw_seen_close(struct rw_seen_counter *counter)
{
	if (counter->fd < 0)
		return;
	if (counter->changed)
		(void)fdatasync(counter->fd);
	close(counter->fd);
	counter->fd = -1;
}
