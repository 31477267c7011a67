#include "wire/dotenv.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "wire/settings.h"

/* References can make the values larger than the file. */
enum { MAX_FILE = 1 << 20, MAX_VALUE = 128 << 10, MAX_VALUES = 8 << 20,
	MAX_NAMES = 10000 };

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"

/* The settings of a file, in its order. Each value is allocated; NULL: a name
 * without "=". Each name is in the text. */
struct values {
	struct rw_setting *items;
	size_t count, bytes;
};

static bool
is_name(const char *name)
{
	return strspn(name, LETTERS) > 0 &&
		name[strspn(name, LETTERS "0123456789.-")] == '\0';
}

static void
free_values(struct values *values)
{
	char *value;

	while (values->count > 0) {
		value = values->items[--values->count].value;
		if (value != NULL)
			explicit_bzero(value, strlen(value));
		free(value);
	}
	free(values->items);
}

/* ---- references ------------------------------------------------------------ */

/* The last of two equal names wins, and the environment before both. Searched
 * from the end. */
static const struct rw_setting *
find_last(const struct values *values, const char *name, size_t len)
{
	size_t i;

	for (i = values->count; i > 0; i--)
		if (strncmp(values->items[i - 1].name, name, len) == 0 &&
		    values->items[i - 1].name[len] == '\0')
			return &values->items[i - 1];
	return NULL;
}

static const char *
value_of(const void *context, const char *name, size_t len)
{
	char *word = memchr(name, '=', len) == NULL ? strndup(name, len) : NULL;
	const char *value = word != NULL ? getenv(word) : NULL;
	const struct rw_setting *setting;

	free(word);
	if (value != NULL)
		return value;
	setting = find_last(context, name, len);
	if (setting == NULL)
		return NULL;
	return setting->value != NULL ? setting->value : "";
}

static bool
keep_value(struct values *values, struct rw_setting setting,
	struct rw_err *err)
{
	struct rw_buf value = {.max = MAX_VALUE};
	bool good = true;

	if (setting.value != NULL) {
		rw_dotenv_expand(&value, setting.value, value_of, values);
		values->bytes += value.len;
		good = values->bytes > MAX_VALUES ? rw_fail(err, RW_CONFIG,
			"the values are larger than %d MiB together",
			MAX_VALUES >> 20) :
			rw_buf_ok(&value, "the value", err);
		setting.value = good ? strdup(rw_buf_text(&value)) : NULL;
	}
	if (value.data != NULL)
		explicit_bzero(value.data, value.len);
	rw_buf_free(&value);
	if (!good)
		return false;
	values->items[values->count++] = setting;
	return true;
}

/* ---- the environment ------------------------------------------------------- */

/* True when a name of a settings file may be set in the environment. */
static bool
is_taken(const struct rw_dotenv *settings, const char *name)
{
	enum rw_setting_kind kind = rw_setting_kind(name);
	size_t i;

	if (!is_name(name))
		return false;
	if (kind != RW_SETTING_OTHER)
		return kind == RW_SETTING_OURS;
	for (i = 0; i < settings->pass_count; i++)
		if (strcmp(settings->pass[i], name) == 0)
			return true;
	return false;
}

static bool
export_one(struct rw_dotenv *settings, const struct rw_setting *setting,
	struct rw_err *err)
{
	if (setting->value == NULL)
		return true;
	if (is_taken(settings, setting->name))
		return setenv(setting->name, setting->value, 0) == 0 ||
			rw_fail_errno(err, RW_BUG, "cannot set %s",
				setting->name);
	/* A name of another form may be a part of a value. */
	rw_buf_adds(&settings->skipped, settings->skipped_count++ > 0 ? ", " :
		"");
	if (is_name(setting->name))
		rw_buf_adds(&settings->skipped, setting->name);
	else
		rw_buf_addf(&settings->skipped, "a name in line %u",
			setting->line);
	return true;
}

static bool
export_values(struct rw_dotenv *settings, const struct values *values,
	struct rw_err *err)
{
	const struct rw_setting *setting;
	bool good = true;
	size_t i;

	for (i = 0; good && i < values->count; i++) {
		setting = &values->items[i];
		if (setting->value == NULL && settings->bare_line == 0)
			settings->bare_line = setting->line;
		if (find_last(values, setting->name, strlen(setting->name)) ==
		    setting)
			good = export_one(settings, setting, err);
	}
	return good;
}

/* ---- files ----------------------------------------------------------------- */

static bool
read_statements(struct values *values, char *text, struct rw_setting *setting,
	struct rw_err *err)
{
	struct rw_dotenv_reader reader;

	rw_dotenv_begin(&reader, text);
	while (rw_dotenv_next(&reader, setting, err)) {
		if (setting->name == NULL)
			return true;
		if (values->count == MAX_NAMES)
			return rw_fail(err, RW_CONFIG, "more than %d names",
				MAX_NAMES);
		if (!keep_value(values, *setting, err))
			return false;
	}
	return false;
}

static unsigned
line_of(const char *text, size_t at)
{
	unsigned line = 1;

	while (at > 0)
		line += text[--at] == '\n';
	return line;
}

static bool
export_text(struct rw_dotenv *settings, char *text, size_t len,
	const char *path, struct rw_err *err)
{
	struct values values = {.items = calloc(MAX_NAMES,
		sizeof *values.items)};
	struct rw_setting setting = {.line = line_of(text, strlen(text))};
	bool good = strlen(text) == len ?
		read_statements(&values, text, &setting, err) :
		rw_fail(err, RW_CONFIG, "a NUL");

	if (!good) {
		rw_err_prefix(err, "%s, line %u", path, setting.line);
		err->kind = RW_CONFIG;
	} else {
		good = export_values(settings, &values, err);
	}
	free_values(&values);
	return good;
}

bool
rw_dotenv_check_pass(const char *name, struct rw_err *err)
{
	if (!is_name(name))
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
	settings->bare_line = 0;
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
