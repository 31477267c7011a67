/*
 * Fuzzes what reads the body of a store's answer: wrappings, XML, JSON of
 * errors, and the verdicts about uploads.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "store/s3_error_text.h"
#include "store/s3_verdict.h"
#include "store/s3_xml.h"
#include "wire/body_text.h"
#include "wire/xml.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
require(bool holds)
{
	if (!holds)
		abort();
}

static void
on_upload(void *context, const struct rw_s3_upload *upload)
{
	(void)context;
	require(*upload->id != '\0' && upload->key != NULL &&
		upload->initiated != NULL);
}

/* Printable and terminated, whatever the server said. */
static void
require_printable(const char *text, size_t size)
{
	require(memchr(text, '\0', size) != NULL);
	for (; *text != '\0'; text++)
		require(*text >= 0x20 && *text < 0x7f);
}

static void
judge(const char *body, size_t size)
{
	static const struct rw_s3_object object = {
		.md5 = "cf49600cf70f4f01cdf7be1c2835c121", .sha256 = "0",
		.size = 1};
	struct rw_http_call answer = {.status = 200};
	struct rw_s3_finding finding;

	rw_buf_add(&answer.answer, body, size);
	rw_s3_judge_put(&answer, &object, &finding);
	require(finding.verdict == (size > 0 ? RW_S3_NOT_STORED : RW_S3_OPEN));
	require_printable(finding.why, sizeof finding.why);
	rw_s3_judge_completion(&answer, &object, &finding);
	require(finding.verdict != RW_S3_STORED ||
		memmem(body, size, "cf49600c", 8) != NULL ||
		(size > 0 && (unsigned char)*body != '<'));
	require_printable(finding.why, sizeof finding.why);
	rw_http_call_free(&answer);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct rw_s3_error error;
	struct rw_buf plain = {0};
	enum rw_xml_fault fault;
	struct _xmlDoc *document;

	require(!rw_body_text(text, size, &plain) ||
		plain.len <= RW_BODY_TEXT_MAX);
	rw_buf_free(&plain);
	document = rw_xml_read(text, size, &fault);
	require((document != NULL) == (fault == RW_XML_GOOD));
	require(document == NULL || rw_xml_root(document) != NULL);
	rw_xml_free(document);
	(void)rw_s3_error_parse(text, size, &error);
	require_printable(error.code, sizeof error.code);
	require_printable(error.message, sizeof error.message);
	require_printable(error.region, sizeof error.region);
	(void)rw_s3_xml_uploads(text, size, on_upload, NULL);
	judge(text, size);
	return 0;
}
