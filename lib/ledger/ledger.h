/*
 * The ledger: what was sent, to whom, and who is sending now.
 *
 * One entry for each (follower_id, report_period); see ledger/entry.h for its
 * members and ledger/claim.h for its states. It is in MongoDB (collection
 * report_sent of MONGO_DB_NAME) when MONGO_URI is set, else in the SQLite file
 * RW_LEDGER (default ledger.db in the state directory).
 *
 * The calls work on batches of lines. When one returns true, every write of
 * the batch is durable, and each item's fate is the outcome of its line;
 * when it returns false, err is not about a single line, and nothing of the
 * batch may be relied on. Writing is conditional: on the token for outcomes,
 * on what was read for claims; a call that loses the race reads again.
 *
 * Errors: RW_CONFIG: there is no ledger (only RW_LEDGER_CREATE makes one),
 * a setting is wrong, or duplicates are in the way of the unique index.
 * RW_UNREACHABLE: the server cannot be reached or went away. RW_IO: the file
 * cannot be read or written, the disk is full.
 */
#ifndef RW_LEDGER_LEDGER_H
#define RW_LEDGER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "ledger/claim.h"
#include "ledger/entry.h"
#include "record/record.h"
#include "run/run.h"

struct rw_ledger;

enum rw_ledger_purpose {
	RW_LEDGER_READ,
	RW_LEDGER_WRITE,	/* the unique index is made when missing */
	RW_LEDGER_CREATE,	/* made when missing; left as it is otherwise */
};

/* self is borrowed until the ledger is closed. With dry_run the calls say what
 * they would do and change nothing. */
bool
rw_ledger_open(struct rw_ledger **ledger, enum rw_ledger_purpose purpose,
	const struct rw_self *self, bool dry_run, struct rw_err *err);

/* The operator's word that all processes that hold claims now are dead: their
 * leases count as ended. A lock that proves a process alive is stronger, and
 * claims made after this call are not meant. */
bool
rw_ledger_take_over(struct rw_ledger *ledger, struct rw_err *err);

/* How many batches it is worth having at work at once, each on a connection of
 * its own: a server has others to wait for while it acknowledges one. */
size_t
rw_ledger_at_once(const struct rw_ledger *ledger);

/* Another connection to the same ledger, to write with. The two may be used by
 * two threads, but not for the same report at the same time; each is closed by
 * itself, the first one last. */
bool
rw_ledger_open_another(struct rw_ledger **another,
	const struct rw_ledger *ledger, struct rw_err *err);

/* Accepts NULL. */
void
rw_ledger_close(struct rw_ledger *ledger);

/* Reads the whole of an SQLite file and fails with RW_IO when it is damaged;
 * 0.5 s for 100,000 entries in memory. A database server's ledger is the
 * server's to verify. */
bool
rw_ledger_verify(struct rw_ledger *ledger, struct rw_err *err);

/* False with RW_CONFIG when the ledger in an SQLite file is an older copy: this
 * state directory has seen it written more often. */
bool
rw_ledger_is_current(struct rw_ledger *ledger, struct rw_err *err);

/* From now on it is current as it is, whatever this state directory has seen:
 * it was brought up to date, or there is nothing to bring. */
bool
rw_ledger_make_current(struct rw_ledger *ledger, struct rw_err *err);

/* What it is and where, without a password: "SQLite /home/..." Borrowed. */
const char *
rw_ledger_name(const struct rw_ledger *ledger);

/* A line and its outcome. {.record = ...} is enough to begin with; an
 * item may be used again and again, and is freed at the end. */
struct rw_ledger_item {
	struct rw_record *record;	/* borrowed */
	enum rw_fate fate;
	struct rw_err err;		/* of RW_FATE_NOT_DONE */
	bool known;			/* its outcome was recorded before */
	/* private */
	struct rw_entry old, change;
	char period[RW_PERIOD_SIZE];
	char token[RW_TOKEN_SIZE];
	const char *claim;		/* the line's */
	bool must_be_there;		/* has an entry, whichever program wrote it */
	bool done;
	bool replaces;			/* an earlier line's, recorded as failed */
};

void
rw_ledger_item_free(struct rw_ledger_item *item);

/* Reads only. What is to be sent gets the keys, checksums and mark that the
 * ledger knows, and the revision when it is not the first. */
bool
rw_ledger_lookup(struct rw_ledger *ledger, const struct rw_terms *terms,
	struct rw_ledger_item *items, size_t n, struct rw_err *err);

/* Later months whose commission begins at the mark of a month that is looked up
 * to be revised, or, sent before it, at one of a month before both: all that
 * was looked up so far. */
struct rw_later {
	uint64_t reports;	/* that have any */
	char (*months)[RW_PERIOD_SIZE];	/* of them together, in order */
	size_t count;
};

const struct rw_later *
rw_ledger_later(const struct rw_ledger *ledger);

/* Claims; the lines get run_id, claim, lease_until, revision, sequence, state
 * and mail_date, and lose an outcome that they came with. */
bool
rw_ledger_claim(struct rw_ledger *ledger, const struct rw_terms *terms,
	struct rw_ledger_item *items, size_t n, struct rw_err *err);

/* Writes the outcomes that rw-mail has put on the lines, and their state. An
 * outcome that is recorded already is recorded. RW_FATE_NOT_DONE: the claim was
 * lost, or the line carries none and the entry is another's, or is sent and
 * this is a failure. */
bool
rw_ledger_result(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, struct rw_err *err);

/* What became of reports that were due; changes nothing, and counts nothing.
 * Fates: RW_FATE_ALREADY_SENT and RW_FATE_HELD are as they should be;
 * RW_FATE_CLAIMED_ELSEWHERE is another run's; the RW_FATE_LEFT_FAILED and those
 * after it are not sent. wants_free: of reports that another run had claimed,
 * those that may be claimed now are RW_FATE_LOOKED_UP. */
bool
rw_ledger_audit(struct rw_ledger *ledger, const struct rw_terms *terms,
	bool wants_free, struct rw_ledger_item *items, size_t n,
	struct rw_err *err);

/* What the last call read of the item; borrowed until the next one. */
const struct rw_entry *
rw_ledger_item_entry(const struct rw_ledger_item *item);

/* Settles what is in doubt as sent, or as to be tried again; the latter also
 * what was claimed by hand on this host and rw-mail has not begun: only who
 * typed it knows whether it is still at work. */
bool
rw_ledger_resolve(struct rw_ledger *ledger, bool sent,
	struct rw_ledger_item *items, size_t n, struct rw_err *err);

/* What a line that --result has passed on says: RW_FATE_SENT, RW_FATE_FAILED,
 * RW_FATE_IN_DOUBT, or RW_FATE_NOT_DONE when it has no outcome. RW_DATA: it is
 * no such line. */
bool
rw_ledger_replay_fate(struct rw_record *record, enum rw_fate *fate,
	struct rw_err *err);

/* Records such lines in a ledger that has lost them; item->known says of which
 * it has that or more. RW_FATE_NOT_DONE: RW_LOCKED when a run that may be alive
 * has claimed the report. */
bool
rw_ledger_replay_lines(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, struct rw_err *err);

/* What was not recorded before. */
struct rw_replayed {
	size_t settled, in_doubt, lost;
	size_t strange;		/* without an entry: left where they are */
};

/* Replays the journals of dead rw-mail processes into the ledger; outcomes of
 * claims that other runs have taken since are lost. A journal with reports that
 * have no entry belongs to another ledger, and stays. rw_ledger_claim replays
 * them by itself before it takes a claim of a dead process of this host. outcome
 * (NULL: not asked) is added to. */
bool
rw_ledger_replay_journals(struct rw_ledger *ledger,
	struct rw_replayed *outcome, struct rw_err *err);

/* Adds to the counts of the run. */
void
rw_ledger_count(struct rw_ledger *ledger, const char *name, uint64_t lines);

/* Makes the counts durable that no batch has written along. */
bool
rw_ledger_flush(struct rw_ledger *ledger, struct rw_err *err);

/* ---- asking ------------------------------------------------------------ */

struct rw_ledger_query {
	const char *period;		/* NULL: all */
	const char *run_id;		/* that touched them last; NULL: all */
	const char *const *followers;
	size_t follower_count;		/* 0: all */
	bool history;			/* what was there before, instead,
					 * under claims that are no more */
};

/* entry is borrowed for the call. False, with err set, ends the listing. */
typedef bool rw_ledger_visit(void *context, const struct rw_entry *entry,
	struct rw_err *err);

/* By follower, then by month. */
bool
rw_ledger_each(struct rw_ledger *ledger, const struct rw_ledger_query *query,
	rw_ledger_visit *visit, void *context, struct rw_err *err);

typedef void rw_ledger_tally(void *context, const char *name, uint64_t lines);

/* What was counted for a run (rw_ledger_count, and what --lookup and --claim
 * kept back); the same name may come several times, to be added up. */
bool
rw_ledger_each_count(struct rw_ledger *ledger, const char *run_id,
	rw_ledger_tally *tally, void *context, struct rw_err *err);

#endif
