#include "wire/body_text.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "wire/deflate.h"

enum { MOST_ROUNDS = 2 };	/* a server compresses, and then a proxy */

/* ---- compression ------------------------------------------------------- */

/* Text never begins with one of these bytes; a byte order mark has two of
 * them. */
static bool
is_binary(const unsigned char *bytes, size_t len)
{
	return len > 2 && (bytes[0] >= 0x80 || (bytes[0] < 0x20 &&
		bytes[0] != '\0' && strchr("\t\n\v\f\r", bytes[0]) == NULL));
}

static bool
is_gzip(const unsigned char *bytes, size_t len)
{
	return len > 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/* A 32 KiB window, and a check value that text matches only by chance. */
static bool
is_zlib(const unsigned char *bytes, size_t len)
{
	return len > 2 && bytes[0] == 0x78 &&
		(bytes[0] * 256u + bytes[1]) % 31 == 0;
}

static bool
has_mark(const unsigned char *bytes, size_t len)
{
	return (len >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) ||
		(bytes[0] == 0xfe && bytes[1] == 0xff))) ||
		(len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0);
}

/* True when the bytes are not compressed, or when *restored has the
 * decompressed bytes. */
static bool
restore(const char *bytes, size_t len, struct rw_buf *restored, bool *was)
{
	const unsigned char *at = (const unsigned char *)bytes;

	*was = true;
	rw_buf_reset(restored);
	if (is_gzip(at, len))
		return rw_inflate(RW_DEFLATE_GZIP, bytes, len,
			RW_BODY_TEXT_MAX, restored);
	if (is_zlib(at, len))
		return rw_inflate(RW_DEFLATE_ZLIB, bytes, len,
			RW_BODY_TEXT_MAX, restored);
	/* Raw deflate has no signature; a text in another encoding may look
	 * like it. */
	*was = is_binary(at, len) && !has_mark(at, len) &&
		rw_inflate(RW_DEFLATE_RAW, bytes, len, RW_BODY_TEXT_MAX,
		restored);
	return true;
}

/* ---- encoding ---------------------------------------------------------- */

struct encoding {
	size_t mark;		/* bytes of the byte order mark */
	size_t unit;		/* bytes */
	bool is_big_endian;
};

/* Recognised by the byte order mark, or by the zero bytes around an ASCII first
 * character. */
static struct encoding
encoding_of(const unsigned char *b, size_t len)
{
	static const struct {
		const char *bytes;	/* x: any but 0 */
		struct encoding is;
	} known[] = {
		{"\xff\xfe\0\0", {4, 4, false}}, {"\0\0\xfe\xff", {4, 4, true}},
		{"x\0\0\0", {0, 4, false}}, {"\0\0\0x", {0, 4, true}},
		{"\xff\xfe", {2, 2, false}}, {"\xfe\xff", {2, 2, true}},
		{"x\0", {0, 2, false}}, {"\0x", {0, 2, true}},
	};
	size_t i, k, size;

	for (i = 0; i < sizeof known / sizeof *known; i++) {
		size = known[i].is.unit;
		for (k = 0; k < size && size <= len; k++)
			if (known[i].bytes[k] == 'x' ? b[k] == 0 :
			    b[k] != (unsigned char)known[i].bytes[k])
				break;
		if (k == size)
			return known[i].is;
	}
	return (struct encoding){.unit = 1};
}

static uint32_t
unit_at(const unsigned char *b, const struct encoding *e)
{
	uint32_t unit = 0;
	size_t i;

	for (i = 0; i < e->unit; i++)
		unit = unit << 8 | b[e->is_big_endian ? i : e->unit - 1 - i];
	return unit;
}

static void
convert(const unsigned char *b, size_t len, const struct encoding *e,
	struct rw_buf *out)
{
	uint32_t c, low;
	size_t at;

	for (at = e->mark; at + e->unit <= len; at += e->unit) {
		c = unit_at(b + at, e);
		if (e->unit == 2 && c >= 0xd800 && c < 0xdc00 &&
		    at + 4 <= len) {
			low = unit_at(b + at + 2, e);
			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) +
					(low - 0xdc00);
				at += 2;
			}
		}
		if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
			c = 0xfffd;
		rw_text_add_char(out, c);
	}
}

/* ---- blanks ------------------------------------------------------------ */

static bool
is_blank_byte(char c)
{
	return c == '\0' || strchr(" \t\n\v\f\r", c) != NULL;
}

static void
add_trimmed(const char *bytes, size_t len, struct rw_buf *out)
{
	size_t at = 0;

	for (;;) {
		if (at < len && is_blank_byte(bytes[at]))
			at++;
		else if (len - at >= 3 &&
		    memcmp(bytes + at, "\xef\xbb\xbf", 3) == 0)
			at += 3;
		else
			break;
	}
	while (len > at && is_blank_byte(bytes[len - 1]))
		len--;
	rw_buf_add(out, bytes + at, len - at);
}

static bool
add_text(const char *bytes, size_t len, struct rw_buf *out)
{
	const unsigned char *b = (const unsigned char *)bytes;
	struct encoding e = encoding_of(b, len);
	struct rw_buf wide = {.max = RW_BODY_TEXT_MAX};
	bool good;

	if (e.unit > 1) {
		convert(b, len, &e, &wide);
		bytes = rw_buf_text(&wide);
		len = wide.len;
	}
	good = !wide.failed && len <= RW_BODY_TEXT_MAX;
	if (good)
		add_trimmed(bytes, len, out);
	rw_buf_free(&wide);
	return good && !out->failed;
}

bool
rw_body_text(const char *bytes, size_t len, struct rw_buf *out)
{
	struct rw_buf restored[MOST_ROUNDS] = {{0}};
	bool good = true, was = true;
	int i;

	rw_buf_reset(out);
	for (i = 0; good && was && i < MOST_ROUNDS; i++) {
		good = restore(bytes, len, &restored[i], &was);
		if (good && was) {
			bytes = rw_buf_text(&restored[i]);
			len = restored[i].len;
		}
	}
	good = good && add_text(bytes, len, out);
	for (i = 0; i < MOST_ROUNDS; i++)
		rw_buf_free(&restored[i]);
	if (!good)
		rw_buf_reset(out);
	return good;
}
