/*
 * Any bytes as JSON, compared with jansson: both accept the same texts, but for
 * the limits of each, and see the same types and strings in them.
 */
#include "fuzz.h"

#include <jansson.h>

#include "wire/json.h"

enum { DEPTH = 1000 };

static size_t
depth_of(const uint8_t *data, size_t size)
{
	size_t i, depth = 0;

	for (i = 0; i < size; i++)
		depth += data[i] == '[' || data[i] == '{';
	return depth;
}

static bool
is_same_type(struct rw_json ours, const json_t *theirs)
{
	switch (rw_json_type(ours)) {
	case RW_JSON_NULL: return json_is_null(theirs);
	case RW_JSON_FALSE: return json_is_false(theirs);
	case RW_JSON_TRUE: return json_is_true(theirs);
	case RW_JSON_NUMBER: return json_is_number(theirs);
	case RW_JSON_STRING: return json_is_string(theirs);
	case RW_JSON_ARRAY: return json_is_array(theirs);
	case RW_JSON_OBJECT: return json_is_object(theirs);
	case RW_JSON_NONE:
	default: return false;
	}
}

static void
compare(struct rw_json ours, const json_t *theirs, struct rw_arena *arena)
{
	struct rw_json name, value;
	size_t at = 0, i = 0;
	const char *text;

	require(is_same_type(ours, theirs));
	if (json_is_string(theirs)) {
		text = rw_json_string(ours, arena, NULL);
		require(text != NULL);
		require(strcmp(text, json_string_value(theirs)) == 0);
	}
	while (json_is_array(theirs) && rw_json_item(ours, &at, &value))
		compare(value, json_array_get(theirs, i++), arena);
	require(!json_is_array(theirs) || i == json_array_size(theirs));
	while (json_is_object(theirs) &&
	    rw_json_next(ours, &at, &name, &value)) {
		text = rw_json_string(name, arena, NULL);
		require(text != NULL);
		compare(value, json_object_get(theirs, text), arena);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct rw_arena arena = {0};
	struct rw_err err = {0};
	json_error_t error;
	json_t *theirs;
	bool ours;

	ours = rw_json_check(text, size, &err);
	fuzz_outcome(ours, &err);
	theirs = json_loadb(text, size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
		&error);
	/* jansson takes a NUL behind a number for the end. */
	if (theirs != NULL)
		require(ours || memchr(text, '\0', size) != NULL || depth_of(data, size) >= DEPTH);
	else
		/* A half of a surrogate pair is JSON (RFC 8259, 8.2). */
		require(!ours || strstr(error.text, "invalid Unicode") !=
			NULL || json_error_code(&error) ==
			json_error_numeric_overflow || json_error_code(&error) ==
			json_error_null_character || json_error_code(&error) ==
			json_error_null_byte_in_key || json_error_code(&error) ==
			json_error_duplicate_key);
	if (ours && theirs != NULL) {
		struct rw_json all = {text, size};

		while (all.len > 0 && strchr(" \t\r\n", *all.text) != NULL)
			all.text++, all.len--;
		while (strchr(" \t\r\n", all.text[all.len - 1]) != NULL)
			all.len--;
		compare(all, theirs, &arena);
	}
	json_decref(theirs);
	rw_arena_free(&arena);
	return 0;
}
