/* Converts a change of an entry to a write of MongoDB. */
#include "ledger/mongo_priv.h"

#include <mongoc/mongoc.h>

static void
append_key(bson_t *document, const struct rw_key *key)
{
	BSON_APPEND_UTF8(document, "follower_id", key->follower_id);
	BSON_APPEND_UTF8(document, "report_period", key->period);
}

/* Prevents the driver from checking for UTF-8, which would cost a third of our
 * time. Lines and settings were checked when they were read. */
static void
append_unchecked(bson_t *opts)
{
	BSON_APPEND_BOOL(opts, "validate", false);
}

static bool
add_insert(mongoc_bulk_operation_t *bulk, const struct rw_change *change,
	bson_error_t *error)
{
	bson_t document = BSON_INITIALIZER, opts = BSON_INITIALIZER;
	char id[RW_MONGO_ID_SIZE];
	bool good;

	rw_mongo_entry_id(id, &change->key);
	BSON_APPEND_UTF8(&document, "_id", id);
	append_key(&document, &change->key);
	rw_mongo_append(&document, change->values);
	append_unchecked(&opts);
	good = mongoc_bulk_operation_insert_with_opts(bulk, &document, &opts,
		error);
	bson_destroy(&opts);
	bson_destroy(&document);
	return good;
}

/* A claim is 128 random bits and occurs in one entry only. Entries without a
 * claim were written by the Python system. */
static void
append_expected(bson_t *filter, const struct rw_change *change)
{
	if (change->expected != NULL) {
		BSON_APPEND_UTF8(filter, "claim", change->expected);
		return;
	}
	append_key(filter, &change->key);
	BSON_APPEND_NULL(filter, "claim");
}

static void
append_unset(bson_t *update, const struct rw_value *values)
{
	bson_t part;
	bool any = false;
	int i;

	for (i = 0; i < RW_F_COUNT; i++)
		any = any || (values[i].is == RW_NULL && !rw_mongo_is_link(i));
	if (!any)
		return;
	BSON_APPEND_DOCUMENT_BEGIN(update, "$unset", &part);
	for (i = 0; i < RW_F_COUNT; i++)
		if (values[i].is == RW_NULL && !rw_mongo_is_link(i))
			BSON_APPEND_UTF8(&part, rw_fields[i].name, "");
	bson_append_document_end(update, &part);
}

static bool
add_update(mongoc_bulk_operation_t *bulk, const struct rw_change *change,
	bson_error_t *error)
{
	bson_t filter = BSON_INITIALIZER, update = BSON_INITIALIZER, part;
	bson_t opts = BSON_INITIALIZER;
	bool good;

	append_expected(&filter, change);
	BSON_APPEND_DOCUMENT_BEGIN(&update, "$set", &part);
	rw_mongo_append(&part, change->values);
	bson_append_document_end(&update, &part);
	append_unset(&update, change->values->values);
	append_unchecked(&opts);
	good = mongoc_bulk_operation_update_one_with_opts(bulk, &filter,
		&update, &opts, error);
	bson_destroy(&opts);
	bson_destroy(&filter);
	bson_destroy(&update);
	return good;
}

static bool
add_remove(mongoc_bulk_operation_t *bulk, const struct rw_change *change,
	bson_error_t *error)
{
	bson_t filter = BSON_INITIALIZER;
	bool good;

	append_expected(&filter, change);
	good = mongoc_bulk_operation_remove_one_with_opts(bulk, &filter, NULL,
		error);
	bson_destroy(&filter);
	return good;
}

bool
rw_mongo_add_change(mongoc_bulk_operation_t *bulk,
	const struct rw_change *change, bson_error_t *error)
{
	return change->is_new ? add_insert(bulk, change, error) :
		change->removes ? add_remove(bulk, change, error) :
		add_update(bulk, change, error);
}
