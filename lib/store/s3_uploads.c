#include "store/s3_uploads_priv.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/boot.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "base/state_dir.h"
#include "base/text.h"
#include "store/s3_notes_priv.h"

enum { FILE_MAX = 1024 * 1024 };

struct rw_s3_uploads {
	const struct rw_store *store;
	struct rw_buf place;		/* STORE: percent-encoded */
	struct rw_buf dir, path;	/* path: of our file */
	int fd;				/* our file; -1: there is none */
	bool was_opened;		/* or the attempt failed */
	struct rw_s3_note *open;
};

bool
rw_s3_uploads_open(struct rw_s3_uploads **uploads,
	const struct rw_store *store, struct rw_err *err)
{
	struct rw_s3_uploads *u = calloc(1, sizeof *u);

	*uploads = u;
	if (u == NULL)
		return rw_fail_memory(err, "the uploads");
	u->store = store;
	u->fd = -1;
	rw_text_add_percent(&u->place, store->endpoint.scheme, "");
	rw_text_add_percent(&u->place, store->endpoint.host, "");
	rw_text_add_percent(&u->place, store->bucket, "");
	return rw_buf_ok(&u->place, "a store's name", err);
}

void
rw_s3_uploads_close(struct rw_s3_uploads *u)
{
	if (u == NULL)
		return;
	/* While the file is locked, so that no process can take it over and
	 * then find it removed. */
	if (u->fd >= 0 && u->open == NULL)
		unlink(rw_buf_text(&u->path));
	if (u->fd >= 0)
		close(u->fd);
	rw_s3_notes_free(&u->open);
	rw_buf_free(&u->place);
	rw_buf_free(&u->dir);
	rw_buf_free(&u->path);
	free(u);
}

/* ---- our file ---------------------------------------------------------- */

static bool
prepare_dir(struct rw_s3_uploads *u, struct rw_err *err)
{
	if (!rw_file_state_dir(&u->dir, err) ||
	    !rw_state_dir_prepare(rw_buf_text(&u->dir), err))
		return false;
	rw_buf_adds(&u->dir, "/uploads");
	return rw_file_mkdirs(rw_buf_text(&u->dir), err);
}

/* Makes the file under a name that no process reads, until it is locked. */
static bool
make_file(struct rw_s3_uploads *u, struct rw_err *err)
{
	struct rw_buf hidden = {0};
	char boot[RW_BOOT_ID_SIZE] = "";
	unsigned long long nonce = 0;
	const char *path;
	bool good;

	if (getrandom(&nonce, sizeof nonce, 0) != sizeof nonce)
		return rw_fail_errno(err, RW_BUG, "no random bytes");
	rw_buf_addf(&u->path, "%s/%ld.%016llx", rw_buf_text(&u->dir),
		(long)getpid(), nonce);
	rw_buf_addf(&hidden, "%s/.%016llx", rw_buf_text(&u->dir), nonce);
	path = rw_buf_text(&hidden);
	u->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW |
		O_CLOEXEC, 0600);
	good = (u->fd >= 0 && flock(u->fd, LOCK_EX | LOCK_NB) == 0) ||
		rw_fail_errno(err, RW_IO, "cannot make %s", path);
	good = good && rw_boot_id(boot, err) &&
		(dprintf(u->fd, "boot %s\n", boot) > 0 &&
		rename(path, rw_buf_text(&u->path)) == 0);
	if (!good && u->fd >= 0) {
		unlink(path);
		close(u->fd);
		u->fd = -1;
	}
	rw_buf_free(&hidden);
	return good;
}

static void take_over(struct rw_s3_uploads *u);

static void
open_file(struct rw_s3_uploads *u)
{
	struct rw_err err = {.message = "cannot write there"};

	if (u->was_opened)
		return;
	u->was_opened = true;
	if (prepare_dir(u, &err) && make_file(u, &err))
		take_over(u);
	else
		rw_log_event("uploads in parts are not noted, so that those "
			"of a killed process are aborted only when they are "
			"old (RW_S3_STALE_AFTER): %s", err.message);
}

/* A line that cannot be written has the same effect as a file that cannot be
 * made. */
static void
write_line(struct rw_s3_uploads *u, struct rw_buf *line)
{
	if (u->fd >= 0 && rw_buf_ok(line, "a line", NULL))
		rw_file_write_all(u->fd, line->data, line->len,
			rw_buf_text(&u->path), NULL);
	rw_buf_free(line);
}

static void
note(struct rw_s3_uploads *u, const char *key, const char *id, bool is_dead)
{
	struct rw_s3_note *note = rw_s3_notes_add(&u->open, key, id);
	struct rw_buf line = {0};

	if (note == NULL)
		return;
	note->is_dead = is_dead;
	rw_s3_notes_begin_line(&line, rw_buf_text(&u->place), key, id);
	write_line(u, &line);
}

void
rw_s3_uploads_begin(struct rw_s3_uploads *u, const char *key, const char *id)
{
	open_file(u);
	note(u, key, id, false);
}

void
rw_s3_uploads_end(struct rw_s3_uploads *u, const char *id)
{
	struct rw_buf line = {0};

	rw_s3_notes_end_line(&line, id);
	if (rw_s3_notes_remove(&u->open, id))
		write_line(u, &line);
	rw_buf_free(&line);
}

/* ---- the files of dead processes --------------------------------------- */

/* True when the process that held this lock is certainly dead; we hold the lock
 * now. */
static bool
is_proof(const char *text, const char *path)
{
	char boot[RW_BOOT_ID_SIZE];

	return (strncmp(text, "boot ", 5) == 0 && rw_boot_id(boot, NULL) &&
		strncmp(text + 5, boot, strlen(boot)) == 0) ||
		rw_boot_owns(path);
}

/* The lock prevents other processes from taking it over. */
static bool
read_dead(int fd, const char *path, struct rw_buf *text)
{
	struct stat st;

	return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
		fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
		st.st_nlink > 0 && rw_file_read_fd(fd, path, text, NULL) &&
		is_proof(rw_buf_text(text), path);
}

/* The uploads are written to our file before the other file is removed. The
 * other file is kept when it has uploads to a different store. */
static void
take_over_one(struct rw_s3_uploads *u, const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct rw_buf text = {.max = FILE_MAX};
	struct rw_s3_note *dead = NULL, *at;
	char *lines = NULL;

	if (read_dead(fd, path, &text))
		lines = rw_buf_take(&text);
	if (lines != NULL && rw_s3_notes_read(&dead, rw_buf_text(&u->place),
	    lines)) {
		for (at = dead; at != NULL; at = at->next)
			note(u, at->key, at->id, true);
		unlink(path);
	}
	rw_s3_notes_free(&dead);
	free(lines);
	rw_buf_free(&text);
	if (fd >= 0)
		close(fd);
}

static void
take_over(struct rw_s3_uploads *u)
{
	DIR *dir = opendir(rw_buf_text(&u->dir));
	struct rw_buf path = {0};
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		rw_buf_reset(&path);
		rw_buf_addf(&path, "%s/%s", rw_buf_text(&u->dir),
			entry->d_name);
		if (rw_buf_ok(&path, "a path", NULL) &&
		    strcmp(path.data, rw_buf_text(&u->path)) != 0)
			take_over_one(u, path.data);
	}
	rw_buf_free(&path);
	if (dir != NULL)
		closedir(dir);
}

bool
rw_s3_uploads_dead(struct rw_s3_uploads *u, const char **key, const char **id)
{
	struct rw_s3_note *at;

	open_file(u);
	for (at = u->open; at != NULL; at = at->next)
		if (at->is_dead) {
			at->is_dead = false;
			*key = at->key;
			*id = at->id;
			return true;
		}
	return false;
}
