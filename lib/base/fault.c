#include "base/fault.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* How many more times the point in RW_FAULT must be passed; 0: no point is set;
 * -1: RW_FAULT has not been read yet. */
static _Atomic long remaining = -1;
static const char *wanted;
static size_t wanted_len;

static long
look_up_fault(void)
{
	const char *text = getenv("RW_FAULT"), *count;
	size_t tool = strlen(program_invocation_short_name);

	if (text == NULL || strncmp(text, program_invocation_short_name,
	    tool) != 0 || text[tool] != ':')
		return 0;
	wanted = text + tool + 1;
	wanted_len = strcspn(wanted, ":");
	count = wanted + wanted_len;
	return *count == ':' ? strtol(count + 1, NULL, 10) : 1;
}

void
rw_fault(const char *point)
{
	if (remaining == 0)
		return;
	if (remaining < 0)
		remaining = look_up_fault();
	if (remaining > 0 && strlen(point) == wanted_len &&
	    strncmp(point, wanted, wanted_len) == 0 && --remaining == 0)
		raise(SIGKILL);
}
