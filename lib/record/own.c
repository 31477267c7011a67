#include "record/own.h"

#include <string.h>

#include "wire/config.h"

bool
rw_own_is_required(void)
{
	return rw_config_text("RW_RUN_ID", NULL) != NULL;
}

bool
rw_own_add_key(struct rw_record *record, enum rw_report_file file,
	struct rw_buf *out, struct rw_err *err)
{
	int64_t revision;

	if (!rw_record_optional_int(record, RW_M_REVISION, 1, &revision, err))
		return false;
	rw_report_add_key(out, record->period, record->follower_id, revision,
		file);
	return rw_buf_ok(out, "a key", err);
}

/* ---- files ------------------------------------------------------------- */

/* The directory is not compared, because --out determines it. */
static bool
ends_in(const char *path, const char *name)
{
	size_t len = strlen(path), n = strlen(name);

	return len >= n && strcmp(path + len - n, name) == 0 &&
		(len == n || path[len - n - 1] == '/');
}

static bool
has_path(struct rw_record *record, enum rw_report_file file,
	struct rw_err *err)
{
	const char *member = rw_report_files[file].path, *path;
	struct rw_buf name = {0};
	int64_t revision;
	bool good;

	if (!rw_record_string(record, member, &path, err) ||
	    !rw_record_optional_int(record, RW_M_REVISION, 1, &revision, err))
		return false;
	rw_report_add_name(&name, record->period, record->follower_id,
		revision, file);
	good = rw_buf_ok(&name, "a path", err);
	if (good && !ends_in(path, name.data))
		good = rw_fail(err, RW_DATA, "%s is \"%.200s\", which is not "
			"a file of this report: expected a path that ends in "
			"%s", member, path, name.data);
	rw_buf_free(&name);
	return good;
}

static bool
has_checksum(struct rw_record *record, const char *member,
	struct rw_err *err)
{
	const char *sha256;

	if (!rw_record_string(record, member, &sha256, err))
		return false;
	return (strlen(sha256) == 64 &&
		strspn(sha256, "0123456789abcdef") == 64) ||
		rw_fail(err, RW_DATA, "%s is \"%.80s\": expected 64 "
			"hexadecimal digits in lower case", member, sha256);
}

bool
rw_own_has_files(struct rw_record *record, struct rw_err *err)
{
	int i;

	for (i = 0; i < RW_REPORT_FILES; i++)
		if (!has_path(record, (enum rw_report_file)i, err) ||
		    !has_checksum(record, rw_report_files[i].sha256, err))
			return false;
	return true;
}

/* ---- keys -------------------------------------------------------------- */

static bool
has_key(struct rw_record *record, enum rw_report_file file,
	struct rw_err *err)
{
	const char *member = rw_report_files[file].key, *key;
	struct rw_buf own = {0};
	bool good;

	if (!rw_record_has(record, member))
		return true;
	good = rw_record_string(record, member, &key, err) &&
		rw_own_add_key(record, file, &own, err);
	if (good && strcmp(key, own.data) != 0)
		good = rw_fail(err, RW_DATA, "%s is \"%.200s\", which is not "
			"a key of this report: expected %s", member, key,
			own.data);
	rw_buf_free(&own);
	return good;
}

bool
rw_own_has_keys(struct rw_record *record, struct rw_err *err)
{
	int i;

	for (i = 0; i < RW_REPORT_FILES; i++)
		if (!has_key(record, (enum rw_report_file)i, err))
			return false;
	return true;
}
