#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/state_dir.h"
#include "base/text.h"
#include "record/record.h"

static bool
random_hex(char out[RW_NONCE_SIZE], struct rw_err *err)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char bytes[(RW_NONCE_SIZE - 1) / 2];
	size_t i;

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return rw_fail_errno(err, RW_BUG, "no random bytes");
	for (i = 0; i < sizeof bytes; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	out[2 * sizeof bytes] = '\0';
	return true;
}

static bool
find_state_dir(struct rw_self *self, struct rw_err *err)
{
	struct rw_buf path = {0};
	bool good = false;

	if (!rw_file_state_dir(&path, err) ||
	    !rw_state_dir_prepare(rw_buf_text(&path), err))
		goto out;
	self->state_dir = realpath(rw_buf_text(&path), NULL);
	if (self->state_dir == NULL) {
		rw_fail_errno(err, RW_IO, "%s", rw_buf_text(&path));
		goto out;
	}
	/* Entries of the ledger contain this name. */
	good = rw_text_is_utf8(self->state_dir, strlen(self->state_dir),
		NULL) || rw_fail(err, RW_CONFIG, "the state directory's name "
		"is not UTF-8 (RW_STATE_DIR)");
out:
	rw_buf_free(&path);
	return good;
}

/* Makes the file of the id. When several processes make it at the same time,
 * the first one wins. False: the file cannot be made in this directory. */
static bool
make_id(const char *path)
{
	char id[RW_NONCE_SIZE];
	struct rw_err ignored;
	struct rw_file file;
	bool made;

	if (!random_hex(id, &ignored) ||
	    !rw_file_create(&file, path, &ignored))
		return false;
	made = rw_file_write_all(file.fd, id, strlen(id), path, &ignored) &&
		fsync(file.fd) == 0 &&
		(link(file.temp, path) == 0 || errno == EEXIST) &&
		rw_file_sync_dir(path, &ignored);
	rw_file_discard(&file);
	return made;
}

/* A read-only directory has no id. It is only read, so that none is needed. */
static bool
name_place(struct rw_self *self, struct rw_err *err)
{
	struct rw_buf path = {0}, id = {.max = RW_NONCE_SIZE}, place = {0};
	bool good = true;

	rw_buf_addf(&path, "%s/id", self->state_dir);
	if (access(rw_buf_text(&path), F_OK) == 0 ||
	    make_id(rw_buf_text(&path)))
		good = rw_file_read(rw_buf_text(&path), &id, err);
	rw_buf_addf(&place, "%s", self->state_dir);
	if (id.len > 0)
		rw_buf_addf(&place, " %s", rw_buf_text(&id));
	if (good && !rw_text_is_utf8(rw_buf_text(&place), place.len, NULL))
		good = rw_fail(err, RW_CONFIG, "%s is damaged: expected 32 "
			"hexadecimal digits", rw_buf_text(&path));
	self->place = rw_buf_take(&place);
	rw_buf_free(&path);
	rw_buf_free(&id);
	return good && (self->place != NULL ||
		rw_fail_memory(err, "the state directory"));
}

static bool
name_run(struct rw_self *self, const char *run_id, struct rw_err *err)
{
	time_t now = (time_t)(rw_clock_now_ms() / 1000);
	struct tm utc;
	char when[24], text[48];

	if (run_id == NULL)
		run_id = getenv("RW_RUN_ID");
	if (run_id == NULL || run_id[0] == '\0') {
		gmtime_r(&now, &utc);
		strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &utc);
		snprintf(text, sizeof text, "hand-%s-%.8s", when,
			self->nonce);
		run_id = text;
	}
	/* The id is part of file names, and rw-mail must accept it after the
	 * claim. */
	if (!rw_record_is_id(run_id))
		return rw_fail(err, RW_CONFIG, "the run id \"%.140s\" "
			"(RW_RUN_ID) is not valid: expected 1 to 128 of "
			"A-Z a-z 0-9 . _ - and no dot at the start", run_id);
	self->run_id = strdup(run_id);
	return self->run_id != NULL ||
		rw_fail_memory(err, "the run id");
}

static bool
name_host(struct rw_self *self, struct rw_err *err)
{
	struct rw_buf name = {0};
	bool good = rw_boot_host(&name, err);

	if (good)
		self->host = rw_buf_take(&name);
	rw_buf_free(&name);
	return good && (self->host != NULL ||
		rw_fail_memory(err, "the host's name"));
}

/* -1: the lock file does not exist, or cannot be opened. */
static int
open_lock(const struct rw_self *self, const char *run_id,
	char lock_id[RW_LOCK_ID_SIZE])
{
	struct rw_buf path = {0};
	struct stat st;
	int fd;

	lock_id[0] = '\0';
	rw_buf_addf(&path, "%s/runs/%s.lock", self->state_dir, run_id);
	fd = open(rw_buf_text(&path), O_RDONLY | O_CLOEXEC);
	rw_buf_free(&path);
	if (fd >= 0 && fstat(fd, &st) == 0)
		snprintf(lock_id, RW_LOCK_ID_SIZE, "%llx:%llx",
			(unsigned long long)st.st_dev,
			(unsigned long long)st.st_ino);
	return fd;
}

/* Without /proc the kernel is unknown, and no lock proves anything. */
static void
know_kernel(struct rw_self *self)
{
	struct rw_err ignored;

	if (!rw_boot_id(self->boot_id, &ignored))
		self->boot_id[0] = '\0';
	self->owns_state = rw_boot_owns(self->state_dir);
}

/* RW_RUN_DIR distinguishes a run of rw-run whose lock was removed from a run
 * that an operator started by hand. */
static void
know_lock(struct rw_self *self)
{
	const char *dir = getenv("RW_RUN_DIR");
	const char *name = dir != NULL ? strrchr(dir, '/') : NULL;
	int fd = open_lock(self, self->run_id, self->lock_id);

	self->run_locked = fd >= 0 || (name != NULL &&
		strcmp(name + 1, self->run_id) == 0);
	if (fd >= 0)
		close(fd);
}

/* See journal/run_file.h. RW_RUN_FILE, from rw-run, names the file even when it
 * was removed. */
static void
know_file(struct rw_self *self)
{
	const char *told = getenv("RW_RUN_FILE");
	struct rw_buf path = {0}, name = {0};

	rw_buf_addf(&name, "%s.run", self->run_id);
	rw_buf_addf(&path, "%s/journal/%s", self->state_dir,
		rw_buf_text(&name));
	told = told != NULL ? strrchr(told, '/') : NULL;
	self->has_file = (told != NULL && strcmp(told + 1,
		rw_buf_text(&name)) == 0) ||
		access(rw_buf_text(&path), F_OK) == 0;
	rw_buf_free(&path);
	rw_buf_free(&name);
}

bool
rw_self_init(struct rw_self *self, const char *run_id, struct rw_err *err)
{
	*self = (struct rw_self){0};
	if (!random_hex(self->nonce, err) || !find_state_dir(self, err) ||
	    !name_place(self, err) ||
	    !name_run(self, run_id, err) || !name_host(self, err)) {
		rw_self_free(self);
		return false;
	}
	know_kernel(self);
	know_lock(self);
	know_file(self);
	return true;
}

void
rw_self_free(struct rw_self *self)
{
	free(self->run_id);
	free(self->host);
	free(self->state_dir);
	free(self->place);
	*self = (struct rw_self){0};
}

bool
rw_self_token(const struct rw_self *self, char token[RW_TOKEN_SIZE],
	struct rw_err *err)
{
	memcpy(token, self->nonce, RW_NONCE_SIZE - 1);
	return random_hex(token + RW_NONCE_SIZE - 1, err);
}

bool
rw_self_made(const struct rw_self *self, const char *token)
{
	return strncmp(token, self->nonce, RW_NONCE_SIZE - 1) == 0;
}

void
rw_run_look(const struct rw_self *self, const char *run_id,
	struct rw_lock *lock)
{
	int fd;

	*lock = (struct rw_lock){.is = RW_LOCK_MISSING};
	if (!rw_record_is_id(run_id))
		return;
	fd = open_lock(self, run_id, lock->id);
	if (fd < 0)
		return;
	/* A shared lock, so that two processes that check at the same time do
	 * not see each other's lock. */
	if (flock(fd, LOCK_SH | LOCK_NB) == 0)
		lock->is = RW_LOCK_FREE;
	else if (errno == EWOULDBLOCK)
		lock->is = RW_LOCK_HELD;
	close(fd);
}
