#include "store/link_trial.h"

#include <string.h>

#include "wire/config.h"

bool
rw_link_trial_read(enum rw_link_trial *trial, struct rw_err *err)
{
	static const char *const names[] = {[RW_TRIAL_FIRST] = "first",
		[RW_TRIAL_ALL] = "all", [RW_TRIAL_OFF] = "off"};
	const char *text = rw_config_text("RW_VERIFY", "first");
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(text, names[i]) == 0) {
			*trial = (enum rw_link_trial)i;
			return true;
		}
	return rw_fail(err, RW_CONFIG, "RW_VERIFY is \"%.40s\": expected "
		"first, all or off", text);
}
