/* Writes the ledger in MongoDB. */
#include "ledger/mongo_priv.h"

#include <mongoc/mongoc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fault.h"

static mongoc_bulk_operation_t *
start_bulk(mongoc_collection_t *collection)
{
	bson_t opts = BSON_INITIALIZER;
	mongoc_bulk_operation_t *bulk;

	BSON_APPEND_BOOL(&opts, "ordered", false);
	bulk = mongoc_collection_create_bulk_operation_with_opts(collection,
		&opts);
	bson_destroy(&opts);
	return bulk;
}

/* Executes the bulk of n writes. Duplicate keys are a result, not a failure.
 * The driver's socketTimeoutMS limits the time: some servers never answer a
 * batch that is too large for them. */
static bool
run_bulk(struct rw_mongo_ledger *ledger, mongoc_bulk_operation_t *bulk,
	size_t n, bson_t *reply, struct rw_err *err)
{
	char what[64];
	bson_error_t error = {0};
	bson_iter_t iter, list;
	bool good = mongoc_bulk_operation_execute(bulk, reply, &error) != 0;

	if (!good && error.domain == MONGOC_ERROR_SERVER &&
	    error.code == DUPLICATE_KEY)
		good = true;
	/* Written, but not by a majority of the servers, or not to their
	 * journals. */
	if (good && bson_iter_init_find(&iter, reply, "writeConcernErrors") &&
	    bson_iter_recurse(&iter, &list) && bson_iter_next(&list)) {
		bson_set_error(&error, MONGOC_ERROR_WRITE_CONCERN, 0,
			"a majority of the servers did not acknowledge it");
		good = false;
	}
	mongoc_bulk_operation_destroy(bulk);
	snprintf(what, sizeof what, "write a batch of %zu entries (--batch)",
		n);
	return good || rw_mongo_fail(&ledger->mongo, what, &error, err);
}

/* Saves entries to the history before they are overwritten, so that none is
 * lost in between. If an entry is not overwritten after all, readers of the
 * history ignore its copy, and the next claim overwrites the copy. */
static bool
keep_history(struct rw_mongo_ledger *ledger, struct rw_change *changes,
	size_t n, struct rw_err *err)
{
	mongoc_bulk_operation_t *bulk = NULL;
	struct rw_buf id = {0};
	bson_t reply;
	bool good;
	size_t i, kept = 0;

	for (i = 0; i < n; i++) {
		bson_t filter = BSON_INITIALIZER, document = BSON_INITIALIZER;
		const struct rw_entry *old = changes[i].history;

		if (old == NULL)
			continue;
		if (bulk == NULL)
			bulk = start_bulk(ledger->history);
		kept++;
		rw_buf_reset(&id);
		rw_mongo_add_history_id(&id, &changes[i].key,
			rw_entry_number(old, RW_F_REVISION, 1),
			rw_entry_number(old, RW_F_SEQUENCE, 0));
		BSON_APPEND_UTF8(&filter, "_id", rw_buf_text(&id));
		BSON_APPEND_UTF8(&document, "_id", rw_buf_text(&id));
		rw_mongo_append(&document, old);
		mongoc_bulk_operation_replace_one(bulk, &filter, &document,
			true);
		bson_destroy(&filter);
		bson_destroy(&document);
	}
	rw_buf_free(&id);
	if (bulk == NULL)
		return true;
	good = run_bulk(ledger, bulk, kept, &reply, err);
	bson_destroy(&reply);
	rw_fault("history-kept");
	return good;
}

/* A bulk has writes of one kind only, so that one count shows whether all
 * succeeded. */
static const struct kind {
	bool is_new, removes;
	const char *counter;
} kinds[] = {
	{true, false, "nInserted"},
	{false, false, "nMatched"},
	{false, true, "nRemoved"},
};

/* mongo-java-server also counts refused inserts in nInserted, so the list of
 * errors must be empty as well. */
static bool
wrote_all(const bson_t *reply, const char *counter, size_t n)
{
	bson_iter_t iter, list;

	if (bson_iter_init_find(&iter, reply, "writeErrors") &&
	    bson_iter_recurse(&iter, &list) && bson_iter_next(&list))
		return false;
	return bson_iter_init_find(&iter, reply, counter) &&
		bson_iter_as_int64(&iter) == (int64_t)n;
}

/* Some writes lost the race: the entries with our claim were saved. */
static bool
see_which(struct rw_mongo_ledger *ledger, struct rw_change **changes, size_t n,
	struct rw_err *err)
{
	struct rw_slot *slots = calloc(n, sizeof *slots);
	struct rw_entry *entries = calloc(n, sizeof *entries);
	bool good = slots != NULL && entries != NULL;
	const char *now, *ours;
	size_t i;

	if (!good)
		rw_mongo_no_memory(err);
	for (i = 0; good && i < n; i++)
		slots[i] = (struct rw_slot){changes[i]->key, &entries[i]};
	good = good && rw_mongo_load(ledger, slots, n, true, err);
	for (i = 0; good && i < n; i++) {
		now = rw_entry_text(&entries[i], RW_F_CLAIM);
		ours = rw_entry_text(changes[i]->values, RW_F_CLAIM);
		changes[i]->saved = changes[i]->removes ?
			!rw_entry_has(&entries[i], RW_F_FOLLOWER_ID) :
			now != NULL && ours != NULL && strcmp(now, ours) == 0;
	}
	for (i = 0; entries != NULL && i < n; i++)
		rw_entry_free(&entries[i]);
	free(entries);
	free(slots);
	return good;
}

/* Reads replaced claims once more: a server may count a document that it did
 * not change. */
static bool
claims_again(const struct kind *kind, struct rw_change *const *changes,
	size_t n)
{
	const char *state;
	size_t i;

	for (i = 0; !kind->is_new && !kind->removes && i < n; i++) {
		state = rw_entry_text(changes[i]->values, RW_F_STATE);
		if (state != NULL && strcmp(state,
		    rw_state_name(RW_STATE_CLAIMED)) == 0)
			return true;
	}
	return false;
}

static bool
write_some(struct rw_mongo_ledger *ledger, struct rw_change *changes, size_t n,
	const struct kind *kind, struct rw_change **some, struct rw_err *err)
{
	mongoc_bulk_operation_t *bulk;
	bson_error_t error = {0};
	bson_t reply;
	size_t i, k = 0;
	bool good = true;

	for (i = 0; i < n; i++)
		if (changes[i].is_new == kind->is_new &&
		    changes[i].removes == kind->removes)
			some[k++] = &changes[i];
	if (k == 0)
		return true;
	bulk = start_bulk(ledger->entries);
	for (i = 0; good && i < k; i++) {
		some[i]->saved = true;
		good = rw_mongo_add_change(bulk, some[i], &error);
	}
	if (!good) {
		mongoc_bulk_operation_destroy(bulk);
		return rw_mongo_fail(&ledger->mongo, "write", &error, err);
	}
	good = run_bulk(ledger, bulk, k, &reply, err);
	if (good && (!wrote_all(&reply, kind->counter, k) ||
	    claims_again(kind, some, k)))
		good = see_which(ledger, some, k, err);
	bson_destroy(&reply);
	return good;
}

bool
rw_mongo_save(void *handle, struct rw_change *changes, size_t n,
	struct rw_err *err)
{
	struct rw_change **some = calloc(n, sizeof *some);
	bool good = some != NULL;
	size_t i;

	for (i = 0; good && i < n; i++)
		good = !changes[i].values->failed;
	if (!good)
		rw_mongo_no_memory(err);
	good = good && keep_history(handle, changes, n, err);
	for (i = 0; good && i < sizeof kinds / sizeof kinds[0]; i++)
		good = write_some(handle, changes, n, &kinds[i], some, err);
	free(some);
	return good;
}

bool
rw_mongo_count(void *handle, const char *run_id, const char *worker,
	const struct rw_count *counts, size_t n, struct rw_err *err)
{
	struct rw_mongo_ledger *ledger = handle;
	bson_t filter = BSON_INITIALIZER, update = BSON_INITIALIZER, set, part;
	bson_t opts = BSON_INITIALIZER;
	struct rw_buf id = {0};
	bson_error_t error;
	bool good;
	size_t i;

	rw_buf_addf(&id, "%s/%s", run_id, worker);
	BSON_APPEND_UTF8(&filter, "_id", rw_buf_text(&id));
	BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &set);
	BSON_APPEND_UTF8(&set, "run_id", run_id);
	BSON_APPEND_DOCUMENT_BEGIN(&set, "counts", &part);
	for (i = 0; i < n; i++)
		BSON_APPEND_INT64(&part, counts[i].name,
			(int64_t)counts[i].lines);
	bson_append_document_end(&set, &part);
	bson_append_document_end(&update, &set);
	BSON_APPEND_BOOL(&opts, "upsert", true);
	good = mongoc_collection_update_one(ledger->runs, &filter, &update,
		&opts, NULL, &error) ||
		rw_mongo_fail(&ledger->mongo, "count in " RUNS, &error, err);
	bson_destroy(&filter);
	bson_destroy(&update);
	bson_destroy(&opts);
	rw_buf_free(&id);
	return good;
}
