/*
 * The state machine of the ledger: pure decisions, no I/O.
 *
 *	(none), failed --claim--> claimed --result--> sent | failed | in_doubt
 *	sent --claim with --again or --revise--> claimed
 *	claimed by --again --result--> sent, when that failed
 *	in_doubt --claim unless held, or --resolve--> claimed | sent | failed
 *	claimed --result of a rehearsal--> what it was before
 *
 * A claim writes a new token to the entry (ledger/claim_text.h). The line with
 * the outcome must have the same token; recording it appends ":STATE" to the
 * token. So each token is valid for one outcome, and no value occurs again.
 * email_sent changes from false to true and never back: a failure does not
 * overwrite a success.
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
#include "wire/digest.h"

/* The outcome of a line. */
enum rw_fate {
	/* The line is passed on, */
	RW_FATE_LOOKED_UP,		/* to be sent */
	RW_FATE_CLAIMED,		/* ours now */
	RW_FATE_RESENT,			/* claimed; it was in doubt before */
	/* is not passed on, */
	RW_FATE_ALREADY_SENT,
	RW_FATE_CLAIMED_ELSEWHERE,	/* claimed by a live run */
	RW_FATE_CLAIMED_BY_HAND,	/* claimed by hand: only the operator
					 * knows whether that pipeline is
					 * alive */
	RW_FATE_HELD,			/* in doubt, and to be held */
	RW_FATE_HELD_CHANGED,		/* held, because the documents have
					 * changed since the attempt */
	RW_FATE_DUPLICATE,		/* duplicate in this input */
	/* for rw_ledger_audit only: */
	RW_FATE_LEFT_FAILED,
	RW_FATE_LEFT_IN_DOUBT,
	RW_FATE_UNFINISHED,		/* claimed, without an outcome */
	RW_FATE_UNCLAIMED,		/* not claimed yet */
	RW_FATE_UNCHANGED,		/* sent, and not revised because
					 * unchanged */
	RW_FATE_NOT_AGAIN,		/* sent before, but not again */
	/* is passed on, recorded, */
	RW_FATE_SENT,
	RW_FATE_FAILED,
	RW_FATE_IN_DOUBT,
	RW_FATE_REHEARSED,		/* the entry is as before */
	RW_FATE_RESOLVED,
	RW_FATE_FAILED_AGAIN,		/* not sent once more: the entry is
					 * sent, as before, and has a note */
	RW_FATE_SUPERSEDED,		/* failed, and another line of the
					 * input had the follower mailed */
	/* is passed on with an error, */
	RW_FATE_NOT_DONE,
	/* and, inside of the ledger: waits for the journal. */
	RW_FATE_POSTPONED,
	RW_FATE_COUNT
};

/* "already_sent", ... */
const char *
rw_fate_name(enum rw_fate fate);

/* True for fates with which --lookup and --claim do not pass a line on. */
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

/* The context in which claims are judged: the process, the time, and knowledge
 * about other runs. */
struct rw_judge {
	const struct rw_self *self;
	struct rw_moment moment;
	/* True when the operator has declared dead the process that made this
	 * claim. A lock that proves the process alive takes precedence. NULL:
	 * nothing was declared. */
	bool (*is_taken_over)(void *context, const struct rw_entry *entry);
	/* Whether the run that made the claim is alive, according to our state
	 * directory. NULL: unknown for all runs. */
	enum rw_life (*ask)(void *context, const struct rw_entry *entry);
	void *context;
};

enum rw_standing
rw_claim_standing(const struct rw_entry *entry, const struct rw_judge *judge);

/* A different state directory counts as a different host: its journal cannot be
 * read here. */
bool
rw_claim_is_of_this_host(const struct rw_entry *entry,
	const struct rw_self *self);

/* A claim of this host without a run whose lock could be checked. */
bool
rw_claim_is_by_hand(const struct rw_entry *entry, const struct rw_self *self);

struct rw_terms {
	bool again;		/* send a sent one once more */
	bool revise;		/* send a sent one as the next revision */
	bool hold;		/* do not send reports in doubt */
	bool shares;		/* reports that other runs have claimed are
				 * decided later, and not counted now */
	bool compares;		/* --lookup finds the largest month */
	int64_t lease_s;
};

/* The next sending of the entry: its revision, and how often that revision was
 * sent before. */
struct rw_turn {
	int64_t revision;
	int64_t sequence;
	bool is_new;		/* not a retry of the sending before */
	/* The state to restore when the claim is given back. If the entry is
	 * claimed, the state before that claim, which was never used. */
	struct rw_before before;
};

struct rw_turn
rw_claim_turn(const struct rw_entry *entry, const struct rw_terms *terms);

/* The state of the entry, in case the claim is given back. */
struct rw_before
rw_claim_as_it_is(const struct rw_entry *entry);

/* The state of the entry before its current claim. */
struct rw_before
rw_claim_before(const struct rw_entry *entry);

/* RW_FATE_LOOKED_UP when the line is passed on, otherwise why it is not. */
enum rw_fate
rw_claim_verdict(enum rw_standing standing, const struct rw_terms *terms);

struct rw_claim_times {
	struct rw_moment now;
	int64_t lease_s;
	int64_t mail_date;
};

/* Fills change with a claim of the entry for the record, with the token. */
void
rw_claim_fill(struct rw_entry *change, const struct rw_entry *entry,
	struct rw_record *record, const struct rw_turn *turn,
	const struct rw_self *self, const char *token,
	const struct rw_claim_times *times);

/* True when the line has an error because of which rw-mail sends nothing. */
bool
rw_claim_is_failed(struct rw_record *record);

/* True for an entry that this process claimed for a line that has failed: a
 * line that can be mailed may take the claim over. */
bool
rw_claim_gives_way(const struct rw_entry *entry, struct rw_record *record);

/* The first digits of the checksums of the line's documents, as the text of a
 * claim has them; "" when the line does not have both. */
void
rw_claim_documents(struct rw_record *record, char out[RW_DOCUMENTS_SIZE]);

/* The same of the two digests (statement/identity.h). */
void
rw_claim_digests(struct rw_record *record, char out[RW_DOCUMENTS_SIZE]);

/* What is known of the report of the entry's last claim (claim_same.c). */
struct rw_claimed {
	/* The digests, or their beginnings; "": not known. */
	char content[RW_SHA256_HEX], drawn[RW_SHA256_HEX];
	/* The entry has the figures of that report, and not those of an earlier
	 * sending. */
	bool has_figures;
};

void
rw_claim_claimed(const struct rw_entry *entry, struct rw_claimed *claimed);

/* Whether the line is another report than that of the last claim, as far as
 * both are known: by the digests; of an entry without them by the figures and
 * the currency, or else by the checksums of the documents. A follower who has the
 * first must not get the second under the same number. is_sent: only the content
 * counts, because a report that was sent is sent again as it was. */
bool
rw_claim_is_of_another(const struct rw_entry *entry,
	struct rw_record *record, bool is_sent);

/* The outcome on a line of rw-mail: RW_FATE_SENT, RW_FATE_FAILED,
 * RW_FATE_IN_DOUBT, or RW_FATE_REHEARSED after a dry run. */
enum rw_fate
rw_claim_fate(struct rw_record *record);

/* Fills change with the outcome: the links and figures if the mail was or may
 * have been sent, and always the members about the store. For a first sending,
 * the claim has already written the figures and the members about the store.
 * Omits malformed members. */
void
rw_claim_settle(struct rw_entry *change, struct rw_record *record,
	enum rw_fate fate, const char *token, int64_t now);

/* Empties the links and figures of an earlier sending. */
void
rw_claim_forget_earlier(struct rw_entry *change);

/* The claim member of an entry that was settled with this state. */
void
rw_claim_settled(struct rw_entry *change, const char *token,
	enum rw_state state);

#endif
