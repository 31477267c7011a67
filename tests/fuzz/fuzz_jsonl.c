/*
 * Any bytes as a line. What can be read must come out byte for byte; what was
 * changed must be readable again and hold the same members.
 */
#include <stdlib.h>
#include <string.h>

#include "wire/jsonl.h"

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

static void
must(bool good)
{
	if (!good)
		abort();
}

static bool
same(struct rw_json a, struct rw_json b)
{
	return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
}

static void
walk(struct rw_json object, struct rw_arena *arena)
{
	struct rw_json name, value;
	size_t at = 0;

	while (rw_json_next(object, &at, &name, &value)) {
		rw_json_string(name, arena, NULL);
		rw_json_string(value, arena, NULL);
		if (rw_json_type(value) == RW_JSON_OBJECT)
			walk(value, arena);
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	struct rw_line line = {0}, again = {0};
	struct rw_buf out = {0};
	struct rw_err err;
	size_t i;

	if (rw_line_parse(&line, (const char *)bytes, len, &err)) {
		must(rw_json_check((const char *)bytes, len, &err));
		walk((struct rw_json){line.text.data, line.text.len},
			&line.arena);
		rw_line_add_to(&line, &out);
		must(out.len == len + 1 && memcmp(out.data, bytes, len) == 0);
		rw_line_set_string(&line, "added\"\n", "\x01\xc3\xa4");
		rw_buf_reset(&out);
		rw_line_add_to(&line, &out);
		must(rw_line_parse(&again, out.data, out.len - 1, &err));
		must(again.count == line.count);
		for (i = 0; i < again.count; i++) {
			must(same(again.members[i].name,
				line.members[i].name));
			must(same(again.members[i].value,
				line.members[i].value));
		}
	}
	rw_buf_free(&out);
	rw_line_free(&again);
	rw_line_free(&line);
	return 0;
}
