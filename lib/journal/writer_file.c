/* Makes the file of a journal, and adds its name to the files of runs. */
#include "journal/writer_file_priv.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/state_dir.h"
#include "journal/run_file.h"

bool
rw_journal_dir(struct rw_buf *out, struct rw_err *err)
{
	if (!rw_file_state_dir(out, err))
		return false;
	rw_buf_adds(out, "/journal");
	return rw_buf_ok(out, "the journal's name", err);
}

const char *
rw_journal_own_name(const struct rw_journal *journal)
{
	return strrchr(journal->path, '/') + 1;
}

static bool
add_head(const struct rw_journal *journal, struct rw_buf *out,
	struct rw_err *err)
{
	rw_journal_head_add(out, rw_journal_own_name(journal),
		rw_buf_text(&journal->host), &journal->head);
	return rw_buf_ok(out, "the first line of the journal", err);
}

bool
rw_journal_write_head(struct rw_journal *journal, struct rw_err *err)
{
	struct rw_buf line = {0};
	bool ok = add_head(journal, &line, err) &&
		(pwrite(journal->fd, line.data, line.len, 0) ==
		(ssize_t)line.len || rw_fail_errno(err, RW_IO,
		"cannot write %s", journal->path));

	rw_buf_free(&line);
	return ok;
}

static bool
fill_file(struct rw_journal *journal, const struct rw_file *file,
	struct rw_err *err)
{
	struct rw_buf line = {0};
	struct stat st;
	bool ok = (flock(file->fd, LOCK_EX | LOCK_NB) == 0 && fstat(file->fd,
		&st) == 0) || rw_fail_errno(err, RW_IO, "cannot lock %s",
		journal->path);

	if (ok) {
		journal->head.inode = st.st_ino;
		journal->head.lines = journal->lines = 1;
		ok = add_head(journal, &line, err) &&
			rw_file_write_all(file->fd, line.data, line.len,
			journal->path, err) && (fsync(file->fd) == 0 ||
			rw_fail_errno(err, RW_IO, "cannot sync %s",
			journal->path));
	}
	journal->size = line.len;
	rw_buf_free(&line);
	return ok;
}

/* The file gets its name only when it is locked and its first line is
 * complete. */
static bool
make_file(struct rw_journal *journal, struct rw_err *err)
{
	struct rw_file file;
	bool ok = rw_file_create(&file, journal->path, err);

	if (!ok)
		return false;
	ok = fill_file(journal, &file, err) &&
		(rename(file.temp, file.path) == 0 || rw_fail_errno(err, RW_IO,
		"cannot create %s", journal->path));
	if (ok) {
		free(file.temp);
		file.temp = NULL;
		journal->fd = file.fd;
		file.fd = -1;
	}
	rw_file_discard(&file);
	return ok && rw_file_sync_dir(journal->path, err);
}

static bool
know_writer(struct rw_journal *journal, struct rw_err *err)
{
	/* Unknown: all readers treat this as a different kernel. */
	if (!rw_boot_id(journal->head.boot_id, NULL))
		journal->head.boot_id[0] = '\0';
	return rw_boot_host(&journal->host, err);
}

/* Before anything is written: the state may be another user's. */
static bool
own_state(struct rw_err *err)
{
	struct rw_buf state = {0};
	bool good = rw_file_state_dir(&state, err) &&
		rw_state_dir_prepare(rw_buf_text(&state), err);

	rw_buf_free(&state);
	return good;
}

static bool
name_file(struct rw_journal *journal, struct rw_err *err)
{
	struct rw_buf path = {0};
	uint32_t random;
	bool ok = (getrandom(&random, sizeof random, 0) == sizeof random ||
		rw_fail_errno(err, RW_IO, "no random bytes")) &&
		own_state(err) && rw_journal_dir(&path, err) &&
		rw_file_mkdirs(rw_buf_text(&path), err);

	if (ok) {
		rw_buf_addf(&path, "/%s.%ld.%lld.j%08lx.jsonl", journal->run,
			(long)getpid(), (long long)rw_clock_now_ms(),
			(unsigned long)random);
		journal->path = rw_buf_take(&path);
		ok = journal->path != NULL ||
			rw_fail_memory(err, "the journal");
	}
	rw_buf_free(&path);
	return ok;
}

bool
rw_journal_need_file(struct rw_journal *journal, struct rw_err *err)
{
	if (journal->fd >= 0)
		return true;
	if (!journal->broken && name_file(journal, err) &&
	    know_writer(journal, err) && make_file(journal, err)) {
		rw_fault("journal-made");
		return true;
	}
	journal->broken = true;
	return false;
}

/* ---- the files of runs ------------------------------------------------- */

static bool
is_named_in(const struct rw_journal *journal, const char *run_id)
{
	size_t i;

	for (i = 0; i < journal->run_count; i++)
		if (strcmp(journal->runs[i], run_id) == 0)
			return true;
	return false;
}

static bool
remember_run(struct rw_journal *journal, const char *run_id,
	struct rw_err *err)
{
	char **runs = reallocarray(journal->runs, journal->run_count + 1,
		sizeof *runs);

	if (runs != NULL) {
		journal->runs = runs;
		runs[journal->run_count] = strdup(run_id);
		if (runs[journal->run_count] != NULL) {
			journal->run_count++;
			return true;
		}
	}
	return rw_fail_memory(err, "the journal");
}

bool
rw_journal_need_name(struct rw_journal *journal, struct rw_record *record,
	struct rw_err *err)
{
	const char *claim = "", *run_id = NULL;
	struct rw_buf dir = {0};
	bool ok;

	rw_record_optional_string(record, RW_M_CLAIM, "", &claim, NULL);
	if (!rw_journal_run_is_of(claim))
		return true;
	if (!rw_record_string(record, RW_M_RUN_ID, &run_id, err))
		return false;
	if (!rw_record_is_id(run_id))
		return rw_fail(err, RW_DATA, "run_id is \"%.140s\", which is "
			"not a run's name", run_id);
	if (is_named_in(journal, run_id))
		return true;
	ok = rw_journal_dir(&dir, err) &&
		rw_journal_run_add(rw_buf_text(&dir), run_id,
		rw_journal_own_name(journal), err) &&
		remember_run(journal, run_id, err);
	rw_buf_free(&dir);
	if (ok)
		rw_fault("journal-named");
	return ok;
}

bool
rw_journal_is_complete(const struct rw_journal *journal, struct rw_err *err)
{
	struct rw_journal_run run;
	struct rw_buf dir = {0};
	bool ok = journal->run_count == 0 || rw_journal_dir(&dir, err);
	size_t i;

	for (i = 0; ok && i < journal->run_count; i++) {
		ok = rw_journal_run_read(&run, rw_buf_text(&dir),
			journal->runs[i], err) &&
			(rw_journal_run_is_complete(&run, rw_buf_text(&dir)) ||
			rw_fail(err, RW_IN_DOUBT, "the journal of run %s is "
			"no longer complete: a mail may have been begun "
			"for this claim before", journal->runs[i]));
		rw_journal_run_free(&run);
	}
	rw_buf_free(&dir);
	return ok;
}
