/*
 * Reads members of documents that other programs wrote. Private to mongo_*.c
 * and followers_mongo.c.
 *
 * *there: the document has the member, and it is not null. The functions return
 * false when the member exists but has a different form.
 */
#ifndef RW_FOLLOWERS_BSON_PRIV_H
#define RW_FOLLOWERS_BSON_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct _bson_t;

/* Text is UTF-8 without a NUL. Borrowed from the document. */
bool
rw_bson_text(const struct _bson_t *document, const char *member, bool *there,
	const char **text);

bool
rw_bson_bool(const struct _bson_t *document, const char *member, bool *there,
	bool *value);

/* Reads an array of texts, or one text, and appends it to json as an array of
 * strings. */
bool
rw_bson_texts(const struct _bson_t *document, const char *member, bool *there,
	struct rw_buf *json);

/* An exact amount of an int, a double, a Decimal128 or a text; see
 * followers/followers_mongo.h. RW_DATA says why it is not an amount. */
bool
rw_bson_amount(const struct _bson_t *document, const char *member, bool *there,
	int64_t *amount, struct rw_err *err);

/* The size of the text of rw_bson_describe. */
enum { RW_BSON_WORDS = 80 };

/* Describes the value and its type for messages: "42 (a number)"; "nothing"
 * when the document has no such member. */
void
rw_bson_describe(const struct _bson_t *document, const char *member,
	char *words, size_t size);

#endif
