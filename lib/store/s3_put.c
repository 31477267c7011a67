#include "store/s3_put.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "base/text.h"
#include "wire/config.h"
#include "store/s3_multipart_priv.h"
#include "store/s3_proof_priv.h"
#include "store/s3_uploads_priv.h"

enum { MIB = 1024 * 1024, DAY_S = 86400 };

bool
rw_s3_putter_open(struct rw_s3_putter *putter, struct rw_s3 *s3, bool gzip,
	struct rw_err *err)
{
	*putter = (struct rw_s3_putter){.s3 = s3};
	if (!rw_config_seconds("RW_S3_STALE_AFTER", DAY_S,
	    &putter->stale_seconds, err))
		return false;
	if (putter->stale_seconds == 0)
		return rw_fail(err, RW_CONFIG, "RW_S3_STALE_AFTER is 0: "
			"uploads in progress would be aborted");
	/* S3 accepts no part under 5 MiB, except the last. */
	return rw_config_u64("RW_S3_MULTIPART_FROM", 64 * MIB, 5 * MIB,
		(uint64_t)5 * 1024 * MIB, &putter->multipart_from, err) &&
		rw_config_u64("RW_S3_PART_SIZE", 16 * MIB, 5 * MIB,
		(uint64_t)1024 * MIB, &putter->part_size, err) &&
		rw_s3_reader_open(&putter->reader, gzip, err) &&
		rw_s3_uploads_open(&putter->uploads, rw_s3_store(s3), err);
}

void
rw_s3_putter_close(struct rw_s3_putter *putter)
{
	rw_s3_reader_close(&putter->reader);
	rw_s3_uploads_close(putter->uploads);
	*putter = (struct rw_s3_putter){0};
}

/* ---- the end ----------------------------------------------------------- */

static void
take_answer(struct rw_s3_put *put, const struct rw_http_call *answer)
{
	char made[64];

	rw_s3_version(answer, put->version);
	put->expires_at = rw_s3_expiration(answer);
	if (!rw_http_header(answer, "last-modified", made, sizeof made) ||
	    !rw_s3_date(made, &put->made_at))
		put->made_at = rw_clock_now_ms() / 1000;
}

static void
finish(struct rw_s3_put *put, const struct rw_err *failure)
{
	rw_s3_file_close(&put->file);
	put->good = failure == NULL;
	if (failure != NULL)
		put->failure = *failure;
	put->done(put);
}

/* ---- the upload -------------------------------------------------------- */

static bool
is_large(const struct rw_s3_put *put)
{
	return put->file.size >= put->putter->multipart_from;
}

static void
add_header(struct rw_s3_put *put, const char *name, const char *value)
{
	put->headers[put->header_count++] = (struct rw_header){name, value};
}

static void
set_headers(struct rw_s3_put *put)
{
	put->header_count = 0;
	if (put->file.is_compressed)
		add_header(put, "content-encoding", "gzip");
	if (!is_large(put))
		add_header(put, "content-md5", put->file.md5_base64);
	add_header(put, "content-type", put->content_type);
	add_header(put, "x-amz-meta-follower-id", put->follower_id);
	add_header(put, "x-amz-meta-period", put->period);
	add_header(put, "x-amz-meta-sha256", put->file.sha256);
}

static struct rw_s3_object
object_of(const struct rw_s3_put *put)
{
	return (struct rw_s3_object){.md5 = put->file.md5_hex,
		.sha256 = put->file.sha256,
		.body_sha256 = put->file.body_sha256,
		.size = put->file.is_compressed ? put->file.bytes.len :
			put->file.size};
}

static bool
is_possible(struct rw_s3_call *call, struct rw_err *why)
{
	struct rw_s3_put *put = call->context;
	struct rw_s3_object object = object_of(put);
	struct rw_s3_finding finding;

	rw_s3_judge_put(&call->http, &object, &finding);
	put->doubt = (struct rw_err){0};
	if (finding.verdict == RW_S3_OPEN)
		rw_s3_finding_fail(&finding, call, &put->doubt);
	return finding.verdict != RW_S3_NOT_STORED ||
		rw_s3_finding_fail(&finding, call, why);
}

static void
proof_done(void *context, const struct rw_http_call *answer,
	const struct rw_err *failure)
{
	struct rw_s3_put *put = context;

	if (failure == NULL)
		take_answer(put, answer);
	finish(put, failure);
}

static void
start_proof(struct rw_s3_put *put)
{
	struct rw_err failure;

	if (put->proof == NULL)
		put->proof = calloc(1, sizeof *put->proof);
	if (put->proof == NULL) {
		rw_fail_memory(&failure, "the proof of %s", put->key);
		finish(put, &failure);
		return;
	}
	put->proof->object = object_of(put);
	put->proof->key = put->key;
	put->proof->is_claimed = true;
	put->proof->done = proof_done;
	put->proof->context = put;
	rw_s3_proof_start(put->proof, put->putter->s3, &put->doubt);
}

static void
small_done(struct rw_s3_call *call)
{
	struct rw_s3_put *put = call->context;

	if (call->good && put->doubt.kind != RW_OK) {
		start_proof(put);
		return;
	}
	if (call->good)
		take_answer(put, &call->http);
	else if (strcmp(call->error.code, "XAmzContentSHA256Mismatch") == 0)
		rw_s3_file_is_other(&put->file, &call->failure);
	finish(put, call->good ? NULL : &call->failure);
}

static void
start_small(struct rw_s3_put *put)
{
	struct rw_s3_call *call = &put->call;

	call->method = "PUT";
	call->headers = put->headers;
	call->header_count = put->header_count;
	call->has_body = true;
	call->sha256 = put->file.body_sha256;
	if (put->file.bytes.len > 0)
		call->body = (struct rw_http_body){.bytes = put->file.bytes.data,
			.fd = -1, .len = put->file.bytes.len};
	else
		call->body = (struct rw_http_body){
			.fd = put->file.fd, .len = put->file.size};
	call->accepts = is_possible;
	call->done = small_done;
	rw_s3_start(put->putter->s3, call);
}

static void
large_done(void *context, const struct rw_http_call *answer,
	const struct rw_err *failure)
{
	struct rw_s3_put *put = context;

	if (failure == NULL)
		take_answer(put, answer);
	finish(put, failure);
}

static bool
start_large(struct rw_s3_put *put, struct rw_err *err)
{
	struct rw_s3_putter *p = put->putter;

	rw_s3_multipart_delete(put->multipart);
	put->multipart = rw_s3_multipart_start(&(struct
		rw_s3_multipart_params){
		.s3 = p->s3,
		.uploads = p->uploads,
		.stale_seconds = p->stale_seconds,
		.md5 = &p->reader.md5,
		.sha256 = &p->reader.sha256,
		.key = put->key,
		.file_sha256 = put->file.sha256,
		.headers = put->headers,
		.header_count = put->header_count,
		.fd = put->file.fd,
		.size = put->file.size,
		.part_size = p->part_size,
		.done = large_done,
		.context = put}, err);
	return put->multipart != NULL;
}

static bool
start_upload(struct rw_s3_put *put, struct rw_err *err)
{
	set_headers(put);
	if (is_large(put))
		return start_large(put, err);
	start_small(put);
	return true;
}

/* ---- what may be there already ----------------------------------------- */

/* True when the same file is stored, and will be kept long enough. */
static bool
is_stored(const struct rw_s3_put *put, const struct rw_s3_call *call)
{
	struct rw_s3_object object = object_of(put);
	int64_t until = rw_s3_expiration(&call->http);
	char why[RW_S3_WHY_SIZE];

	return call->good && rw_s3_judge_head(&call->http, &object, why) &&
		(until == RW_S3_KEPT || until >= put->wanted_until);
}

static void
head_done(struct rw_s3_call *call)
{
	struct rw_s3_put *put = call->context;
	struct rw_err failure;

	put->was_stored = is_stored(put, call);
	if (put->was_stored) {
		take_answer(put, &call->http);
		finish(put, NULL);
	} else if (!call->good && call->failure.kind == RW_UNREACHABLE) {
		finish(put, &call->failure);
	} else if (!start_upload(put, &failure)) {
		finish(put, &failure);
	}
}

static void
start_head(struct rw_s3_put *put, void (*done)(struct rw_s3_call *call))
{
	struct rw_s3_call *call = &put->call;

	call->method = "HEAD";
	call->headers = NULL;
	call->header_count = 0;
	call->has_body = false;
	call->sha256 = NULL;
	call->accepts = NULL;
	call->done = done;
	rw_s3_start(put->putter->s3, call);
}

/* ---- what was sent ----------------------------------------------------- */

/* What follows HEAD, when it is not the object that was sent. */
static bool
is_as_sent(const struct rw_s3_put *put, const struct rw_s3_call *call,
	struct rw_err *failure)
{
	char sha256[RW_SHA256_HEX + 1];

	if (!call->good) {
		*failure = call->failure;
		return failure->kind != RW_UNREACHABLE &&
			rw_err_prefix(failure, "the object that was sent "
			"cannot be linked to");
	}
	if (rw_http_header(&call->http, "x-amz-meta-sha256", sha256,
	    sizeof sha256) && (strcasecmp(sha256, put->stored_sha256) == 0 ||
	    strcasecmp(sha256, put->file.sha256) == 0))
		return true;
	return rw_fail(failure, RW_REFUSED, "%s is not the object that was "
		"sent (x-amz-meta-sha256)", put->key);
}

static void
sent_done(struct rw_s3_call *call)
{
	struct rw_s3_put *put = call->context;
	struct rw_err failure;

	put->was_stored = is_as_sent(put, call, &failure);
	call->query = NULL;
	if (put->was_stored)
		take_answer(put, &call->http);
	finish(put, put->was_stored ? NULL : &failure);
}

static void
start_sent(struct rw_s3_put *put)
{
	rw_buf_reset(&put->query);
	if (put->stored_version != NULL) {
		rw_buf_adds(&put->query, "versionId=");
		rw_text_add_percent(&put->query, put->stored_version, "");
		put->call.query = rw_buf_text(&put->query);
	}
	start_head(put, sent_done);
}

bool
rw_s3_put_start(struct rw_s3_putter *putter, struct rw_s3_put *put,
	struct rw_err *err)
{
	bool good;

	put->putter = putter;
	put->good = put->was_stored = false;
	put->failure = (struct rw_err){0};
	put->version[0] = '\0';
	put->expires_at = RW_S3_KEPT;
	put->call.key = put->key;
	put->call.query = NULL;
	put->call.context = put;
	good = rw_s3_file_open(&put->file, err) && rw_s3_file_read(&put->file,
		&putter->reader, is_large(put), err);
	if (good && put->stored_sha256 != NULL &&
	    strcasecmp(put->stored_sha256, put->file.sha256) == 0)
		start_head(put, head_done);
	else if (good && put->is_as_sent && put->stored_sha256 != NULL)
		start_sent(put);
	else if (good)
		good = start_upload(put, err);
	if (!good)
		rw_s3_file_close(&put->file);
	return good;
}

void
rw_s3_put_free(struct rw_s3_put *put)
{
	rw_s3_file_free(&put->file);
	rw_s3_call_free(&put->call);
	rw_buf_free(&put->query);
	rw_s3_multipart_delete(put->multipart);
	put->multipart = NULL;
	if (put->proof != NULL)
		rw_s3_proof_free(put->proof);
	free(put->proof);
	put->proof = NULL;
}
