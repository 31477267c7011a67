/*
 * The lifecycle rules of a bucket: ours among those of others. Pure.
 *
 * Ours are two, with fixed ids. The first deletes reports after their days,
 * versions that were replaced so many days after that (an older link may still
 * name them), and parts of uploads that were never completed after one day. The
 * second, which S3 does not allow in the same rule, deletes the markers that
 * remain when versions are deleted. On a bucket without versions both do no
 * harm.
 *
 * Errors: RW_REFUSED when the store's document cannot be understood.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html
 */
#ifndef RW_STORE_LIFECYCLE_H
#define RW_STORE_LIFECYCLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define RW_LIFECYCLE_ID "report-worker-reports"
#define RW_LIFECYCLE_MARKERS_ID "report-worker-markers"
#define RW_LIFECYCLE_PREFIX "reports/"

struct rw_lifecycle {
	unsigned days;		/* a report lives */
	bool keeps_parts;	/* the store has no rule for abandoned parts */
};

/* current is the store's document, NULL when it has none. *changed says whether
 * the document must be replaced; then out gets the new one, with the rules of
 * others unchanged. */
bool
rw_lifecycle_merge(const char *current, size_t len,
	const struct rw_lifecycle *wanted, struct rw_buf *out, bool *changed,
	struct rw_err *err);

#endif
