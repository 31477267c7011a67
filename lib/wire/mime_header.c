/* Fields of text and of addresses, and the date. */
#include "wire/mime_header.h"

#include <string.h>
#include <time.h>

#include "wire/mime.h"
#include "wire/mime_header_priv.h"

static struct rw_mime_line
begin_field(struct rw_buf *out, const char *field)
{
	struct rw_mime_line line = {.out = out, .limit = RW_MIME_LINE};

	rw_mime_puts(&line, field);
	rw_mime_puts(&line, ":");
	return line;
}

/* ---- text -------------------------------------------------------------- */

static bool
must_be_encoded(const char *word, size_t len)
{
	return len > RW_MIME_PLAIN || !rw_mime_is_ascii(word, len) ||
		rw_mime_looks_encoded(word, len);
}

/* Readers remove these. */
static bool
has_odd_blanks(const char *text, size_t len)
{
	return len > 0 && (text[0] == ' ' || text[len - 1] == ' ' ||
		strstr(text, "  ") != NULL);
}

/* Everything from the first word to the last one that must be encoded, because
 * a reader removes blanks between two encoded words. */
static bool
find_encoded(const char *text, const char **first, const char **last)
{
	const char *word = text;
	size_t len = strlen(text);
	bool found = false;

	if (has_odd_blanks(text, len)) {
		*first = text;
		*last = text + len;
		return true;
	}
	for (;; word += len + 1) {
		len = strcspn(word, " ");
		if (must_be_encoded(word, len)) {
			*first = found ? *first : word;
			*last = word + len;
			found = true;
		}
		if (word[len] == '\0')
			return found;
	}
}

static void
put_plain(struct rw_mime_line *line, const char *text, const char *end)
{
	while (text < end) {
		size_t len = strcspn(text, " ");

		if (text + len > end)
			len = (size_t)(end - text);
		rw_mime_put_blank(line, len);
		rw_mime_put(line, text, len);
		text += text + len < end ? len + 1 : len;
	}
}

void
rw_mime_add_text_field(struct rw_buf *out, const char *field,
	const char *text)
{
	struct rw_mime_line line = begin_field(out, field);
	const char *end = text + strlen(text), *first = end, *last = end;

	if (!find_encoded(text, &first, &last)) {
		put_plain(&line, text, end);
	} else {
		put_plain(&line, text, first);
		rw_mime_put_blank(&line, RW_MIME_WORD_LEAST);
		rw_mime_put_words(&line, first, (size_t)(last - first));
		if (last < end)
			put_plain(&line, last + 1, end);
	}
	rw_buf_adds(out, "\r\n");
}

/* ---- addresses --------------------------------------------------------- */

/* Words of RFC 5322 with single blanks between them. */
static bool
is_phrase(const char *name)
{
	for (; *name != '\0'; name++)
		if (!rw_mime_is_alnum(*name) &&
		    !rw_mime_is_one_of(*name, " !#$%&'*+-/=?^_`{|}~"))
			return false;
	return true;
}

static void
put_name(struct rw_mime_line *line, const char *name)
{
	size_t len = strlen(name);
	const char *first, *last;

	bool is_coded = find_encoded(name, &first, &last);

	if (!is_coded && is_phrase(name)) {
		put_plain(line, name, name + len);
	} else if (!is_coded && len <= RW_MIME_PLAIN) {
		rw_mime_put_blank(line, len);
		rw_mime_put_quoted(line, name);
	} else {
		rw_mime_put_blank(line, RW_MIME_WORD_LEAST);
		rw_mime_put_words(line, name, len);
	}
}

/* Within angle brackets nothing is taken for an encoded word. */
static void
put_address(struct rw_mime_line *line, const char *address, size_t len, bool is_bare)
{
	is_bare = is_bare && !rw_mime_looks_encoded(address, len);
	rw_mime_put_blank(line, len + 2);
	if (!is_bare)
		rw_mime_put(line, "<", 1);
	rw_mime_put(line, address, len);
	if (!is_bare)
		rw_mime_put(line, ">", 1);
}

void
rw_mime_add_address_field(struct rw_buf *out, const char *field,
	const char *name, const char *address)
{
	struct rw_mime_line line = begin_field(out, field);
	const char *next;

	if (name != NULL && *name != '\0') {
		put_name(&line, name);
		put_address(&line, address, strlen(address), false);
	} else {
		for (; (next = strstr(address, ", ")) != NULL;
		    address = next + 2) {
			put_address(&line, address, (size_t)(next - address),
				true);
			rw_mime_put(&line, ",", 1);
		}
		put_address(&line, address, strlen(address), true);
	}
	rw_buf_adds(out, "\r\n");
}

/* ---- dates ------------------------------------------------------------- */

void
rw_mime_add_date_field(struct rw_buf *out, int64_t seconds)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t when = (time_t)seconds;
	struct tm tm = {0};

	gmtime_r(&when, &tm);
	rw_buf_addf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n",
		days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
		tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

