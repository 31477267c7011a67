/*
 * The lifecycle rules of a bucket: our rules, and the rules of other programs.
 * Pure.
 *
 * We have two rules, with fixed ids. The first deletes reports after the given
 * number of days, replaced versions the same number of days after their
 * replacement (an older link may still name them), and parts of incomplete
 * uploads after one day. The second deletes the delete markers that remain when
 * versions are deleted; S3 does not allow this in the same rule. On a bucket
 * without versions, both are harmless. Not every store accepts all of this.
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

/* What our rules delete in addition to reports: bits. */
enum {
	RW_RULES_PARTS = 1,		/* parts of incomplete uploads */
	RW_RULES_MARKERS = 2,		/* markers without versions */
	RW_RULES_NONCURRENT = 4,	/* replaced versions */
	RW_RULES_ALL = 7,
};

/* The wanted rules. */
struct rw_lifecycle {
	unsigned days;		/* until a report is deleted */
	unsigned lacks;		/* bits to leave out */
	bool is_v1;		/* our rules have the form of V1 */
};

/* The contents of a document. */
struct rw_lifecycle_state {
	bool deletes_reports;	/* after the wanted number of days */
	bool is_wrong;		/* one of our rules has different values */
	unsigned lacks;		/* bits */
	size_t others;		/* rules of other programs */
	bool others_are_v1;	/* there are some, and all have the form of
				 * V1 */
};

/* current is the store's document, or NULL when the store has none, here and
 * below. */
bool
rw_lifecycle_read(const char *current, size_t len,
	const struct rw_lifecycle *wanted, struct rw_lifecycle_state *state,
	struct rw_err *err);

/* True when nothing must be changed: our rules are complete, possibly except
 * for the parts, whose rule MinIO accepts and drops. */
bool
rw_lifecycle_is_complete(const struct rw_lifecycle_state *state);

/* Appends the document with our wanted rules, and the unchanged rules of other
 * programs. */
bool
rw_lifecycle_write(const char *current, size_t len,
	const struct rw_lifecycle *wanted, struct rw_buf *out,
	struct rw_err *err);

/* Appends the bits in words: "replaced versions, delete markers". */
void
rw_lifecycle_add_words(unsigned bits, struct rw_buf *out);

enum rw_lifecycle_fate {
	RW_FATE_UNKNOWN,	/* a rule may or may not apply to reports */
	RW_FATE_KEPT,		/* no rule deletes them */
	RW_FATE_DELETED,
};

/* What all the rules do with objects below reports/. *days is the number of
 * days until they are deleted; 0: not known. */
enum rw_lifecycle_fate
rw_lifecycle_fate(const char *current, size_t len, unsigned *days);

#endif
