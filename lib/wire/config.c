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

static bool
read_secret_file(const char *name, const char *path, char **value,
	struct rw_err *err)
{
	struct rw_buf text = {.max = 65536};
	bool ok = rw_file_read_trusted(path, &text, err);

	if (!ok) {
		rw_err_prefix(err, "%s_FILE", name);
	} else {
		*value = strndup(rw_buf_text(&text),
			strcspn(rw_buf_text(&text), "\r\n"));
		ok = *value != NULL && **value != '\0';
		if (!ok) {
			rw_config_forget(*value);
			*value = NULL;
			rw_fail(err, RW_CONFIG, "%s_FILE: %s begins with an "
				"empty line", name, path);
		}
	}
	if (text.data != NULL)
		explicit_bzero(text.data, text.len);
	rw_buf_free(&text);
	return ok;
}

/* The name of a key is in every link; that of many is a common word. */
static bool
is_public(const char *name)
{
	return strcmp(name, "MINIO_ACCESS_KEY") == 0 ||
		strcmp(name, "AWS_ACCESS_KEY_ID") == 0;
}

bool
rw_config_secret(const char *name, char **value, struct rw_err *err)
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
	if (path != NULL && !read_secret_file(name, path, value, err))
		return false;
	if (direct != NULL)
		*value = strdup(direct);
	if (*value != NULL && (is_public(name) || rw_secret_know(*value)))
		return true;
	rw_config_forget(*value);
	*value = NULL;
	return rw_fail_memory(err, "%s", name);
}

void
rw_config_forget(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}
