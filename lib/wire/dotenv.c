#include "wire/dotenv.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "wire/settings.h"

enum { MAX_FILE = 1 << 20 };

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

/* The length of the name at text; 0: none. */
static size_t
name_length(const char *text)
{
	return strspn(text, LETTERS) == 0 ? 0 :
		strspn(text, LETTERS "0123456789.-");
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char *
skip_blanks(char *text)
{
	return text + strspn(text, " \t");
}

/* Ends an unquoted value at a blank followed by #, or at the end. */
static void
cut_plain(char *value)
{
	char *end, *hash = value;

	while ((hash = strchr(hash, '#')) != NULL && hash > value &&
	    !is_blank(hash[-1]))
		hash++;
	end = hash != NULL ? hash : value + strlen(value);
	while (end > value && is_blank(end[-1]))
		end--;
	*end = '\0';
}

/* Removes the quotes around the start of value, and returns the text after
 * them; NULL: the quotes are not closed. In double quotes \n and \t are
 * escapes, and a backslash before any other character is dropped. */
static char *
unquote(char *value)
{
	char quote = value[0], *in = value + 1, *out = value, c;

	for (; *in != quote; *out++ = c) {
		c = *in++;
		if (c == '\\' && quote == '"') {
			c = *in++;
			c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
		}
		if (c == '\0')
			return NULL;
	}
	*out = '\0';
	return in + 1;
}

static bool
read_value(struct rw_setting *setting, struct rw_err *err)
{
	char *rest;

	if (setting->value[0] != '"' && setting->value[0] != '\'') {
		cut_plain(setting->value);
		return true;
	}
	rest = unquote(setting->value);
	if (rest == NULL)
		return rw_fail(err, RW_CONFIG, "a quote is not closed");
	rest = skip_blanks(rest);
	return *rest == '\0' || *rest == '#' || rw_fail(err, RW_CONFIG,
		"something follows the closing quote");
}

bool
rw_dotenv_line(char *line, struct rw_setting *setting, struct rw_err *err)
{
	char *at = skip_blanks(line), *equals;
	size_t n;

	*setting = (struct rw_setting){0};
	if (*at == '\0' || *at == '#')
		return true;
	if (strncmp(at, "export", 6) == 0 && is_blank(at[6]))
		at = skip_blanks(at + 6);
	n = name_length(at);
	equals = skip_blanks(at + n);
	if (n == 0 || *equals != '=')
		return rw_fail(err, RW_CONFIG, "expected NAME=value");
	at[n] = '\0';
	setting->name = at;
	setting->value = skip_blanks(equals + 1);
	return read_value(setting, err);
}

/* True when a name of a settings file may be set in the environment. */
static bool
is_taken(const struct rw_dotenv *settings, const char *name)
{
	enum rw_setting_kind kind = rw_setting_kind(name);
	size_t i;

	if (kind != RW_SETTING_OTHER)
		return kind == RW_SETTING_OURS;
	for (i = 0; i < settings->pass_count; i++)
		if (strcmp(settings->pass[i], name) == 0)
			return true;
	return false;
}

static bool
export_line(struct rw_dotenv *settings, char *line, size_t len,
	struct rw_err *err)
{
	struct rw_setting setting;

	if (strlen(line) != len)
		return rw_fail(err, RW_CONFIG, "a NUL");
	if (len > 0 && line[len - 1] == '\r')
		line[len - 1] = '\0';
	if (!rw_dotenv_line(line, &setting, err))
		return false;
	if (setting.name == NULL)
		return true;
	if (!is_taken(settings, setting.name)) {
		rw_buf_addf(&settings->skipped, "%s%s",
			settings->skipped_count++ > 0 ? ", " : "",
			setting.name);
		return true;
	}
	return setenv(setting.name, setting.value, 0) == 0 ||
		rw_fail_errno(err, RW_BUG, "cannot set %s", setting.name);
}

static bool
export_text(struct rw_dotenv *settings, char *text, size_t len,
	const char *path, struct rw_err *err)
{
	char *line = text, *end = text + len, *newline;
	unsigned number;

	if (len >= 3 && memcmp(text, "\357\273\277", 3) == 0)
		line += 3;
	for (number = 1; line < end; number++, line = newline + 1) {
		newline = memchr(line, '\n', (size_t)(end - line));
		if (newline == NULL)
			newline = end;
		*newline = '\0';
		if (!export_line(settings, line, (size_t)(newline - line),
		    err))
			return rw_err_prefix(err, "%s, line %u", path, number);
	}
	return true;
}

bool
rw_dotenv_check_pass(const char *name, struct rw_err *err)
{
	size_t n = name_length(name);

	if (n == 0 || name[n] != '\0')
		return rw_fail(err, RW_USAGE, "--pass: \"%.40s\" is not a "
			"name", name);
	return rw_setting_kind(name) != RW_SETTING_CODE || rw_fail(err,
		RW_USAGE, "--pass %s: that name decides which code programs "
		"load; set it where rw-env is called", name);
}

bool
rw_dotenv_export(struct rw_dotenv *settings, const char *path,
	struct rw_err *err)
{
	struct rw_buf text = {.max = MAX_FILE};
	bool good = rw_file_read_trusted(path, &text, err);

	rw_buf_reset(&settings->skipped);
	settings->skipped_count = 0;
	if (text.data != NULL) {
		good = good && export_text(settings, text.data, text.len,
			path, err);
		explicit_bzero(text.data, text.len);
	}
	rw_buf_free(&text);
	return good;
}

void
rw_dotenv_free(struct rw_dotenv *settings)
{
	rw_buf_free(&settings->skipped);
}
