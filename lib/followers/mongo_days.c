/* Days of P&L in MongoDB. */
#include "followers/followers_mongo.h"

#include <mongoc/mongoc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "wire/mongo.h"
#include "followers/bson_priv.h"
#include "followers/mongo_merge_priv.h"
#include "followers/mongo_query_priv.h"
#include "followers/odd_day.h"

struct source {
	struct rw_mongo_merge merge;
	mongoc_collection_t *collection;
	struct rw_period period;
	/* Days of an unexpected form come first. */
	mongoc_cursor_t *odd;
	const bson_t *document;		/* of odd; NULL: after the last one */
	uint32_t item;			/* index in an array that is a
					 * follower_id */
};

static void
close_days(void *self)
{
	struct source *source = self;

	rw_mongo_merge_free(&source->merge);
	mongoc_cursor_destroy(source->odd);
	mongoc_collection_destroy(source->collection);
	free(source);
}

/* ---- one day ------------------------------------------------------------ */

static bool
is_number_elsewhere(const bson_iter_t *iter, struct rw_period period)
{
	double value;

	if (BSON_ITER_HOLDS_INT(iter))
		return rw_odd_number_is_elsewhere(bson_iter_as_int64(iter),
			period);
	value = BSON_ITER_HOLDS_DOUBLE(iter) ? bson_iter_double(iter) : -1;
	return value >= 0 && value < 9e18 &&
		rw_odd_number_is_elsewhere((int64_t)value, period);
}

/* *text: the text that can be read as a date, or NULL. */
static bool
is_elsewhere(const bson_t *document, struct rw_period period,
	const char **text)
{
	struct rw_date date;
	bson_iter_t iter;
	bool there;

	if (!rw_bson_text(document, "date", &there, text) || !there)
		*text = NULL;
	if (*text != NULL)
		return rw_date_parse(*text, strlen(*text), &date, NULL) ?
			!rw_date_is_in(date, period) :
			rw_odd_text_is_elsewhere(*text, period);
	if (!bson_iter_init_find(&iter, document, "date"))
		return false;
	return BSON_ITER_HOLDS_DATE_TIME(&iter) ?
		rw_odd_instant_is_elsewhere(bson_iter_date_time(&iter),
		period) : is_number_elsewhere(&iter, period);
}

/* Names the document and its contents. */
static void
explain(struct rw_day *day, const bson_t *document, bool is_of_date)
{
	char value[RW_BSON_WORDS], id[RW_BSON_WORDS];
	struct rw_err why = day->wrong;

	rw_bson_describe(document, "_id", id, sizeof id);
	if (strstr(id, " (") != NULL)
		*strstr(id, " (") = '\0';
	rw_bson_describe(document, "date", value, sizeof value);
	if (is_of_date)
		rw_err_prefix(&why, "date is %s", value);
	rw_fail(&day->wrong, RW_DATA, "%s; the document has the _id %s",
		why.message, id);
}

static void
read_day(struct rw_day *day, const bson_t *document, const char *date)
{
	char amount[RW_MONEY_SIZE] = "0";
	struct rw_err why;
	int64_t value;
	bool there, good, is_of_date;

	good = rw_bson_amount(document, "total_pnl", &there, &value, &why);
	if (good && there)
		rw_money_text(amount, value, 4);
	rw_day_read(day, date, amount, "total_pnl");
	is_of_date = day->wrong.kind != RW_OK;
	if (!good && !is_of_date)
		day->wrong = why;
	if (good && !there && !is_of_date)
		rw_fail(&day->wrong, RW_DATA, "it has no total_pnl");
	if (day->wrong.kind != RW_OK)
		explain(day, document, is_of_date);
}

/* ---- days of an unexpected form ------------------------------------------ */

/* The id that a number, a text or an ObjectId may represent; "": none. */
static void
read_meant(const bson_iter_t *iter, char meant[RW_FOLLOWER_ID_SIZE])
{
	char text[BSON_DECIMAL128_STRING] = "";
	bson_decimal128_t decimal;
	const char *at = text;

	if (BSON_ITER_HOLDS_UTF8(iter)) {
		at = bson_iter_utf8(iter, NULL);
	} else if (BSON_ITER_HOLDS_OID(iter)) {
		bson_oid_to_string(bson_iter_oid(iter), text);
	} else if (BSON_ITER_HOLDS_INT(iter)) {
		snprintf(text, sizeof text, "%lld",
			(long long)bson_iter_as_int64(iter));
	} else if (BSON_ITER_HOLDS_DOUBLE(iter)) {
		snprintf(text, sizeof text, "%.15g", bson_iter_double(iter));
	} else if (BSON_ITER_HOLDS_DECIMAL128(iter)) {
		bson_iter_decimal128(iter, &decimal);
		bson_decimal128_to_string(&decimal, text);
	}
	rw_day_trim(at, meant);
}

/* Each value of an array may be the id of a follower; {"$oid": "..."} has one
 * id. True: there may be a further id. */
static bool
read_odd_id(struct source *source, char meant[RW_FOLLOWER_ID_SIZE])
{
	bson_iter_t iter, inside;
	uint32_t i;

	meant[0] = '\0';
	if (!bson_iter_init_find(&iter, source->document, "follower_id"))
		return false;
	if (!BSON_ITER_HOLDS_ARRAY(&iter) && !BSON_ITER_HOLDS_DOCUMENT(&iter)) {
		read_meant(&iter, meant);
		return false;
	}
	if (!bson_iter_recurse(&iter, &inside))
		return false;
	for (i = 0; bson_iter_next(&inside); i++)
		if (i == source->item) {
			read_meant(&inside, meant);
			source->item++;
			return bson_iter_next(&inside);
		}
	return false;
}

static bool
next_odd_document(struct source *source, struct rw_err *err)
{
	const struct rw_mongo *mongo = source->merge.mongo;
	bson_error_t error;

	source->item = 0;
	if (!mongoc_cursor_next(source->odd, &source->document))
		source->document = NULL;
	return source->document != NULL ||
		!mongoc_cursor_error(source->odd, &error) ||
		rw_mongo_fail(mongo, "read daily_pnl", &error, err);
}

/* meant is the follower to whom the day belongs or seems to belong; the day
 * does not come in order. */
static void
read_odd(struct rw_day *day, const bson_t *document, const char *date)
{
	char value[RW_BSON_WORDS];
	bson_iter_t iter;

	if (bson_iter_init_find(&iter, document, "follower_id") &&
	    ((BSON_ITER_HOLDS_UTF8(&iter) &&
	    !rw_day_is_padded(bson_iter_utf8(&iter, NULL))) ||
	    BSON_ITER_HOLDS_OID(&iter))) {
		read_day(day, document, date);
		return;
	}
	if (date != NULL)
		snprintf(day->date, sizeof day->date, "%s", date);
	rw_bson_describe(document, "follower_id", value, sizeof value);
	rw_fail(&day->wrong, RW_DATA, "follower_id is %s: expected a string "
		"without blanks around it, or an ObjectId", value);
	explain(day, document, false);
}

static bool
next_odd(struct source *source, struct rw_day *day, bool *found,
	struct rw_err *err)
{
	const char *date;
	bool has_more;

	for (*found = false; source->document != NULL && !*found;) {
		rw_day_begin(day, "");
		*found = !is_elsewhere(source->document, source->period,
			&date);
		has_more = *found && read_odd_id(source, day->meant);
		if (*found)
			read_odd(day, source->document, date);
		if (!has_more && !next_odd_document(source, err))
			return false;
	}
	return true;
}

/* ---- the source --------------------------------------------------------- */

/* The other cursor reports it. */
static bool
is_odd(const bson_t *document, const char *id)
{
	bson_iter_t iter;

	if (*id != '\0')
		return rw_day_is_padded(id);
	return !bson_iter_init_find(&iter, document, "follower_id") ||
		!BSON_ITER_HOLDS_UTF8(&iter);
}

static bool
next_day(void *self, struct rw_day *day, bool *found, struct rw_err *err)
{
	struct source *source = self;
	const bson_t *document;
	const char *id, *date;

	if (!next_odd(source, day, found, err) || *found)
		return *found;
	for (;;) {
		if (!rw_mongo_merge_next(&source->merge, &document, &id, err))
			return false;
		*found = document != NULL;
		if (!*found)
			return true;
		if (!is_odd(document, id) &&
		    !is_elsewhere(document, source->period, &date))
			break;
	}
	rw_day_begin(day, id);
	read_day(day, document, date);
	if (*id == '\0')
		rw_fail(&day->wrong, RW_DATA, "follower_id is not a text in "
			"UTF-8");
	return true;
}

static bool
is_nobodys(const bson_t *document)
{
	bson_iter_t iter;

	return document != NULL &&
		(!bson_iter_init_find(&iter, document, "follower_id") ||
		BSON_ITER_HOLDS_NULL(&iter));
}

/* The very first document, of any month. */
static bool
look_at_first(struct source *source, bool *nobodys, struct rw_err *err)
{
	mongoc_cursor_t *cursor = rw_query_first_day(source->collection);
	const bson_t *document;

	*nobodys = mongoc_cursor_next(cursor, &document) &&
		is_nobodys(document);
	return rw_mongo_end(source->merge.mongo, cursor, true,
		"read daily_pnl", err);
}

/* Among the days without a usable id, the days with no id come first. */
static bool
is_of_followers(struct source *source, struct rw_err *err)
{
	bool first;

	if (!look_at_first(source, &first, err) ||
	    !next_odd_document(source, err))
		return false;
	return (!first && !is_nobodys(source->document)) ||
		rw_fail(err, RW_CONFIG, "%s: daily_pnl "
		"has figures without a follower_id, for the whole platform, "
		"which belong to no follower: set PNL_DATABASE_URL to the "
		"PostgreSQL database that has the P&L of each follower",
		source->merge.mongo->name);
}

bool
rw_days_mongo_open(struct rw_days *days, struct rw_mongo *mongo,
	const struct rw_selection *selection, struct rw_period period,
	struct rw_err *err)
{
	struct source *source;
	int i;

	if (!rw_mongo_require(mongo, "daily_pnl", err))
		return false;
	source = calloc(1, sizeof *source);
	if (source == NULL)
		return rw_fail_memory(err, "daily_pnl");
	source->merge = (struct rw_mongo_merge){.mongo = mongo,
		.collection = "daily_pnl", .member = "follower_id"};
	source->period = period;
	source->collection = mongoc_database_get_collection(mongo->db,
		"daily_pnl");
	source->odd = rw_query_odd_days(source->collection, period);
	if (!is_of_followers(source, err)) {
		close_days(source);
		return false;
	}
	for (i = 0; i < 2; i++)
		source->merge.sides[i].cursor = rw_query_days(
			source->collection, selection, period, i == 1);
	*days = (struct rw_days){source, mongo->name, "daily_pnl", next_day,
		close_days};
	return true;
}
