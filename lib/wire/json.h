/*
 * JSON text, checked and split without conversion: a value is its original
 * piece of text, so 0.1 stays 0.1.
 *
 * Source: RFC 8259. In addition, a NUL and nesting deeper than 1000 levels are
 * refused.
 */
#ifndef RW_WIRE_JSON_H
#define RW_WIRE_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"

/* A piece of JSON text, whole and valid; borrowed from the line. */
struct rw_json {
	const char *text;	/* not NUL-terminated; NULL: no value */
	size_t len;
};

enum rw_json_type {
	RW_JSON_NONE,
	RW_JSON_NULL,
	RW_JSON_FALSE,
	RW_JSON_TRUE,
	RW_JSON_NUMBER,
	RW_JSON_STRING,
	RW_JSON_ARRAY,
	RW_JSON_OBJECT,
};

enum rw_json_type
rw_json_type(struct rw_json value);

/* "a string", "an object", ...: for messages. */
const char *
rw_json_type_words(struct rw_json value);

/* The characters of a string, decoded, NUL-terminated, in the arena. NULL with
 * RW_DATA when value is not a string or contains \u0000. */
const char *
rw_json_string(struct rw_json value, struct rw_arena *arena,
	struct rw_err *err);

/* Walks the members of an object: start with *at 0. False after the last
 * one (or when value is not an object). name is a JSON string. */
bool
rw_json_next(struct rw_json object, size_t *at, struct rw_json *name,
	struct rw_json *value);

/* Walks the values of an array in the same way. */
bool
rw_json_item(struct rw_json array, size_t *at, struct rw_json *value);

/* Checks one JSON text of any type. RW_UNREADABLE with the offset. */
bool
rw_json_check(const char *text, size_t len, struct rw_err *err);

#endif
