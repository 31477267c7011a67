#include "wire/jsonl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* ---- scanning --------------------------------------------------------- */

struct scan {
	const char *start, *p, *end;
	const char *problem;	/* what is wrong at p; NULL: nothing yet */
};

static bool
wrong(struct scan *s, const char *problem)
{
	s->problem = s->p < s->end ? problem : "the text ends too early";
	return false;
}

static char
peek(const struct scan *s)
{
	return s->p < s->end ? *s->p : '\0';
}

static void
skip_space(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' ||
	    *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

/* True when one of eight bytes is a quote, a backslash or below 0x20; may be
 * true without need, never false in error. The classic "has a zero byte"
 * trick, three times over. */
static bool
has_special(const char *p)
{
	const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
	uint64_t w, quote, backslash;

	memcpy(&w, p, sizeof w);
	quote = w ^ ones * '"';
	backslash = w ^ ones * '\\';
	return (((w - ones * 0x20) | (quote - ones) | (backslash - ones)) &
		highs) != 0;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
scan_escape(struct scan *s)
{
	int i;

	s->p++;
	if (peek(s) == 'u') {
		s->p++;
		for (i = 0; i < 4; i++, s->p++)
			if (hex_value(peek(s)) < 0)
				return wrong(s, "expected four hexadecimal "
					"digits after \\u");
		return true;
	}
	if (s->p >= s->end || strchr("\"\\/bfnrt", *s->p) == NULL ||
	    *s->p == '\0')
		return wrong(s, "unknown escape in a string");
	s->p++;
	return true;
}

static bool
scan_string(struct scan *s)
{
	if (peek(s) != '"')
		return wrong(s, "expected a string in double quotes");
	s->p++;
	for (;;) {
		while (s->end - s->p >= 8 && !has_special(s->p))
			s->p += 8;
		if (s->p >= s->end)
			return wrong(s, "");
		if (*s->p == '"') {
			s->p++;
			return true;
		}
		if (*s->p == '\\') {
			if (!scan_escape(s))
				return false;
		} else if (*s->p == '\0') {
			return wrong(s, "a NUL");
		} else if ((unsigned char)*s->p < 0x20) {
			return wrong(s, "a control character in a string");
		} else {
			s->p++;
		}
	}
}

static size_t
scan_digits(struct scan *s)
{
	const char *start = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return (size_t)(s->p - start);
}

static bool
scan_number(struct scan *s)
{
	if (peek(s) == '-')
		s->p++;
	if (peek(s) == '0') {
		s->p++;
	} else if (scan_digits(s) == 0) {
		return wrong(s, "expected a digit");
	}
	if (peek(s) == '.') {
		s->p++;
		if (scan_digits(s) == 0)
			return wrong(s, "expected a digit after the point");
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		s->p++;
		if (peek(s) == '+' || peek(s) == '-')
			s->p++;
		if (scan_digits(s) == 0)
			return wrong(s, "expected a digit in the exponent");
	}
	return true;
}

static bool
scan_word(struct scan *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->p) < len || memcmp(s->p, word, len) != 0)
		return wrong(s, "expected a value");
	s->p += len;
	return true;
}

static bool
scan_scalar(struct scan *s)
{
	switch (peek(s)) {
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	case '-': case '0': case '1': case '2': case '3': case '4': case '5':
	case '6': case '7': case '8': case '9':
		return scan_number(s);
	default:
		return wrong(s, s->p < s->end && *s->p == '\0' ? "a NUL" :
			"expected a value");
	}
}

/* The name of a member, its colon, and the space behind it. */
static bool
scan_name(struct scan *s)
{
	skip_space(s);
	if (peek(s) != '"')
		return wrong(s, "expected a member's name in double quotes");
	if (!scan_string(s))
		return false;
	skip_space(s);
	if (peek(s) != ':')
		return wrong(s, "expected a colon");
	s->p++;
	return true;
}

/* Containers are kept in an array, not on the C stack: depth is an input. */
struct nesting {
	char closers[RW_JSON_DEPTH];
	size_t depth;
};

/* At '{' or '['. *empty: the container ended at once. */
static bool
open_container(struct scan *s, struct nesting *n, bool *empty)
{
	char closer = *s->p == '{' ? '}' : ']';

	if (n->depth == RW_JSON_DEPTH)
		return wrong(s, "nested too deep");
	n->closers[n->depth++] = closer;
	s->p++;
	skip_space(s);
	*empty = peek(s) == closer;
	if (*empty) {
		s->p++;
		n->depth--;
		return true;
	}
	return closer == ']' || scan_name(s);
}

/* Behind a value: closes what ends here. *more: another value follows. */
static bool
after_value(struct scan *s, struct nesting *n, bool *more)
{
	while (n->depth > 0) {
		char closer = n->closers[n->depth - 1];

		skip_space(s);
		if (peek(s) == ',') {
			s->p++;
			*more = true;
			return closer == ']' || scan_name(s);
		}
		if (peek(s) != closer)
			return wrong(s, closer == '}' ?
				"expected a comma or }" :
				"expected a comma or ]");
		s->p++;
		n->depth--;
	}
	*more = false;
	return true;
}

static bool
scan_value(struct scan *s)
{
	struct nesting n;
	bool more = true, empty;

	n.depth = 0;
	while (more) {
		skip_space(s);
		if (peek(s) == '{' || peek(s) == '[') {
			if (!open_container(s, &n, &empty))
				return false;
			if (!empty)
				continue;
		} else if (!scan_scalar(s)) {
			return false;
		}
		if (!after_value(s, &n, &more))
			return false;
	}
	return true;
}

static bool
scan_failed(const struct scan *s, struct rw_err *err)
{
	return rw_fail(err, RW_UNREADABLE, "byte %td: %s",
		s->p - s->start + 1, s->problem);
}

static bool
check_utf8(const char *text, size_t len, struct rw_err *err)
{
	size_t bad;

	if (rw_text_is_utf8(text, len, &bad))
		return true;
	return rw_fail(err, RW_UNREADABLE, "byte %zu: 0x%02x is not UTF-8",
		bad + 1, (unsigned char)text[bad]);
}

bool
rw_json_check(const char *text, size_t len, struct rw_err *err)
{
	struct scan s = {text, text, text + len, NULL};

	if (!check_utf8(text, len, err))
		return false;
	if (!scan_value(&s))
		return scan_failed(&s, err);
	skip_space(&s);
	if (s.p == s.end)
		return true;
	wrong(&s, "something follows the value");
	return scan_failed(&s, err);
}

/* ---- one value -------------------------------------------------------- */

enum rw_json_type
rw_json_type(struct rw_json value)
{
	if (value.text == NULL || value.len == 0)
		return RW_JSON_NONE;
	switch (value.text[0]) {
	case 'n':
		return RW_JSON_NULL;
	case 'f':
		return RW_JSON_FALSE;
	case 't':
		return RW_JSON_TRUE;
	case '"':
		return RW_JSON_STRING;
	case '[':
		return RW_JSON_ARRAY;
	case '{':
		return RW_JSON_OBJECT;
	default:
		return RW_JSON_NUMBER;
	}
}

const char *
rw_json_type_words(struct rw_json value)
{
	static const char *const words[] = {
		[RW_JSON_NONE] = "missing", [RW_JSON_NULL] = "null",
		[RW_JSON_FALSE] = "false", [RW_JSON_TRUE] = "true",
		[RW_JSON_NUMBER] = "a number", [RW_JSON_STRING] = "a string",
		[RW_JSON_ARRAY] = "an array", [RW_JSON_OBJECT] = "an object"};

	return words[rw_json_type(value)];
}

static uint32_t
four_hex(const char *p)
{
	return (uint32_t)(hex_value(p[0]) << 12 | hex_value(p[1]) << 8 |
		hex_value(p[2]) << 4 | hex_value(p[3]));
}

/* p is behind "\u"; moves over the digits, and over a second escape when the
 * two are a surrogate pair. A lone surrogate becomes U+FFFD. */
static uint32_t
unicode_escape(const char **p, const char *end)
{
	uint32_t c = four_hex(*p), low;

	*p += 4;
	if (c < 0xd800 || c > 0xdfff)
		return c;
	if (c > 0xdbff || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
		return 0xfffd;
	low = four_hex(*p + 2);
	if (low < 0xdc00 || low > 0xdfff)
		return 0xfffd;
	*p += 6;
	return 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
}

static char
simple_escape(char c)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *at = strchr(from, c);

	return at != NULL ? to[at - from] : c;
}

/* Decodes what stands between the quotes; out has room for len bytes, since
 * no escape is shorter than its character. Returns the length. */
static size_t
decode(const char *p, size_t len, char *out)
{
	const char *end = p + len;
	struct rw_buf one = {0};
	size_t n = 0;

	while (p < end) {
		if (*p != '\\') {
			out[n++] = *p++;
			continue;
		}
		p++;
		if (*p != 'u') {
			out[n++] = simple_escape(*p++);
			continue;
		}
		p++;
		rw_buf_reset(&one);
		rw_text_add_char(&one, unicode_escape(&p, end));
		memcpy(out + n, rw_buf_text(&one), one.len);
		n += one.len;
	}
	rw_buf_free(&one);
	return n;
}

const char *
rw_json_string(struct rw_json value, struct rw_arena *arena,
	struct rw_err *err)
{
	char *text;
	size_t len;

	if (rw_json_type(value) != RW_JSON_STRING) {
		rw_fail(err, RW_DATA, "expected a string, found %s",
			rw_json_type_words(value));
		return NULL;
	}
	text = rw_arena_get(arena, value.len);
	if (text == NULL) {
		rw_fail(err, RW_BUG, "no memory for %zu bytes", value.len);
		return NULL;
	}
	len = decode(value.text + 1, value.len - 2, text);
	text[len] = '\0';
	if (memchr(text, '\0', len) != NULL) {
		rw_fail(err, RW_DATA, "a NUL (\\u0000) in a string");
		return NULL;
	}
	return text;
}

bool
rw_json_next(struct rw_json object, size_t *at, struct rw_json *name,
	struct rw_json *value)
{
	struct scan s = {object.text, object.text + *at + 1,
		object.text + object.len, NULL};

	if (rw_json_type(object) != RW_JSON_OBJECT)
		return false;
	skip_space(&s);
	if (peek(&s) != '"')
		return false;
	name->text = s.p;
	if (!scan_string(&s))
		return false;
	name->len = (size_t)(s.p - name->text);
	skip_space(&s);
	s.p++;
	skip_space(&s);
	value->text = s.p;
	if (!scan_value(&s))
		return false;
	value->len = (size_t)(s.p - value->text);
	skip_space(&s);
	*at = (size_t)(s.p - s.start);
	return true;
}

/* ---- one line --------------------------------------------------------- */

void
rw_line_free(struct rw_line *line)
{
	rw_buf_free(&line->text);
	rw_arena_free(&line->arena);
	free(line->members);
	free(line->table);
	*line = (struct rw_line){0};
}

/* A line that was long for once must not keep its memory for ever: there may
 * be a thousand lines in flight. */
enum { KEEP_TEXT = 65536 };

void
rw_line_clear(struct rw_line *line)
{
	if (line->text.cap > KEEP_TEXT)
		rw_buf_free(&line->text);
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
	uint32_t h = 2166136261u;	/* FNV-1a */

	while (len-- > 0)
		h = (h ^ (unsigned char)*key++) * 16777619u;
	return h;
}

/* The slot of the key, or the free one where it would go; slots hold the
 * member's index plus one. */
static uint32_t *
find_slot(const struct rw_line *line, const char *key, size_t len,
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
grow(struct rw_line *line)
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
		*find_slot(line, members[i].key, members[i].key_len,
			members[i].hash) = (uint32_t)i + 1;
	return true;
}

/* Adds a member that is not there yet; *twice says that it is. */
static bool
append(struct rw_line *line, const struct rw_line_member *member, bool *twice)
{
	uint32_t *slot;

	if (line->count == line->room && !grow(line))
		return false;
	slot = find_slot(line, member->key, member->key_len, member->hash);
	*twice = *slot != 0;
	if (*twice)
		return true;
	line->members[line->count++] = *member;
	*slot = (uint32_t)line->count;
	return true;
}

/* Fills in key, key_len and hash from the name as it came. */
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
		m->key_len = decode(inside, len, decoded);
	}
	m->hash = hash_key(m->key, m->key_len);
	return true;
}

static bool
no_memory(struct rw_err *err)
{
	return rw_fail(err, RW_UNREADABLE, "no memory for the line");
}

static bool
read_member(struct rw_line *line, struct scan *s, struct rw_err *err)
{
	struct rw_line_member m = {0};
	bool twice;

	skip_space(s);
	m.name.text = s->p;
	if (!scan_name(s))
		return scan_failed(s, err);
	m.name.len = (size_t)((const char *)memrchr(m.name.text, '"',
		(size_t)(s->p - m.name.text)) + 1 - m.name.text);
	skip_space(s);
	m.value.text = s->p;
	if (!scan_value(s))
		return scan_failed(s, err);
	m.value.len = (size_t)(s->p - m.value.text);
	if (!read_key(line, &m) || !append(line, &m, &twice))
		return no_memory(err);
	if (twice)
		return rw_fail(err, RW_UNREADABLE, "the member %.*s stands "
			"there twice", m.name.len > 80 ? 80 : (int)m.name.len,
			m.name.text);
	skip_space(s);
	return true;
}

static bool
read_object(struct rw_line *line, struct scan *s, struct rw_err *err)
{
	skip_space(s);
	if (peek(s) != '{') {
		wrong(s, "expected an object in { }");
		return scan_failed(s, err);
	}
	s->p++;
	skip_space(s);
	if (peek(s) != '}')
		for (;;) {
			if (!read_member(line, s, err))
				return false;
			if (peek(s) != ',')
				break;
			s->p++;
		}
	if (peek(s) != '}') {
		wrong(s, "expected a comma or }");
		return scan_failed(s, err);
	}
	s->p++;
	skip_space(s);
	if (s->p == s->end)
		return true;
	wrong(s, "something follows the object");
	return scan_failed(s, err);
}

bool
rw_line_parse(struct rw_line *line, const char *text, size_t len,
	struct rw_err *err)
{
	struct scan s;

	rw_line_clear(line);
	rw_buf_add(&line->text, text, len);
	if (line->text.failed)
		return no_memory(err);
	s = (struct scan){.start = rw_buf_text(&line->text)};
	s.p = s.start;
	s.end = s.start + len;
	if (!check_utf8(s.start, len, err) || !read_object(line, &s, err)) {
		rw_line_clear(line);
		return false;
	}
	line->changed = false;
	return true;
}

static struct rw_line_member *
find(const struct rw_line *line, const char *name)
{
	size_t len = strlen(name);
	uint32_t slot;

	if (line->count == 0)
		return NULL;
	slot = *find_slot(line, name, len, hash_key(name, len));
	return slot == 0 ? NULL : &line->members[slot - 1];
}

struct rw_json
rw_line_get(const struct rw_line *line, const char *name)
{
	const struct rw_line_member *m = find(line, name);

	return m != NULL ? m->value : (struct rw_json){0};
}

static struct rw_line_member *
find_or_add(struct rw_line *line, const char *name)
{
	struct rw_line_member *m = find(line, name), new = {0};
	struct rw_buf quoted = {0};
	bool twice;

	if (m != NULL)
		return m;
	rw_text_add_json(&quoted, name);
	new.name.len = quoted.len;
	new.name.text = rw_arena_copy(&line->arena, rw_buf_text(&quoted),
		quoted.len);
	rw_buf_free(&quoted);
	if (new.name.text == NULL || !read_key(line, &new) ||
	    !append(line, &new, &twice))
		return NULL;
	return &line->members[line->count - 1];
}

void
rw_line_set(struct rw_line *line, const char *name, const char *json,
	size_t len)
{
	struct rw_line_member *m = find_or_add(line, name);
	char *copy = rw_arena_copy(&line->arena, json, len);

	line->changed = true;
	if (m == NULL || copy == NULL) {
		line->failed = true;
		return;
	}
	m->value = (struct rw_json){copy, len};
}

void
rw_line_set_string(struct rw_line *line, const char *name, const char *text)
{
	struct rw_buf json = {0};

	rw_text_add_json(&json, text);
	if (json.failed)
		line->failed = true;
	else
		rw_line_set(line, name, rw_buf_text(&json), json.len);
	rw_buf_free(&json);
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
	struct rw_line_member *m = find(line, name);

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
