/*
 * Whether the store deletes the reports that it receives. Most stores report
 * this for each object (x-amz-expiration). Other stores are asked for their
 * rules, once per run.
 */
#ifndef RW_TOOLS_PUT_FATE_H
#define RW_TOOLS_PUT_FATE_H

#include <stdbool.h>
#include <stdint.h>

#include "record/record.h"
#include "store/lifecycle.h"
#include "store/s3.h"

/* A caller that waits for the answer, and keeps this structure until told is
 * called. */
struct rw_put_fate_wait {
	void (*told)(void *context);
	void *context;
	/* private */
	struct rw_put_fate_wait *next;
};

struct rw_put_fate {
	enum rw_lifecycle_fate fate;	/* when it is known */
	unsigned days;			/* until reports are deleted; 0: not
					 * known */
	struct rw_err why;		/* of RW_FATE_UNKNOWN */
	/* private */
	struct rw_s3_call call;
	bool is_asked, is_known, has_warned;
	struct rw_put_fate_wait *waiting;
};

/* True when the fate is known. Otherwise wait->told will be called from
 * rw_s3_run. */
bool
rw_put_fate_ask(struct rw_put_fate *fate, struct rw_s3 *s3,
	struct rw_put_fate_wait *wait);

/* Notes in the record the earliest time at which its objects, stored at made_at
 * (seconds since 1970), are deleted; otherwise warns, once. */
void
rw_put_fate_tell(struct rw_put_fate *fate, struct rw_record *record,
	const char *bucket, int64_t made_at);

/* Accepts {0}. */
void
rw_put_fate_free(struct rw_put_fate *fate);

#endif
