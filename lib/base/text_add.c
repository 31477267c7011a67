/* Text and bytes as others want them: JSON, a terminal, HTML, URLs. */
#include "base/text.h"

#include <string.h>

static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

/* True when none of eight bytes must be escaped: the bit tricks find, in
 * order, a byte below 0x20, a quote and a backslash. */
static bool
are_plain(uint64_t eight)
{
	const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
	uint64_t quote = eight ^ ones * '"', slash = eight ^ ones * '\\';

	return ((((eight - ones * 0x20) & ~eight) |
		((quote - ones) & ~quote) | ((slash - ones) & ~slash)) &
		highs) == 0;
}

/* How many bytes at the start need no escape. */
static size_t
plain_length(const char *text, size_t len)
{
	uint64_t eight;
	size_t n = 0;

	for (; n + 8 <= len; n += 8) {
		memcpy(&eight, text + n, 8);
		if (!are_plain(eight))
			break;
	}
	while (n < len && is_plain((unsigned char)text[n]))
		n++;
	return n;
}

static void
add_escaped(struct rw_buf *out, const char *text, size_t len)
{
	size_t n;

	for (;;) {
		n = plain_length(text, len);
		rw_buf_add(out, text, n);
		if (n == len)
			return;
		text += n;
		len -= n;
		if (*text == '"' || *text == '\\')
			rw_buf_addf(out, "\\%c", *text);
		else if (*text == '\n')
			rw_buf_adds(out, "\\n");
		else
			rw_buf_addf(out, "\\u%04x", (unsigned char)*text);
		text++;
		len--;
	}
}

void
rw_text_add_json(struct rw_buf *out, const char *text)
{
	size_t len = strlen(text), bad;

	rw_buf_addc(out, '"');
	while (!rw_text_is_utf8(text, len, &bad)) {
		add_escaped(out, text, bad);
		rw_text_add_char(out, 0xfffd);
		text += bad + 1;
		len -= bad + 1;
	}
	add_escaped(out, text, len);
	rw_buf_addc(out, '"');
}

void
rw_text_add_printable(struct rw_buf *out, const char *text)
{
	const char *start = text;
	uint32_t c;

	while ((c = rw_text_next(&text)) != 0) {
		if (c == '\n')
			rw_buf_adds(out, "\\n");
		else if (c == '\r')
			rw_buf_adds(out, "\\r");
		else if (rw_text_is_control(c))
			rw_buf_addf(out, c < 0x100 ? "\\x%02x" : "\\u%04x", c);
		else if (c == 0xfffd && text - start == 1)
			rw_buf_addf(out, "\\x%02x", (unsigned char)*start);
		else
			rw_buf_add(out, start, (size_t)(text - start));
		start = text;
	}
}

void
rw_text_add_html(struct rw_buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '&':
			rw_buf_adds(out, "&amp;");
			break;
		case '<':
			rw_buf_adds(out, "&lt;");
			break;
		case '>':
			rw_buf_adds(out, "&gt;");
			break;
		case '"':
			rw_buf_adds(out, "&quot;");
			break;
		case '\'':
			rw_buf_adds(out, "&#39;");
			break;
		default:
			rw_buf_addc(out, *text);
		}
}

static bool
is_unreserved(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		(c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
		c == '~';
}

void
rw_text_add_percent(struct rw_buf *out, const char *text, const char *keep)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t n = 0, len = strlen(text);
	char *room = rw_buf_room(out, 3 * len);

	if (room == NULL)
		return;
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_unreserved(c) || strchr(keep, c) != NULL) {
			room[n++] = (char)c;
			continue;
		}
		room[n++] = '%';
		room[n++] = digits[c >> 4];
		room[n++] = digits[c & 15];
	}
	rw_buf_grown(out, n);
}

void
rw_text_add_hex(struct rw_buf *out, const unsigned char *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	char *room = rw_buf_room(out, 2 * len);
	size_t i;

	if (room == NULL)
		return;
	for (i = 0; i < len; i++) {
		room[2 * i] = digits[bytes[i] >> 4];
		room[2 * i + 1] = digits[bytes[i] & 15];
	}
	rw_buf_grown(out, 2 * len);
}

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	"abcdefghijklmnopqrstuvwxyz0123456789+/";

/* The last one or two bytes, with padding. */
static char *
end_base64(char *out, const unsigned char *bytes, size_t len)
{
	unsigned second = len > 1 ? bytes[1] : 0;

	*out++ = base64[bytes[0] >> 2];
	*out++ = base64[(bytes[0] << 4 & 63) | second >> 4];
	*out++ = len > 1 ? base64[second << 2 & 63] : '=';
	*out++ = '=';
	return out;
}

void
rw_text_add_base64(struct rw_buf *out, const unsigned char *bytes, size_t len)
{
	char *room = rw_buf_room(out, (len + 2) / 3 * 4), *to = room;

	if (room == NULL)
		return;
	for (; len >= 3; bytes += 3, len -= 3) {
		uint32_t v = (uint32_t)bytes[0] << 16 |
			(uint32_t)bytes[1] << 8 | bytes[2];

		*to++ = base64[v >> 18];
		*to++ = base64[v >> 12 & 63];
		*to++ = base64[v >> 6 & 63];
		*to++ = base64[v & 63];
	}
	if (len > 0)
		to = end_base64(to, bytes, len);
	rw_buf_grown(out, (size_t)(to - room));
}
