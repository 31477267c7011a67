/*
 * Asks a store for the proof that it has an object, when its answer to the
 * upload was none.
 */
#ifndef RW_STORE_S3_PROOF_PRIV_H
#define RW_STORE_S3_PROOF_PRIV_H

#include <stdbool.h>

#include "base/err.h"
#include "store/s3.h"
#include "store/s3_verdict.h"

struct rw_s3_proof {
	struct rw_s3_object object;	/* borrowed until done */
	const char *key;		/* the same */
	/* The store said that it has the object: when it is not there, or an
	 * older one is, HEAD is repeated as often as any request. */
	bool is_claimed;
	/* Called once. failure is NULL when HEAD proves that the object is
	 * there; answer is that of HEAD. */
	void (*done)(void *context, const struct rw_http_call *answer,
		const struct rw_err *failure);
	void *context;

	/* private */
	struct rw_err doubt;
	struct rw_s3_call call;
};

/* doubt is what makes it necessary: part of the failure's message. */
void
rw_s3_proof_start(struct rw_s3_proof *proof, struct rw_s3 *s3,
	const struct rw_err *doubt);

/* What a finding about call's answer says, with advice; retryable when it may
 * help to repeat the call. Returns false; the call has the error in the body,
 * if any. */
bool
rw_s3_finding_fail(const struct rw_s3_finding *finding,
	struct rw_s3_call *call, struct rw_err *err);

/* Accepts {0}. */
void
rw_s3_proof_free(struct rw_s3_proof *proof);

#endif
