/* Drawing the two documents of a statement. */
#include "statement/report_priv.h"

/* The date inside the documents. It is the first moment after the month unless
 * the clock of documents says otherwise, so that the same record makes the
 * same bytes whenever it is made. */
static int64_t
find_date(const struct rw_report_settings *settings, struct rw_period period)
{
	struct rw_date last = {period.year, period.month,
		rw_period_days(period)};

	return settings->has_created ? settings->created :
		(rw_date_serial(last) + 1) * 86400;
}

static bool
digest_document(struct rw_reporter *reporter, char sha256[RW_SHA256_HEX],
	struct rw_err *err)
{
	unsigned char bytes[RW_DIGEST_SIZE];

	rw_digest_start(&reporter->digest);
	rw_digest_add(&reporter->digest, reporter->document.data,
		reporter->document.len);
	if (!rw_digest_end(&reporter->digest, bytes, err))
		return false;
	rw_digest_hex(bytes, reporter->digest.size, sha256);
	return true;
}

bool
rw_report_draw_pdf(struct rw_reporter *reporter,
	const struct rw_statement *statement, struct rw_err *fonts,
	char sha256[RW_SHA256_HEX], struct rw_err *err)
{
	const struct rw_report_settings *settings = reporter->settings;

	rw_buf_reset(&reporter->document);
	return rw_statement_pdf(reporter->pdf, statement, &settings->look,
		find_date(settings, statement->in.period),
		&reporter->document, fonts, err) &&
		digest_document(reporter, sha256, err);
}

bool
rw_report_draw_workbook(struct rw_reporter *reporter,
	const struct rw_statement *statement, const char *path,
	char sha256[RW_SHA256_HEX], struct rw_err *err)
{
	const struct rw_report_settings *settings = reporter->settings;
	struct rw_workbook_options options = {.brand = settings->look.brand,
		.logo = settings->look.logo,
		.letter = settings->letter, .created = find_date(settings,
		statement->in.period)};

	rw_buf_reset(&reporter->document);
	return rw_statement_xlsx(reporter->archive, statement, &options, path,
		&reporter->document, err) &&
		digest_document(reporter, sha256, err);
}
