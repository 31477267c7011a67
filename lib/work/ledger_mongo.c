/* The ledger in MongoDB. */
#include "work/ledger_backend.h"

static bool
mongo_open(void **handle, enum rw_ledger_purpose purpose, struct rw_err *err)
{
	(void)handle;
	(void)purpose;
	return rw_fail(err, RW_CONFIG, "MONGO_URI is set, and this build has "
		"no MongoDB");
}

const struct rw_backend rw_backend_mongo = {
	.open = mongo_open,
};
