#include "store/s3_multipart_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/s3_answer.h"
#include "store/s3_parts_priv.h"
#include "store/s3_xml.h"

enum { MOST_PARTS = 10000 };

struct rw_s3_multipart {
	struct rw_s3_multipart_params params;
	struct rw_s3_call call;		/* everything but the parts */
	struct rw_buf query, upload, document;	/* upload: "uploadId=..." */
	struct rw_buf stale;		/* ids of others, NUL between */
	size_t stale_at;
	struct rw_s3_parts parts;
	char etag[64];			/* that the whole must have */
	char document_sha256[RW_SHA256_HEX];
	bool failed;
	struct rw_err failure;
};

static void begin(struct rw_s3_multipart *m);
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

/* Forgets what the last call sent. */
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

/* ---- parts that an earlier process left -------------------------------- */

static void
note_stale(void *context, const char *key, const char *upload_id)
{
	struct rw_s3_multipart *m = context;

	/* Other keys can begin with our key. */
	if (strcmp(key, m->params.key) == 0)
		rw_buf_add(&m->stale, upload_id, strlen(upload_id) + 1);
}

static void
abort_next_stale(struct rw_s3_call *call)
{
	struct rw_s3_multipart *m = call->context;
	const char *id = rw_buf_text(&m->stale) + m->stale_at;

	if (m->stale_at >= m->stale.len) {
		begin(m);
		return;
	}
	m->stale_at += strlen(id) + 1;
	reset_call(m);
	rw_buf_adds(&m->query, "uploadId=");
	rw_text_add_percent(&m->query, id, "");
	/* The outcome does not matter: this only cleans up. */
	start_call(m, "DELETE", m->params.key, abort_next_stale);
}

static void
list_done(struct rw_s3_call *call)
{
	struct rw_s3_multipart *m = call->context;

	if (!call->good && call->failure.kind == RW_UNREACHABLE) {
		finish(m, &call->failure);
		return;
	}
	/* A user who may not list uploads can still upload. */
	if (call->good)
		rw_s3_xml_uploads(rw_buf_text(&call->http.answer),
			call->http.answer.len, note_stale, m);
	abort_next_stale(call);
}

static void
list_stale(struct rw_s3_multipart *m)
{
	reset_call(m);
	rw_buf_adds(&m->query, "prefix=");
	rw_text_add_percent(&m->query, m->params.key, "");
	rw_buf_adds(&m->query, "&uploads=");
	start_call(m, "GET", NULL, list_done);
}

/* ---- begin ------------------------------------------------------------- */

static void
begin_done(struct rw_s3_call *call)
{
	struct rw_s3_multipart *m = call->context;
	struct rw_err failure;
	char *id = NULL;

	if (call->good)
		id = rw_s3_xml_first(rw_buf_text(&call->http.answer),
			call->http.answer.len, "UploadId");
	if (id == NULL || *id == '\0') {
		free(id);
		rw_fail(&failure, RW_REFUSED, "the store began the upload of "
			"%s without an UploadId", m->params.key);
		finish(m, call->good ? &failure : &call->failure);
		return;
	}
	rw_buf_adds(&m->upload, "uploadId=");
	rw_text_add_percent(&m->upload, id, "");
	free(id);
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
	rw_buf_adds(&m->query, "uploads=");
	start_call(m, "POST", m->params.key, begin_done);
}

/* ---- the end ----------------------------------------------------------- */

static void
abort_done(struct rw_s3_call *call)
{
	struct rw_s3_multipart *m = call->context;

	if (!call->good &&
	    strcmp(call->error.code, "NoSuchUpload") != 0)
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

/* The MD5 of the parts' MD5s, as S3 makes it. */
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
		rw_digest_hex(m->parts.md5[i], RW_S3_MD5_SIZE, hex);
		rw_buf_addf(&m->document, "<Part><PartNumber>%zu</PartNumber>"
			"<ETag>\"%s\"</ETag></Part>", i + 1, hex);
	}
	rw_buf_adds(&m->document, "</CompleteMultipartUpload>");
	return rw_buf_ok(&m->document, "a list of parts", err) &&
		rw_sha256_hex(m->document.data, m->document.len,
		m->document_sha256, err);
}

/* The answer has the status 200 before the store knows how it ends. */
static bool
is_complete(struct rw_s3_call *call, struct rw_err *why)
{
	const struct rw_s3_multipart *m = call->context;

	if (rw_s3_error_parse(rw_buf_text(&call->http.answer),
	    call->http.answer.len, &call->error)) {
		rw_fail(why, RW_REFUSED, "the store could not complete %s: "
			"%s: %s", m->params.key, call->error.code,
			call->error.message);
		why->retryable = true;
		return false;
	}
	if (rw_s3_etag_fits(&call->http, m->etag))
		return true;
	rw_fail(why, RW_REFUSED, "the store assembled different bytes for %s",
		m->params.key);
	why->retryable = true;
	return false;
}

static void
head_done(struct rw_s3_call *call)
{
	struct rw_s3_multipart *m = call->context;

	if (call->good && rw_s3_etag_fits(&call->http, m->etag))
		finish(m, NULL);
	else
		finish(m, &m->failure);
}

static void
complete_done(struct rw_s3_call *call)
{
	struct rw_s3_multipart *m = call->context;

	if (call->good) {
		finish(m, NULL);
		return;
	}
	fail(m, &call->failure);
	if (call->attempts > 1 &&
	    strcmp(call->error.code, "NoSuchUpload") == 0) {
		/* An attempt whose answer was lost may have completed it. */
		reset_call(m);
		start_call(m, "HEAD", m->params.key, head_done);
		return;
	}
	give_up(m);
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
	m->call.accepts = is_complete;
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
	/* S3 takes 10,000 parts at most. */
	least = (params->size + MOST_PARTS - 1) / MOST_PARTS;
	if (m->params.part_size < least)
		m->params.part_size = least;
	if (!rw_s3_parts_init(&m->parts, &m->params))
		goto no_memory;
	list_stale(m);
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
	rw_buf_free(&m->stale);
	free(m);
}
