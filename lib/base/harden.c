#include "base/harden.h"

#include <sys/prctl.h>
#include <sys/resource.h>

bool
rw_harden(struct rw_err *err)
{
	const struct rlimit none = {0};

	return (setrlimit(RLIMIT_CORE, &none) == 0 &&
		prctl(PR_SET_DUMPABLE, 0) == 0) ||
		rw_fail_errno(err, RW_BUG, "cannot forbid core dumps");
}
