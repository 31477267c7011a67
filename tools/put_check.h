/*
 * rw-put --check: whether an object can be stored and read back.
 */
#ifndef RW_TOOLS_PUT_CHECK_H
#define RW_TOOLS_PUT_CHECK_H

#include "base/err.h"
#include "store/s3.h"

/* Prints one line for each point; returns the worst kind of failure. */
enum rw_kind
rw_put_check(struct rw_s3 *s3);

#endif
