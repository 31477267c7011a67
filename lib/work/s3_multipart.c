#include "work/s3_multipart.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/text.h"
#include "work/s3_put.h"
#include "work/s3_xml.h"

enum { MOST_PARTS = 10000, BLOCK = 65536, MD5_SIZE = 16 };

/* One of the connections that send parts. */
struct sender {
	struct rw_s3_multipart *multipart;
	struct rw_s3_call call;
	size_t part;			/* from 0 */
	struct rw_header header;
	struct rw_buf query, md5_base64;
	char sha256[RW_SHA256_HEX];
	char md5_hex[33];
};

struct rw_s3_multipart {
	struct rw_s3_multipart_params params;
	struct rw_s3_call call;		/* everything but the parts */
	struct rw_buf query, upload, document;	/* upload: "uploadId=..." */
	struct rw_buf stale;		/* ids of others, NUL between */
	size_t stale_at;
	struct sender *senders;
	size_t sender_count, running;
	size_t parts, next;
	unsigned char (*md5)[MD5_SIZE];	/* of each part */
	char etag[64];			/* that the whole must have */
	char document_sha256[RW_SHA256_HEX];
	bool failed;
	struct rw_err failure;
};

static void begin(struct rw_s3_multipart *m);
static void start_parts(struct rw_s3_multipart *m);
static void complete(struct rw_s3_multipart *m);
static void give_up(struct rw_s3_multipart *m);

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

/* ---- what an earlier process left behind ------------------------------- */

static void
note_stale(void *context, const char *key, const char *upload_id)
{
	struct rw_s3_multipart *m = context;

	/* The prefix of our key is that of others too. */
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
	/* Whether it worked does not matter: it is cleaning up. */
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
	/* Who may not list uploads can still make one. */
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
	start_parts(m);
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

/* ---- parts ------------------------------------------------------------- */

static bool
digest_part(struct sender *s, struct rw_err *err)
{
	struct rw_s3_multipart *m = s->multipart;
	const struct rw_http_body *body = &s->call.body;
	unsigned char md5[RW_DIGEST_SIZE], sha256[RW_DIGEST_SIZE];
	char block[BLOCK];
	uint64_t at = 0;
	ssize_t n;

	rw_digest_start(m->params.md5);
	rw_digest_start(m->params.sha256);
	while (at < body->len) {
		n = pread(body->fd, block, body->len - at < BLOCK ?
			(size_t)(body->len - at) : BLOCK,
			(off_t)(body->offset + at));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? rw_fail_errno(err, RW_IO, "cannot read "
				"the file of %s", m->params.key) :
				rw_fail(err, RW_IO, "the file of %s became "
				"shorter while it was read", m->params.key);
		rw_digest_add(m->params.md5, block, (size_t)n);
		rw_digest_add(m->params.sha256, block, (size_t)n);
		at += (uint64_t)n;
	}
	if (!rw_digest_end(m->params.md5, md5, err) ||
	    !rw_digest_end(m->params.sha256, sha256, err))
		return false;
	memcpy(m->md5[s->part], md5, MD5_SIZE);
	rw_digest_hex(md5, MD5_SIZE, s->md5_hex);
	rw_digest_hex(sha256, sizeof sha256, s->sha256);
	rw_buf_reset(&s->md5_base64);
	rw_text_add_base64(&s->md5_base64, md5, MD5_SIZE);
	return rw_buf_ok(&s->md5_base64, "a digest", err);
}

static bool
part_is_ours(struct rw_s3_call *call, struct rw_err *why)
{
	const struct sender *s = call->context;

	if (rw_s3_etag_fits(&call->http, s->md5_hex))
		return true;
	rw_fail(why, RW_REFUSED, "the store received other bytes for part "
		"%zu of %s", s->part + 1, s->multipart->params.key);
	why->retryable = true;
	return false;
}

static void part_done(struct rw_s3_call *call);

/* The next part that nobody has taken; false when there is none. */
static bool
send_next(struct sender *s)
{
	struct rw_s3_multipart *m = s->multipart;
	struct rw_s3_call *call = &s->call;
	struct rw_err failure;
	uint64_t offset;

	if (m->failed || m->next == m->parts)
		return false;
	s->part = m->next++;
	offset = s->part * m->params.part_size;
	call->body = (struct rw_http_body){.fd = m->params.fd,
		.offset = offset, .len = m->params.size - offset};
	if (call->body.len > m->params.part_size)
		call->body.len = m->params.part_size;
	if (!digest_part(s, &failure)) {
		fail(m, &failure);
		return false;
	}
	rw_buf_reset(&s->query);
	rw_buf_addf(&s->query, "partNumber=%zu&%s", s->part + 1,
		rw_buf_text(&m->upload));
	s->header = (struct rw_header){"content-md5",
		rw_buf_text(&s->md5_base64)};
	call->method = "PUT";
	call->key = m->params.key;
	call->query = rw_buf_text(&s->query);
	call->headers = &s->header;
	call->header_count = 1;
	call->has_body = true;
	call->sha256 = s->sha256;
	call->accepts = part_is_ours;
	call->done = part_done;
	call->context = s;
	m->running++;
	rw_s3_start(m->params.s3, call);
	return true;
}

static void
end_of_parts(struct rw_s3_multipart *m)
{
	if (m->failed)
		give_up(m);
	else
		complete(m);
}

static void
part_done(struct rw_s3_call *call)
{
	struct sender *s = call->context;
	struct rw_s3_multipart *m = s->multipart;

	m->running--;
	rw_fault("part-uploaded");
	if (!call->good)
		fail(m, &call->failure);
	if (!send_next(s) && m->running == 0)
		end_of_parts(m);
}

static void
start_parts(struct rw_s3_multipart *m)
{
	size_t i;

	for (i = 0; i < m->sender_count; i++)
		if (!send_next(&m->senders[i]))
			break;
	if (m->running == 0)
		end_of_parts(m);
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
	rw_digest_add(m->params.md5, m->md5, m->parts * MD5_SIZE);
	if (!rw_digest_end(m->params.md5, md5, err))
		return false;
	rw_digest_hex(md5, MD5_SIZE, hex);
	snprintf(m->etag, sizeof m->etag, "%s-%zu", hex, m->parts);
	rw_buf_reset(&m->document);
	rw_buf_adds(&m->document, "<CompleteMultipartUpload xmlns=\""
		"http://s3.amazonaws.com/doc/2006-03-01/\">");
	for (i = 0; i < m->parts; i++) {
		rw_digest_hex(m->md5[i], MD5_SIZE, hex);
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
	rw_fail(why, RW_REFUSED, "the store put other bytes together for %s",
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

/* ---- new and delete ---------------------------------------------------- */

struct rw_s3_multipart *
rw_s3_multipart_start(const struct rw_s3_multipart_params *params,
	struct rw_err *err)
{
	struct rw_s3_multipart *m = calloc(1, sizeof *m);
	uint64_t least;
	size_t i;

	if (m == NULL)
		goto no_memory;
	m->params = *params;
	/* S3 takes 10,000 parts at most. */
	least = (params->size + MOST_PARTS - 1) / MOST_PARTS;
	if (m->params.part_size < least)
		m->params.part_size = least;
	m->parts = (size_t)((params->size + m->params.part_size - 1) /
		m->params.part_size);
	m->sender_count = rw_s3_connections(params->s3);
	if (m->sender_count > m->parts)
		m->sender_count = m->parts;
	m->md5 = calloc(m->parts, sizeof *m->md5);
	m->senders = calloc(m->sender_count, sizeof *m->senders);
	if (m->md5 == NULL || m->senders == NULL)
		goto no_memory;
	for (i = 0; i < m->sender_count; i++)
		m->senders[i].multipart = m;
	list_stale(m);
	return m;
no_memory:
	rw_s3_multipart_delete(m);
	rw_fail(err, RW_BUG, "no memory for the parts of %s", params->key);
	return NULL;
}

void
rw_s3_multipart_delete(struct rw_s3_multipart *m)
{
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; m->senders != NULL && i < m->sender_count; i++) {
		rw_s3_call_free(&m->senders[i].call);
		rw_buf_free(&m->senders[i].query);
		rw_buf_free(&m->senders[i].md5_base64);
	}
	rw_s3_call_free(&m->call);
	rw_buf_free(&m->query);
	rw_buf_free(&m->upload);
	rw_buf_free(&m->document);
	rw_buf_free(&m->stale);
	free(m->senders);
	free(m->md5);
	free(m);
}
