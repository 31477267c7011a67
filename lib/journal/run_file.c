#include "journal/run_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "wire/jsonl.h"
#include "journal/line.h"

#define LOCK_NAME ".readers.lock"

enum { FILE_MAX = 1024 * 1024 };

/* A lock on a file that was removed in the meantime is worthless. */
bool
rw_journal_lock(const char *dir, int *fd, struct rw_err *err)
{
	struct stat st = {.st_nlink = 0};
	struct rw_buf path = {0};
	bool good = true;

	rw_buf_addf(&path, "%s/" LOCK_NAME, dir);
	for (*fd = -1; good && st.st_nlink == 0; ) {
		if (*fd >= 0)
			close(*fd);
		*fd = open(rw_buf_text(&path), O_RDWR | O_CREAT | O_CLOEXEC,
			0600);
		good = *fd >= 0 || rw_fail_errno(err, RW_IO,
			"cannot create %s", rw_buf_text(&path));
		while (good && flock(*fd, LOCK_EX) != 0)
			good = errno == EINTR || rw_fail_errno(err, RW_IO,
				"cannot lock %s", rw_buf_text(&path));
		if (good && fstat(*fd, &st) != 0)
			good = rw_fail_errno(err, RW_IO, "cannot read %s",
				rw_buf_text(&path));
	}
	rw_buf_free(&path);
	return good;
}

static void
add_path(struct rw_buf *out, const char *dir, const char *run_id)
{
	rw_buf_addf(out, "%s/%s.run", dir, run_id);
}

static const char *
name_in(const struct rw_buf *path)
{
	return strrchr(rw_buf_text(path), '/') + 1;
}

/* ---- writing ----------------------------------------------------------- */

static void
add_members(struct rw_buf *out, const struct rw_journal_run *run,
	uint64_t inode)
{
	char time[RW_RFC3339_SIZE];
	size_t i;

	rw_rfc3339(time, rw_clock_now_ms() / 1000);
	rw_buf_addf(out, "\"boot_id\":\"%s\",\"lock\":\"%s\",\"inode\":\"%"
		PRIu64 "\",\"time\":\"%s\",\"journals\":\"", run->boot_id,
		run->lock_id, inode, time);
	for (i = 0; i < run->count; i++)
		rw_buf_addf(out, "%s%s", i > 0 ? " " : "", run->names[i]);
	rw_buf_adds(out, "\"}");
}

static bool
write_file(const struct rw_journal_run *run, const char *dir,
	const char *run_id, struct rw_err *err)
{
	struct rw_buf path = {0}, members = {0}, line = {0};
	struct rw_file file = {.fd = -1};
	struct stat st;
	bool good;

	add_path(&path, dir, run_id);
	good = rw_file_create(&file, rw_buf_text(&path), err);
	if (good && fstat(file.fd, &st) != 0)
		good = rw_fail_errno(err, RW_IO, "cannot read %s",
			rw_buf_text(&path));
	if (good) {
		add_members(&members, run, st.st_ino);
		rw_journal_line_add(&line, name_in(&path), RW_JOURNAL_RUN, 1,
			rw_buf_text(&members), members.len);
		good = rw_buf_ok(&line, "a run's file", err) &&
			rw_file_write_all(file.fd, line.data, line.len,
			rw_buf_text(&path), err);
	}
	good = good && rw_file_commit(&file, RW_SYNC_ALL, err);
	if (!good)
		rw_file_discard(&file);
	rw_buf_free(&path);
	rw_buf_free(&members);
	rw_buf_free(&line);
	return good;
}

bool
rw_journal_run_make(const char *dir, const char *run_id, const char *lock_id,
	struct rw_err *err)
{
	struct rw_journal_run run = {.is = RW_RUN_WHOLE};

	if (!rw_boot_id(run.boot_id, NULL))
		run.boot_id[0] = '\0';
	snprintf(run.lock_id, sizeof run.lock_id, "%s", lock_id);
	return rw_file_mkdirs(dir, err) && write_file(&run, dir, run_id, err);
}

/* ---- reading ----------------------------------------------------------- */

static bool
add_journal_name(struct rw_journal_run *run, const char *name, size_t len)
{
	char **names = reallocarray(run->names, run->count + 1,
		sizeof *names);

	if (names == NULL)
		return false;
	run->names = names;
	names[run->count] = strndup(name, len);
	return names[run->count++] != NULL;
}

static bool
take_names(struct rw_journal_run *run, const char *names)
{
	size_t len;

	for (; *names != '\0'; names += len + (names[len] == ' ')) {
		len = strcspn(names, " ");
		if (!add_journal_name(run, names, len))
			return false;
	}
	return true;
}

static const char *
text_of(struct rw_line *line, const char *member)
{
	const char *text = rw_json_string(rw_line_get(line, member),
		&line->arena, NULL);

	return text != NULL ? text : "";
}

static bool
take_members(struct rw_journal_run *run, struct rw_line *line, uint64_t inode)
{
	uint64_t written;

	if (!rw_text_to_u64(text_of(line, "inode"), UINT64_MAX, &written) ||
	    written != inode)
		return false;
	snprintf(run->boot_id, sizeof run->boot_id, "%s",
		text_of(line, "boot_id"));
	snprintf(run->lock_id, sizeof run->lock_id, "%s",
		text_of(line, "lock"));
	return take_names(run, text_of(line, "journals"));
}

static bool
take_run_text(struct rw_journal_run *run, const char *name, const char *text,
	size_t len, uint64_t inode)
{
	struct rw_journal_line line;
	struct rw_line parsed = {0};
	struct rw_buf object = {0};
	bool good = len > 0 && text[len - 1] == '\n' &&
		rw_journal_line_parse(&line, name, text, len - 1) &&
		line.kind == RW_JOURNAL_RUN && line.n == 1;

	if (good)
		rw_journal_line_object(&line, &object);
	good = good && !object.failed && rw_line_parse(&parsed, object.data,
		object.len, NULL) && take_members(run, &parsed, inode);
	rw_line_free(&parsed);
	rw_buf_free(&object);
	return good;
}

/* The file may be replaced while it is read. */
static bool
read_run_text(const char *path, struct rw_buf *text, struct stat *st)
{
	struct stat before;

	do {
		rw_buf_reset(text);
		if (stat(path, &before) != 0 ||
		    !rw_file_read(path, text, NULL) || stat(path, st) != 0)
			return false;
	} while (before.st_ino != st->st_ino);
	return true;
}

bool
rw_journal_run_read(struct rw_journal_run *run, const char *dir,
	const char *run_id, struct rw_err *err)
{
	struct rw_buf path = {0}, text = {.max = FILE_MAX};
	struct stat st;
	bool good = true;

	*run = (struct rw_journal_run){.is = RW_RUN_MISSING};
	add_path(&path, dir, run_id);
	if (access(rw_buf_text(&path), F_OK) != 0)
		good = errno == ENOENT || rw_fail_errno(err, RW_IO,
			"cannot look at %s", rw_buf_text(&path));
	else if (!read_run_text(rw_buf_text(&path), &text, &st))
		run->is = errno == ENOENT ? RW_RUN_MISSING : RW_RUN_DAMAGED;
	else
		run->is = take_run_text(run, name_in(&path), rw_buf_text(&text),
			text.len, st.st_ino) ? RW_RUN_WHOLE : RW_RUN_DAMAGED;
	rw_buf_free(&path);
	rw_buf_free(&text);
	return good;
}

void
rw_journal_run_free(struct rw_journal_run *run)
{
	while (run->count > 0)
		free(run->names[--run->count]);
	free(run->names);
	*run = (struct rw_journal_run){.is = RW_RUN_MISSING};
}

bool
rw_journal_run_has(const struct rw_journal_run *run, const char *name)
{
	size_t i;

	for (i = 0; i < run->count; i++)
		if (strcmp(run->names[i], name) == 0)
			return true;
	return false;
}

bool
rw_journal_run_is_complete(const struct rw_journal_run *run, const char *dir)
{
	struct rw_buf path = {0};
	bool complete = run->is == RW_RUN_WHOLE;
	size_t i;

	for (i = 0; complete && i < run->count; i++) {
		rw_buf_reset(&path);
		rw_buf_addf(&path, "%s/%s", dir, run->names[i]);
		complete = access(rw_buf_text(&path), F_OK) == 0;
	}
	rw_buf_free(&path);
	return complete;
}

/* ---- changing ---------------------------------------------------------- */

static bool
add_under_lock(const char *dir, const char *run_id, const char *name,
	struct rw_err *err)
{
	struct rw_journal_run run;
	bool good = rw_journal_run_read(&run, dir, run_id, err);

	if (good && !rw_journal_run_is_complete(&run, dir))
		good = rw_fail(err, RW_IN_DOUBT, "the journal of run %s is not "
			"complete: a mail may have been begun for this claim "
			"before", run_id);
	else if (good && !rw_journal_run_has(&run, name))
		good = add_journal_name(&run, name, strlen(name)) ?
			write_file(&run, dir, run_id, err) :
			rw_fail_memory(err, "the journal");
	rw_journal_run_free(&run);
	return good;
}

bool
rw_journal_run_add(const char *dir, const char *run_id, const char *name,
	struct rw_err *err)
{
	int fd;
	bool good = rw_journal_lock(dir, &fd, err) &&
		add_under_lock(dir, run_id, name, err);

	if (fd >= 0)
		close(fd);
	return good;
}

bool
rw_journal_run_remove(const char *dir, const char *run_id, struct rw_err *err)
{
	struct rw_buf path = {0};
	bool good;

	add_path(&path, dir, run_id);
	good = unlink(rw_buf_text(&path)) == 0 || errno == ENOENT ||
		rw_fail_errno(err, RW_IO, "cannot remove %s",
		rw_buf_text(&path));
	good = good && rw_file_sync_dir(rw_buf_text(&path), err);
	rw_buf_free(&path);
	return good;
}

bool
rw_journal_run_is_of(const char *claim)
{
	return claim != NULL && strchr(claim, RW_CLAIM_HAS_RUN) != NULL;
}
