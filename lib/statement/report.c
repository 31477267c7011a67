#include "statement/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fault.h"
#include "base/file.h"
#include "statement/compare.h"
#include "statement/compare_words.h"
#include "statement/expected.h"
#include "statement/identity.h"
#include "statement/report_draw.h"
#include "statement/report_place.h"
#include "statement/report_sent.h"

struct rw_reporter {
	const struct rw_report_settings *settings;
	struct rw_report_drawer drawer;
};

struct rw_reporter *
rw_reporter_new(const struct rw_report_settings *settings, struct rw_err *err)
{
	/* ISO 216 and ANSI Y14.1, in points. */
	const struct rw_pdf_options a4 = {595.28F, 841.89F, settings->fonts,
		settings->shared_fonts};
	const struct rw_pdf_options letter = {612, 792, settings->fonts,
		settings->shared_fonts};
	struct rw_reporter *reporter = calloc(1, sizeof *reporter);

	if (reporter == NULL) {
		rw_fail_memory(err, "the reports");
		return NULL;
	}
	reporter->settings = settings;
	reporter->drawer.archive = rw_xlsx_archive_new(err);
	if (reporter->drawer.archive != NULL)
		reporter->drawer.pdf = rw_pdf_new(settings->letter ? &letter : &a4,
			err);
	if (reporter->drawer.pdf == NULL ||
	    !rw_digest_open(&reporter->drawer.digest, RW_SHA256, err)) {
		rw_reporter_delete(reporter);
		return NULL;
	}
	return reporter;
}

void
rw_reporter_delete(struct rw_reporter *reporter)
{
	if (reporter == NULL)
		return;
	rw_pdf_delete(reporter->drawer.pdf);
	rw_xlsx_archive_delete(reporter->drawer.archive);
	rw_digest_close(&reporter->drawer.digest);
	rw_buf_free(&reporter->drawer.document);
	free(reporter);
}

/* The first setting whose text the fonts cannot show; NULL: they show all. */
static const char *
find_hidden(struct rw_pdf *pdf, const struct rw_look *look,
	const struct rw_payee *payee)
{
	const struct {
		const char *name, *text;
	} shown[] = {
		{"RW_BRAND", look->brand},
		{"RW_ISSUER_NAME", look->issuer->name},
		{"RW_ISSUER_NUMBER", look->issuer->number},
		{"RW_ISSUER_EMAIL", look->issuer->email},
		{"RW_ISSUER_FOOTER", look->issuer->footer},
		{"RW_PAYEE_NAME", payee->name},
	};
	size_t i;

	for (i = 0; i < sizeof shown / sizeof *shown; i++)
		if (shown[i].text != NULL &&
		    !rw_pdf_can_show(pdf, shown[i].text, NULL))
			return shown[i].name;
	for (i = 0; i < look->issuer->address_lines; i++)
		if (!rw_pdf_can_show(pdf, look->issuer->address[i], NULL))
			return "RW_ISSUER_ADDRESS";
	return NULL;
}

bool
rw_reporter_check(struct rw_reporter *reporter, const struct rw_payee *payee,
	struct rw_err *err)
{
	const char *hidden;

	rw_pdf_begin(reporter->drawer.pdf, &(struct rw_pdf_info){0});
	hidden = find_hidden(reporter->drawer.pdf, &reporter->settings->look,
		payee);
	rw_pdf_page(reporter->drawer.pdf);
	rw_buf_reset(&reporter->drawer.document);
	if (!rw_pdf_end(reporter->drawer.pdf, &reporter->drawer.document, err))
		return false;
	if (hidden != NULL)
		return rw_fail(err, RW_CONFIG, "%s has characters that "
			"no font has: neither the fonts in %s (RW_FONT_DIR) "
			"nor an installed font of Noto", hidden,
			reporter->settings->fonts);
	return true;
}

/* The date inside the documents: the first second of the issue date, unless
 * SOURCE_DATE_EPOCH is set. So the same record always gives the same bytes. */
static int64_t
find_date(const struct rw_report_settings *settings,
	const struct rw_statement *s)
{
	return settings->has_created ? settings->created :
		rw_date_serial(s->in.issued) * 86400;
}

/* ---- files ------------------------------------------------------------- */

static bool
draw_pdf(struct rw_reporter *reporter, struct rw_report *report,
	struct rw_err *err)
{
	const struct rw_report_settings *settings = reporter->settings;

	return rw_report_draw_pdf(&reporter->drawer, &report->statement,
		&settings->look, find_date(settings, &report->statement),
		&report->shown, &report->fonts, report->pdf_sha256, err);
}

static bool
draw_workbook(struct rw_reporter *reporter, struct rw_report *report,
	const char *path, struct rw_err *err)
{
	const struct rw_report_settings *settings = reporter->settings;
	const struct rw_workbook_options options = {
		.brand = settings->look.brand, .logo = settings->look.logo,
		.issuer = settings->look.issuer,
		.letter = settings->letter,
		.created = find_date(settings, &report->statement)};

	return rw_report_draw_workbook(&reporter->drawer, &report->statement,
		&options, path, report->excel_sha256, err);
}

static bool
is_earlier(struct timespec a, struct timespec b)
{
	return a.tv_sec < b.tv_sec ||
		(a.tv_sec == b.tv_sec && a.tv_nsec < b.tv_nsec);
}

/* If the input has two lines for a follower with different figures, the links
 * and the ledger would disagree. Instead of a list of followers, the file of
 * the first report shows the duplicate. */
static bool
check_place(const struct rw_reporter *reporter, const struct rw_report *report,
	struct rw_err *err)
{
	const char *path = rw_buf_text(&report->pdf_path);
	char sha256[RW_SHA256_HEX];
	struct stat st;
	size_t bytes;

	if (stat(path, &st) != 0 ||
	    is_earlier(st.st_ctim, reporter->settings->began))
		return true;
	if (!rw_sha256_file(path, sha256, &bytes, err))
		return false;
	return strcmp(sha256, report->pdf_sha256) == 0 || rw_fail(err, RW_DATA,
		"a different report of this month was made a moment ago (%s): "
		"expected one line for each follower and month", path);
}

static bool
write_pdf(struct rw_reporter *reporter, struct rw_report *report,
	struct rw_err *err)
{
	const struct rw_report_settings *settings = reporter->settings;
	struct rw_buf *document = &reporter->drawer.document;
	const char *path = rw_buf_text(&report->pdf_path);

	report->pdf_bytes = document->len;
	if (!check_place(reporter, report, err) ||
	    !rw_file_write(path, document->data, document->len,
	    settings->no_sync ? RW_SYNC_NONE : RW_SYNC_BYTES, err))
		return false;
	rw_fault("pdf-renamed");
	return true;
}

static bool
write_workbook(struct rw_reporter *reporter, struct rw_report *report,
	struct rw_err *err)
{
	const struct rw_report_settings *settings = reporter->settings;
	struct rw_buf *document = &reporter->drawer.document;
	struct rw_file file;

	if (!rw_file_create(&file, rw_buf_text(&report->excel_path), err))
		return false;
	if (!draw_workbook(reporter, report, file.temp, err) ||
	    !rw_file_write_all(file.fd, document->data, document->len,
	    rw_buf_text(&report->excel_path), err)) {
		rw_file_discard(&file);
		return false;
	}
	report->excel_bytes = document->len;
	if (!rw_file_commit(&file, settings->no_sync ? RW_SYNC_NONE :
	    RW_SYNC_ALL, err))
		return false;
	rw_fault("xlsx-renamed");
	return true;
}

/* When the operator accepts the difference, it is only noted. */
static bool
check_expected(struct rw_report *report, bool accept, struct rw_err *err)
{
	struct rw_err why;

	if (rw_expected_check(&report->statement.in.expected,
	    &report->statement, &why))
		return true;
	*(accept ? &report->accepted : err) = why;
	return accept;
}

/* What makes it the same document as another, once the PDF is drawn. */
static bool
set_drawn(struct rw_reporter *reporter, struct rw_report *report,
	struct rw_err *err)
{
	const struct rw_report_settings *settings = reporter->settings;
	const struct rw_identity_look look = {.settings = settings->sha256,
		.shown = report->shown};

	return rw_identity_drawn(&reporter->drawer.digest, &report->statement,
		report->content_sha256, &look, report->drawn_sha256, err);
}

/* Nothing is written before it is known that it is to be sent. */
static bool
make_files(struct rw_reporter *reporter, struct rw_report *report,
	struct rw_err *err)
{
	if (!rw_report_make_place(&report->pdf_path, err) ||
	    !draw_pdf(reporter, report, err) ||
	    !set_drawn(reporter, report, err) ||
	    !rw_report_sent_is_drawn(&report->statement,
	    report->drawn_sha256, err))
		return false;
	report->is_unchanged = reporter->settings->leaves_unchanged &&
		rw_report_sent_is_unchanged(&report->statement,
		report->content_sha256, report->drawn_sha256);
	return report->is_unchanged || (write_pdf(reporter, report, err) &&
		write_workbook(reporter, report, err));
}

bool
rw_report_make(struct rw_reporter *reporter,
	const struct rw_statement_input *input, struct rw_report *report,
	struct rw_err *err)
{
	report->fonts.kind = RW_OK;
	report->is_unchanged = false;
	report->accepted.kind = RW_OK;
	report->drawn_sha256[0] = '\0';
	return rw_statement_build(&report->statement, input, err) &&
		rw_statement_compare(&report->statement, err) &&
		rw_identity_content(&reporter->drawer.digest,
			&report->statement, report->content_sha256, err) &&
		rw_report_sent_has_content(&report->statement,
			report->content_sha256, err) &&
		check_expected(report, reporter->settings->accept, err) &&
		rw_report_place(reporter->settings->out, input,
			&report->pdf_path, &report->excel_path, err) &&
		(reporter->settings->dry_run ||
		make_files(reporter, report, err));
}

static void
set_files(struct rw_line *line, const struct rw_report *report)
{
	rw_line_set_string(line, RW_M_PDF_SHA256, report->pdf_sha256);
	rw_line_set_string(line, RW_M_EXCEL_SHA256, report->excel_sha256);
	rw_line_set_int(line, RW_M_PDF_BYTES, (int64_t)report->pdf_bytes);
	rw_line_set_int(line, RW_M_EXCEL_BYTES, (int64_t)report->excel_bytes);
	rw_line_set_string(line, RW_M_DRAWN_SHA256, report->drawn_sha256);
}

static void
set_correction(struct rw_line *line, const struct rw_statement *s)
{
	struct rw_buf text = {0};

	if (s->correction_count == 0) {
		rw_line_remove(line, RW_M_CORRECTION);
		return;
	}
	rw_correction_json(s, &text);
	rw_line_set(line, RW_M_CORRECTION, rw_buf_text(&text), text.len);
	rw_buf_free(&text);
}

void
rw_report_set(struct rw_record *record, const struct rw_report *report,
	bool dry_run)
{
	const struct rw_statement *s = &report->statement;

	/* These files are not in the store yet. The record's members about the
	 * store describe older files: of an earlier attempt (from the ledger)
	 * or of an earlier run. */
	rw_record_forget_stored(record);
	rw_record_forget_links(record);
	rw_record_set_money(record, RW_M_TOTAL_PNL, s->total, s->minor);
	rw_record_set_money(record, RW_M_COMMISSION_AMOUNT, s->fee.amount,
		s->minor);
	if (s->in.fee.model == RW_FEE_HWM)
		rw_record_set_money(record, RW_M_HIGH_WATER_MARK_AFTER,
			s->fee.mark_after, s->minor);
	else
		rw_line_remove(&record->line, RW_M_HIGH_WATER_MARK_AFTER);
	set_correction(&record->line, s);
	rw_line_set_string(&record->line, RW_M_CONTENT_SHA256,
		report->content_sha256);
	rw_line_set_string(&record->line, RW_M_PDF_PATH,
		rw_buf_text(&report->pdf_path));
	rw_line_set_string(&record->line, RW_M_EXCEL_PATH,
		rw_buf_text(&report->excel_path));
	if (!dry_run)
		set_files(&record->line, report);
}

void
rw_report_free(struct rw_report *report)
{
	rw_buf_free(&report->pdf_path);
	rw_buf_free(&report->excel_path);
}
