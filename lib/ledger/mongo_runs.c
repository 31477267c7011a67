/* The history of runs in MongoDB: the documents "RUN/run" of report_runs. */
#include "ledger/mongo_priv.h"

#include <mongoc/mongoc.h>

static void
append_run(bson_t *set, const struct rw_ledger_run *run)
{
	BSON_APPEND_UTF8(set, "run_id", run->run_id);
	BSON_APPEND_UTF8(set, "host", run->host);
	if (run->period != NULL)
		BSON_APPEND_UTF8(set, "period", run->period);
	if (run->shard != NULL)
		BSON_APPEND_UTF8(set, "shard", run->shard);
	BSON_APPEND_DATE_TIME(set, "began_at", run->began_at * 1000);
	if (run->ended_at != 0) {
		BSON_APPEND_DATE_TIME(set, "ended_at", run->ended_at * 1000);
		BSON_APPEND_INT64(set, "status", run->status);
	}
	BSON_APPEND_BOOL(set, "is_whole", run->is_whole);
	BSON_APPEND_BOOL(set, "is_finished", run->is_finished);
}

bool
rw_mongo_note_run(void *handle, const struct rw_ledger_run *run,
	struct rw_err *err)
{
	struct rw_mongo_ledger *ledger = handle;
	bson_t filter = BSON_INITIALIZER, update = BSON_INITIALIZER, set;
	bson_t opts = BSON_INITIALIZER;
	struct rw_buf id = {0};
	bson_error_t error;
	bool good;

	rw_buf_addf(&id, "%s/run", run->run_id);
	BSON_APPEND_UTF8(&filter, "_id", rw_buf_text(&id));
	BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
	append_run(&set, run);
	bson_append_document_end(&update, &set);
	BSON_APPEND_BOOL(&opts, "upsert", true);
	good = mongoc_collection_update_one(ledger->runs, &filter, &update,
		&opts, NULL, &error) ||
		rw_mongo_fail(&ledger->mongo, "write to " RUNS, &error, err);
	bson_destroy(&filter);
	bson_destroy(&update);
	bson_destroy(&opts);
	rw_buf_free(&id);
	return good;
}

static const char *
run_text(const bson_t *document, const char *name)
{
	bson_iter_t iter;

	return bson_iter_init_find(&iter, document, name) &&
		BSON_ITER_HOLDS_UTF8(&iter) ? bson_iter_utf8(&iter, NULL) :
		NULL;
}

static int64_t
seconds_of(const bson_t *document, const char *name)
{
	bson_iter_t iter;

	return bson_iter_init_find(&iter, document, name) &&
		BSON_ITER_HOLDS_DATE_TIME(&iter) ?
		bson_iter_date_time(&iter) / 1000 : 0;
}

static int64_t
number_of(const bson_t *document, const char *name)
{
	bson_iter_t iter;

	return bson_iter_init_find(&iter, document, name) ?
		bson_iter_as_int64(&iter) : 0;
}

static bool
visit_document(const bson_t *document, rw_ledger_visit_run *visit,
	void *context, struct rw_err *err)
{
	const char *host = run_text(document, "host");
	const struct rw_ledger_run run = {
		.run_id = run_text(document, "run_id"),
		.host = host != NULL ? host : "",
		.period = run_text(document, "period"),
		.shard = run_text(document, "shard"),
		.began_at = seconds_of(document, "began_at"),
		.ended_at = seconds_of(document, "ended_at"),
		.status = number_of(document, "status"),
		.is_whole = number_of(document, "is_whole") != 0,
		.is_finished = number_of(document, "is_finished") != 0};

	return run.run_id == NULL || visit(context, &run, err);
}

bool
rw_mongo_each_run(void *handle, const char *run_id, const char *period,
	rw_ledger_visit_run *visit, void *context, struct rw_err *err)
{
	struct rw_mongo_ledger *ledger = handle;
	bson_t *filter = BCON_NEW("began_at", "{", "$gt", BCON_DATE_TIME(0),
		"}");
	bson_t *opts = BCON_NEW("sort", "{", "began_at", BCON_INT32(-1),
		"run_id", BCON_INT32(-1), "}");
	mongoc_cursor_t *cursor;
	const bson_t *document;
	bool good = true;

	if (run_id != NULL)
		BSON_APPEND_UTF8(filter, "run_id", run_id);
	if (period != NULL)
		BSON_APPEND_UTF8(filter, "period", period);
	cursor = mongoc_collection_find_with_opts(ledger->runs, filter, opts,
		NULL);
	while (good && mongoc_cursor_next(cursor, &document))
		good = visit_document(document, visit, context, err);
	good = rw_mongo_end(&ledger->mongo, cursor, good, "read " RUNS, err);
	bson_destroy(filter);
	bson_destroy(opts);
	return good;
}
