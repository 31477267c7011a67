/*
 * Proves with a HEAD request that a store has an object, when the answer to the
 * upload does not prove it.
 */
#ifndef RW_STORE_S3_PROOF_PRIV_H
#define RW_STORE_S3_PROOF_PRIV_H

#include <stdbool.h>

#include "base/err.h"
#include "store/s3.h"
#include "store/s3_verdict.h"

struct rw_s3_proof {
	struct rw_s3_object object;	/* borrowed until done */
	const char *key;		/* borrowed until done */
	/* The store confirmed the upload. If the object is missing, or an older
	 * one is there, HEAD is repeated as often as any request. */
	bool is_claimed;
	/* Called once. failure is NULL when HEAD proves that the object is
	 * there; answer is the answer to HEAD. */
	void (*done)(void *context, const struct rw_http_call *answer,
		const struct rw_err *failure);
	void *context;

	/* private */
	struct rw_err doubt;
	struct rw_s3_call call;
};

/* doubt is the reason for the proof, and becomes part of the failure's
 * message. */
void
rw_s3_proof_start(struct rw_s3_proof *proof, struct rw_s3 *s3,
	const struct rw_err *doubt);

/* Fills the error from a finding about call's answer, with advice; retryable
 * when repeating the call may help. Returns false. call->error gets the error
 * in the body, if any. */
bool
rw_s3_finding_fail(const struct rw_s3_finding *finding,
	struct rw_s3_call *call, struct rw_err *err);

/* Accepts {0}. */
void
rw_s3_proof_free(struct rw_s3_proof *proof);

#endif
