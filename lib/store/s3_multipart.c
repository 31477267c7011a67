#include "store/s3_multipart_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/s3_parts_priv.h"
#include "store/s3_proof_priv.h"
#include "store/s3_sweep_priv.h"
#include "store/s3_xml.h"

enum { MOST_PARTS = 10000 };

struct rw_s3_multipart {
	struct rw_s3_multipart_params params;
	struct rw_s3_call call;		/* everything but the parts */
	struct rw_buf query, upload, document;	/* upload: "uploadId=..." */
	char *id;			/* of this upload */
	struct rw_s3_sweep sweep;
	struct rw_s3_parts parts;
	struct rw_s3_proof proof;
	char etag[64];			/* the ETag that S3 would compute for
					 * the object */
	struct rw_err doubt;		/* why the upload is not proved; {0}: it
					 * is proved */
	char document_sha256[RW_SHA256_HEX];
	bool failed;
	struct rw_err failure;
};

static void parts_done(struct rw_s3_parts *parts);

/* ---- calls ------------------------------------------------------------- */

static void
start_call(struct rw_s3_multipart *m, const char *method, const char *key,
	void (*done)(struct rw_s3_call *call))
{
	struct rw_s3_call *call = &m->call;

	call->method = method;
	call->key = key;
	call->query = rw_buf_text(&m->query);
	call->done = done;
	call->context = m;
	rw_s3_start(m->params.s3, call);
}

/* Clears the request of the last call. */
static void
reset_call(struct rw_s3_multipart *m)
{
	m->call.headers = NULL;
	m->call.header_count = 0;
	m->call.has_body = false;
	m->call.body = (struct rw_http_body){.fd = -1};
	m->call.sha256 = NULL;
	m->call.accepts = NULL;
	rw_buf_reset(&m->query);
}

static void
finish(struct rw_s3_multipart *m, const struct rw_err *failure)
{
	m->params.done(m->params.context, &m->call.http, failure);
}

static void
fail(struct rw_s3_multipart *m, const struct rw_err *failure)
{
	if (!m->failed)
		m->failure = *failure;
	m->failed = true;
}

/* ---- begin ------------------------------------------------------------- */

/* S3 never answers 200 without an id. */
static bool
is_begun(struct rw_s3_call *call, struct rw_err *why)
{
	struct rw_s3_multipart *m = call->context;
	struct rw_s3_finding finding;

	free(m->id);
	m->id = rw_s3_xml_first(rw_buf_text(&call->http.answer),
		call->http.answer.len, "InitiateMultipartUploadResult",
		"UploadId");
	if (m->id != NULL && *m->id != '\0')
		return true;
	rw_s3_judge_start(&call->http, &finding);
	return rw_s3_finding_fail(&finding, call, why);
}

static void
begin_done(struct rw_s3_call *call)
{
	struct rw_s3_multipart *m = call->context;

	if (!call->good) {
		finish(m, &call->failure);
		return;
	}
	rw_s3_uploads_begin(m->params.uploads, m->params.key, m->id);
	rw_buf_adds(&m->upload, "uploadId=");
	rw_text_add_percent(&m->upload, m->id, "");
	m->parts.done = parts_done;
	m->parts.context = m;
	rw_s3_parts_start(&m->parts, rw_buf_text(&m->upload));
}

static void
begin(struct rw_s3_multipart *m)
{
	reset_call(m);
	m->call.headers = m->params.headers;
	m->call.header_count = m->params.header_count;
	m->call.has_body = true;
	m->call.accepts = is_begun;
	rw_buf_adds(&m->query, "uploads=");
	start_call(m, "POST", m->params.key, begin_done);
}

static void
swept(void *context, const struct rw_err *failure)
{
	if (failure != NULL)
		finish(context, failure);
	else
		begin(context);
}

/* ---- the end ----------------------------------------------------------- */

static void
abort_done(struct rw_s3_call *call)
{
	struct rw_s3_multipart *m = call->context;

	if (call->good || call->http.status == 404)
		rw_s3_uploads_end(m->params.uploads, m->id);
	else
		rw_err_prefix(&m->failure, "(its parts were left behind)");
	finish(m, &m->failure);
}

static void
give_up(struct rw_s3_multipart *m)
{
	reset_call(m);
	rw_buf_adds(&m->query, rw_buf_text(&m->upload));
	start_call(m, "DELETE", m->params.key, abort_done);
}

/* Makes the MD5 of the parts' MD5s, as S3 computes it, and the list of the
 * received ETags. */
static bool
compose(struct rw_s3_multipart *m, struct rw_err *err)
{
	unsigned char md5[RW_DIGEST_SIZE];
	char hex[33];
	size_t i;

	rw_digest_start(m->params.md5);
	rw_digest_add(m->params.md5, m->parts.md5,
		m->parts.count * RW_S3_MD5_SIZE);
	if (!rw_digest_end(m->params.md5, md5, err))
		return false;
	rw_digest_hex(md5, RW_S3_MD5_SIZE, hex);
	snprintf(m->etag, sizeof m->etag, "%s-%zu", hex,
		m->parts.count);
	rw_buf_reset(&m->document);
	rw_buf_adds(&m->document, "<CompleteMultipartUpload xmlns=\""
		"http://s3.amazonaws.com/doc/2006-03-01/\">");
	for (i = 0; i < m->parts.count; i++) {
		rw_buf_addf(&m->document, "<Part><PartNumber>%zu</PartNumber>"
			"<ETag>", i + 1);
		rw_text_add_html(&m->document, m->parts.etags[i]);
		rw_buf_adds(&m->document, "</ETag></Part>");
	}
	rw_buf_adds(&m->document, "</CompleteMultipartUpload>");
	return rw_buf_ok(&m->document, "a list of parts", err) &&
		rw_sha256_hex(m->document.data, m->document.len,
		m->document_sha256, err);
}

static struct rw_s3_object
object_of(const struct rw_s3_multipart *m)
{
	return (struct rw_s3_object){.md5 = m->etag,
		.sha256 = m->params.file_sha256,
		.body_sha256 = m->params.file_sha256,
		.size = m->params.size};
}

/* The store sends status 200 before it knows the outcome. */
static bool
is_possible(struct rw_s3_call *call, struct rw_err *why)
{
	struct rw_s3_multipart *m = call->context;
	struct rw_s3_object object = object_of(m);
	struct rw_s3_finding finding;

	rw_s3_judge_completion(&call->http, &object, &finding);
	m->doubt = (struct rw_err){0};
	if (finding.verdict == RW_S3_OPEN)
		rw_s3_finding_fail(&finding, call, &m->doubt);
	return finding.verdict != RW_S3_NOT_STORED ||
		rw_s3_finding_fail(&finding, call, why);
}

static void
proof_done(void *context, const struct rw_http_call *answer,
	const struct rw_err *failure)
{
	struct rw_s3_multipart *m = context;

	if (failure == NULL) {
		rw_s3_uploads_end(m->params.uploads, m->id);
		m->params.done(m->params.context, answer, NULL);
		return;
	}
	fail(m, failure);
	give_up(m);
}

static void
start_proof(struct rw_s3_multipart *m, bool is_claimed)
{
	m->proof.object = object_of(m);
	m->proof.key = m->params.key;
	m->proof.is_claimed = is_claimed;
	m->proof.done = proof_done;
	m->proof.context = m;
	rw_s3_proof_start(&m->proof, m->params.s3, &m->doubt);
}

/* An attempt may have completed the upload although its answer was lost, or
 * came from a gateway. */
static bool
may_be_complete(const struct rw_s3_call *call)
{
	return strcmp(call->error.code, "NoSuchUpload") == 0 ||
		(call->failure.retryable && !call->failure.given_up);
}

static void
complete_done(struct rw_s3_call *call)
{
	struct rw_s3_multipart *m = call->context;

	if (call->good && m->doubt.kind == RW_OK) {
		rw_s3_uploads_end(m->params.uploads, m->id);
		finish(m, NULL);
	} else if (call->good) {
		start_proof(m, true);
	} else {
		fail(m, &call->failure);
		if (may_be_complete(call))
			start_proof(m, false);
		else
			give_up(m);
	}
}

static void
complete(struct rw_s3_multipart *m)
{
	struct rw_err failure;

	if (!compose(m, &failure)) {
		fail(m, &failure);
		give_up(m);
		return;
	}
	reset_call(m);
	rw_buf_adds(&m->query, rw_buf_text(&m->upload));
	m->call.has_body = true;
	m->call.body.bytes = m->document.data;
	m->call.body.len = m->document.len;
	m->call.sha256 = m->document_sha256;
	m->call.accepts = is_possible;
	start_call(m, "POST", m->params.key, complete_done);
}

static void
parts_done(struct rw_s3_parts *parts)
{
	struct rw_s3_multipart *m = parts->context;

	if (parts->failed) {
		fail(m, &parts->failure);
		give_up(m);
	} else {
		complete(m);
	}
}

/* ---- new and delete ---------------------------------------------------- */

struct rw_s3_multipart *
rw_s3_multipart_start(const struct rw_s3_multipart_params *params,
	struct rw_err *err)
{
	struct rw_s3_multipart *m = calloc(1, sizeof *m);
	uint64_t least;

	if (m == NULL)
		goto no_memory;
	m->params = *params;
	/* S3 accepts at most 10,000 parts. */
	least = (params->size + MOST_PARTS - 1) / MOST_PARTS;
	if (m->params.part_size < least)
		m->params.part_size = least;
	if (!rw_s3_parts_init(&m->parts, &m->params))
		goto no_memory;
	m->sweep.params = &m->params;
	m->sweep.done = swept;
	m->sweep.context = m;
	rw_s3_sweep_start(&m->sweep);
	return m;
no_memory:
	rw_s3_multipart_delete(m);
	rw_fail_memory(err, "the parts of %s", params->key);
	return NULL;
}

void
rw_s3_multipart_delete(struct rw_s3_multipart *m)
{
	if (m == NULL)
		return;
	rw_s3_parts_free(&m->parts);
	rw_s3_call_free(&m->call);
	rw_buf_free(&m->query);
	rw_buf_free(&m->upload);
	rw_buf_free(&m->document);
	rw_s3_sweep_free(&m->sweep);
	rw_s3_proof_free(&m->proof);
	free(m->id);
	free(m);
}
