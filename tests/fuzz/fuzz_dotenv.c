/*
 * Any bytes as a settings file. Only names that are ours come into the
 * environment, whole, and what is there already stays.
 */
#include "fuzz.h"

#include "wire/dotenv.h"
#include "wire/settings.h"

extern char **environ;

static void
require_ours(void)
{
	char **at, *name;

	for (at = environ; at != NULL && *at != NULL; at++) {
		name = strndup(*at, strcspn(*at, "="));
		require(name != NULL);
		require(rw_setting_kind(name) == RW_SETTING_OURS ||
			strcmp(name, "PASSED") == 0);
		free(name);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const pass[] = {"PASSED"};
	struct rw_dotenv settings = {.pass = pass, .pass_count = 1};
	struct rw_err err = {0};
	char path[32];
	bool good;
	int fd;

	require(clearenv() == 0 && setenv("RW_BRAND", "kept", 1) == 0);
	fd = fuzz_file(data, size, path);
	good = rw_dotenv_export(&settings, path, &err);
	fuzz_outcome(good, &err);
	require(good || err.kind == RW_CONFIG);
	require_ours();
	require(strcmp(getenv("RW_BRAND"), "kept") == 0);
	rw_dotenv_free(&settings);
	close(fd);
	return 0;
}
