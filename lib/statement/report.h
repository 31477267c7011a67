/*
 * One report: the statement of one follower and month, made and written to
 * its two files,
 *
 *	DIR/PERIOD/FOLLOWER/report_PERIOD.pdf and .xlsx
 *
 * with _r2, _r3 before the dot from the second revision on. A file appears
 * under its name only when it is complete, with mode 0600, in directories of
 * mode 0700. It does not replace a file that was made since the run began,
 * because that file may already be in the store or in a mail.
 *
 * Errors: as in statement/statement.h, wire/pdf.h and statement/xlsx.h; RW_DATA
 * for a second, different report of the same follower and month; RW_IO when the
 * files cannot be written.
 */
#ifndef RW_STATEMENT_REPORT_H
#define RW_STATEMENT_REPORT_H

#include <time.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/digest.h"
#include "wire/fonts.h"
#include "wire/image.h"
#include "record/issuer.h"
#include "record/record.h"
#include "statement/statement.h"
#include "statement/pdf_pages.h"
#include "statement/xlsx.h"

/* The settings of all reports of a run, shared by its threads. */
struct rw_report_settings {
	char *out;		/* DIR; owned */
	struct rw_image logo;	/* the target of look.logo */
	struct rw_look look;
	struct rw_issuer issuer;	/* what look.issuer points to */
	char sha256[RW_SHA256_HEX];	/* of all that is drawn in each */
	const char *fonts;	/* directory of the DejaVu fonts */
	struct rw_fonts *shared_fonts;	/* owned */
	bool letter;		/* paper: US letter, else A4 */
	bool dry_run;		/* compute, write nothing */
	bool accept;		/* figures that differ from expected_* */
	bool leaves_unchanged;	/* see is_unchanged of a report */
	bool no_sync;		/* the files need not survive a crash */
	bool has_created;	/* else documents have the month's end */
	int64_t created;	/* seconds since 1970 */
	struct timespec began;	/* by the clock of file timestamps */
};

/* The outcome. */
struct rw_report {
	struct rw_statement statement;
	struct rw_buf pdf_path, excel_path;
	char pdf_sha256[RW_SHA256_HEX], excel_sha256[RW_SHA256_HEX];
	/* See statement/identity.h; drawn: "" after a dry run. */
	char content_sha256[RW_SHA256_HEX], drawn_sha256[RW_SHA256_HEX];
	size_t pdf_bytes, excel_bytes;
	bool is_unchanged;	/* no file was made: the previous revision, as
				 * sent, is the same */
	enum rw_pdf_shown shown;	/* the follower's name in the PDF */
	struct rw_err fonts;	/* why a font for the name cannot be used;
				 * RW_OK: all can */
	struct rw_err accepted;	/* how the figures differ from expected_*;
				 * RW_OK: they do not */
};

struct rw_reporter;		/* the state of one thread */

struct rw_reporter *
rw_reporter_new(const struct rw_report_settings *settings, struct rw_err *err);

void
rw_reporter_delete(struct rw_reporter *reporter);

/* Checks the look. RW_CONFIG: the fonts cannot show the text of a setting. */
bool
rw_reporter_check(struct rw_reporter *reporter, const struct rw_payee *payee,
	struct rw_err *err);

/* Makes a report. report is {0} or was used before. */
bool
rw_report_make(struct rw_reporter *reporter,
	const struct rw_statement_input *input, struct rw_report *report,
	struct rw_err *err);

/* Sets the record's members to the outcome; after a dry run only the figures,
 * not the files. */
void
rw_report_set(struct rw_record *record, const struct rw_report *report,
	bool dry_run);

void
rw_report_free(struct rw_report *report);

#endif
