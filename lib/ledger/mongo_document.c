/* Converts entries of the ledger to documents of MongoDB, and back. */
#include "ledger/mongo_priv.h"

#include <mongoc/mongoc.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

bool
rw_mongo_no_memory(struct rw_err *err)
{
	return rw_fail_memory(err, "a batch of entries");
}

void
rw_mongo_entry_id(char out[RW_MONGO_ID_SIZE], const struct rw_key *key)
{
	snprintf(out, RW_MONGO_ID_SIZE, "%s/%s", key->period, key->follower_id);
}

void
rw_mongo_add_history_id(struct rw_buf *out, const struct rw_key *key,
	int64_t revision, int64_t sequence)
{
	rw_buf_addf(out, "%s/%s/r%lld/s%lld", key->period, key->follower_id,
		(long long)revision, (long long)sequence);
}

static void
read_member(const bson_iter_t *iter, enum rw_field field,
	struct rw_entry *entry)
{
	enum rw_field_type type = rw_fields[field].type;
	int64_t seconds;

	if (BSON_ITER_HOLDS_UTF8(iter)) {
		if (rw_field_is_text(field))
			rw_entry_set_text(entry, field,
				bson_iter_utf8(iter, NULL));
		else if (type == RW_FIELD_TIME &&
		    rw_rfc3339_parse(bson_iter_utf8(iter, NULL), &seconds))
			rw_entry_set_number(entry, field, seconds);
	} else if (BSON_ITER_HOLDS_DATE_TIME(iter)) {
		if (type == RW_FIELD_TIME)
			rw_entry_set_number(entry, field,
				bson_iter_date_time(iter) / 1000);
	} else if (BSON_ITER_HOLDS_BOOL(iter)) {
		if (type == RW_FIELD_BOOL)
			rw_entry_set_number(entry, field,
				bson_iter_bool(iter));
	} else if (BSON_ITER_HOLDS_NUMBER(iter)) {
		if (type == RW_FIELD_BOOL || type == RW_FIELD_INT)
			rw_entry_set_number(entry, field,
				bson_iter_as_int64(iter));
	}
}

bool
rw_mongo_read(const bson_t *document, struct rw_entry *entry,
	struct rw_err *err)
{
	bson_iter_t iter;
	int i;

	rw_entry_reset(entry);
	if (!bson_iter_init(&iter, document))
		return rw_fail(err, RW_UNREACHABLE, "the server sent a "
			"damaged document");
	while (bson_iter_next(&iter))
		for (i = 0; i < RW_F_COUNT; i++)
			if (strcmp(bson_iter_key(&iter),
			    rw_fields[i].name) == 0)
				read_member(&iter, (enum rw_field)i, entry);
	return !entry->failed || rw_mongo_no_memory(err);
}

static void
append_value(bson_t *document, enum rw_field field,
	const struct rw_value *value)
{
	const char *name = rw_fields[field].name;

	switch (rw_fields[field].type) {
	case RW_FIELD_TEXT:
	case RW_FIELD_OBJECT:
		BSON_APPEND_UTF8(document, name, value->text);
		return;
	case RW_FIELD_BOOL:
		BSON_APPEND_BOOL(document, name, value->number != 0);
		return;
	case RW_FIELD_INT:
		if (value->number <= INT32_MAX)
			BSON_APPEND_INT32(document, name,
				(int32_t)value->number);
		else
			BSON_APPEND_INT64(document, name, value->number);
		return;
	case RW_FIELD_TIME:
		BSON_APPEND_DATE_TIME(document, name, value->number * 1000);
		return;
	}
}

bool
rw_mongo_is_link(int field)
{
	return field == RW_F_PDF_URL || field == RW_F_EXCEL_URL;
}

void
rw_mongo_append(bson_t *document, const struct rw_entry *values)
{
	int i;

	for (i = 0; i < RW_F_COUNT; i++) {
		if (values->values[i].is == RW_SET)
			append_value(document, (enum rw_field)i,
				&values->values[i]);
		else if (values->values[i].is == RW_NULL && rw_mongo_is_link(i))
			BSON_APPEND_NULL(document, rw_fields[i].name);
	}
}
