#include "run_check.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/state_dir.h"
#include "base/text.h"
#include "base/url.h"
#include "checklist.h"
#include "wire/config.h"
#include "wire/proxy.h"

enum { KEEP_DAYS = 30, MAX_DAYS = 36500 };

bool
rw_run_read_keep_days(uint64_t *days, struct rw_err *err)
{
	return rw_config_u64("RW_KEEP_DAYS", KEEP_DAYS, 0, MAX_DAYS, days,
		err);
}

static bool
check_state(struct rw_buf *state, struct rw_err *err)
{
	uint64_t days;

	if (!rw_run_read_keep_days(&days, err) ||
	    !rw_file_state_dir(state, err) ||
	    !rw_state_dir_prepare(rw_buf_text(state), err))
		return false;
	return access(rw_buf_text(state), W_OK | X_OK) == 0 ||
		rw_fail_errno(err, RW_IO, "cannot write to the state "
			"directory %s", rw_buf_text(state));
}

/* Shortens the path to the nearest existing directory. */
static void
find_existing(char *path)
{
	char *slash;
	struct stat st;

	while (stat(path, &st) != 0 && errno == ENOENT) {
		slash = strrchr(path, '/');
		if (slash == NULL)
			strcpy(path, ".");
		else
			slash[slash == path] = '\0';
	}
}

static bool
check_dir(const char *path, struct rw_err *err)
{
	char *existing = strdup(path);
	struct stat st;
	bool good;

	if (existing == NULL)
		return rw_fail_memory(err, "a path");
	find_existing(existing);
	good = stat(existing, &st) == 0 && S_ISDIR(st.st_mode) &&
		access(existing, W_OK | X_OK) == 0;
	if (!good && errno == 0)
		errno = ENOTDIR;
	if (!good)
		rw_fail_errno(err, RW_IO, "cannot write to %s", existing);
	free(existing);
	return good;
}

/* The file is replaced by rename. */
static bool
check_metrics(const char *path, struct rw_err *err)
{
	char *copy = strdup(path);
	struct stat st;
	bool good;

	if (copy == NULL)
		return rw_fail_memory(err, "a path");
	errno = 0;
	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode) &&
	    !S_ISLNK(st.st_mode))
		good = rw_fail(err, RW_CONFIG, "RW_METRICS_FILE %s is not a "
			"regular file", path);
	else
		good = access(dirname(copy), W_OK | X_OK) == 0 ||
			rw_fail_errno(err, RW_CONFIG, "RW_METRICS_FILE: "
				"cannot write to the directory of %s", path);
	free(copy);
	return good;
}

/* curl(1) gets it in a line of a configuration file, where a quote would end
 * it. */
bool
rw_run_check_heartbeat(struct rw_err *err)
{
	static const char name[] = "RW_HEARTBEAT_URL";
	const char *url = rw_config_text(name, NULL);

	if (url == NULL)
		return true;
	if (!rw_url_check_user(name, url, err))
		return false;
	if (strncasecmp(url, "http://", 7) != 0 &&
	    strncasecmp(url, "https://", 8) != 0)
		return rw_fail(err, RW_CONFIG, "%s does not begin with "
			"http:// or https://", name);
	if (strpbrk(url, " \"\\") != NULL || rw_text_has_control(url))
		return rw_fail(err, RW_CONFIG, "%s has a blank, a quotation "
			"mark, a backslash or a control character: expected "
			"it percent-encoded", name);
	return rw_url_check_hosts(name, url, false, err) &&
		rw_proxy_check(RW_PROXY_HTTP, err);
}

enum rw_kind
rw_run_check(const struct rw_list *dirs)
{
	const char *metrics = rw_config_text("RW_METRICS_FILE", NULL);
	struct rw_checklist list = {0};
	struct rw_buf state = {0};
	struct rw_err err;
	size_t i;

	if (check_state(&state, &err))
		rw_checklist_good("state", "%s", rw_buf_text(&state));
	else
		rw_checklist_fail(&list, "state", &err);
	for (i = 0; i < dirs->count; i++) {
		errno = 0;
		if (check_dir(dirs->items[i], &err))
			rw_checklist_good("directory", "%s", dirs->items[i]);
		else
			rw_checklist_fail(&list, "directory", &err);
	}
	if (metrics != NULL && check_metrics(metrics, &err))
		rw_checklist_good("metrics", "%s", metrics);
	else if (metrics != NULL)
		rw_checklist_fail(&list, "metrics", &err);
	if (!rw_run_check_heartbeat(&err))
		rw_checklist_fail(&list, "heartbeat", &err);
	rw_buf_free(&state);
	return rw_kind_worse(list.worst, rw_cli_close_stdout());
}
