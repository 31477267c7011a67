/*
 * Whether the store deletes the reports that it gets. Most stores say so with
 * each object (x-amz-expiration); one that does not is asked for its rules, once
 * a run.
 */
#ifndef RW_TOOLS_PUT_FATE_H
#define RW_TOOLS_PUT_FATE_H

#include <stdbool.h>
#include <stdint.h>

#include "record/record.h"
#include "store/lifecycle.h"
#include "store/s3.h"

/* Who waits for the answer; kept by the caller until told is called. */
struct rw_put_fate_wait {
	void (*told)(void *context);
	void *context;
	/* private */
	struct rw_put_fate_wait *next;
};

struct rw_put_fate {
	enum rw_lifecycle_fate fate;	/* when it is known */
	unsigned days;			/* of life; 0: not known */
	struct rw_err why;		/* of RW_FATE_UNKNOWN */
	/* private */
	struct rw_s3_call call;
	bool is_asked, is_known, has_warned;
	struct rw_put_fate_wait *waiting;
};

/* True when it is known. Else wait->told will be called, from rw_s3_run. */
bool
rw_put_fate_ask(struct rw_put_fate *fate, struct rw_s3 *s3,
	struct rw_put_fate_wait *wait);

/* Notes in the record when its objects, stored at made_at (seconds since 1970),
 * are deleted at the earliest; or warns, once. */
void
rw_put_fate_tell(struct rw_put_fate *fate, struct rw_record *record,
	const char *bucket, int64_t made_at);

/* Accepts {0}. */
void
rw_put_fate_free(struct rw_put_fate *fate);

#endif
