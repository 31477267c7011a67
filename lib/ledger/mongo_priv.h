/*
 * Internals of the ledger in MongoDB. For mongo_*.c only. The
 * driver's types are named here so that no header of ours needs its headers.
 */
#ifndef RW_LEDGER_MONGO_PRIV_H
#define RW_LEDGER_MONGO_PRIV_H

#include "base/buf.h"
#include "wire/mongo.h"
#include "ledger/backend_priv.h"

#define ENTRIES "report_sent"
#define HISTORY "report_sent_history"
#define RUNS "report_runs"

#define RW_MONGO_ID_SIZE 192

enum { DUPLICATE_KEY = 11000 };

struct _bson_t;
struct _bson_error_t;
struct _mongoc_bulk_operation_t;
struct _mongoc_collection_t;

struct rw_mongo_ledger {
	struct rw_mongo mongo;
	struct _mongoc_collection_t *entries, *history, *runs;
};

bool
rw_mongo_no_memory(struct rw_err *err);

/* Makes the missing indexes. RW_CONFIG names the obstacle. */
bool
rw_mongo_make_indexes(struct rw_mongo_ledger *ledger, struct rw_err *err);

/* "2025-06/follower-123" */
void
rw_mongo_entry_id(char out[RW_MONGO_ID_SIZE], const struct rw_key *key);

/* "2025-06/follower-123/r1/s0", appended */
void
rw_mongo_add_history_id(struct rw_buf *out, const struct rw_key *key,
	int64_t revision, int64_t sequence);

/* Sets the fields from the document. Other programs write documents too, so a
 * member with an unexpected type is ignored. */
bool
rw_mongo_read(const struct _bson_t *document, struct rw_entry *entry,
	struct rw_err *err);

/* Readers of the Python system expect that a link is a string or null. */
bool
rw_mongo_is_link(int field);

/* Appends the fields that are set, and null for empty links. */
void
rw_mongo_append(struct _bson_t *document, const struct rw_entry *values);

/* Adds to the bulk the write that makes the change, on condition that the entry
 * is unchanged. */
bool
rw_mongo_add_change(struct _mongoc_bulk_operation_t *bulk,
	const struct rw_change *change, struct _bson_error_t *error);

/* See struct rw_backend. */
bool
rw_mongo_load(void *handle, struct rw_slot *slots, size_t n, bool thorough,
	struct rw_err *err);

bool
rw_mongo_recall(void *handle, const struct rw_key *key, int64_t revision,
	int64_t sequence, struct rw_entry *entry, struct rw_err *err);

bool
rw_mongo_marks(void *handle, struct rw_slot *slots, size_t n,
	struct rw_err *err);

bool
rw_mongo_earlier(void *handle, const struct rw_key *keys, size_t n,
	rw_past_visit *visit, void *context, struct rw_err *err);

bool
rw_mongo_save(void *handle, struct rw_change *changes, size_t n,
	struct rw_err *err);

bool
rw_mongo_prove(void *handle, const char *mark, bool thorough,
	struct rw_err *err);

/* RW_CONFIG names entries whose follower, month or sending is unclear. */
bool
rw_mongo_look_for_odd(struct rw_mongo_ledger *ledger, struct rw_err *err);

bool
rw_mongo_count(void *handle, const char *run_id, const char *worker,
	const struct rw_count *counts, size_t n, struct rw_err *err);

bool
rw_mongo_newest(void *handle, char period[RW_PERIOD_SIZE],
	struct rw_err *err);

bool
rw_mongo_oldest(void *handle, char period[RW_PERIOD_SIZE],
	struct rw_err *err);

bool
rw_mongo_each(void *handle, const struct rw_ledger_query *query,
	struct rw_entry *room, rw_ledger_visit *visit, void *context,
	struct rw_err *err);

bool
rw_mongo_each_count(void *handle, const char *run_id, rw_ledger_tally *tally,
	void *context, struct rw_err *err);

bool
rw_mongo_note_run(void *handle, const struct rw_ledger_run *run,
	struct rw_err *err);

bool
rw_mongo_each_run(void *handle, const char *run_id, const char *period,
	rw_ledger_visit_run *visit, void *context, struct rw_err *err);

#endif
