/*
 * The ledger in MongoDB: collections report_sent, report_sent_history and
 * report_runs of MONGO_DB_NAME.
 *
 * Our entries have an _id such as "2025-06/follower-123", so that one query on
 * this index finds a batch of them. Entries of the Python system have a
 * different _id, and are found by follower and month. No transactions are
 * needed: each write compares the claim that was read. Every filter consists of
 * exactly the members of one index, which even the simplest server can use.
 */
#include "ledger/mongo_priv.h"

#include <mongoc/mongoc.h>
#include <stdlib.h>

/* ---- opening ----------------------------------------------------------- */

static bool
make_collections(struct rw_mongo_ledger *ledger, struct rw_err *err)
{
	static const char *const names[] = {ENTRIES, HISTORY, RUNS};
	mongoc_collection_t *made;
	bson_error_t error;
	size_t i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (mongoc_database_has_collection(ledger->mongo.db, names[i],
		    &error))
			continue;
		made = mongoc_database_create_collection(ledger->mongo.db,
			names[i], NULL, &error);
		if (made == NULL)
			return rw_mongo_fail(&ledger->mongo, "make the "
				"collections", &error, err);
		mongoc_collection_destroy(made);
	}
	return true;
}

/* Overrides the read preference of the URI: a secondary may be out of date, and
 * would show sent reports as unsent. */
static mongoc_collection_t *
get_collection(struct rw_mongo_ledger *ledger, const char *name)
{
	mongoc_read_prefs_t *primary = mongoc_read_prefs_new(
		MONGOC_READ_PRIMARY);
	mongoc_collection_t *collection = mongoc_database_get_collection(
		ledger->mongo.db, name);

	mongoc_collection_set_read_prefs(collection, primary);
	mongoc_read_prefs_destroy(primary);
	return collection;
}

static bool
prepare(struct rw_mongo_ledger *ledger, enum rw_ledger_purpose purpose,
	struct rw_err *err)
{
	bson_error_t error = {0};

	ledger->entries = get_collection(ledger, ENTRIES);
	ledger->history = get_collection(ledger, HISTORY);
	ledger->runs = get_collection(ledger, RUNS);
	if (purpose == RW_LEDGER_CREATE)
		return make_collections(ledger, err) &&
			rw_mongo_make_indexes(ledger, err);
	if (mongoc_database_has_collection(ledger->mongo.db, ENTRIES, &error))
		return purpose == RW_LEDGER_READ ||
			rw_mongo_make_indexes(ledger, err);
	if (error.code != 0)
		return rw_mongo_fail(&ledger->mongo, "look for " ENTRIES,
			&error, err);
	return rw_fail(err, RW_CONFIG, "%s has no collection " ENTRIES ": set "
		"MONGO_URI and MONGO_DB_NAME to the ledger in use, or make a "
		"new, empty one with rw-record --init", ledger->mongo.name);
}

static void
mongo_close(void *handle)
{
	struct rw_mongo_ledger *ledger = handle;

	if (ledger == NULL)
		return;
	if (ledger->mongo.used) {
		mongoc_collection_destroy(ledger->entries);
		mongoc_collection_destroy(ledger->history);
		mongoc_collection_destroy(ledger->runs);
	}
	rw_mongo_close(&ledger->mongo);
	free(ledger);
}

static bool
mongo_open(void **handle, enum rw_ledger_purpose purpose, struct rw_err *err)
{
	struct rw_mongo_ledger *ledger = calloc(1, sizeof *ledger);

	if (ledger == NULL)
		return rw_mongo_no_memory(err);
	if (!rw_mongo_open(&ledger->mongo, "MONGO_DB_NAME", err) ||
	    !prepare(ledger, purpose, err)) {
		mongo_close(ledger);
		return false;
	}
	*handle = ledger;
	return true;
}

static const char *
mongo_name(const void *handle)
{
	const struct rw_mongo_ledger *ledger = handle;

	return ledger->mongo.name;
}

/* The server itself verifies its files. */
static bool
mongo_verify(void *handle, struct rw_err *err)
{
	return rw_mongo_look_for_odd(handle, err);
}

static bool
mongo_begin(void *handle, bool writes, int64_t *now, struct rw_err *err)
{
	struct rw_mongo_ledger *ledger = handle;

	(void)writes;
	return rw_mongo_now(&ledger->mongo, now, err);
}

static bool
mongo_commit(void *handle, struct rw_err *err)
{
	(void)handle;
	(void)err;
	return true;
}

static void
mongo_rollback(void *handle)
{
	(void)handle;
}

const struct rw_backend rw_backend_mongo = {
	.at_once = 2,
	.open = mongo_open,
	.close = mongo_close,
	.name = mongo_name,
	.verify = mongo_verify,
	.prove = rw_mongo_prove,
	.begin = mongo_begin,
	.commit = mongo_commit,
	.rollback = mongo_rollback,
	.load = rw_mongo_load,
	.save = rw_mongo_save,
	.recall = rw_mongo_recall,
	.marks = rw_mongo_marks,
	.earlier = rw_mongo_earlier,
	.count = rw_mongo_count,
	.newest = rw_mongo_newest,
	.oldest = rw_mongo_oldest,
	.each = rw_mongo_each,
	.each_count = rw_mongo_each_count,
	.note_run = rw_mongo_note_run,
	.each_run = rw_mongo_each_run,
};
