/* Parameters: the names of files. */
#include "wire/mime_header.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "wire/mime.h"
#include "wire/mime_header_priv.h"

/* ---- parameters -------------------------------------------------------- */

static bool
is_plain_value(const char *value)
{
	size_t len = strlen(value);

	return len <= RW_MIME_PLAIN && rw_mime_is_ascii(value, len) &&
		!rw_mime_looks_encoded(value, len);
}

static struct rw_mime_line
begin_parameter(struct rw_buf *out)
{
	struct rw_mime_line line = {.out = out, .column = 8, .limit = RW_MIME_LINE};

	rw_buf_adds(out, ";\r\n\t");
	return line;
}

/* RFC 2231, attribute-char, without some that few programs expect. */
static size_t
percent_width(const char *at, size_t len)
{
	size_t i, width = 0;

	for (i = 0; i < len; i++)
		width += rw_mime_is_alnum(at[i]) || rw_mime_is_one_of(at[i], "-._~") ? 1 : 3;
	return width;
}

static void
put_percent(struct rw_mime_line *line, const char *at, size_t len)
{
	char one[8] = "";
	size_t before = line->out->len;

	memcpy(one, at, len < sizeof one ? len : sizeof one - 1);
	rw_text_add_percent(line->out, one, "");
	line->column += line->out->len - before;
}

/* Whole characters, until the line is full. Returns where it ended. */
static const char *
put_section(struct rw_mime_line *line, const char *value, const char *end)
{
	while (value < end) {
		size_t len = rw_mime_char_len(value, end);

		/* A semicolon follows. */
		if (line->column + percent_width(value, len) + 1 > line->limit)
			break;
		put_percent(line, value, len);
		value += len;
	}
	return value;
}

void
rw_mime_add_parameter(struct rw_buf *out, const char *name,
	const char *value)
{
	struct rw_mime_line line = begin_parameter(out);
	const char *end = value + strlen(value), *at = value;
	char number[24];
	bool is_short;
	int i;

	if (is_plain_value(value)) {
		rw_buf_addf(out, "%s=", name);
		rw_mime_put_quoted(&line, value);
		return;
	}
	is_short = percent_width(value, strlen(value)) <= RW_MIME_PLAIN - 10;
	for (i = 0; at < end; i++) {
		if (i > 0)
			line = begin_parameter(out);
		snprintf(number, sizeof number, "*%d*=", i);
		rw_mime_puts(&line, name);
		rw_mime_puts(&line, is_short ? "*=" : number);
		rw_mime_puts(&line, i == 0 ? "UTF-8''" : "");
		at = put_section(&line, at, end);
	}
}

void
rw_mime_add_old_parameter(struct rw_buf *out, const char *name,
	const char *value)
{
	struct rw_mime_line line = begin_parameter(out);

	rw_mime_puts(&line, name);
	rw_mime_puts(&line, "=");
	if (is_plain_value(value)) {
		rw_mime_put_quoted(&line, value);
		return;
	}
	/* The quotes belong to the first and the last line. */
	line.limit = RW_MIME_LINE - 1;
	rw_mime_put(&line, "\"", 1);
	rw_mime_put_words(&line, value, strlen(value));
	rw_mime_put(&line, "\"", 1);
}
