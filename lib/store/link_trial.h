/*
 * RW_VERIFY: which links a run tries before it sends mail.
 */
#ifndef RW_STORE_LINK_TRIAL_H
#define RW_STORE_LINK_TRIAL_H

#include <stdbool.h>

#include "base/err.h"

enum rw_link_trial {
	RW_TRIAL_FIRST,		/* only the links of the first report */
	RW_TRIAL_ALL,
	RW_TRIAL_OFF,
};

/* By default RW_TRIAL_FIRST. RW_CONFIG. */
bool
rw_link_trial_read(enum rw_link_trial *trial, struct rw_err *err);

#endif
