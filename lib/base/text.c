#include "base/text.h"

#include <string.h>
#include <strings.h>

#include "base/hash.h"

/* The length of the UTF-8 character at p, where left bytes remain; 0: not a
 * valid character. */
static size_t
utf8_length(const unsigned char *p, size_t left)
{
	size_t i, len;

	if (p[0] < 0x80)
		return 1;
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || len > left)
		return 0;
	for (i = 1; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
	    (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
		return 0;
	return len;
}

bool
rw_text_is_utf8(const char *bytes, size_t len, size_t *bad)
{
	const unsigned char *p = (const unsigned char *)bytes;
	size_t i = 0, n;
	uint64_t eight;

	while (i < len) {
		/* Nearly all text is ASCII: check eight bytes at once. */
		if (i + 8 <= len) {
			memcpy(&eight, p + i, 8);
			if ((eight & 0x8080808080808080) == 0) {
				i += 8;
				continue;
			}
		}
		n = utf8_length(p + i, len - i);
		if (n == 0) {
			if (bad != NULL)
				*bad = i;
			return false;
		}
		i += n;
	}
	return true;
}

uint32_t
rw_text_next(const char **text)
{
	const unsigned char *p = (const unsigned char *)*text;
	size_t i, len = utf8_length(p, strnlen(*text, 4));
	uint32_t c;

	if (p[0] == '\0')
		return 0;
	if (len < 2) {
		*text += 1;
		return len == 1 ? p[0] : 0xfffd;
	}
	c = p[0] & (0xffu >> (len + 1));
	for (i = 1; i < len; i++)
		c = c << 6 | (p[i] & 0x3fu);
	*text += len;
	return c;
}

void
rw_text_add_char(struct rw_buf *out, uint32_t c)
{
	char b[4];
	size_t n = 0;

	if (c < 0x80) {
		b[n++] = (char)c;
	} else if (c < 0x800) {
		b[n++] = (char)(0xc0 | c >> 6);
		b[n++] = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		b[n++] = (char)(0xe0 | c >> 12);
		b[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		b[n++] = (char)(0x80 | (c & 0x3f));
	} else {
		b[n++] = (char)(0xf0 | c >> 18);
		b[n++] = (char)(0x80 | (c >> 12 & 0x3f));
		b[n++] = (char)(0x80 | (c >> 6 & 0x3f));
		b[n++] = (char)(0x80 | (c & 0x3f));
	}
	rw_buf_add(out, b, n);
}

bool
rw_text_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
		(c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool
rw_text_has_control(const char *text)
{
	uint32_t c;

	while ((c = rw_text_next(&text)) != 0)
		if (rw_text_is_control(c))
			return true;
	return false;
}

bool
rw_text_to_u64(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t v = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		unsigned digit = (unsigned char)*text - (unsigned)'0';

		if (digit > 9 || v > (max - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*value = v;
	return v <= max;
}

bool
rw_text_to_seconds(const char *text, uint64_t *seconds, struct rw_err *err)
{
	static const struct {
		char unit;
		uint64_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	const uint64_t ten_years = 3650 * (uint64_t)86400;
	size_t len = strlen(text), i;
	uint64_t each = 1, n;
	char number[24];

	if (len > 0 && len < sizeof number) {
		memcpy(number, text, len + 1);
		for (i = 0; i < sizeof units / sizeof *units; i++)
			if (number[len - 1] == units[i].unit) {
				each = units[i].seconds;
				number[len - 1] = '\0';
				break;
			}
		if (rw_text_to_u64(number, ten_years / each, &n)) {
			*seconds = n * each;
			return true;
		}
	}
	return rw_fail(err, RW_USAGE, "\"%s\" is not a valid length of time: "
		"expected seconds, or a number with s, m, h or d, up to 3650d",
		text);
}

bool
rw_text_to_bool(const char *text, bool *value)
{
	static const char *const words[][4] = {
		{"false", "no", "off", "0"}, {"true", "yes", "on", "1"}};
	size_t i, j;

	for (i = 0; i < 2; i++)
		for (j = 0; j < 4; j++)
			if (strcasecmp(text, words[i][j]) == 0) {
				*value = i == 1;
				return true;
			}
	return false;
}

/* FNV-1a with a final mix, because its low bits are not distributed evenly
 * enough. */
uint64_t
rw_text_hash(const char *text)
{
	uint64_t h = rw_hash64(RW_HASH64_START, text, strlen(text));

	h ^= h >> 33;
	h *= UINT64_C(0xff51afd7ed558ccd);
	return h ^ h >> 33;
}
