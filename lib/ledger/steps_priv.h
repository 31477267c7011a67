/*
 * Internals of the ledger: how a batch is processed. For this room only; from
 * the lowest file to the highest.
 */
#ifndef RW_LEDGER_STEPS_PRIV_H
#define RW_LEDGER_STEPS_PRIV_H

#include "journal/used.h"
#include "ledger/backend_priv.h"
#include "ledger/ledger.h"

/* What is known about other runs while a batch is processed. */
struct rw_known {
	struct rw_known_run {
		char *run_id;
		struct rw_lock lock;
	} *runs;
	size_t n, room;
	bool frozen;	/* closed: an unknown run counts as alive, and
			 * no lease ends */
	struct rw_moment moment;	/* at which claims are judged */
	/* Claims, owned, that a living rw-mail has begun; a replay of the
	 * journals finds them. */
	char **busy;
	size_t busy_count;
};

struct rw_counts {
	struct rw_count items[RW_COUNTS_MAX];
	size_t n;
	bool changed;
};

struct rw_ledger {
	const struct rw_backend *backend;
	void *handle;
	const struct rw_self *self;
	bool dry_run;
	/* Claims that the operator has taken over; NULL: none. Owned by the
	 * first connection. */
	const struct rw_journal_used *takes_over;
	struct rw_journal_used taken_over;
	bool has_replayed;			/* journals, at least once */
	struct rw_counts counts;
	char worker[RW_NONCE_SIZE + 2];		/* the worker of these counts */
	struct rw_later later;
	bool knows_newest;			/* newest is valid */
	char newest[RW_PERIOD_SIZE];		/* see rw_backend */
	struct rw_journal_used used;		/* loaded by a lookup */
	char first_period[RW_PERIOD_SIZE];	/* the first month looked up;
						 * "": none so far */
};

struct rw_batch;

struct rw_step {
	bool writes;
	bool thorough;		/* see rw_backend.load */
	const struct rw_terms *terms;
	const struct rw_resolution *resolution;	/* of --resolve */
	bool uncounted;		/* the line belongs to another run */
	/* True when the first write of the item needs no read before it. */
	bool (*is_blind)(const struct rw_ledger_item *item);
	/* Sets the fate that is valid when the batch succeeds; true when
	 * change is to be written for it. */
	bool (*decide)(struct rw_batch *batch, struct rw_ledger_item *item,
		size_t round, struct rw_change *change);
	/* Called before the commit; may be NULL. */
	bool (*end)(struct rw_batch *batch, struct rw_err *err);
};

/* The items that one call works on, and its scratch memory. */
struct rw_batch {
	struct rw_ledger *ledger;
	const struct rw_step *step;
	struct rw_ledger_item *items;	/* made ready by rw_batch_start */
	size_t n;
	/* From here on for the batch only; zero at first. */
	int64_t now;			/* the database's clock */
	int64_t boot_ms;		/* this kernel's */
	struct rw_known known;
	struct rw_slot *slots;		/* n, as are the next two */
	struct rw_change *changes;
	struct rw_ledger_item **todo;
};

/* ---- open.c -------------------------------------------------------------- */

void
rw_counts_add(struct rw_counts *counts, const char *name, uint64_t lines);

/* In the current transaction, if there are new counts. */
bool
rw_counts_write(struct rw_ledger *ledger, struct rw_counts *counts,
	struct rw_err *err);

/* True when the operator has taken the claim over. */
bool
rw_ledger_is_taken_over(const struct rw_ledger *ledger,
	const struct rw_entry *entry);

/* ---- step_earlier.c ------------------------------------------------------ */

/* Sets earlier_months of the items that are looked up. */
bool
rw_ledger_bring_earlier(struct rw_ledger *ledger,
	struct rw_ledger_item *items, size_t n, struct rw_err *err);

/* ---- step_replaces.c ----------------------------------------------------- */

/* Sets replaces of an item that is due as this revision, above 1. */
bool
rw_ledger_bring_replaced(struct rw_ledger *ledger,
	struct rw_ledger_item *item, int64_t revision, struct rw_err *err);

/* ---- batch.c ------------------------------------------------------------- */

/* Prepares the items for a batch. */
void
rw_batch_start(struct rw_ledger_item *items, size_t n);

/* Decides that no change is made, for the reason in item->err. */
bool
rw_batch_not_done(struct rw_ledger_item *item);

/* One transaction for the items that are not done yet. The caller frees the
 * batch with rw_batch_free, also after a failure. */
bool
rw_batch_pass(struct rw_batch *batch, struct rw_err *err);

/* Processes a batch that needs one transaction. */
bool
rw_batch_once(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *items, size_t n, struct rw_err *err);

/* Frees what the batch owns. */
void
rw_batch_free(struct rw_batch *batch);

/* ---- batch_twice.c ------------------------------------------------------- */

/* Like rw_batch_once; items that depend on the journals are postponed, and
 * decided in a second transaction after the journals are replayed. */
bool
rw_batch_twice(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *items, size_t n, struct rw_err *err);

/* ---- runs.c -------------------------------------------------------------- */

void
rw_known_free(struct rw_known *known);

/* The current context for judging entries. After the journals are replayed, a
 * claim may be replaced only if its run was dead, or its lease had ended,
 * before the replay: a run that died later may have left a journal. */
struct rw_judge
rw_batch_judge(struct rw_batch *batch);

/* If a run has, or had, a file in the journal (journal/run_file.h), only the
 * replay of its journals releases its claims: a claim that remains is in
 * doubt. */
enum rw_standing
rw_batch_standing(struct rw_batch *batch, const struct rw_entry *entry);

/* The same with a different judge. */
enum rw_standing
rw_batch_standing_by(const struct rw_batch *batch,
	const struct rw_entry *entry, const struct rw_judge *judge);

/* True when a living rw-mail has begun the mail: it may take longer than the
 * lease, or the clock may have changed. Known after the journals are
 * replayed. */
bool
rw_batch_is_mailing(const struct rw_batch *batch,
	const struct rw_entry *entry);

/* True when the journals must be replayed before the decision about the
 * entry. */
bool
rw_batch_must_replay(const struct rw_batch *batch,
	const struct rw_entry *entry, enum rw_standing standing);

/* ---- step_rehearsal.c ---------------------------------------------------- */

/* Restores the entry to its state before the item's claim, which the entry
 * still has. */
bool
rw_batch_unclaim(struct rw_batch *batch, struct rw_ledger_item *item,
	struct rw_change *change);

/* Restores an entry whose revision was sent before its current claim or failure
 * to the state in which it was sent, with a note about the reason. */
bool
rw_batch_keep_sent(struct rw_batch *batch, struct rw_ledger_item *item,
	struct rw_change *change, const char *note);

/* ---- step_later.c -------------------------------------------------------- */

/* Adds to ledger->later the affected months after the month of the item, whose
 * entry was read, and which is to be sent. */
bool
rw_ledger_look_later(struct rw_ledger *ledger, const struct rw_terms *terms,
	const struct rw_ledger_item *item, struct rw_err *err);

/* ---- step_largest.c ------------------------------------------------------ */

/* Amounts in different currencies are not compared. */
bool
rw_ledger_has_currency(const struct rw_entry *entry, struct rw_record *record);

/* Sets largest_pnl on those that are looked up: the largest P&L, without its
 * sign, of the follower's other months that were sent. */
bool
rw_ledger_look_back(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, struct rw_err *err);

/* ---- step_result.c ------------------------------------------------------- */

/* rw_ledger_result. is_late: the outcomes come from a journal, and may have
 * been recorded before. */
bool
rw_ledger_settle(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, bool is_late, struct rw_err *err);

/* True when the same message was in doubt before: a refusal of this attempt
 * says nothing about the first one. */
bool
rw_ledger_is_still_in_doubt(struct rw_ledger_item *item);

/* Decides about a failed line of a report that was to be sent once more: the
 * earlier report stays sent, regardless of this attempt. */
bool
rw_ledger_keep_sent(struct rw_batch *batch, struct rw_ledger_item *item,
	struct rw_change *change);

/* ---- journal_replay.c ---------------------------------------------------- */

/* rw_ledger_replay_journals. known (may be NULL) gets the claims that living
 * processes have begun. */
bool
rw_journal_replay_all(struct rw_ledger *ledger, struct rw_known *known,
	struct rw_replayed *outcome, struct rw_err *err);

#endif
