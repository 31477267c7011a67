/* Encodes text and bytes for JSON, terminals, HTML and URLs. */
#include "base/text.h"

#include <string.h>

#include "base/encode.h"

static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\';
}

/* True when none of eight bytes must be escaped. The bit operations find, in
 * this order, a byte below 0x20, a quote and a backslash. */
static bool
are_plain(uint64_t eight)
{
	const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
	uint64_t quote = eight ^ ones * '"', slash = eight ^ ones * '\\';

	return ((((eight - ones * 0x20) & ~eight) |
		((quote - ones) & ~quote) | ((slash - ones) & ~slash)) &
		highs) == 0;
}

/* The number of bytes at the start that need no escape. */
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

static const char *
html_name(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return "&#39;";
	}
}

void
rw_text_add_html(struct rw_buf *out, const char *text)
{
	for (;;) {
		size_t len = strcspn(text, "&<>\"'");

		rw_buf_add(out, text, len);
		if (text[len] == '\0')
			return;
		rw_buf_adds(out, html_name(text[len]));
		text += len + 1;
	}
}

void
rw_text_add_percent(struct rw_buf *out, const char *text, const char *keep)
{
	char *room = rw_buf_room(out, RW_PERCENT_SIZE(strlen(text)));

	if (room != NULL)
		rw_buf_grown(out, rw_encode_percent(room, text, keep));
}

void
rw_text_add_duration(struct rw_buf *out, uint64_t seconds)
{
	static const struct {
		uint64_t seconds;
		const char *name;
	} units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"},
		{1, "second"}};
	size_t i = 0;

	while (seconds % units[i].seconds != 0)
		i++;
	seconds /= units[i].seconds;
	rw_buf_addf(out, "%llu %s%s", (unsigned long long)seconds,
		units[i].name, seconds == 1 ? "" : "s");
}

void
rw_text_add_hex(struct rw_buf *out, const unsigned char *bytes, size_t len)
{
	char *room = rw_buf_room(out, 2 * len);

	if (room != NULL)
		rw_buf_grown(out, rw_encode_hex(room, bytes, len));
}

void
rw_text_add_base64(struct rw_buf *out, const unsigned char *bytes, size_t len)
{
	char *room = rw_buf_room(out, RW_BASE64_SIZE(len));

	if (room != NULL)
		rw_buf_grown(out, rw_encode_base64(room, bytes, len));
}
