/*
 * rw-put --check: does the store take and give back an object of ours?
 */
#ifndef RW_TOOLS_PUT_CHECK_H
#define RW_TOOLS_PUT_CHECK_H

#include "base/err.h"
#include "store/s3.h"

/* Prints one line a point; the worst kind of those that failed. */
enum rw_kind
rw_put_check(struct rw_s3 *s3);

#endif
