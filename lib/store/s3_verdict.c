#include "store/s3_verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/encode.h"
#include "base/text.h"
#include "wire/body_text.h"
#include "wire/digest.h"
#include "wire/xml.h"

enum { SHA256_SIZE = 32, BASE64_SIZE = 45, QUOTE_SIZE = 100 };

static void __attribute__((format(printf, 3, 4)))
find(struct rw_s3_finding *finding, enum rw_s3_verdict verdict,
	const char *format, ...)
{
	va_list args;

	finding->verdict = verdict;
	va_start(args, format);
	vsnprintf(finding->why, sizeof finding->why, format, args);
	va_end(args);
}

/* ---- the head ---------------------------------------------------------- */

/* Proxies make an ETag weak (RFC 9110, section 8.8.3), and some servers omit
 * the quotes. */
static const char *
bare_etag(char *etag)
{
	size_t len;

	etag += strspn(etag, " \t");
	if (strncasecmp(etag, "W/", 2) == 0)
		etag += 2;
	len = strlen(etag);
	while (len > 0 && strchr(" \t", etag[len - 1]) != NULL)
		etag[--len] = '\0';
	if (len >= 2 && etag[0] == '"' && etag[len - 1] == '"') {
		etag[len - 1] = '\0';
		etag++;
	}
	return etag;
}

/* True for SSE-KMS and SSE-C. With SSE-S3 ("AES256"), the ETag remains an
 * MD5. */
static bool
is_encrypted(const struct rw_http_call *answer)
{
	char how[64];

	if (rw_http_header(answer, "x-amz-server-side-encryption", how,
	    sizeof how) && (strcasecmp(how, "aws:kms") == 0 ||
	    strcasecmp(how, "aws:kms:dsse") == 0))
		return true;
	return rw_http_header(answer,
		"x-amz-server-side-encryption-customer-algorithm", how,
		sizeof how) && *how != '\0';
}

/* With these, an HTTP server confirms a PUT (RFC 9110, section 9.3.4). */
static bool
is_done(int status)
{
	return status == 200 || status == 201 || status == 204;
}

/* True when the answer has a SHA-256 of the whole object that differs from
 * ours. A SHA-256 of parts ends in "-N". */
static bool
has_other_sha256(const struct rw_http_call *answer,
	const struct rw_s3_object *object)
{
	char there[QUOTE_SIZE], here[BASE64_SIZE];
	unsigned char bytes[SHA256_SIZE];
	unsigned byte;
	size_t i;

	if (object->body_sha256 == NULL ||
	    !rw_http_header(answer, "x-amz-checksum-sha256", there,
	    sizeof there) || strlen(there) != BASE64_SIZE - 1)
		return false;
	for (i = 0; i < sizeof bytes; i++) {
		if (sscanf(object->body_sha256 + 2 * i, "%2x", &byte) != 1)
			return false;
		bytes[i] = (unsigned char)byte;
	}
	here[rw_encode_base64(here, bytes, sizeof bytes)] = '\0';
	return strcmp(here, there) != 0;
}

/* ---- the body ---------------------------------------------------------- */

static bool
starts_with(const char *text, const char *prefix)
{
	return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

/* Describes, for people, a body that S3 does not send. */
static void
describe_body(const struct rw_http_call *answer, char out[QUOTE_SIZE],
	struct rw_s3_finding *finding)
{
	struct rw_buf text = {.max = RW_BODY_TEXT_MAX};
	enum rw_xml_fault fault;
	struct _xmlDoc *document = rw_xml_read(rw_buf_text(&answer->answer),
		answer->answer.len, &fault);
	struct _xmlNode *root = rw_xml_root(document);
	char name[40];

	if (!rw_body_text(rw_buf_text(&answer->answer), answer->answer.len,
	    &text))
		snprintf(out, QUOTE_SIZE, "a body that cannot be read");
	else if (starts_with(rw_buf_text(&text), "<!doctype html") ||
	    starts_with(rw_buf_text(&text), "<html"))
		snprintf(out, QUOTE_SIZE, "an HTML page");
	else if (root != NULL) {
		rw_s3_error_quote(name, sizeof name, rw_xml_name(root));
		snprintf(out, QUOTE_SIZE, "an XML document %s", name);
	} else if (text.len == 0)
		snprintf(out, QUOTE_SIZE, answer->answer.len == 0 ?
			"an empty body" : "a body of blanks");
	else if (fault == RW_XML_DTD)
		snprintf(out, QUOTE_SIZE, "an XML document with a DTD");
	else if (*rw_buf_text(&text) == '<')
		snprintf(out, QUOTE_SIZE, "a body that is incomplete or not "
			"XML");
	else
		snprintf(out, QUOTE_SIZE, "a body that is not XML");
	finding->is_foreign = text.len > 0;
	rw_xml_free(document);
	rw_buf_free(&text);
}

/* True, with the finding, when the body contains an error. */
static bool
is_error(const struct rw_http_call *answer, struct rw_s3_finding *finding)
{
	if (!rw_s3_error_parse(rw_buf_text(&answer->answer),
	    answer->answer.len, &finding->error))
		return false;
	find(finding, RW_S3_NOT_STORED, "with the error %s%s%s",
		finding->error.code[0] != '\0' ? finding->error.code :
		"in its body", finding->error.message[0] != '\0' ? ": " : "",
		finding->error.message);
	return true;
}

static bool
has_body(const struct rw_http_call *answer, struct rw_s3_finding *finding)
{
	char body[QUOTE_SIZE];

	if (answer->answer.len == 0)
		return false;
	if (is_error(answer, finding))
		return true;
	describe_body(answer, body, finding);
	find(finding, RW_S3_NOT_STORED, "with %s, where an S3 store sends none",
		body);
	return true;
}

/* ---- verdicts ---------------------------------------------------------- */

static void
compare_etag(struct rw_s3_finding *finding, const char *etag,
	const char *expected)
{
	char quoted[QUOTE_SIZE];

	if (*etag == '\0') {
		find(finding, RW_S3_OPEN, "without an ETag");
	} else if (strcasecmp(etag, expected) == 0) {
		finding->verdict = RW_S3_STORED;
	} else {
		rw_s3_error_quote(quoted, sizeof quoted, etag);
		find(finding, RW_S3_OPEN, "with the ETag %s, while the MD5 of "
			"what was sent is %s", quoted, expected);
	}
}

void
rw_s3_judge_put(const struct rw_http_call *answer,
	const struct rw_s3_object *object, struct rw_s3_finding *finding)
{
	char text[RW_S3_ETAG_SIZE];
	const char *etag;

	*finding = (struct rw_s3_finding){0};
	if (has_body(answer, finding))
		return;
	if (has_other_sha256(answer, object)) {
		find(finding, RW_S3_NOT_STORED, "with the SHA-256 of different "
			"bytes (x-amz-checksum-sha256)");
		return;
	}
	rw_http_header(answer, "etag", text, sizeof text);
	etag = bare_etag(text);
	if (!is_done(answer->status))
		find(finding, RW_S3_OPEN, "with a status that does not mean "
			"that it is stored");
	else if (*etag != '\0' && is_encrypted(answer))
		finding->verdict = RW_S3_STORED;
	else
		compare_etag(finding, etag, object->md5);
}

void
rw_s3_judge_start(const struct rw_http_call *answer,
	struct rw_s3_finding *finding)
{
	char body[QUOTE_SIZE];

	*finding = (struct rw_s3_finding){0};
	if (is_error(answer, finding))
		return;
	describe_body(answer, body, finding);
	find(finding, RW_S3_NOT_STORED, "with %s, where an S3 store sends an "
		"InitiateMultipartUploadResult with an UploadId", body);
}

void
rw_s3_judge_completion(const struct rw_http_call *answer,
	const struct rw_s3_object *object, struct rw_s3_finding *finding)
{
	struct _xmlDoc *document = rw_xml_read(rw_buf_text(&answer->answer),
		answer->answer.len, NULL);
	struct _xmlNode *root = rw_xml_root(document);
	char *text, body[QUOTE_SIZE];

	*finding = (struct rw_s3_finding){0};
	if (root != NULL && rw_xml_is(root, "CompleteMultipartUploadResult")) {
		text = rw_xml_text(rw_xml_child(root, "ETag"));
		compare_etag(finding, text == NULL ? "" : bare_etag(text),
			object->md5);
		free(text);
	} else if (!is_error(answer, finding)) {
		describe_body(answer, body, finding);
		find(finding, RW_S3_OPEN, "with %s, where an S3 store sends a "
			"CompleteMultipartUploadResult", body);
	}
	rw_xml_free(document);
}

bool
rw_s3_judge_part(const struct rw_http_call *answer,
	char etag[RW_S3_ETAG_SIZE], struct rw_s3_finding *finding)
{
	char text[RW_S3_ETAG_SIZE];

	*finding = (struct rw_s3_finding){0};
	if (has_body(answer, finding))
		return false;
	rw_http_header(answer, "etag", etag, RW_S3_ETAG_SIZE);
	memcpy(text, etag, sizeof text);
	if (*bare_etag(text) == '\0' || strlen(etag) == RW_S3_ETAG_SIZE - 1 ||
	    !rw_text_is_utf8(etag, strlen(etag), NULL) ||
	    rw_text_has_control(etag))
		find(finding, RW_S3_NOT_STORED, "without a usable ETag");
	return finding->verdict != RW_S3_NOT_STORED;
}

/* ---- HEAD -------------------------------------------------------------- */

bool
rw_s3_judge_head(const struct rw_http_call *answer,
	const struct rw_s3_object *object, char why[RW_S3_WHY_SIZE])
{
	char size[32], sha256[QUOTE_SIZE], quoted[QUOTE_SIZE];
	uint64_t bytes;

	*why = '\0';
	if (answer->status != 200)
		snprintf(why, RW_S3_WHY_SIZE, "is answered %d", answer->status);
	else if (!rw_http_header(answer, "content-length", size,
	    sizeof size))
		snprintf(why, RW_S3_WHY_SIZE, "reports no size");
	else if (!rw_text_to_u64(size, UINT64_MAX, &bytes))
		snprintf(why, RW_S3_WHY_SIZE, "reports a size that is not a "
			"number");
	else if (bytes != object->size)
		snprintf(why, RW_S3_WHY_SIZE, "reports %llu bytes, and %llu "
			"were sent", (unsigned long long)bytes,
			(unsigned long long)object->size);
	else if (!rw_http_header(answer, "x-amz-meta-sha256", sha256,
	    sizeof sha256))
		snprintf(why, RW_S3_WHY_SIZE, "reports no x-amz-meta-sha256");
	else if (strcasecmp(sha256, object->sha256) != 0) {
		rw_s3_error_quote(quoted, sizeof quoted, sha256);
		snprintf(why, RW_S3_WHY_SIZE, "reports x-amz-meta-sha256 %s, "
			"and %s was sent", quoted, object->sha256);
	} else if (has_other_sha256(answer, object))
		snprintf(why, RW_S3_WHY_SIZE, "reports the SHA-256 of "
			"different bytes (x-amz-checksum-sha256)");
	return *why == '\0';
}
