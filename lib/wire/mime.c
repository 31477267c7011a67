#include "wire/mime.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum {
	BYTES_IN_LINE = RW_MIME_LINE / 4 * 3,
	LINE = RW_MIME_LINE - 1,	/* quoted-printable, without the "=" */
};

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

static size_t
safe_run(const char *text, size_t len)
{
	size_t i = 0;

	while (i < len && is_safe((unsigned char)text[i]))
		i++;
	return i;
}

/* Encodes one line without its line end into a buffer that is large enough. Most
 * of a line is copied in runs. */
static char *
add_quoted_line(char *out, const char *line, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t safe_end = len - (len > 0 && is_blank_char(line[len - 1]));
	size_t column = 0, i = 0;

	while (i < len) {
		size_t room = LINE - column, n = safe_run(line + i,
			room < safe_end - i ? room : safe_end - i);
		unsigned char c;

		memcpy(out, line + i, n);
		out += n;
		column += n;
		i += n;
		if (i == len)
			break;
		c = (unsigned char)line[i];
		if (column + (i < safe_end && is_safe(c) ? 1 : 3) > LINE) {
			memcpy(out, "=\r\n", 3);
			out += 3;
			column = 0;
			continue;
		}
		*out++ = '=';
		*out++ = digits[c >> 4];
		*out++ = digits[c & 15];
		column += 3;
		i++;
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
