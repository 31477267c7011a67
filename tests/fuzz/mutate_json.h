/*
 * A mutator of libFuzzer that knows JSON: it exchanges, removes and adds members
 * and changes values, so that nearly every input is an object. A share of the
 * inputs is left to libFuzzer, which knows nothing.
 */
#ifndef RW_TESTS_MUTATE_JSON_H
#define RW_TESTS_MUTATE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "wire/jsonl.h"

size_t
LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

static inline uint32_t
fuzz_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

#define FUZZ_PICK(array, state) \
	(array)[fuzz_random(state) % (sizeof(array) / sizeof *(array))]

static inline void
fuzz_new_value(char value[64], uint32_t *state)
{
	static const char *const values[] = {"null", "true", "0", "-0", "\"\"",
		"1e14", "\"-99999999999999.9999\"", "0.0001", "[]", "{}",
		"\"JPY\"", "\"USD\"", "\"BHD\"", "\"DE89370400440532013000\"",
		"\"profit\"", "\"high_water\"", "1", "2", "31", "100", "12.5",
		"\"\\u05d0\\u0644\\u4e00\"", "\"a\\tb\"", "\"\\ufffe\"",
		"\"\\u200b\"", "\"_x000A_\"", "\"=1+1\"", "\"2025-02\""};

	if (fuzz_random(state) % 3 > 0)
		snprintf(value, 64, "%s", FUZZ_PICK(values, state));
	else
		snprintf(value, 64, "\"%s%u.%0*u\"", fuzz_random(state) % 2 ?
			"-" : "", fuzz_random(state) >> fuzz_random(state) % 32,
			(int)(fuzz_random(state) % 4 + 1),
			fuzz_random(state) % 10);
}

static inline void
fuzz_new_name(char name[64], uint32_t *state)
{
	static const char *const names[] = {"name", "currency", "iban",
		"commission_pct", "commission_model", "high_water_mark",
		"opening_balance", "loss_carried_forward", "revision",
		"report_period", "follower_id", "daily_pnl", "sent_figures",
		"minimum_fee", "hurdle_pct", "max_fee", "locale"};

	snprintf(name, 64, "%s", FUZZ_PICK(names, state));
}

/* One change in an object; a day among the days when it is one of days. */
static inline void
fuzz_change_object(struct rw_line *line, bool has_days, uint32_t *state)
{
	char name[64], value[64];

	fuzz_new_value(value, state);
	if (has_days)
		snprintf(name, sizeof name, "2025-%02u-%02u", 6 -
			(fuzz_random(state) % 9 == 0), fuzz_random(state) %
			32);
	else
		fuzz_new_name(name, state);
	if (line->count > 0 && fuzz_random(state) % 2 == 0) {
		struct rw_line_member *member = &line->members[
			fuzz_random(state) % line->count];

		if (member->key_len < sizeof name) {
			memcpy(name, member->key, member->key_len);
			name[member->key_len] = '\0';
		}
	}
	if (fuzz_random(state) % 5 == 0)
		rw_line_remove(line, name);
	else
		rw_line_set(line, name, value, strlen(value));
}

static inline void
fuzz_change_line(struct rw_line *line, uint32_t *state)
{
	struct rw_json days = rw_line_get(line, "daily_pnl");
	struct rw_line inner = {0};
	struct rw_buf text = {0};
	struct rw_err err;

	if (fuzz_random(state) % 2 == 0 || days.text == NULL ||
	    !rw_line_parse(&inner, days.text, days.len, &err)) {
		fuzz_change_object(line, false, state);
	} else {
		fuzz_change_object(&inner, true, state);
		rw_line_add_to(&inner, &text);
		if (text.len > 1)
			rw_line_set(line, "daily_pnl", text.data, text.len - 1);
	}
	rw_line_free(&inner);
	rw_buf_free(&text);
}

static inline size_t
fuzz_mutate_json(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	uint32_t state = seed * 2654435761U + 1, left;
	struct rw_line line = {0};
	struct rw_buf out = {0};
	struct rw_err err;

	if (state == 0)
		state = 1;
	if (fuzz_random(&state) % 8 == 0 ||
	    !rw_line_parse(&line, (const char *)data, size, &err)) {
		rw_line_free(&line);
		return LLVMFuzzerMutate(data, size, max);
	}
	for (left = fuzz_random(&state) % 4 + 1; left > 0; left--)
		fuzz_change_line(&line, &state);
	rw_line_add_to(&line, &out);
	if (out.len > 0 && out.len - 1 <= max) {
		size = out.len - 1;
		memcpy(data, out.data, size);
	}
	rw_buf_free(&out);
	rw_line_free(&line);
	return size;
}

#endif
