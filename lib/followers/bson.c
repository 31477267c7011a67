#include "followers/bson_priv.h"

#include <bson/bson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "base/text.h"

static bool
read_text(const bson_iter_t *iter, const char **text)
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

/* The shortest decimal that gives this double again is what was meant, unless
 * it is longer than an amount: then it is the noise of a sum. */
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

static bool
read_amount(const bson_iter_t *iter, int64_t *amount, struct rw_err *err)
{
	char decimal[BSON_DECIMAL128_STRING];
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
	if (read_text(iter, &text))
		return parse_amount(text, amount, err);
	return rw_fail(err, RW_DATA, "expected a number");
}

static bool
find(bson_iter_t *iter, const bson_t *document, const char *member)
{
	return bson_iter_init_find(iter, document, member) &&
		!BSON_ITER_HOLDS_NULL(iter);
}

bool
rw_bson_text(const bson_t *document, const char *member, bool *there,
	const char **text)
{
	bson_iter_t iter;

	*there = find(&iter, document, member);
	return !*there || read_text(&iter, text);
}

bool
rw_bson_bool(const bson_t *document, const char *member, bool *there,
	bool *value)
{
	bson_iter_t iter;

	*there = find(&iter, document, member);
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

	*there = find(&iter, document, member);
	if (!*there)
		return true;
	if (!BSON_ITER_HOLDS_ARRAY(&iter)) {
		if (!read_text(&iter, &text))
			return false;
		rw_buf_addc(json, '[');
		rw_text_add_json(json, text);
		rw_buf_addc(json, ']');
		return true;
	}
	rw_buf_addc(json, '[');
	for (bson_iter_recurse(&iter, &item); bson_iter_next(&item); n++) {
		if (!read_text(&item, &text))
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

	*there = find(&iter, document, member);
	return !*there || read_amount(&iter, amount, err) ||
		rw_err_prefix(err, "%s", member);
}
