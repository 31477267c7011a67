#include "wire/maildir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/boot.h"
#include "base/clock.h"
#include "base/file.h"

static char *
join(const struct rw_maildir *maildir, const char *sub, const char *name)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s/%s", maildir->dir, sub, name) < 0)
		return NULL;
	return path;
}

/* A host name with a slash or a colon would make an invalid file name. */
static void
take_host(struct rw_maildir *maildir)
{
	struct rw_buf name = {0};
	struct rw_err ignored;
	char *p;

	snprintf(maildir->host, sizeof maildir->host, "%s",
		rw_boot_host(&name, &ignored) ? rw_buf_text(&name) :
		"localhost");
	rw_buf_free(&name);
	for (p = maildir->host; *p != '\0'; p++)
		if (*p == '/' || *p == ':')
			*p = '_';
}

static bool
for_each_sub(struct rw_maildir *maildir,
	bool (*visit)(const char *path, struct rw_err *err),
	struct rw_err *err)
{
	static const char *const subs[] = {"tmp", "new", "cur"};
	bool ok = true;
	size_t i;

	for (i = 0; ok && i < 3; i++) {
		char *path = join(maildir, subs[i], "");

		ok = path != NULL ? visit(path, err) : rw_fail_memory(err,
			"%s", maildir->dir);
		free(path);
	}
	return ok;
}

bool
rw_maildir_open(struct rw_maildir *maildir, const char *dir,
	struct rw_err *err)
{
	*maildir = (struct rw_maildir){.dir = strdup(dir)};
	if (maildir->dir == NULL)
		return rw_fail_memory(err, "%s", dir);
	take_host(maildir);
	return true;
}

bool
rw_maildir_make(struct rw_maildir *maildir, struct rw_err *err)
{
	return for_each_sub(maildir, rw_file_mkdirs, err);
}

/* "a/b/" to "a/b", "a/b" to "a", "a" to ".", "/a" to "/". */
static void
to_parent(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash == NULL)
		strcpy(path, ".");
	else
		slash[slash == path] = '\0';
}

/* True when the directory is writable, or can be made in its nearest existing
 * parent. */
static bool
check_sub(const char *path, struct rw_err *err)
{
	char *there = strdup(path);
	struct stat st;
	bool ok;

	if (there == NULL)
		return rw_fail_memory(err, "%s", path);
	while (!(ok = stat(there, &st) == 0) && errno == ENOENT)
		to_parent(there);
	if (ok && !S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		ok = false;
	}
	if (!ok || access(there, W_OK | X_OK) != 0)
		ok = rw_fail_errno(err, RW_IO, "cannot write to %s", there);
	free(there);
	return ok;
}

bool
rw_maildir_check(struct rw_maildir *maildir, bool *there, struct rw_err *err)
{
	struct stat st;

	*there = stat(maildir->dir, &st) == 0;
	return for_each_sub(maildir, check_sub, err);
}

void
rw_maildir_close(struct rw_maildir *maildir)
{
	free(maildir->dir);
	rw_buf_free(&maildir->text);
	*maildir = (struct rw_maildir){0};
}

static bool
write_file(const char *path, const struct rw_buf *text, struct rw_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0)
		return rw_fail_errno(err, RW_IO, "cannot create %s", path);
	ok = rw_file_write_all(fd, text->data, text->len, path, err);
	if (ok && fsync(fd) != 0)
		ok = rw_fail_errno(err, RW_IO, "cannot sync %s", path);
	if (close(fd) != 0 && ok)
		ok = rw_fail_errno(err, RW_IO, "cannot write %s", path);
	if (!ok)
		unlink(path);
	return ok;
}

static bool
move(const char *from, const char *to, struct rw_err *err)
{
	if (rename(from, to) != 0) {
		rw_fail_errno(err, RW_IO, "cannot rename %s to %s", from, to);
		unlink(from);
		return false;
	}
	if (rw_file_sync_dir(to, err))
		return true;
	if (err != NULL)
		err->kind = RW_IN_DOUBT;
	return false;
}

bool
rw_maildir_deliver(struct rw_maildir *maildir, const struct rw_mail *mail,
	struct rw_err *err)
{
	int64_t now = rw_clock_now_ms();
	char name[400], *tmp, *new;
	bool ok;

	rw_mail_with_lf(mail, &maildir->text);
	if (!rw_buf_ok(&maildir->text, "the message", err))
		return false;
	snprintf(name, sizeof name, "%lld.M%lldP%ldQ%llu.%s",
		(long long)(now / 1000), (long long)(now % 1000 * 1000),
		(long)getpid(), (unsigned long long)++maildir->count,
		maildir->host);
	tmp = join(maildir, "tmp", name);
	new = join(maildir, "new", name);
	ok = tmp != NULL && new != NULL ?
		write_file(tmp, &maildir->text, err) && move(tmp, new, err) :
		rw_fail_memory(err, "%s", name);
	free(tmp);
	free(new);
	return ok;
}
