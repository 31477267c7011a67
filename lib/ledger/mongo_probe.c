/* Tests whether the server compares before it changes a document. */
#include "ledger/mongo_priv.h"

#include <mongoc/mongoc.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { RACES = 32 };

/* ---- one document ------------------------------------------------------- */

static bool
refuse_server(const struct rw_mongo_ledger *ledger, const char *what,
	struct rw_err *err)
{
	return rw_fail(err, RW_CONFIG, "%s: the server %s: two runs could "
		"claim one report, and a follower could be mailed twice; no "
		"mail is sent with a ledger on such a server", ledger->mongo.name,
		what);
}

static bool
insert_probe(struct rw_mongo_ledger *ledger, const char *id,
	struct rw_err *err)
{
	bson_t *document = BCON_NEW("_id", BCON_UTF8(id), "claim",
		BCON_UTF8("a"));
	bson_error_t error = {0};
	bool good = mongoc_collection_insert_one(ledger->runs, document, NULL,
		NULL, &error), twice = false;

	if (good)
		twice = mongoc_collection_insert_one(ledger->runs, document,
			NULL, NULL, &error);
	bson_destroy(document);
	if (!good)
		return rw_mongo_fail(&ledger->mongo, "write to " RUNS, &error,
			err);
	return !twice || refuse_server(ledger, "accepts two documents with "
		"one _id", err);
}

static void
add_set(mongoc_bulk_operation_t *bulk, const char *id, const char *expected,
	const char *claim)
{
	bson_t filter = BSON_INITIALIZER;
	bson_t *update = BCON_NEW("$set", "{", "claim", BCON_UTF8(claim), "}");

	BSON_APPEND_UTF8(&filter, "_id", id);
	if (expected != NULL)
		BSON_APPEND_UTF8(&filter, "claim", expected);
	else
		BSON_APPEND_NULL(&filter, "claim");
	mongoc_bulk_operation_update_one(bulk, &filter, update, false);
	bson_destroy(&filter);
	bson_destroy(update);
}

static mongoc_bulk_operation_t *
start_sets(mongoc_collection_t *collection)
{
	bson_t *opts = BCON_NEW("ordered", BCON_BOOL(false));
	mongoc_bulk_operation_t *bulk =
		mongoc_collection_create_bulk_operation_with_opts(collection,
		opts);

	bson_destroy(opts);
	return bulk;
}

/* *matched: the number of documents that, according to the server, fulfilled
 * the conditions. */
static bool
run_sets(mongoc_bulk_operation_t *bulk, int64_t *matched,
	bson_error_t *error)
{
	bson_iter_t iter;
	bson_t reply;
	bool good = mongoc_bulk_operation_execute(bulk, &reply, error) != 0;

	*matched = good && bson_iter_init_find(&iter, &reply, "nMatched") ?
		bson_iter_as_int64(&iter) : -1;
	bson_destroy(&reply);
	mongoc_bulk_operation_destroy(bulk);
	return good;
}

static bool
read_claim(struct rw_mongo_ledger *ledger, const char *id, char claim[64],
	struct rw_err *err)
{
	bson_t *filter = BCON_NEW("_id", BCON_UTF8(id));
	mongoc_cursor_t *cursor = mongoc_collection_find_with_opts(
		ledger->runs, filter, NULL, NULL);
	const bson_t *document;
	bson_iter_t iter;

	claim[0] = '\0';
	if (mongoc_cursor_next(cursor, &document) &&
	    bson_iter_init_find(&iter, document, "claim") &&
	    BSON_ITER_HOLDS_UTF8(&iter))
		snprintf(claim, 64, "%s", bson_iter_utf8(&iter, NULL));
	bson_destroy(filter);
	return rw_mongo_end(&ledger->mongo, cursor, true, "read " RUNS, err);
}

/* Of three conditions, exactly one is fulfilled. */
static bool
compare_and_set(struct rw_mongo_ledger *ledger, const char *id,
	struct rw_err *err)
{
	mongoc_bulk_operation_t *bulk = start_sets(ledger->runs);
	bson_error_t error = {0};
	int64_t matched;
	char claim[64];

	add_set(bulk, id, "x", "1");
	add_set(bulk, id, "a", "2");
	add_set(bulk, id, NULL, "3");
	if (!run_sets(bulk, &matched, &error))
		return rw_mongo_fail(&ledger->mongo, "write to " RUNS, &error,
			err);
	if (!read_claim(ledger, id, claim, err))
		return false;
	if (strcmp(claim, "2") != 0)
		return refuse_server(ledger, "changes a document that the "
			"condition does not hold for", err);
	return matched == 1 || refuse_server(ledger, "does not count what a "
		"condition held for", err);
}

/* ---- two connections ---------------------------------------------------- */

struct racer {
	mongoc_collection_t *collection;
	pthread_barrier_t *start;
	const char *id;
	int64_t matched[RACES];
	bool good;
	bson_error_t error;
};

static void *
race(void *context)
{
	struct racer *racer = context;
	mongoc_bulk_operation_t *bulk;
	char before[32], after[32];
	int i;

	racer->good = true;
	for (i = 0; i < RACES; i++) {
		snprintf(before, sizeof before, "%d", i);
		snprintf(after, sizeof after, "%d", i + 1);
		pthread_barrier_wait(racer->start);
		if (racer->good) {
			bulk = start_sets(racer->collection);
			add_set(bulk, racer->id, before, after);
			racer->good = run_sets(bulk, &racer->matched[i],
				&racer->error);
		}
		pthread_barrier_wait(racer->start);
	}
	return NULL;
}

static bool
judge_races(struct rw_mongo_ledger *ledger, const struct racer *racers,
	struct rw_err *err)
{
	int i;

	for (i = 0; i < 2; i++)
		if (!racers[i].good)
			return rw_mongo_fail(&ledger->mongo, "write to " RUNS,
				&racers[i].error, err);
	for (i = 0; i < RACES; i++)
		if (racers[0].matched[i] + racers[1].matched[i] != 1)
			return refuse_server(ledger, "lets two connections "
				"change one document on the same condition, "
				"or none", err);
	return true;
}

/* Changes one document from "0" to "RACES": in each round, both connections try
 * the same step. */
static bool
race_twice(struct rw_mongo_ledger *ledger, struct rw_mongo *other,
	const char *id, struct rw_err *err)
{
	mongoc_bulk_operation_t *bulk = start_sets(ledger->runs);
	struct racer racers[2] = {{.id = id}, {.id = id}};
	pthread_barrier_t start;
	bson_error_t error = {0};
	pthread_t thread;
	int64_t matched;
	bool good;

	add_set(bulk, id, "2", "0");
	if (!run_sets(bulk, &matched, &error))
		return rw_mongo_fail(&ledger->mongo, "write to " RUNS, &error,
			err);
	racers[0].collection = ledger->runs;
	racers[1].collection = mongoc_database_get_collection(other->db, RUNS);
	pthread_barrier_init(&start, NULL, 2);
	racers[0].start = racers[1].start = &start;
	good = pthread_create(&thread, NULL, race, &racers[1]) == 0 ||
		rw_fail(err, RW_BUG, "cannot start a thread");
	if (good) {
		race(&racers[0]);
		pthread_join(thread, NULL);
		good = judge_races(ledger, racers, err);
	}
	pthread_barrier_destroy(&start);
	mongoc_collection_destroy(racers[1].collection);
	return good;
}

/* ---- the whole ---------------------------------------------------------- */

bool
rw_mongo_prove(void *handle, const char *mark, bool thorough,
	struct rw_err *err)
{
	struct rw_mongo_ledger *ledger = handle;
	struct rw_mongo other = {0};
	struct rw_buf id = {0};
	bson_t *filter;
	bool good;

	rw_buf_addf(&id, "probe/%s", mark);
	good = rw_buf_ok(&id, "an id", err) &&
		insert_probe(ledger, id.data, err) &&
		compare_and_set(ledger, id.data, err);
	if (good && thorough)
		good = rw_mongo_open(&other, "MONGO_DB_NAME", err) &&
			race_twice(ledger, &other, id.data, err);
	rw_mongo_close(&other);
	filter = BCON_NEW("_id", BCON_UTF8(rw_buf_text(&id)));
	(void)mongoc_collection_delete_many(ledger->runs, filter, NULL, NULL,
		NULL);
	bson_destroy(filter);
	rw_buf_free(&id);
	return good && rw_mongo_look_for_odd(ledger, err);
}
