#include "wire/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/text.h"

const char *
rw_config_text(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : otherwise;
}

bool
rw_config_bool(const char *name, bool otherwise, bool *value,
	struct rw_err *err)
{
	const char *text = rw_config_text(name, NULL);

	if (text == NULL) {
		*value = otherwise;
		return true;
	}
	if (rw_text_to_bool(text, value))
		return true;
	return rw_fail(err, RW_CONFIG, "%s is \"%.40s\": expected true or "
		"false", name, text);
}

bool
rw_config_u64(const char *name, uint64_t otherwise, uint64_t min, uint64_t max,
	uint64_t *value, struct rw_err *err)
{
	const char *text = rw_config_text(name, NULL);
	uint64_t n = otherwise;

	if (text != NULL && (!rw_text_to_u64(text, max, &n) || n < min))
		return rw_fail(err, RW_CONFIG, "%s is \"%.40s\": expected a "
			"whole number from %llu to %llu", name, text,
			(unsigned long long)min, (unsigned long long)max);
	*value = n;
	return true;
}

bool
rw_config_seconds(const char *name, uint64_t otherwise, uint64_t *value,
	struct rw_err *err)
{
	const char *text = rw_config_text(name, NULL);
	struct rw_err why;

	if (text == NULL) {
		*value = otherwise;
		return true;
	}
	if (rw_text_to_seconds(text, value, &why))
		return true;
	return rw_fail(err, RW_CONFIG, "%s: %s", name, why.message);
}

/* ---- words ------------------------------------------------------------- */

/* Includes characters that editors and web pages add: a byte order mark,
 * no-break spaces and zero-width spaces. */
static bool
is_blank(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 ||
		(c >= 0x2000 && c <= 0x200b) || c == 0x202f || c == 0x205f ||
		c == 0x2060 || c == 0x3000 || c == 0xfeff;
}

/* The text without the blanks at its ends. */
static const char *
trim(const char *text, size_t *len)
{
	const char *p = text, *before, *end;

	do {
		before = p;
	} while (is_blank(rw_text_next(&p)));
	text = end = p = before;
	while (*p != '\0')
		if (!is_blank(rw_text_next(&p)))
			end = p;
	*len = (size_t)(end - text);
	return text;
}

/* name is for the message, which never shows the text. */
static bool
copy_word(const char *name, const char *text, char **value,
	struct rw_err *err)
{
	size_t len, place = 1;
	const char *start = trim(text, &len), *p = start;
	uint32_t c;

	*value = NULL;
	for (; p < start + len; place++) {
		c = rw_text_next(&p);
		if (is_blank(c) || rw_text_is_control(c))
			return rw_fail(err, RW_CONFIG, "%s has a blank, a "
				"line end or a control character inside "
				"(character %zu): expected none", name, place);
	}
	if (len == 0)
		return true;
	*value = strndup(start, len);
	return *value != NULL || rw_fail_memory(err, "%s", name);
}

bool
rw_config_word(const char *name, char **value, struct rw_err *err)
{
	return copy_word(name, rw_config_text(name, ""), value, err);
}

/* ---- secrets ----------------------------------------------------------- */

/* Reads the first line, or the word if it is the only content of the file. */
static bool
take_secret(const char *file_name, const char *path, const struct rw_buf *from,
	bool is_word, char **value, struct rw_err *err)
{
	const char *text = rw_buf_text(from);

	if (is_word) {
		if (strlen(text) != from->len)
			return rw_fail(err, RW_CONFIG, "%s: %s is not a text "
				"file: it has a NUL byte", file_name, path);
		if (!copy_word(file_name, text, value, err))
			return false;
		return *value != NULL || rw_fail(err, RW_CONFIG, "%s: %s is "
			"empty", file_name, path);
	}
	*value = strndup(text, strcspn(text, "\r\n"));
	if (*value != NULL && **value != '\0')
		return true;
	rw_config_forget(*value);
	*value = NULL;
	return rw_fail(err, RW_CONFIG, "%s: %s begins with an empty line",
		file_name, path);
}

static bool
read_secret_file(const char *file_name, const char *path, bool is_word,
	char **value, struct rw_err *err)
{
	struct rw_buf text = {.max = 65536};
	bool ok = rw_file_read_trusted(path, &text, err);

	if (!ok)
		rw_err_prefix(err, "%s", file_name);
	else
		ok = take_secret(file_name, path, &text, is_word, value, err);
	if (text.data != NULL)
		explicit_bzero(text.data, text.len);
	rw_buf_free(&text);
	return ok;
}

/* The access key is in every link, and may be a common word, so it is not a
 * secret. */
static bool
is_public(const char *name)
{
	return strcmp(name, "MINIO_ACCESS_KEY") == 0 ||
		strcmp(name, "AWS_ACCESS_KEY_ID") == 0;
}

static bool
read_direct(const char *name, const char *text, bool is_word, char **value,
	struct rw_err *err)
{
	if (is_word)
		return copy_word(name, text, value, err);
	*value = strdup(text);
	return *value != NULL || rw_fail_memory(err, "%s", name);
}

static bool
read_secret(const char *name, bool is_word, char **value, struct rw_err *err)
{
	const char *direct = rw_config_text(name, NULL), *path;
	char file_name[128];

	*value = NULL;
	snprintf(file_name, sizeof file_name, "%s_FILE", name);
	path = rw_config_text(file_name, NULL);
	if (direct != NULL && path != NULL)
		return rw_fail(err, RW_CONFIG, "both %s and %s are set: "
			"expected one of them", name, file_name);
	if (direct == NULL && path == NULL)
		return true;
	if (path != NULL && !read_secret_file(file_name, path, is_word, value,
	    err))
		return false;
	if (direct != NULL && !read_direct(name, direct, is_word, value, err))
		return false;
	if (*value == NULL || is_public(name) || rw_secret_know(*value))
		return true;
	rw_config_forget(*value);
	*value = NULL;
	return rw_fail_memory(err, "%s", name);
}

bool
rw_config_secret(const char *name, char **value, struct rw_err *err)
{
	return read_secret(name, false, value, err);
}

bool
rw_config_key(const char *name, char **value, struct rw_err *err)
{
	return read_secret(name, true, value, err);
}

void
rw_config_forget(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
