/*
 * The lifecycle rules of a bucket: ours among those of others. Pure.
 *
 * Ours are two, with fixed ids. The first deletes reports after their days,
 * versions that were replaced so many days after that (an older link may still
 * name them), and parts of uploads that were never completed after one day. The
 * second, which S3 does not allow in the same rule, deletes the markers that
 * remain when versions are deleted. On a bucket without versions both do no
 * harm. Not every store takes all of this.
 *
 * A rule names its prefix in a Filter, or directly, in the first version of the
 * API (V1); S3 refuses a document that has both.
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

/* What our rules delete besides reports: bits. */
enum {
	RW_RULES_PARTS = 1,		/* parts of uploads that were begun */
	RW_RULES_MARKERS = 2,		/* markers without versions */
	RW_RULES_NONCURRENT = 4,	/* versions that were replaced */
	RW_RULES_ALL = 7,
};

/* What is wanted. */
struct rw_lifecycle {
	unsigned days;		/* a report lives */
	unsigned lacks;		/* bits that are left out */
	bool is_v1;		/* our rules have the form of V1 */
};

/* What a document has. */
struct rw_lifecycle_state {
	bool deletes_reports;	/* after the days that are wanted */
	bool is_wrong;		/* one of ours has other values */
	unsigned lacks;		/* bits */
	size_t others;		/* rules of others */
	bool others_are_v1;	/* some, and all of them */
};

/* current is the store's document, NULL when it has none; so in all that
 * follows. */
bool
rw_lifecycle_read(const char *current, size_t len,
	const struct rw_lifecycle *wanted, struct rw_lifecycle_state *state,
	struct rw_err *err);

/* Nothing is to be done: all is there, the parts excepted, whose rule MinIO takes
 * and drops. */
bool
rw_lifecycle_is_complete(const struct rw_lifecycle_state *state);

/* Appends the document with our rules as wanted, and those of others
 * unchanged. */
bool
rw_lifecycle_write(const char *current, size_t len,
	const struct rw_lifecycle *wanted, struct rw_buf *out,
	struct rw_err *err);

/* Appends "replaced versions, delete markers": what the bits stand for. */
void
rw_lifecycle_add_words(unsigned bits, struct rw_buf *out);

enum rw_lifecycle_fate {
	RW_FATE_UNKNOWN,	/* a rule may be about reports, or may not */
	RW_FATE_KEPT,		/* no rule deletes them */
	RW_FATE_DELETED,
};

/* What these rules, whosever they are, do with objects below reports/. *days is
 * their life when they are deleted; 0: it is not known. */
enum rw_lifecycle_fate
rw_lifecycle_fate(const char *current, size_t len, unsigned *days);

#endif
