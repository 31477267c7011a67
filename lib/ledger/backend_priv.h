/*
 * The interface that a back end of the ledger implements. For this room only.
 *
 * A back end stores entries, and compares before it writes; it makes no
 * decisions. The order of the calls is begin, then any of load, marks, save and
 * count, then commit or rollback.
 */
#ifndef RW_LEDGER_BACKEND_PRIV_H
#define RW_LEDGER_BACKEND_PRIV_H

#include "ledger/ledger.h"
#include "ledger/run_history.h"

struct rw_key {
	const char *follower_id;	/* borrowed */
	const char *period;		/* "2025-06"; borrowed */
};

/* An entry to read: it is reset, then filled if it exists. */
struct rw_slot {
	struct rw_key key;
	struct rw_entry *entry;
};

/* An entry to write, if it is unchanged since it was read. */
struct rw_change {
	struct rw_key key;
	struct rw_entry *values;	/* the changed members, without the
					 * key */
	bool is_new;			/* it must not exist yet */
	bool removes;			/* the entry is removed */
	const char *expected;		/* its claim now; NULL: it has none */
	struct rw_entry *history;	/* to save first; NULL: none */
	bool saved;			/* out: false when it lost the race */
};

/* A month that was sent, as the entry has it; borrowed for a call. */
struct rw_past_month {
	const char *follower_id, *period, *pnl, *commission;
	const char *currency, *opening;	/* NULL: none */
};

typedef void rw_past_visit(void *context, const struct rw_past_month *month);

struct rw_count {
	char name[32];
	uint64_t lines;
};

enum { RW_COUNTS_MAX = 16 };

struct rw_backend {
	size_t at_once;		/* see rw_ledger_at_once */
	/* With purpose RW_LEDGER_CREATE, a missing ledger is made. */
	bool (*open)(void **handle, enum rw_ledger_purpose purpose,
		struct rw_err *err);
	void (*close)(void *handle);
	const char *(*name)(const void *handle);
	/* See rw_ledger_verify; NULL: there is nothing to verify. */
	bool (*verify)(void *handle, struct rw_err *err);
	/* See rw_ledger_prove; NULL: it needs no proof. mark distinguishes
	 * processes. */
	bool (*prove)(void *handle, const char *mark, bool thorough,
		struct rw_err *err);
	/* See rw_ledger_is_current and rw_ledger_make_current; Both may be
	 * NULL: the ledger has only one copy. */
	bool (*is_current)(void *handle, struct rw_err *err);
	bool (*make_current)(void *handle, struct rw_err *err);
	/* *now: seconds on the database's clock. */
	bool (*begin)(void *handle, bool writes, int64_t *now,
		struct rw_err *err);
	bool (*commit)(void *handle, struct rw_err *err);
	void (*rollback)(void *handle);
	/* Without thorough, an entry that another program wrote may not be
	 * found; saving a new one in its place detects it then. */
	bool (*load)(void *handle, struct rw_slot *slots, size_t n,
		bool thorough, struct rw_err *err);
	bool (*save)(void *handle, struct rw_change *changes, size_t n,
		struct rw_err *err);
	/* One sending in the history: it is reset, then filled if it exists. */
	bool (*recall)(void *handle, const struct rw_key *key,
		int64_t revision, int64_t sequence, struct rw_entry *entry,
		struct rw_err *err);
	/* Fills email_sent, currency, high_water_mark_after and bounce_code of
	 * each entry: with the values of the last month before the month of the
	 * key. */
	bool (*marks)(void *handle, struct rw_slot *slots, size_t n,
		struct rw_err *err);
	/* Visits the months that were sent before the month of the key, and
	 * have figures, of each key's follower, in order of month; of other
	 * keys' months perhaps some that are later. */
	bool (*earlier)(void *handle, const struct rw_key *keys, size_t n,
		rw_past_visit *visit, void *context, struct rw_err *err);
	/* Replaces this worker's earlier counts. */
	bool (*count)(void *handle, const char *run_id, const char *worker,
		const struct rw_count *counts, size_t n, struct rw_err *err);
	/* The last month that has an entry of report-worker, for any follower;
	 * "": none. */
	bool (*newest)(void *handle, char period[RW_PERIOD_SIZE],
		struct rw_err *err);
	/* The first one. */
	bool (*oldest)(void *handle, char period[RW_PERIOD_SIZE],
		struct rw_err *err);
	/* See rw_ledger_each; room is an entry to read into. */
	bool (*each)(void *handle, const struct rw_ledger_query *query,
		struct rw_entry *room, rw_ledger_visit *visit, void *context,
		struct rw_err *err);
	bool (*each_count)(void *handle, const char *run_id,
		rw_ledger_tally *tally, void *context, struct rw_err *err);
	/* See ledger/run_history.h. */
	bool (*note_run)(void *handle, const struct rw_ledger_run *run,
		struct rw_err *err);
	bool (*each_run)(void *handle, const char *run_id, const char *period,
		rw_ledger_visit_run *visit, void *context, struct rw_err *err);
};

extern const struct rw_backend rw_backend_sqlite, rw_backend_mongo;

#endif
