#include "store/s3_parts_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/text.h"
#include "store/s3_proof_priv.h"

enum { BLOCK = 65536 };

/* One of the connections that send parts. */
struct rw_s3_sender {
	struct rw_s3_parts *parts;
	struct rw_s3_call call;
	size_t part;			/* from 0 */
	struct rw_header header;
	struct rw_buf query, md5_base64;
	char sha256[RW_SHA256_HEX];
};

static void
fail(struct rw_s3_parts *parts, const struct rw_err *failure)
{
	if (!parts->failed)
		parts->failure = *failure;
	parts->failed = true;
}

static bool
digest_part(struct rw_s3_sender *s, struct rw_err *err)
{
	struct rw_s3_parts *parts = s->parts;
	const struct rw_http_body *body = &s->call.body;
	unsigned char md5[RW_DIGEST_SIZE], sha256[RW_DIGEST_SIZE];
	char block[BLOCK];
	uint64_t at = 0;
	ssize_t n;

	rw_digest_start(parts->params->md5);
	rw_digest_start(parts->params->sha256);
	while (at < body->len) {
		n = pread(body->fd, block, body->len - at < BLOCK ?
			(size_t)(body->len - at) : BLOCK,
			(off_t)(body->offset + at));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? rw_fail_errno(err, RW_IO, "cannot read "
				"the file of %s", parts->params->key) :
				rw_fail(err, RW_IO, "the file of %s became "
				"shorter while it was read", parts->params->key);
		rw_digest_add(parts->params->md5, block, (size_t)n);
		rw_digest_add(parts->params->sha256, block, (size_t)n);
		at += (uint64_t)n;
	}
	if (!rw_digest_end(parts->params->md5, md5, err) ||
	    !rw_digest_end(parts->params->sha256, sha256, err))
		return false;
	memcpy(parts->md5[s->part], md5, RW_S3_MD5_SIZE);
	rw_digest_hex(sha256, sizeof sha256, s->sha256);
	rw_buf_reset(&s->md5_base64);
	rw_text_add_base64(&s->md5_base64, md5, RW_S3_MD5_SIZE);
	return rw_buf_ok(&s->md5_base64, "a digest", err);
}

/* The store has checked Content-MD5 and the signed SHA-256, which proves that
 * it has these bytes. Its ETag may follow different rules. */
static bool
part_is_stored(struct rw_s3_call *call, struct rw_err *why)
{
	const struct rw_s3_sender *s = call->context;
	struct rw_s3_finding finding;

	return rw_s3_judge_part(&call->http, s->parts->etags[s->part],
		&finding) || (rw_s3_finding_fail(&finding, call, why) ||
		rw_err_prefix(why, "part %zu", s->part + 1));
}

static void part_done(struct rw_s3_call *call);

/* Sends the next part that no connection has taken yet; false when there is
 * none. */
static bool
send_next(struct rw_s3_sender *s)
{
	struct rw_s3_parts *parts = s->parts;
	struct rw_s3_call *call = &s->call;
	struct rw_err failure;
	uint64_t offset;

	if (parts->failed || parts->next == parts->count)
		return false;
	s->part = parts->next++;
	offset = s->part * parts->params->part_size;
	call->body = (struct rw_http_body){.fd = parts->params->fd,
		.offset = offset, .len = parts->params->size - offset};
	if (call->body.len > parts->params->part_size)
		call->body.len = parts->params->part_size;
	if (!digest_part(s, &failure)) {
		fail(parts, &failure);
		return false;
	}
	rw_buf_reset(&s->query);
	rw_buf_addf(&s->query, "partNumber=%zu&%s", s->part + 1,
		parts->upload);
	s->header = (struct rw_header){"content-md5",
		rw_buf_text(&s->md5_base64)};
	call->method = "PUT";
	call->key = parts->params->key;
	call->query = rw_buf_text(&s->query);
	call->headers = &s->header;
	call->header_count = 1;
	call->has_body = true;
	call->sha256 = s->sha256;
	call->accepts = part_is_stored;
	call->done = part_done;
	call->context = s;
	parts->running++;
	rw_s3_start(parts->params->s3, call);
	return true;
}

static void
part_done(struct rw_s3_call *call)
{
	struct rw_s3_sender *s = call->context;
	struct rw_s3_parts *parts = s->parts;

	parts->running--;
	rw_fault("part-uploaded");
	if (!call->good)
		fail(parts, &call->failure);
	if (!send_next(s) && parts->running == 0)
		parts->done(parts);
}

void
rw_s3_parts_start(struct rw_s3_parts *parts, const char *upload)
{
	size_t i;

	parts->upload = upload;
	for (i = 0; i < parts->sender_count; i++)
		if (!send_next(&parts->senders[i]))
			break;
	if (parts->running == 0)
		parts->done(parts);
}

bool
rw_s3_parts_init(struct rw_s3_parts *parts,
	const struct rw_s3_multipart_params *params)
{
	size_t i;

	parts->params = params;
	parts->count = (size_t)((params->size + params->part_size - 1) /
		params->part_size);
	parts->sender_count = rw_s3_connections(params->s3);
	if (parts->sender_count > parts->count)
		parts->sender_count = parts->count;
	parts->md5 = calloc(parts->count, sizeof *parts->md5);
	parts->etags = calloc(parts->count, sizeof *parts->etags);
	parts->senders = calloc(parts->sender_count, sizeof *parts->senders);
	if (parts->md5 == NULL || parts->etags == NULL ||
	    parts->senders == NULL)
		return false;
	for (i = 0; i < parts->sender_count; i++)
		parts->senders[i].parts = parts;
	return true;
}

void
rw_s3_parts_free(struct rw_s3_parts *parts)
{
	size_t i;

	for (i = 0; parts->senders != NULL && i < parts->sender_count; i++) {
		rw_s3_call_free(&parts->senders[i].call);
		rw_buf_free(&parts->senders[i].query);
		rw_buf_free(&parts->senders[i].md5_base64);
	}
	free(parts->senders);
	free(parts->md5);
	free(parts->etags);
	*parts = (struct rw_s3_parts){0};
}
