/*
 * The ledger: the reports that were sent, and the runs that are sending reports
 * now.
 *
 * One entry for each (follower_id, report_period); see ledger/entry.h for its
 * members and ledger/claim.h for its states. It is in MongoDB (collection
 * report_sent of MONGO_DB_NAME) when MONGO_URI is set, else in the SQLite file
 * RW_LEDGER (default ledger.db in the state directory).
 *
 * The calls process batches of lines. When a call returns true, every write of
 * the batch is durable, and the fate of each item is the outcome of its line.
 * When it returns false, err is about the whole batch, and the outcome of its
 * lines is unknown. Writes are conditional: outcomes on the token, claims on
 * the entry that was read; a call that loses the race reads again.
 *
 * Errors: RW_CONFIG: there is no ledger (only RW_LEDGER_CREATE makes one), a
 * setting is wrong, or duplicates prevent the unique index. RW_UNREACHABLE: the
 * server is unreachable. RW_IO: the file cannot be read or written, or the disk
 * is full.
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
	RW_LEDGER_WRITE,	/* makes the unique index if it is missing */
	RW_LEDGER_CREATE,	/* makes the ledger if it is missing */
};

/* self is borrowed until the ledger is closed. With dry_run the calls return
 * what they would do, and change nothing. */
bool
rw_ledger_open(struct rw_ledger **ledger, enum rw_ledger_purpose purpose,
	const struct rw_self *self, bool dry_run, struct rw_err *err);

/* The operator declares all processes that hold claims now to be dead: their
 * leases count as ended. A lock that proves a process alive takes precedence.
 * Claims that are made after this call are not affected. */
bool
rw_ledger_take_over(struct rw_ledger *ledger, struct rw_err *err);

/* The useful number of simultaneous batches, each on its own connection. A
 * server can work on one batch while another is being made durable. */
size_t
rw_ledger_at_once(const struct rw_ledger *ledger);

/* Another connection to the same ledger, for writing. Two threads may use the
 * two, but not for the same report at the same time. Close each of them, the
 * original one last. */
bool
rw_ledger_open_another(struct rw_ledger **another,
	const struct rw_ledger *ledger, struct rw_err *err);

/* Accepts NULL. */
void
rw_ledger_close(struct rw_ledger *ledger);

/* Reads a whole SQLite file, and fails with RW_IO when it is damaged; takes
 * 0.5 s for 100,000 entries in memory. A database server verifies its files
 * itself. */
bool
rw_ledger_verify(struct rw_ledger *ledger, struct rw_err *err);

/* Before claims are made: RW_CONFIG when the database server does not make
 * conditional changes of a document exactly once, or has malformed entries of
 * other programs. Writes a document and removes it; with thorough, from two
 * connections at once. */
bool
rw_ledger_prove(struct rw_ledger *ledger, bool thorough, struct rw_err *err);

/* False with RW_CONFIG when the ledger in an SQLite file is an older copy:
 * according to this state directory, it was written more often. */
bool
rw_ledger_is_current(struct rw_ledger *ledger, struct rw_err *err);

/* Declares the file current, regardless of what this state directory has
 * recorded, because it was brought up to date, or because no outcome is
 * missing. */
bool
rw_ledger_make_current(struct rw_ledger *ledger, struct rw_err *err);

/* The kind and location of the ledger, without a password: "SQLite /home/..."
 * Borrowed. */
const char *
rw_ledger_name(const struct rw_ledger *ledger);

/* A line and its outcome. Initialize it with {.record = ...}. An item can be
 * used repeatedly, and is freed at the end. */
struct rw_ledger_item {
	struct rw_record *record;	/* borrowed */
	enum rw_fate fate;
	struct rw_err err;		/* of RW_FATE_NOT_DONE */
	bool known;			/* the outcome was recorded before */
	bool bounced;			/* of a lookup: the last mail before this
					 * month bounced for good */
	/* private */
	struct rw_entry old, change;
	char period[RW_PERIOD_SIZE];
	char token[RW_TOKEN_SIZE];
	const char *claim;		/* the claim of the line */
	bool must_be_there;		/* has an entry, whichever program wrote it */
	bool done;
	bool replaces;			/* replaces an earlier line, recorded as
					 * failed */
};

void
rw_ledger_item_free(struct rw_ledger_item *item);

/* Only reads. Reports to be sent get the keys, checksums and high-water mark
 * that the ledger has, and the revision unless it is the first. */
bool
rw_ledger_lookup(struct rw_ledger *ledger, const struct rw_terms *terms,
	struct rw_ledger_item *items, size_t n, struct rw_err *err);

/* Months, after those that were looked up so far, whose commission is affected:
 * it begins at the high-water mark of a month that is to be revised; or, for a
 * month that comes late, it began at the mark of an earlier month. */
struct rw_later {
	uint64_t reports;	/* with such months */
	char (*months)[RW_PERIOD_SIZE];	/* of all of them, in order */
	size_t count;
};

const struct rw_later *
rw_ledger_later(const struct rw_ledger *ledger);

/* Claims. The lines get run_id, claim, lease_until, revision, sequence, state
 * and mail_date, and lose an earlier outcome. */
bool
rw_ledger_claim(struct rw_ledger *ledger, const struct rw_terms *terms,
	struct rw_ledger_item *items, size_t n, struct rw_err *err);

/* Writes the outcomes that rw-mail has set on the lines, and their state. An
 * outcome that was recorded before is a success. RW_FATE_NOT_DONE: the claim
 * was lost; or the line has no claim, and either another run has claimed the
 * entry, or the entry is sent and this is a failure. */
bool
rw_ledger_result(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, struct rw_err *err);

/* Finds the outcome of reports that were due; changes nothing and counts
 * nothing. Fates: RW_FATE_ALREADY_SENT and RW_FATE_HELD are complete;
 * RW_FATE_CLAIMED_ELSEWHERE belongs to another run; RW_FATE_LEFT_FAILED and the
 * later ones are not sent. wants_free: reports that another run had claimed,
 * and that may be claimed now, are RW_FATE_LOOKED_UP. */
bool
rw_ledger_audit(struct rw_ledger *ledger, const struct rw_terms *terms,
	bool wants_free, struct rw_ledger_item *items, size_t n,
	struct rw_err *err);

/* The entry that the last call read for the item; borrowed until the next
 * call. */
const struct rw_entry *
rw_ledger_item_entry(const struct rw_ledger_item *item);

/* The decision of the operator. */
struct rw_resolution {
	bool sent;		/* true: sent; false: to be tried again */
	bool force;		/* with sent: also failed reports */
	const char *host;	/* rw_ledger_end_leases */
};

/* Settles reports in doubt as sent, or as to be tried again. The latter also
 * applies to reports that were claimed by hand on this host and not begun by
 * rw-mail, because only the operator knows whether that pipeline is still
 * running, and never to a report that was sent before the last attempt.
 * RW_FATE_NOT_DONE: RW_REFUSED, because of the state of the entry; see the
 * table in rw-record(1). */
bool
rw_ledger_resolve(struct rw_ledger *ledger,
	const struct rw_resolution *how, struct rw_ledger_item *items,
	size_t n, struct rw_err *err);

/* The operator confirms that how->host is dead: its claims become in doubt,
 * RW_FATE_RESOLVED. RW_FATE_NOT_DONE: a run of this host is proved alive.
 * RW_FATE_UNCLAIMED: that host no longer has the claim. */
bool
rw_ledger_end_leases(struct rw_ledger *ledger,
	const struct rw_resolution *how, struct rw_ledger_item *items,
	size_t n, struct rw_err *err);

/* True when a notification with this code ("5.1.1") adds to what is noted on
 * the entry: nothing is noted yet, or only a failure that is not for good. */
bool
rw_ledger_is_bounce_news(const struct rw_entry *entry, const char *code);

/* Notes on each entry what the line has: bounced_at and bounce_code, if it is
 * still the entry of the line's revision and sequence, else RW_FATE_UNCLAIMED.
 * Nothing else on the entry changes. RW_FATE_RESOLVED: noted; item->known: it
 * was noted before. */
bool
rw_ledger_note_bounces(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, struct rw_err *err);

/* The outcome on a line that --result has passed on: RW_FATE_SENT,
 * RW_FATE_FAILED, RW_FATE_IN_DOUBT, or RW_FATE_NOT_DONE without an outcome.
 * RW_DATA: --result does not write such lines. */
bool
rw_ledger_replay_fate(struct rw_record *record, enum rw_fate *fate,
	struct rw_err *err);

/* Records such lines in a ledger that has lost them. item->known is true when
 * the ledger has the same or a later outcome. RW_FATE_NOT_DONE with RW_LOCKED:
 * a run that may be alive has claimed the report. */
bool
rw_ledger_replay_lines(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, struct rw_err *err);

/* The outcomes that were not recorded before. */
struct rw_replayed {
	size_t settled, in_doubt, lost;
	size_t strange;		/* outcomes without an entry, which are left in
				 * the journal */
};

/* Replays the journals of dead rw-mail processes into the ledger. Drops the
 * outcome when another run has replaced the claim in the meantime. A journal
 * with reports that have no entry belongs to a different ledger, and stays.
 * rw_ledger_claim calls this itself before it replaces a claim of a dead
 * process of this host. Adds to *outcome, if that is not NULL. */
bool
rw_ledger_replay_journals(struct rw_ledger *ledger,
	struct rw_replayed *outcome, struct rw_err *err);

/* Adds to the counts of the run. */
void
rw_ledger_count(struct rw_ledger *ledger, const char *name, uint64_t lines);

/* Writes the counts that no batch has written. */
bool
rw_ledger_flush(struct rw_ledger *ledger, struct rw_err *err);

/* ---- listing ----------------------------------------------------------- */

struct rw_ledger_query {
	const char *period;		/* NULL: all */
	const char *run_id;		/* the run that changed the entries
					 * last; NULL: all */
	const char *const *followers;
	size_t follower_count;		/* 0: all */
	bool history;			/* list the history instead: entries of
					 * replaced claims */
};

/* entry is borrowed for the call. False, with err set, ends the listing. */
typedef bool rw_ledger_visit(void *context, const struct rw_entry *entry,
	struct rw_err *err);

/* By follower, then by month. */
bool
rw_ledger_each(struct rw_ledger *ledger, const struct rw_ledger_query *query,
	rw_ledger_visit *visit, void *context, struct rw_err *err);

/* The last month that has an entry; "": there is no entry. */
bool
rw_ledger_newest(struct rw_ledger *ledger, char period[RW_PERIOD_SIZE],
	struct rw_err *err);

/* The first one. */
bool
rw_ledger_oldest(struct rw_ledger *ledger, char period[RW_PERIOD_SIZE],
	struct rw_err *err);

typedef void rw_ledger_tally(void *context, const char *name, uint64_t lines);

/* The counts of a run: those of rw_ledger_count, and the counts of lines that
 * --lookup and --claim did not pass on. The same name may occur several times;
 * the caller adds its counts. */
bool
rw_ledger_each_count(struct rw_ledger *ledger, const char *run_id,
	rw_ledger_tally *tally, void *context, struct rw_err *err);

#endif
