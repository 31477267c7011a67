/* The statements of a settings file. Python's \s includes the white space of
 * Unicode, and so do the functions here. */
#include "wire/dotenv.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

static bool
is_space(uint32_t c)
{
	return (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= ' ') ||
		c == 0x85 || c == 0xa0 || c == 0x1680 ||
		(c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
		c == 0x202f || c == 0x205f || c == 0x3000;
}

/* The text after one character of white space; NULL: it begins with another
 * character. */
static char *
after_space(char *text)
{
	const char *next = text;

	return is_space(rw_text_next(&next)) ? text + (next - text) : NULL;
}

static char *
skip_blanks(char *text)
{
	char *next;

	while (*text != '\n' && (next = after_space(text)) != NULL)
		text = next;
	return text;
}

static char *
skip_space(struct rw_dotenv_reader *reader)
{
	char *next;

	while ((next = after_space(reader->at)) != NULL) {
		reader->line += *reader->at == '\n';
		reader->at = next;
	}
	return reader->at;
}

void
rw_dotenv_begin(struct rw_dotenv_reader *reader, char *text)
{
	char *in, *out;

	if (strncmp(text, "\357\273\277", 3) == 0)
		text += 3;
	*reader = (struct rw_dotenv_reader){.at = text, .line = 1};
	for (in = out = text; *in != '\0'; in++) {
		if (*in == '\r' && in[1] == '\n')
			in++;
		*out++ = *in == '\r' ? '\n' : *in;
	}
	*out = '\0';
}

/* ---- values ---------------------------------------------------------------- */

/* Ends an unquoted value at white space that is followed by #, or at the end of
 * the line. Returns the end of the line. */
static char *
cut_plain(char *value)
{
	char *end = value + strcspn(value, "\n"), *at = value, *last = value;
	const char *next;

	/* "last" is after the last character that is not white space. */
	for (; at < end; at += next - at) {
		next = at;
		if (is_space(rw_text_next(&next)))
			continue;
		if (*at == '#' && at > last)
			break;
		last = at + (next - at);
	}
	at = end + (*end == '\n');
	*last = '\0';
	return at;
}

/* The character that a backslash and c stand for between such quotes; '\0':
 * both stay. */
static char
escaped(char quote, char c)
{
	static const char codes[] = "abfnrtv", chars[] = "\a\b\f\n\r\t\v";
	const char *code;

	if (c == '\\' || c == '\'' || (c == '"' && quote == '"'))
		return c;
	code = quote == '"' && c != '\0' ? strchr(codes, c) : NULL;
	return code != NULL ? chars[code - codes] : '\0';
}

/* Removes the quotes around the start of value, and returns the text after
 * them; NULL: the quotes are not closed. */
static char *
unquote(char *value, unsigned *line)
{
	char quote = value[0], *in = value + 1, *out = value, c;

	for (; *in != quote; in++) {
		if (*in == '\\' && (c = escaped(quote, in[1])) != '\0') {
			*out++ = c;
			in++;
			continue;
		}
		/* A backslash also protects a character that it keeps. */
		if (*in == '\\')
			*out++ = *in++;
		if (*in == '\0')
			return NULL;
		*line += *in == '\n';
		*out++ = *in;
	}
	*out = '\0';
	return in + 1;
}

/* Goes over blanks and a comment to the next line. */
static bool
end_line(struct rw_dotenv_reader *reader)
{
	char *at = skip_blanks(reader->at);

	if (*at == '#')
		at += strcspn(at, "\n");
	reader->at = at + (*at == '\n');
	reader->line += *at == '\n';
	return *at == '\0' || *at == '\n';
}

static bool
read_value(struct rw_dotenv_reader *reader, char *equals,
	struct rw_setting *setting, struct rw_err *err)
{
	char *value = skip_blanks(equals + 1);
	bool has_blank = value > equals + 1;

	if (*value == '"' || *value == '\'') {
		reader->at = unquote(value, &reader->line);
		setting->value = value;
		if (reader->at == NULL)
			return rw_fail(err, RW_CONFIG, "a quote is not closed");
		return end_line(reader) || rw_fail(err, RW_CONFIG,
			"something follows the closing quote");
	}
	if (has_blank && *value == '#') {
		reader->at = value;
		setting->value = equals;
		(void)end_line(reader);
		*equals = '\0';
		return true;
	}
	setting->value = value;
	reader->line += value[strcspn(value, "\n")] == '\n';
	reader->at = cut_plain(value);
	return true;
}

/* ---- statements ------------------------------------------------------------ */

/* The text after a leading "export". */
static char *
skip_export(char *at)
{
	char *after = strncmp(at, "export", 6) == 0 ? skip_blanks(at + 6) : at;

	return after > at + 6 ? after : at;
}

/* Returns the text after the name at text, and sets *name and the end of the
 * name; NULL: there is no name. */
static char *
find_name(char *text, char **name, char **end, unsigned *line)
{
	char *at = text;

	*name = text;
	if (*text == '\'') {
		*name = ++text;
		for (at = text; *at != '\0' && *at != '\''; at++)
			*line += *at == '\n';
		*end = at;
		return *at == '\'' && at > text ? at + 1 : NULL;
	}
	while (*at != '\0' && *at != '=' && *at != '#' &&
	    after_space(at) == NULL)
		at++;
	*end = at;
	return at > text ? at : NULL;
}

bool
rw_dotenv_next(struct rw_dotenv_reader *reader, struct rw_setting *setting,
	struct rw_err *err)
{
	char *at, *name, *end;

	*setting = (struct rw_setting){0};
	do {
		at = skip_space(reader);
		setting->line = reader->line;
		if (*at == '\0')
			return true;
		reader->at = at = skip_export(at);
	} while (*at == '#' && end_line(reader));
	at = find_name(at, &name, &end, &reader->line);
	if (at == NULL)
		return rw_fail(err, RW_CONFIG, "expected NAME=value");
	at = skip_blanks(at);
	reader->at = at;
	if (*at == '=' ? !read_value(reader, at, setting, err) :
	    !end_line(reader) && !rw_fail(err, RW_CONFIG,
		"expected NAME=value"))
		return false;
	*end = '\0';
	setting->name = name;
	return true;
}

/* ---- references ------------------------------------------------------------ */

/* Appends the value of the reference at text, and returns the text after it;
 * NULL: no reference begins here. */
static const char *
expand_one(struct rw_buf *out, const char *text, rw_dotenv_value *value_of,
	const void *context)
{
	const char *name = text + 2, *value, *otherwise, *end;
	size_t len;

	if (strncmp(text, "${", 2) != 0)
		return NULL;
	len = strcspn(name, "}:");
	otherwise = end = name + len;
	if (strncmp(end, ":-", 2) == 0) {
		otherwise = end + 2;
		end = otherwise + strcspn(otherwise, "}");
	}
	if (*end != '}')
		return NULL;
	value = value_of(context, name, len);
	if (value != NULL)
		rw_buf_adds(out, value);
	else
		rw_buf_add(out, otherwise, (size_t)(end - otherwise));
	return end + 1;
}

void
rw_dotenv_expand(struct rw_buf *out, const char *value,
	rw_dotenv_value *value_of, const void *context)
{
	const char *after;

	while (*value != '\0') {
		after = expand_one(out, value, value_of, context);
		if (after == NULL)
			rw_buf_addc(out, *value++);
		else
			value = after;
	}
}
