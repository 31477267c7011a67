/* Settles the files of dead runs, when their journals are settled. */
#include "ledger/journal_replay_priv.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/text.h"

/* Longer than any run takes before its first claim. */
enum { UNUSED_S = 7 * 86400 };

/* ---- looking ----------------------------------------------------------- */

static bool
add_run(struct rw_journal_replay *replay, const char *name, struct rw_err *err)
{
	struct rw_replay_run *runs = reallocarray(replay->runs,
		replay->run_count + 1, sizeof *runs), *run;

	if (runs == NULL)
		return rw_fail_memory(err, "the journal");
	replay->runs = runs;
	run = &runs[replay->run_count];
	*run = (struct rw_replay_run){.id = strndup(name, strlen(name) - 4)};
	if (run->id == NULL)
		return rw_fail_memory(err, "the journal");
	replay->run_count++;
	rw_run_look(replay->ledger->self, run->id, &run->lock);
	return rw_journal_run_read(&run->file, replay->reader.dir, run->id,
		err);
}

static bool
is_run(const char *name)
{
	size_t len = strlen(name);

	return len > 4 && name[0] != '.' && strcmp(name + len - 4, ".run") == 0;
}

bool
rw_journal_replay_look(struct rw_journal_replay *replay, struct rw_err *err)
{
	DIR *dir = opendir(replay->reader.dir);
	const struct dirent *entry;
	bool good = true;

	if (dir == NULL)
		return errno == ENOENT || rw_fail_errno(err, RW_IO,
			"cannot list %s", replay->reader.dir);
	while (good && (entry = readdir(dir)) != NULL)
		good = !is_run(entry->d_name) ||
			add_run(replay, entry->d_name, err);
	closedir(dir);
	return good;
}

bool
rw_journal_replay_keeps(struct rw_journal_replay *replay, const char *name,
	bool is_copy, bool is_strange)
{
	bool keeps = false;
	size_t i;

	for (i = 0; i < replay->run_count; i++) {
		struct rw_replay_run *run = &replay->runs[i];

		if (!rw_journal_run_has(&run->file, name))
			continue;
		keeps = true;
		run->is_copied = run->is_copied || is_copy;
		run->is_strange = run->is_strange || is_strange;
	}
	return keeps;
}

/* ---- whether it is over ------------------------------------------------ */

struct visit {
	struct rw_journal_replay *replay;
	struct rw_replay_run *run;
	bool is_complete;
};

static enum rw_life
ask_runs(void *context, const struct rw_entry *entry)
{
	const struct visit *visit = context;

	return rw_liveness(entry, visit->replay->ledger->self,
		&visit->run->lock);
}

static bool
is_taken_over(void *context, const struct rw_entry *entry)
{
	const struct visit *visit = context;

	return rw_ledger_is_taken_over(visit->replay->ledger, entry);
}

static enum rw_standing
standing_of(struct visit *visit, const struct rw_entry *entry)
{
	const struct rw_judge judge = {.self = visit->replay->ledger->self,
		.moment = visit->replay->moment,
		.is_taken_over = is_taken_over, .ask = ask_runs,
		.context = visit};

	return rw_claim_standing(entry, &judge);
}

static void
add_text(struct rw_buf *out, const char *member, const struct rw_entry *entry,
	enum rw_field field)
{
	const char *text = rw_entry_text(entry, field);

	rw_buf_addf(out, "\"%s\":", member);
	rw_text_add_json(out, text != NULL ? text : "");
}

/* A line with the outcome of the claim: not sent, or unknown. */
static bool
make_line(struct visit *visit, const struct rw_entry *entry,
	struct rw_record *record, struct rw_err *err)
{
	struct rw_buf text = {0};
	struct rw_err why;
	bool good;

	rw_buf_addc(&text, '{');
	add_text(&text, RW_M_FOLLOWER_ID, entry, RW_F_FOLLOWER_ID);
	rw_buf_addc(&text, ',');
	add_text(&text, RW_M_REPORT_PERIOD, entry, RW_F_REPORT_PERIOD);
	rw_buf_addc(&text, ',');
	add_text(&text, RW_M_CLAIM, entry, RW_F_CLAIM);
	rw_buf_addf(&text, ",\"%s\":%" PRId64 ",\"%s\":%" PRId64
		",\"%s\":false}", RW_M_REVISION, rw_entry_number(entry,
		RW_F_REVISION, 1), RW_M_SEQUENCE, rw_entry_number(entry,
		RW_F_SEQUENCE, 0), RW_M_EMAIL_SENT);
	good = rw_buf_ok(&text, "a claim", err) &&
		rw_record_parse(record, text.data, text.len, NULL, err);
	rw_buf_free(&text);
	if (!good)
		return false;
	if (visit->is_complete) {
		rw_fail(&why, RW_REFUSED, "run %s ended before it was mailed",
			visit->run->id);
		why.retryable = true;
	} else {
		rw_fail(&why, RW_IN_DOUBT, "run %s ended, and its journal is "
			"not complete: it may have been mailed",
			visit->run->id);
		rw_line_set_string(&record->line, RW_M_STATE, "in_doubt");
	}
	rw_record_set_error(record, "rw-record", &why);
	return true;
}

static bool
take_entry(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	struct visit *visit = context;
	struct rw_replay_run *run = visit->run;
	enum rw_standing standing;

	if (rw_entry_state(entry) != RW_STATE_CLAIMED ||
	    !rw_journal_run_is_of(rw_entry_text(entry, RW_F_CLAIM)) ||
	    !rw_claim_is_of_this_host(entry, visit->replay->ledger->self))
		return true;
	standing = standing_of(visit, entry);
	if (standing != RW_IS_ORPHANED) {
		run->is_claimed = true;
		return true;
	}
	if (run->orphans++ >= RW_REPLAY_BATCH)
		return true;
	visit->replay->items[run->orphans - 1].record =
		&visit->replay->records[run->orphans - 1];
	return make_line(visit, entry, &visit->replay->records[run->orphans - 1],
		err);
}

static bool
find_orphans(struct visit *visit, struct rw_err *err)
{
	const struct rw_ledger_query query = {.run_id = visit->run->id};

	visit->run->orphans = 0;
	visit->run->is_claimed = false;
	return rw_ledger_each(visit->replay->ledger, &query, take_entry, visit,
		err);
}

/* Determines what the lock of the run proves. */
static bool
is_dead(const struct rw_journal_replay *replay, const struct rw_replay_run *run)
{
	struct rw_entry entry = {0};
	bool dead;

	if (run->file.is != RW_RUN_WHOLE)
		return false;
	rw_entry_set_text(&entry, RW_F_BOOT_ID, run->file.boot_id);
	rw_entry_set_text(&entry, RW_F_RUN_LOCK, run->file.lock_id);
	dead = rw_liveness(&entry, replay->ledger->self, &run->lock) ==
		RW_LIFE_DEAD;
	rw_entry_free(&entry);
	return dead;
}

static bool
is_unused(const struct rw_journal_replay *replay,
	const struct rw_replay_run *run)
{
	struct rw_buf path = {0};
	struct stat st;
	bool old;

	rw_buf_addf(&path, "%s/%s.run", replay->reader.dir, run->id);
	old = stat(rw_buf_text(&path), &st) == 0 &&
		rw_clock_now_ms() / 1000 - st.st_mtime > UNUSED_S;
	rw_buf_free(&path);
	return old;
}

static bool
is_over(const struct rw_journal_replay *replay, const struct rw_replay_run *run)
{
	return !run->is_claimed && (run->orphans > 0 || run->file.count > 0 ||
		is_dead(replay, run) || is_unused(replay, run));
}

/* ---- ending ------------------------------------------------------------ */

/* Repeats until no claim is left. A claim that cannot be settled was replaced
 * by another process in the meantime. */
static bool
settle_orphans(struct visit *visit, struct rw_err *err)
{
	struct rw_journal_replay *replay = visit->replay;
	size_t n, i, done = 1;

	while (visit->run->orphans > 0 && done > 0) {
		n = visit->run->orphans < RW_REPLAY_BATCH ?
			visit->run->orphans : RW_REPLAY_BATCH;
		if (!rw_ledger_settle(replay->ledger, replay->items, n, true,
		    err))
			return false;
		for (i = done = 0; i < n; i++) {
			done += replay->items[i].fate != RW_FATE_NOT_DONE;
			replay->outcome.in_doubt += !replay->items[i].known &&
				replay->items[i].fate == RW_FATE_IN_DOUBT;
		}
		if (!find_orphans(visit, err))
			return false;
	}
	return true;
}

static bool
is_named_elsewhere(const struct rw_journal_replay *replay,
	const struct rw_replay_run *run, const char *name)
{
	size_t i;

	for (i = 0; i < replay->run_count; i++)
		if (&replay->runs[i] != run && replay->runs[i].file.is !=
		    RW_RUN_MISSING && rw_journal_run_has(&replay->runs[i].file,
		    name))
			return true;
	return false;
}

static bool
remove_run(struct rw_journal_replay *replay, struct rw_replay_run *run,
	struct rw_err *err)
{
	size_t i;

	for (i = 0; i < run->file.count; i++)
		if (!is_named_elsewhere(replay, run, run->file.names[i]) &&
		    !rw_journal_reader_remove(&replay->reader,
		    run->file.names[i], err))
			return false;
	rw_fault("journal-removed");
	if (!rw_journal_run_remove(replay->reader.dir, run->id, err))
		return false;
	rw_journal_run_free(&run->file);
	return true;
}

static bool
end_run(struct rw_journal_replay *replay, struct rw_replay_run *run,
	struct rw_err *err)
{
	struct visit visit = {replay, run, !run->is_copied &&
		rw_journal_run_is_complete(&run->file, replay->reader.dir)};

	if (!find_orphans(&visit, err))
		return false;
	if (!is_over(replay, run))
		return true;
	if (!settle_orphans(&visit, err))
		return false;
	rw_fault("journal-run-freed");
	return run->is_strange || remove_run(replay, run, err);
}

bool
rw_journal_replay_end_runs(struct rw_journal_replay *replay,
	struct rw_err *err)
{
	const char *own = replay->ledger->self->run_id;
	struct rw_replay_run *run;
	size_t i;

	for (run = replay->runs; run < replay->runs + replay->run_count; run++) {
		for (i = 0; i < replay->reader.living_count; i++)
			run->is_mailing = run->is_mailing ||
				rw_journal_run_has(&run->file,
				replay->reader.living[i]);
		if (!run->is_mailing && strcmp(run->id, own) != 0 &&
		    !end_run(replay, run, err))
			return false;
	}
	return true;
}

void
rw_journal_replay_free_runs(struct rw_journal_replay *replay)
{
	while (replay->run_count > 0) {
		replay->run_count--;
		rw_journal_run_free(&replay->runs[replay->run_count].file);
		free(replay->runs[replay->run_count].id);
	}
	free(replay->runs);
}
