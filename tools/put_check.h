/*
 * rw-put --check: whether an object can be stored, read back, and fetched by a
 * link; and when the store deletes it.
 */
#ifndef RW_TOOLS_PUT_CHECK_H
#define RW_TOOLS_PUT_CHECK_H

#include "base/err.h"
#include "put_links.h"
#include "store/s3.h"

/* Prints one line for each point; returns the worst kind of failure. The object
 * is removed at the end, even after a failure or a signal (links->grace_ms). */
enum rw_kind
rw_put_check(struct rw_s3 *s3, const struct rw_put_links *links);

#endif
