#include "statement/report_draw.h"

static bool
digest_document(struct rw_report_drawer *drawer, char sha256[RW_SHA256_HEX],
	struct rw_err *err)
{
	unsigned char bytes[RW_DIGEST_SIZE];

	rw_digest_start(&drawer->digest);
	rw_digest_add(&drawer->digest, drawer->document.data,
		drawer->document.len);
	if (!rw_digest_end(&drawer->digest, bytes, err))
		return false;
	rw_digest_hex(bytes, drawer->digest.size, sha256);
	return true;
}

bool
rw_report_draw_pdf(struct rw_report_drawer *drawer,
	const struct rw_statement *statement, const struct rw_look *look,
	int64_t created, enum rw_pdf_shown *shown, struct rw_err *fonts,
	char sha256[RW_SHA256_HEX], struct rw_err *err)
{
	rw_buf_reset(&drawer->document);
	return rw_statement_pdf(drawer->pdf, statement, look, created,
		&drawer->document, shown, fonts, err) &&
		digest_document(drawer, sha256, err);
}

bool
rw_report_draw_workbook(struct rw_report_drawer *drawer,
	const struct rw_statement *statement,
	const struct rw_workbook_options *options, const char *path,
	char sha256[RW_SHA256_HEX], struct rw_err *err)
{
	rw_buf_reset(&drawer->document);
	return rw_statement_xlsx(drawer->archive, statement, options, path,
		&drawer->document, err) &&
		digest_document(drawer, sha256, err);
}
