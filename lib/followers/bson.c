#include "followers/bson_priv.h"

#include <bson/bson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/cut.h"
#include "base/money.h"
#include "base/text.h"

static void
describe(const bson_iter_t *iter, char *words, size_t size);

static bool
read_bson_text(const bson_iter_t *iter, const char **text)
{
	uint32_t len;

	if (!BSON_ITER_HOLDS_UTF8(iter))
		return false;
	*text = bson_iter_utf8(iter, &len);
	return strlen(*text) == len && rw_text_is_utf8(*text, len, NULL);
}

static bool
parse_amount(const char *text, int64_t *amount, struct rw_err *err)
{
	return rw_money_parse(text, strlen(text), amount, err);
}

/* The shortest decimal that represents this double is the intended value,
 * unless it has too many digits for an amount: then the last digits are
 * rounding errors of a sum. */
static bool
read_double(double value, int64_t *amount, struct rw_err *err)
{
	char text[40], rounded[40];
	int digits;

	for (digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, value);
		if (digits == 15)
			memcpy(rounded, text, sizeof text);
		if (strtod(text, NULL) == value)
			break;
	}
	return parse_amount(text, amount, NULL) ||
		parse_amount(rounded, amount, err);
}

static const char *
type_words(const bson_iter_t *iter)
{
	return BSON_ITER_HOLDS_ARRAY(iter) ? "an array" :
		BSON_ITER_HOLDS_DOCUMENT(iter) ? "an object" :
		BSON_ITER_HOLDS_BINARY(iter) ? "binary data" :
		BSON_ITER_HOLDS_TIMESTAMP(iter) ? "a timestamp" :
		"a value of another type";
}

/* For an array, shows the first value, so that the array can be found. */
static void
describe_compound(const bson_iter_t *iter, char *words, size_t size)
{
	char first[RW_BSON_WORDS / 2] = "";
	bson_iter_t inside;

	if (BSON_ITER_HOLDS_ARRAY(iter) && bson_iter_recurse(iter, &inside) &&
	    bson_iter_next(&inside) && !BSON_ITER_HOLDS_ARRAY(&inside) &&
	    !BSON_ITER_HOLDS_DOCUMENT(&inside)) {
		describe(&inside, first, sizeof first);
		snprintf(words, size, "an array that begins with %s", first);
	} else {
		snprintf(words, size, "%s", type_words(iter));
	}
}

static void
describe_date(int64_t ms, char *words, size_t size)
{
	char text[RW_RFC3339_SIZE];

	/* 1970 to 9999 */
	if (ms < 0 || ms >= INT64_C(253402300800000)) {
		snprintf(words, size, "%lld (a date and time in milliseconds "
			"since 1970)", (long long)ms);
		return;
	}
	rw_rfc3339(text, ms / 1000);
	snprintf(words, size, "%s (a date and time)", text);
}

static void
describe(const bson_iter_t *iter, char *words, size_t size)
{
	struct rw_buf shown = {0};
	char text[BSON_DECIMAL128_STRING];
	bson_decimal128_t decimal;

	if (BSON_ITER_HOLDS_UTF8(iter)) {
		rw_text_add_printable(&shown, bson_iter_utf8(iter, NULL));
		snprintf(words, size, "\"%.40s\" (a string)",
			rw_buf_text(&shown));
		rw_buf_free(&shown);
	} else if (BSON_ITER_HOLDS_INT(iter)) {
		snprintf(words, size, "%lld (a number)",
			(long long)bson_iter_as_int64(iter));
	} else if (BSON_ITER_HOLDS_DOUBLE(iter)) {
		snprintf(words, size, "%.15g (a number)",
			bson_iter_double(iter));
	} else if (BSON_ITER_HOLDS_DECIMAL128(iter)) {
		bson_iter_decimal128(iter, &decimal);
		bson_decimal128_to_string(&decimal, text);
		snprintf(words, size, "%s (a number)", text);
	} else if (BSON_ITER_HOLDS_OID(iter)) {
		bson_oid_to_string(bson_iter_oid(iter), text);
		snprintf(words, size, "%s (an ObjectId)", text);
	} else if (BSON_ITER_HOLDS_BOOL(iter)) {
		snprintf(words, size, "%s (a boolean)", bson_iter_bool(iter) ?
			"true" : "false");
	} else if (BSON_ITER_HOLDS_DATE_TIME(iter)) {
		describe_date(bson_iter_date_time(iter), words, size);
	} else if (BSON_ITER_HOLDS_NULL(iter)) {
		snprintf(words, size, "null");
	} else {
		describe_compound(iter, words, size);
	}
}

void
rw_bson_describe(const bson_t *document, const char *member, char *words,
	size_t size)
{
	bson_iter_t iter;

	if (bson_iter_init_find(&iter, document, member))
		describe(&iter, words, size);
	else
		snprintf(words, size, "nothing");
	rw_cut_drop(words);
}

static bool
read_amount(const bson_iter_t *iter, int64_t *amount, struct rw_err *err)
{
	char decimal[BSON_DECIMAL128_STRING];
	char words[RW_BSON_WORDS];
	bson_decimal128_t value;
	const char *text;
	char number[24];

	if (BSON_ITER_HOLDS_DOUBLE(iter))
		return read_double(bson_iter_double(iter), amount, err);
	if (BSON_ITER_HOLDS_DECIMAL128(iter)) {
		bson_iter_decimal128(iter, &value);
		bson_decimal128_to_string(&value, decimal);
		return parse_amount(decimal, amount, err);
	}
	if (BSON_ITER_HOLDS_INT(iter)) {
		snprintf(number, sizeof number, "%lld",
			(long long)bson_iter_as_int64(iter));
		return parse_amount(number, amount, err);
	}
	if (read_bson_text(iter, &text))
		return parse_amount(text, amount, err);
	describe(iter, words, sizeof words);
	return rw_fail(err, RW_DATA, "%s: expected a number", words);
}

static bool
find_member(bson_iter_t *iter, const bson_t *document, const char *member)
{
	return bson_iter_init_find(iter, document, member) &&
		!BSON_ITER_HOLDS_NULL(iter);
}

bool
rw_bson_text(const bson_t *document, const char *member, bool *there,
	const char **text)
{
	bson_iter_t iter;

	*there = find_member(&iter, document, member);
	return !*there || read_bson_text(&iter, text);
}

bool
rw_bson_bool(const bson_t *document, const char *member, bool *there,
	bool *value)
{
	bson_iter_t iter;

	*there = find_member(&iter, document, member);
	if (!*there)
		return true;
	*value = BSON_ITER_HOLDS_BOOL(&iter) && bson_iter_bool(&iter);
	return BSON_ITER_HOLDS_BOOL(&iter);
}

bool
rw_bson_texts(const bson_t *document, const char *member, bool *there,
	struct rw_buf *json)
{
	bson_iter_t iter, item;
	const char *text;
	size_t n = 0;

	*there = find_member(&iter, document, member);
	if (!*there)
		return true;
	if (!BSON_ITER_HOLDS_ARRAY(&iter)) {
		if (!read_bson_text(&iter, &text))
			return false;
		rw_buf_addc(json, '[');
		rw_text_add_json(json, text);
		rw_buf_addc(json, ']');
		return true;
	}
	rw_buf_addc(json, '[');
	for (bson_iter_recurse(&iter, &item); bson_iter_next(&item); n++) {
		if (!read_bson_text(&item, &text))
			return false;
		rw_buf_adds(json, n > 0 ? "," : "");
		rw_text_add_json(json, text);
	}
	rw_buf_addc(json, ']');
	return true;
}

bool
rw_bson_amount(const bson_t *document, const char *member, bool *there,
	int64_t *amount, struct rw_err *err)
{
	bson_iter_t iter;

	*there = find_member(&iter, document, member);
	return !*there || read_amount(&iter, amount, err) ||
		rw_err_prefix(err, "%s", member);
}
