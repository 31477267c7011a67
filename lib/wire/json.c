#include "wire/json.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "wire/json_scan_priv.h"

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

/* Of a digit that wire/json_scan.c has checked. */
static uint32_t
hex_value(char c)
{
	return (uint32_t)(c <= '9' ? c - '0' : (c & ~0x20) - 'A' + 10);
}

static uint32_t
four_hex(const char *p)
{
	return hex_value(p[0]) << 12 | hex_value(p[1]) << 8 |
		hex_value(p[2]) << 4 | hex_value(p[3]);
}

/* Called with p after "\u". Skips the digits, and the second escape of a
 * surrogate pair. A lone surrogate becomes U+FFFD. */
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

size_t
rw_json_decode(const char *p, size_t len, char *out)
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
		rw_fail_memory(err, "%zu bytes", value.len);
		return NULL;
	}
	len = rw_json_decode(value.text + 1, value.len - 2, text);
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
	struct rw_scan s = {object.text, object.text + (*at == 0 ? 1 : *at),
		object.text + object.len, NULL};

	if (rw_json_type(object) != RW_JSON_OBJECT)
		return false;
	rw_scan_space(&s);
	if (rw_scan_peek(&s) == ',')
		s.p++;
	if (!rw_scan_name(&s, &name->text, &name->len))
		return false;
	rw_scan_space(&s);
	value->text = s.p;
	if (!rw_scan_value(&s))
		return false;
	value->len = (size_t)(s.p - value->text);
	*at = (size_t)(s.p - s.start);
	return true;
}

bool
rw_json_item(struct rw_json array, size_t *at, struct rw_json *value)
{
	struct rw_scan s = {array.text, array.text + (*at == 0 ? 1 : *at),
		array.text + array.len, NULL};

	if (rw_json_type(array) != RW_JSON_ARRAY)
		return false;
	rw_scan_space(&s);
	if (rw_scan_peek(&s) == ',')
		s.p++;
	rw_scan_space(&s);
	value->text = s.p;
	if (rw_scan_peek(&s) == ']' || !rw_scan_value(&s))
		return false;
	value->len = (size_t)(s.p - value->text);
	*at = (size_t)(s.p - s.start);
	return true;
}

bool
rw_scan_utf8(const char *text, size_t len, struct rw_err *err)
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
	struct rw_scan s = {text, text, text + len, NULL};

	if (!rw_scan_utf8(text, len, err))
		return false;
	if (!rw_scan_value(&s))
		return rw_scan_failed(&s, err);
	rw_scan_space(&s);
	if (s.p == s.end)
		return true;
	rw_scan_wrong(&s, "something follows the value");
	return rw_scan_failed(&s, err);
}
