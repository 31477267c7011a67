#include "store/s3_proof_priv.h"

#include <string.h>

bool
rw_s3_finding_fail(const struct rw_s3_finding *finding,
	struct rw_s3_call *call, struct rw_err *err)
{
	const char *code = finding->error.code;
	const char *advice = rw_s3_error_hint(code);

	call->error = finding->error;
	if (finding->is_foreign)
		advice = "(a proxy or a console may answer in the store's "
			"place; is MINIO_ENDPOINT_URL right?)";
	rw_fail(err, RW_REFUSED, "the store answers %d to %s %s %s%s%s",
		call->http.status, call->method, call->key, finding->why,
		*advice != '\0' ? " " : "", advice);
	err->retryable = rw_s3_error_failure(200, code) != RW_FAILURE_FINAL;
	return false;
}

/* A user without the permission to read cannot prove anything, and the user's
 * links do not work. */
static const char *
hint(int status)
{
	return status == 403 ? " (does the user's policy allow s3:GetObject? "
		"rw-bucket --print-policy)" : "";
}

static bool
proves(struct rw_s3_call *call, struct rw_err *why)
{
	const struct rw_s3_proof *proof = call->context;
	char text[RW_S3_WHY_SIZE];

	call->error = (struct rw_s3_error){0};
	if (rw_s3_judge_head(&call->http, &proof->object, text))
		return true;
	rw_fail(why, RW_REFUSED, "HEAD %s", text);
	why->retryable = true;
	return false;
}

static void
head_done(struct rw_s3_call *call)
{
	struct rw_s3_proof *proof = call->context;
	struct rw_err failure = call->failure;

	if (call->good) {
		proof->done(proof->context, &call->http, NULL);
		return;
	}
	if (failure.kind != RW_UNREACHABLE)
		rw_fail(&failure, RW_REFUSED, "%s is not proved to be stored: "
			"%s; %s%s", proof->key, proof->doubt.message,
			call->failure.message, hint(call->http.status));
	failure.retryable = call->failure.retryable;
	proof->done(proof->context, &call->http, &failure);
}

void
rw_s3_proof_start(struct rw_s3_proof *proof, struct rw_s3 *s3,
	const struct rw_err *doubt)
{
	struct rw_s3_call *call = &proof->call;

	proof->doubt = *doubt;
	call->method = "HEAD";
	call->key = proof->key;
	call->accepts = proves;
	call->awaits = proof->is_claimed;
	call->done = head_done;
	call->context = proof;
	rw_s3_start(s3, call);
}

void
rw_s3_proof_free(struct rw_s3_proof *proof)
{
	rw_s3_call_free(&proof->call);
}
