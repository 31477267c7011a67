#include "wire/mime.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum { BYTES_IN_LINE = RW_MIME_LINE / 4 * 3 };

/* True for printable characters, except those that the encoding uses. Blanks
 * are safe except at the end of a line, where servers may drop them. */
static bool
is_safe(unsigned char c)
{
	return (c > ' ' && c < 0x7f && c != '=') || c == ' ' || c == '\t';
}

static bool
is_blank_char(char c)
{
	return c == ' ' || c == '\t';
}

/* Encodes one line without its line end into a buffer that is large enough. */
static char *
add_quoted_line(char *out, const char *line, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t i, column = 0;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)line[i];
		bool safe = is_safe(c) && (i + 1 < len || !is_blank_char(line[i]));
		size_t width = safe ? 1 : 3;

		if (column + width > RW_MIME_LINE - 1) {
			memcpy(out, "=\r\n", 3);
			out += 3;
			column = 0;
		}
		column += width;
		if (safe) {
			*out++ = (char)c;
			continue;
		}
		*out++ = '=';
		*out++ = digits[c >> 4];
		*out++ = digits[c & 15];
	}
	return out;
}

/* The largest length of len encoded characters: three for each, and three to
 * break each line of 25 characters. */
static size_t
most(size_t len)
{
	return 3 * len + 3 * (len / 25 + 1);
}

void
rw_mime_add_quoted(struct rw_buf *out, const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *lf = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((lf != NULL ? lf : end) - text);
		char *room = rw_buf_room(out, most(n));

		if (room == NULL)
			return;
		rw_buf_grown(out, (size_t)(add_quoted_line(room, text, n) - room));
		if (lf != NULL)
			rw_buf_add(out, "\r\n", 2);
		text += n + 1;
	}
}

void
rw_mime_add_base64(struct rw_buf *out, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;

	while (len > 0) {
		size_t n = len < BYTES_IN_LINE ? len : BYTES_IN_LINE;

		rw_text_add_base64(out, at, n);
		rw_buf_add(out, "\r\n", 2);
		at += n;
		len -= n;
	}
}
