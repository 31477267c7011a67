/*
 * The state machine of the ledger: pure decisions, no I/O.
 *
 *	(none), failed --claim--> claimed --result--> sent | failed | in_doubt
 *	sent --claim with --again or --revise--> claimed
 *	in_doubt --claim unless held, or --resolve--> claimed | sent | failed
 *	claimed --result of a rehearsal--> what it was before
 *
 * A claim puts a fresh token into the entry (ledger/claim_text.h); whoever writes
 * the outcome must name it, and writing appends ":STATE" to it, so that each
 * token is good for one outcome, and no value ever comes back. email_sent goes
 * from false to true and never back: a failure does not overwrite a success.
 */
#ifndef RW_LEDGER_CLAIM_H
#define RW_LEDGER_CLAIM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "ledger/claim_text.h"
#include "ledger/entry.h"
#include "ledger/liveness.h"
#include "run/run.h"

/* The outcome of a line. */
enum rw_fate {
	/* Goes on, */
	RW_FATE_LOOKED_UP,		/* to be sent */
	RW_FATE_CLAIMED,		/* ours now */
	RW_FATE_RESENT,			/* the same; it was in doubt before */
	/* goes no further, */
	RW_FATE_ALREADY_SENT,
	RW_FATE_CLAIMED_ELSEWHERE,	/* a live run is at it */
	RW_FATE_CLAIMED_BY_HAND,	/* the same; whether it lives only who
					 * typed it knows */
	RW_FATE_HELD,			/* in doubt, and to be held */
	RW_FATE_HELD_CHANGED,		/* the same; what would be sent is
					 * another report */
	RW_FATE_DUPLICATE,		/* seen in this input */
	/* the same, of what is over (rw_ledger_audit), */
	RW_FATE_LEFT_FAILED,
	RW_FATE_LEFT_IN_DOUBT,
	RW_FATE_UNFINISHED,		/* claimed, and no outcome came */
	RW_FATE_UNCLAIMED,		/* not claimed yet */
	RW_FATE_NOT_AGAIN,		/* sent, but not once more */
	/* goes on, recorded, */
	RW_FATE_SENT,
	RW_FATE_FAILED,
	RW_FATE_IN_DOUBT,
	RW_FATE_REHEARSED,		/* the entry is as before */
	RW_FATE_RESOLVED,
	RW_FATE_SUPERSEDED,		/* failed, and another line of the
					 * input had the follower mailed */
	/* goes on with an error, */
	RW_FATE_NOT_DONE,
	/* and, inside of the ledger: waits for the journal. */
	RW_FATE_POSTPONED,
	RW_FATE_COUNT
};

/* "already_sent", ... */
const char *
rw_fate_name(enum rw_fate fate);

/* True for what --lookup and --claim keep back. */
bool
rw_fate_drops(enum rw_fate fate);

/* Whether an entry may be claimed. */
enum rw_standing {
	RW_IS_FREE,		/* never tried, or failed */
	RW_IS_SENT,
	RW_IS_IN_DOUBT,		/* also: another host's claim that has ended */
	RW_IS_CLAIMED,		/* by a process that may be alive */
	RW_IS_ORPHANED,		/* by a dead process of this host, or
				 * whose lease has ended: to take once the
				 * journal was replayed */
	RW_IS_OURS,		/* this process had it before */
};

/* By whom, when, and with what other knowledge claims are judged. */
struct rw_judge {
	const struct rw_self *self;
	struct rw_moment moment;
	/* Whether the operator has given his word that whoever made this claim
	 * is dead; a lock that proves that he lives is stronger. NULL: he has
	 * not. */
	bool (*is_taken_over)(void *context, const struct rw_entry *entry);
	/* What is known of the life of the run that made the claim, in our
	 * state directory. NULL: nobody is asked. */
	enum rw_life (*ask)(void *context, const struct rw_entry *entry);
	void *context;
};

enum rw_standing
rw_claim_standing(const struct rw_entry *entry, const struct rw_judge *judge);

/* Another state directory is another host: its journal is out of reach. */
bool
rw_claim_is_of_this_host(const struct rw_entry *entry,
	const struct rw_self *self);

/* A claim of this host without a run that could be asked. */
bool
rw_claim_is_by_hand(const struct rw_entry *entry, const struct rw_self *self);

struct rw_terms {
	bool again;		/* send a sent one once more */
	bool revise;		/* send a sent one as the next revision */
	bool hold;		/* leave alone what is in doubt */
	bool shares;		/* what other runs have claimed is asked about
				 * later, and not counted before */
	int64_t lease_s;
};

/* What a sending of the entry would be: the revision, and how many times that
 * revision was sent before. */
struct rw_turn {
	int64_t revision;
	int64_t sequence;
	bool is_new;		/* not a try at what was tried before */
	/* What the entry is, for a claim that is given back; when it is
	 * claimed, what it was before: that claim was never used. */
	struct rw_before before;
};

struct rw_turn
rw_claim_turn(const struct rw_entry *entry, const struct rw_terms *terms);

/* What the entry is, for a claim that may be given back. */
struct rw_before
rw_claim_as_it_is(const struct rw_entry *entry);

/* What the entry was before the claim that it has. */
struct rw_before
rw_claim_before(const struct rw_entry *entry);

/* Whether a line goes on: RW_FATE_LOOKED_UP, or why not. */
enum rw_fate
rw_claim_verdict(enum rw_standing standing, const struct rw_terms *terms);

struct rw_claim_times {
	struct rw_moment now;
	int64_t lease_s;
	int64_t mail_date;
};

/* Fills change with a claim of the entry under the token, for the record. */
void
rw_claim_fill(struct rw_entry *change, const struct rw_entry *entry,
	struct rw_record *record, const struct rw_turn *turn,
	const struct rw_self *self, const char *token,
	const struct rw_claim_times *times);

/* The line comes to rw-mail with an error for which it sends nothing. */
bool
rw_claim_is_failed(struct rw_record *record);

/* Holds the place of its follower for a line that failed, and was claimed by
 * this process: a line that can be mailed takes it. */
bool
rw_claim_gives_way(const struct rw_entry *entry, struct rw_record *record);

/* The beginnings of the checksums of the documents that the line is about, as
 * they stand in a claim's text; "" when it does not name both. */
void
rw_claim_documents(struct rw_record *record, char out[RW_DOCUMENTS_SIZE]);

/* The documents that the last claim of the entry was about. */
void
rw_claim_claimed_documents(const struct rw_entry *entry,
	char out[RW_DOCUMENTS_SIZE]);

/* Both are known, and differ: whoever has the first must not see two under one
 * number. */
bool
rw_claim_is_of_another(const struct rw_entry *entry,
	struct rw_record *record);

/* What rw-mail's line says: RW_FATE_SENT, RW_FATE_FAILED, RW_FATE_IN_DOUBT, or
 * RW_FATE_REHEARSED when nobody was to be mailed. */
enum rw_fate
rw_claim_fate(struct rw_record *record);

/* Fills change with that outcome: links and figures when the mail is out or may
 * be, what lies in the store always; but of a first sending the claim has kept
 * the latter and the figures. A member of another form than it should have is
 * left out. */
void
rw_claim_settle(struct rw_entry *change, struct rw_record *record,
	enum rw_fate fate, const char *token, int64_t now);

/* Empties what an earlier sending has left of links and figures. */
void
rw_claim_forget_earlier(struct rw_entry *change);

/* The claim member of an entry settled so. */
void
rw_claim_settled(struct rw_entry *change, const char *token,
	enum rw_state state);

#endif
