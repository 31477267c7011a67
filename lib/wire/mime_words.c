/* Lines of a header, and encoded words. */
#include "wire/mime_header_priv.h"

#include <string.h>

#include "base/text.h"

#define BEGIN_B "=?UTF-8?B?"
#define BEGIN_Q "=?UTF-8?Q?"
#define END_WORD "?="

enum { FRAME = sizeof BEGIN_B - 1 + sizeof END_WORD - 1 };

void
rw_mime_put(struct rw_mime_line *line, const char *text, size_t len)
{
	rw_buf_add(line->out, text, len);
	line->column += len;
}

void
rw_mime_puts(struct rw_mime_line *line, const char *text)
{
	rw_mime_put(line, text, strlen(text));
}

static void
fold(struct rw_mime_line *line)
{
	rw_buf_adds(line->out, "\r\n ");
	line->column = 1;
}

void
rw_mime_put_blank(struct rw_mime_line *line, size_t len)
{
	if (line->column + 1 + len > line->limit)
		fold(line);
	else
		rw_mime_put(line, " ", 1);
}

void
rw_mime_put_quoted(struct rw_mime_line *line, const char *text)
{
	rw_mime_put(line, "\"", 1);
	for (; *text != '\0'; text++) {
		if (rw_mime_is_one_of(*text, "\"\\"))
			rw_mime_put(line, "\\", 1);
		rw_mime_put(line, text, 1);
	}
	rw_mime_put(line, "\"", 1);
}

bool
rw_mime_is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9');
}

bool
rw_mime_is_one_of(char c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

bool
rw_mime_is_ascii(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

bool
rw_mime_looks_encoded(const char *text, size_t len)
{
	return memmem(text, len, "=?", 2) != NULL;
}

size_t
rw_mime_char_len(const char *at, const char *end)
{
	size_t len = 1;

	while (at + len < end && ((unsigned char)at[len] & 0xc0) == 0x80)
		len++;
	return len;
}

/* ---- encoded words ----------------------------------------------------- */

/* What may be in a word of every kind of field (RFC 2047, section 5). */
static size_t
q_width(char c)
{
	return rw_mime_is_alnum(c) || rw_mime_is_one_of(c, " !*+-/") ? 1 : 3;
}

static size_t
q_widths(const char *text, size_t len)
{
	size_t i, width = 0;

	for (i = 0; i < len; i++)
		width += q_width(text[i]);
	return width;
}

static size_t
b_width(size_t len)
{
	return (len + 2) / 3 * 4;
}

static void
put_q(struct rw_mime_line *line, const char *text, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		const char coded[] = {'=', digits[c >> 4], digits[c & 15]};

		if (text[i] == ' ')
			rw_mime_put(line, "_", 1);
		else
			rw_mime_put(line, q_width(text[i]) == 1 ? &text[i] : coded,
				q_width(text[i]));
	}
}

/* As many whole characters as have room. */
static size_t
word_len(const char *at, const char *end, bool is_q, size_t room)
{
	const char *begin = at;
	size_t width = 0, len;

	for (; at < end; at += len) {
		len = rw_mime_char_len(at, end);
		width = is_q ? width + q_widths(at, len) :
			b_width((size_t)(at - begin) + len);
		if (width > room)
			break;
	}
	return (size_t)(at - begin);
}

static void
put_word(struct rw_mime_line *line, const char *text, size_t len, bool is_q)
{
	size_t before;

	rw_mime_puts(line, is_q ? BEGIN_Q : BEGIN_B);
	if (is_q) {
		put_q(line, text, len);
	} else {
		before = line->out->len;
		rw_text_add_base64(line->out, (const unsigned char *)text,
			len);
		line->column += line->out->len - before;
	}
	rw_mime_puts(line, END_WORD);
}

void
rw_mime_put_words(struct rw_mime_line *line, const char *text, size_t len)
{
	bool is_q = q_widths(text, len) <= b_width(len);
	const char *end = text + len;
	size_t room, n;

	while (text < end) {
		if (line->column + RW_MIME_WORD_LEAST > line->limit)
			fold(line);
		room = line->limit - line->column;
		if (room > RW_MIME_WORD)
			room = RW_MIME_WORD;
		n = word_len(text, end, is_q, room - FRAME);
		put_word(line, text, n, is_q);
		text += n;
		if (text < end)
			fold(line);
	}
}

