/* Reads the ledger in MongoDB. */
#include "ledger/mongo_priv.h"

#include <mongoc/mongoc.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ----------------------------------------------------------- */

static int
compare_keys(const char *follower_a, const char *period_a,
	const char *follower_b, const char *period_b)
{
	int order = strcmp(follower_a, follower_b);

	return order != 0 ? order : strcmp(period_a, period_b);
}

static int
compare_slots(const void *a, const void *b)
{
	const struct rw_slot *x = *(struct rw_slot *const *)a;
	const struct rw_slot *y = *(struct rw_slot *const *)b;

	return compare_keys(x->key.follower_id, x->key.period,
		y->key.follower_id, y->key.period);
}

/* The first of the sorted slots that is not before the key. */
static size_t
find_slot(struct rw_slot *const *sorted, size_t n, const char *follower_id,
	const char *period)
{
	size_t low = 0, high = n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare_keys(sorted[middle]->key.follower_id,
		    sorted[middle]->key.period, follower_id, period) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
place_document(struct rw_slot *const *sorted, size_t n,
	const bson_t *document, struct rw_err *err)
{
	bson_iter_t follower, period;
	const char *id, *month;
	size_t i;

	if (!bson_iter_init_find(&follower, document, "follower_id") ||
	    !BSON_ITER_HOLDS_UTF8(&follower) ||
	    !bson_iter_init_find(&period, document, "report_period") ||
	    !BSON_ITER_HOLDS_UTF8(&period))
		return true;
	id = bson_iter_utf8(&follower, NULL);
	month = bson_iter_utf8(&period, NULL);
	for (i = find_slot(sorted, n, id, month); i < n &&
	    strcmp(sorted[i]->key.follower_id, id) == 0 &&
	    strcmp(sorted[i]->key.period, month) == 0; i++)
		if (!rw_mongo_read(document, sorted[i]->entry, err))
			return false;
	return true;
}

static bool
place_all(struct rw_mongo_ledger *ledger, mongoc_cursor_t *cursor,
	struct rw_slot *const *sorted, size_t n, struct rw_err *err)
{
	const bson_t *document;
	bool good = true;

	while (good && mongoc_cursor_next(cursor, &document))
		good = place_document(sorted, n, document, err);
	return rw_mongo_end(&ledger->mongo, cursor, good, "read " ENTRIES, err);
}

enum part { ENTRY_ID, FOLLOWER, PERIOD };

/* { $in: [this part of the keys] } */
static void
append_in(bson_t *filter, const char *member, struct rw_slot *const *sorted,
	size_t n, enum part part)
{
	char at_room[16], id[RW_MONGO_ID_SIZE];
	const struct rw_slot *slot;
	const char *at, *text;
	bson_t in, list;
	size_t i;

	BSON_APPEND_DOCUMENT_BEGIN(filter, member, &in);
	BSON_APPEND_ARRAY_BEGIN(&in, "$in", &list);
	for (i = 0; i < n; i++) {
		slot = sorted[i];
		bson_uint32_to_string((uint32_t)i, &at, at_room,
			sizeof at_room);
		rw_mongo_entry_id(id, &slot->key);
		text = part == ENTRY_ID ? id : part == FOLLOWER ?
			slot->key.follower_id : slot->key.period;
		BSON_APPEND_UTF8(&list, at, text);
	}
	bson_append_array_end(&in, &list);
	bson_append_document_end(filter, &in);
}

static bool
find_ours(struct rw_mongo_ledger *ledger, struct rw_slot *const *sorted,
	size_t n, struct rw_err *err)
{
	bson_t filter = BSON_INITIALIZER;
	bool good;

	append_in(&filter, "_id", sorted, n, ENTRY_ID);
	good = place_all(ledger, mongoc_collection_find_with_opts(
		ledger->entries, &filter, NULL, NULL), sorted, n, err);
	bson_destroy(&filter);
	return good;
}

static bool
find_others(struct rw_mongo_ledger *ledger, struct rw_slot **sorted, size_t n,
	struct rw_err *err)
{
	bson_t filter = BSON_INITIALIZER;
	size_t i, left = 0;
	bool good;

	for (i = 0; i < n; i++)
		if (!rw_entry_has(sorted[i]->entry, RW_F_FOLLOWER_ID))
			sorted[left++] = sorted[i];
	if (left == 0)
		return true;
	append_in(&filter, "follower_id", sorted, left, FOLLOWER);
	append_in(&filter, "report_period", sorted, left, PERIOD);
	good = place_all(ledger, mongoc_collection_find_with_opts(
		ledger->entries, &filter, NULL, NULL), sorted, left, err);
	bson_destroy(&filter);
	return good;
}

static struct rw_slot **
sort_slots(struct rw_slot *slots, size_t n)
{
	struct rw_slot **sorted = calloc(n, sizeof *sorted);
	size_t i;

	for (i = 0; sorted != NULL && i < n; i++)
		sorted[i] = &slots[i];
	if (sorted != NULL)
		qsort(sorted, n, sizeof *sorted, compare_slots);
	return sorted;
}

bool
rw_mongo_load(void *handle, struct rw_slot *slots, size_t n, bool thorough,
	struct rw_err *err)
{
	struct rw_slot **sorted = sort_slots(slots, n);
	bool good;
	size_t i;

	if (sorted == NULL)
		return rw_mongo_no_memory(err);
	for (i = 0; i < n; i++)
		rw_entry_reset(slots[i].entry);
	good = find_ours(handle, sorted, n, err) &&
		(!thorough || find_others(handle, sorted, n, err));
	free(sorted);
	return good;
}

bool
rw_mongo_recall(void *handle, const struct rw_key *key, int64_t revision,
	int64_t sequence, struct rw_entry *entry, struct rw_err *err)
{
	struct rw_mongo_ledger *ledger = handle;
	struct rw_slot slot = {*key, entry}, *sorted = &slot;
	bson_t filter = BSON_INITIALIZER;
	struct rw_buf id = {0};
	bool good;

	rw_entry_reset(entry);
	rw_mongo_add_history_id(&id, key, revision, sequence);
	BSON_APPEND_UTF8(&filter, "_id", rw_buf_text(&id));
	good = place_all(ledger, mongoc_collection_find_with_opts(
		ledger->history, &filter, NULL, NULL), &sorted, 1, err);
	bson_destroy(&filter);
	rw_buf_free(&id);
	return good;
}

/* ---- marks ------------------------------------------------------------- */

/* For each follower, reads the last month before the latest month of the batch.
 * Nearly always this is the previous month, so it is queried first; that query
 * needs no aggregation, which some servers lack. Only lines made by hand can
 * have different months in a batch; earlier months have separate queries. */
static mongoc_cursor_t *
query_marks(struct rw_mongo_ledger *ledger, struct rw_slot *const *slots,
	size_t n, const char *before, bool is_older)
{
	bson_t filter = BSON_INITIALIZER, *opts;
	mongoc_cursor_t *cursor;

	append_in(&filter, "follower_id", slots, n, FOLLOWER);
	if (is_older)
		BCON_APPEND(&filter, "report_period", "{", "$lt",
			BCON_UTF8(before), "}");
	else
		BSON_APPEND_UTF8(&filter, "report_period", before);
	opts = BCON_NEW("projection", "{", "follower_id", BCON_INT32(1),
		"email_sent", BCON_INT32(1), "currency", BCON_INT32(1),
		"high_water_mark_after", BCON_INT32(1), "bounce_code",
		BCON_INT32(1), "}");
	if (is_older)
		BCON_APPEND(opts, "sort", "{", "follower_id", BCON_INT32(1),
			"report_period", BCON_INT32(-1), "}");
	cursor = mongoc_collection_find_with_opts(ledger->entries, &filter,
		opts, NULL);
	bson_destroy(&filter);
	bson_destroy(opts);
	return cursor;
}

/* The first entry of a follower counts. */
static bool
place_mark(struct rw_slot *const *slots, size_t n, const bson_t *document,
	struct rw_err *err)
{
	const char *follower_id;
	bson_iter_t id;
	size_t i;

	if (!bson_iter_init_find(&id, document, "follower_id") ||
	    !BSON_ITER_HOLDS_UTF8(&id))
		return true;
	follower_id = bson_iter_utf8(&id, NULL);
	for (i = find_slot(slots, n, follower_id, ""); i < n &&
	    strcmp(slots[i]->key.follower_id, follower_id) == 0; i++)
		if (!rw_entry_has(slots[i]->entry, RW_F_FOLLOWER_ID) &&
		    !rw_mongo_read(document, slots[i]->entry, err))
			return false;
	return true;
}

static bool
read_marks(struct rw_mongo_ledger *ledger, struct rw_slot *const *slots,
	size_t n, const char *before, bool is_older, struct rw_err *err)
{
	mongoc_cursor_t *cursor = query_marks(ledger, slots, n, before,
		is_older);
	const bson_t *document;
	bool good = true;

	while (good && mongoc_cursor_next(cursor, &document))
		good = place_mark(slots, n, document, err);
	return rw_mongo_end(&ledger->mongo, cursor, good, "read " ENTRIES, err);
}

/* slots is reordered. */
static bool
marks_of_month(struct rw_mongo_ledger *ledger, struct rw_slot **slots,
	size_t n, const char *period, struct rw_err *err)
{
	char before[RW_PERIOD_SIZE];
	struct rw_period month;
	size_t i, left = 0;

	if (!rw_period_parse(period, &month, err))
		return false;
	month.year -= month.month == 1;
	month.month = month.month == 1 ? 12 : month.month - 1;
	rw_period_text(before, month);
	if (!read_marks(ledger, slots, n, before, false, err))
		return false;
	for (i = 0; i < n; i++)
		if (!rw_entry_has(slots[i]->entry, RW_F_FOLLOWER_ID))
			slots[left++] = slots[i];
	return left == 0 || read_marks(ledger, slots, left, before, true, err);
}

bool
rw_mongo_marks(void *handle, struct rw_slot *slots, size_t n,
	struct rw_err *err)
{
	struct rw_slot **sorted = sort_slots(slots, n);
	struct rw_slot **month = calloc(n, sizeof *month);
	bool good = sorted != NULL && month != NULL;
	size_t i, picked;

	if (!good)
		rw_mongo_no_memory(err);
	for (i = 0; i < n; i++)
		rw_entry_reset(slots[i].entry);
	while (good && n > 0) {
		const char *period = sorted[0]->key.period;
		size_t left = 0;

		for (i = picked = 0; i < n; i++)
			if (strcmp(sorted[i]->key.period, period) == 0)
				month[picked++] = sorted[i];
			else
				sorted[left++] = sorted[i];
		good = marks_of_month(handle, month, picked, period, err);
		n = left;
	}
	free(sorted);
	free(month);
	return good;
}
