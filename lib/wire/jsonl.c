#include "wire/jsonl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "wire/json_scan_priv.h"

void
rw_line_free(struct rw_line *line)
{
	rw_buf_free(&line->text);
	rw_buf_free(&line->quoted);
	rw_arena_free(&line->arena);
	free(line->members);
	free(line->table);
	*line = (struct rw_line){0};
}

/* The memory of an exceptionally long line is released, because a thousand
 * lines may be in flight. */
enum { KEEP_TEXT = 65536 };

void
rw_line_clear(struct rw_line *line)
{
	if (line->text.cap > KEEP_TEXT)
		rw_buf_free(&line->text);
	if (line->quoted.cap > KEEP_TEXT)
		rw_buf_free(&line->quoted);
	rw_buf_reset(&line->text);
	rw_arena_reset(&line->arena);
	line->count = 0;
	line->changed = true;
	line->failed = false;
	if (line->table != NULL)
		memset(line->table, 0, line->table_size * sizeof *line->table);
}

static uint32_t
hash_key(const char *key, size_t len)
{
	return rw_hash32(RW_HASH32_START, key, len);
}

/* The slot of the key, or the free slot for it. A slot contains the member's
 * index plus one. */
static uint32_t *
find_member_slot(const struct rw_line *line, const char *key, size_t len,
	uint32_t hash)
{
	size_t mask = line->table_size - 1, i;

	for (i = hash & mask;; i = (i + 1) & mask) {
		const struct rw_line_member *m;

		if (line->table[i] == 0)
			return &line->table[i];
		m = &line->members[line->table[i] - 1];
		if (m->hash == hash && m->key_len == len &&
		    memcmp(m->key, key, len) == 0)
			return &line->table[i];
	}
}

static bool
grow_members(struct rw_line *line)
{
	size_t room = line->room == 0 ? 32 : line->room * 2, i;
	struct rw_line_member *members = realloc(line->members,
		room * sizeof *members);
	uint32_t *table;

	if (members == NULL)
		return false;
	line->members = members;
	table = calloc(room * 2, sizeof *table);
	if (table == NULL)
		return false;
	free(line->table);
	line->table = table;
	line->table_size = room * 2;
	line->room = room;
	for (i = 0; i < line->count; i++)
		*find_member_slot(line, members[i].key, members[i].key_len,
			members[i].hash) = (uint32_t)i + 1;
	return true;
}

/* Adds a new member; sets *is_duplicate when it already exists. */
static bool
append(struct rw_line *line, const struct rw_line_member *member,
	bool *is_duplicate)
{
	uint32_t *slot;

	if (line->count == line->room && !grow_members(line))
		return false;
	slot = find_member_slot(line, member->key, member->key_len,
		member->hash);
	*is_duplicate = *slot != 0;
	if (*is_duplicate)
		return true;
	line->members[line->count++] = *member;
	*slot = (uint32_t)line->count;
	return true;
}

/* Fills in key, key_len and hash from the original name. */
static bool
read_key(struct rw_line *line, struct rw_line_member *m)
{
	const char *inside = m->name.text + 1;
	size_t len = m->name.len - 2;
	char *decoded;

	m->key = inside;
	m->key_len = len;
	if (memchr(inside, '\\', len) != NULL) {
		decoded = rw_arena_get(&line->arena, len);
		if (decoded == NULL)
			return false;
		m->key = decoded;
		m->key_len = rw_json_decode(inside, len, decoded);
	}
	m->hash = hash_key(m->key, m->key_len);
	return true;
}

static bool
no_memory(struct rw_err *err)
{
	return rw_fail_memory(err, "the line");
}

static bool
read_member(struct rw_line *line, struct rw_scan *s, struct rw_err *err)
{
	struct rw_line_member m = {0};
	bool is_duplicate;

	if (!rw_scan_name(s, &m.name.text, &m.name.len))
		return rw_scan_failed(s, err);
	rw_scan_space(s);
	m.value.text = s->p;
	if (!rw_scan_value(s))
		return rw_scan_failed(s, err);
	m.value.len = (size_t)(s->p - m.value.text);
	if (!read_key(line, &m) || !append(line, &m, &is_duplicate))
		return no_memory(err);
	if (is_duplicate)
		return rw_fail(err, RW_UNREADABLE, "duplicate member %.*s",
			m.name.len > 80 ? 80 : (int)m.name.len,
			m.name.text);
	rw_scan_space(s);
	return true;
}

static bool
read_object(struct rw_line *line, struct rw_scan *s, struct rw_err *err)
{
	rw_scan_space(s);
	if (rw_scan_peek(s) != '{') {
		rw_scan_wrong(s, "expected an object in { }");
		return rw_scan_failed(s, err);
	}
	s->p++;
	rw_scan_space(s);
	if (rw_scan_peek(s) != '}')
		for (;;) {
			if (!read_member(line, s, err))
				return false;
			if (rw_scan_peek(s) != ',')
				break;
			s->p++;
		}
	if (rw_scan_peek(s) != '}') {
		rw_scan_wrong(s, "expected a comma or }");
		return rw_scan_failed(s, err);
	}
	s->p++;
	rw_scan_space(s);
	if (s->p == s->end)
		return true;
	rw_scan_wrong(s, "something follows the object");
	return rw_scan_failed(s, err);
}

bool
rw_line_parse(struct rw_line *line, const char *text, size_t len,
	struct rw_err *err)
{
	struct rw_scan s;

	rw_line_clear(line);
	rw_buf_add(&line->text, text, len);
	if (line->text.failed)
		return no_memory(err);
	s = (struct rw_scan){.start = rw_buf_text(&line->text)};
	s.p = s.start;
	s.end = s.start + len;
	if (!rw_scan_utf8(s.start, len, err) || !read_object(line, &s, err)) {
		rw_line_clear(line);
		return false;
	}
	line->changed = false;
	return true;
}

static struct rw_line_member *
find_member(const struct rw_line *line, const char *name)
{
	size_t len = strlen(name);
	uint32_t slot;

	if (line->count == 0)
		return NULL;
	slot = *find_member_slot(line, name, len, hash_key(name, len));
	return slot == 0 ? NULL : &line->members[slot - 1];
}

struct rw_json
rw_line_get(const struct rw_line *line, const char *name)
{
	const struct rw_line_member *m = find_member(line, name);

	return m != NULL ? m->value : (struct rw_json){0};
}

static struct rw_line_member *
find_or_add(struct rw_line *line, const char *name)
{
	struct rw_line_member *m = find_member(line, name), new = {0};
	bool is_duplicate;

	if (m != NULL)
		return m;
	rw_buf_reset(&line->quoted);
	rw_text_add_json(&line->quoted, name);
	new.name.len = line->quoted.len;
	new.name.text = rw_arena_copy(&line->arena,
		rw_buf_text(&line->quoted), line->quoted.len);
	if (new.name.text == NULL || !read_key(line, &new) ||
	    !append(line, &new, &is_duplicate))
		return NULL;
	return &line->members[line->count - 1];
}

static void
set(struct rw_line *line, struct rw_line_member *m, const char *json,
	size_t len)
{
	char *copy = rw_arena_copy(&line->arena, json, len);

	line->changed = true;
	if (m == NULL || copy == NULL) {
		line->failed = true;
		return;
	}
	m->value = (struct rw_json){copy, len};
}

void
rw_line_set(struct rw_line *line, const char *name, const char *json,
	size_t len)
{
	set(line, find_or_add(line, name), json, len);
}

void
rw_line_set_string(struct rw_line *line, const char *name, const char *text)
{
	/* First the member, which may need the buffer for its name. */
	struct rw_line_member *m = find_or_add(line, name);

	rw_buf_reset(&line->quoted);
	rw_text_add_json(&line->quoted, text);
	if (line->quoted.failed)
		line->failed = true;
	else
		set(line, m, rw_buf_text(&line->quoted), line->quoted.len);
}

void
rw_line_set_int(struct rw_line *line, const char *name, int64_t value)
{
	char text[24];
	int n = snprintf(text, sizeof text, "%lld", (long long)value);

	rw_line_set(line, name, text, (size_t)n);
}

void
rw_line_set_bool(struct rw_line *line, const char *name, bool value)
{
	rw_line_set(line, name, value ? "true" : "false", value ? 4 : 5);
}

void
rw_line_set_null(struct rw_line *line, const char *name)
{
	rw_line_set(line, name, "null", 4);
}

void
rw_line_remove(struct rw_line *line, const char *name)
{
	struct rw_line_member *m = find_member(line, name);

	if (m == NULL || m->value.text == NULL)
		return;
	m->value = (struct rw_json){0};
	line->changed = true;
}

void
rw_line_add_to(const struct rw_line *line, struct rw_buf *out)
{
	const struct rw_line_member *m;
	bool first = true;
	size_t i;

	if (!line->changed) {
		rw_buf_add(out, rw_buf_text(&line->text), line->text.len);
		rw_buf_addc(out, '\n');
		return;
	}
	rw_buf_addc(out, '{');
	for (i = 0; i < line->count; i++) {
		m = &line->members[i];
		if (m->value.text == NULL)
			continue;
		if (!first)
			rw_buf_addc(out, ',');
		first = false;
		rw_buf_add(out, m->name.text, m->name.len);
		rw_buf_addc(out, ':');
		rw_buf_add(out, m->value.text, m->value.len);
	}
	rw_buf_add(out, "}\n", 2);
}
