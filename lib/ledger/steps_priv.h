/*
 * Inside of the ledger: how a batch is worked off. Private to
 * this room alone.
 */
#ifndef RW_LEDGER_STEPS_PRIV_H
#define RW_LEDGER_STEPS_PRIV_H

#include "journal/used.h"
#include "ledger/ledger.h"
#include "ledger/backend_priv.h"

/* What was found out about runs while a batch is worked off. */
struct rw_known {
	struct rw_known_run {
		char *run_id;
		struct rw_lock lock;
	} *runs;
	size_t n, room;
	bool frozen;	/* ask no more: who is not known counts as alive, and
			 * no lease ends */
	struct rw_moment moment;	/* at which claims are judged */
	/* Claims, owned, that a living rw-mail has begun; found by folding. */
	char **busy;
	size_t busy_count;
};

void
rw_known_clear(struct rw_known *known);

struct rw_counts {
	struct rw_count items[RW_COUNTS_MAX];
	size_t n;
	bool changed;
};

void
rw_counts_add(struct rw_counts *counts, const char *name, uint64_t lines);

struct rw_ledger {
	const struct rw_backend *backend;
	void *handle;
	const struct rw_self *self;
	bool dry_run;
	/* Claims that the operator has taken over; NULL: none. Of another
	 * connection they are the first one's. */
	const struct rw_journal_used *takes_over;
	struct rw_journal_used taken_over;
	bool has_folded;			/* journals, at least once */
	struct rw_counts counts;
	char worker[RW_NONCE_SIZE + 2];		/* whose counts they are */
	struct rw_later later;
	bool knows_newest;			/* has asked */
	char newest[RW_PERIOD_SIZE];		/* see rw_backend */
	struct rw_journal_used used;		/* loaded by a lookup */
	char first_period[RW_PERIOD_SIZE];	/* looked up; "": none so far */
	/* of the batch at work */
	int64_t now;				/* the database's clock */
	int64_t boot_ms;			/* this kernel's */
	struct rw_known known;
	struct rw_slot *slots;
	struct rw_change *changes;
	struct rw_ledger_item **todo;
	size_t room;
};

struct rw_step {
	bool writes;
	bool thorough;		/* see rw_backend.load */
	const struct rw_terms *terms;
	bool sent;		/* of --resolve */
	bool uncounted;		/* what another run has left */
	/* True when the first write of the item needs no look before. */
	bool (*is_blind)(const struct rw_ledger_item *item);
	/* Sets the fate that holds once the batch is through; true when
	 * change is to be written for it. */
	bool (*decide)(struct rw_ledger *ledger, const struct rw_step *step,
		struct rw_ledger_item *item, size_t round,
		struct rw_change *change);
	/* Before the commit; NULL: nothing. */
	bool (*end)(struct rw_ledger *ledger, struct rw_ledger_item *items,
		size_t n, struct rw_err *err);
};

/* In the transaction at hand, when there is something new. */
bool
rw_counts_write(struct rw_ledger *ledger, struct rw_counts *counts,
	struct rw_err *err);

/* How entries are judged now. Once the journals were folded in, only those may
 * be taken over that were dead before, or whose lease had ended: who died
 * since may have left a journal behind. */
struct rw_judge
rw_ledger_judge(struct rw_ledger *ledger);

/* The operator has taken the claim over. */
bool
rw_ledger_is_taken_over(const struct rw_ledger *ledger,
	const struct rw_entry *entry);

/* Of a run that has, or had, a file in the journal (journal/run_file.h), only
 * folding frees claims: what is left then is in doubt. */
enum rw_standing
rw_ledger_standing(struct rw_ledger *ledger, const struct rw_entry *entry);

/* The same, judged in another way than rw_ledger_judge's. */
enum rw_standing
rw_ledger_standing_by(const struct rw_ledger *ledger,
	const struct rw_entry *entry, const struct rw_judge *judge);

/* A living rw-mail has begun it: a mail may take longer than its lease, or the
 * clock may have jumped. Known once the journals were folded in. */
bool
rw_ledger_is_mailing(const struct rw_ledger *ledger,
	const struct rw_entry *entry);

/* What the journals say has to be known first. */
bool
rw_ledger_must_fold(const struct rw_ledger *ledger,
	const struct rw_entry *entry, enum rw_standing standing);

/* Makes the items ready for a batch. */
void
rw_ledger_start(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n);

/* The decision that nothing is done, for the reason in item->err. */
bool
rw_ledger_not_done(struct rw_ledger_item *item);

/* One transaction over those items that are not done. */
bool
rw_ledger_pass(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *items, size_t n, struct rw_err *err);

/* The same; what depends on the journals is postponed, and decided in a second
 * one, once they were folded in. */
bool
rw_ledger_pass_twice(struct rw_ledger *ledger, const struct rw_step *step,
	struct rw_ledger_item *items, size_t n, struct rw_err *err);

/* Decides that the entry goes back to what it was before the claim of the item,
 * which it still has. */
bool
rw_ledger_unclaim(struct rw_ledger *ledger, struct rw_ledger_item *item,
	struct rw_change *change);

/* Writes what was settled from the named journal to the directory of the run,
 * for --replay. It is a second record: a run typed by hand has no directory,
 * and nothing depends on what cannot be written. */
void
rw_ledger_keep_folded(const struct rw_ledger *ledger, const char *journal,
	const struct rw_ledger_item *items, size_t n);

/* The same message was in doubt before: that it was refused this time says
 * nothing about the first. */
bool
rw_ledger_is_still_in_doubt(struct rw_ledger_item *item);

/* Adds to ledger->later what follows the item, whose entry was read, and which
 * is to be sent. */
bool
rw_ledger_look_later(struct rw_ledger *ledger, const struct rw_terms *terms,
	const struct rw_ledger_item *item, struct rw_err *err);

/* rw_ledger_result. is_late: they come from a journal, and may be known. */
bool
rw_ledger_settle(struct rw_ledger *ledger, struct rw_ledger_item *items,
	size_t n, bool is_late, struct rw_err *err);

#endif
