/*
 * The texts of the mail: five templates, with defaults, and the values that
 * fill them. No IBAN and no figures: a mail passes many servers.
 */
#ifndef RW_MAIL_MESSAGE_TEXT_H
#define RW_MAIL_MESSAGE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/period.h"
#include "mail/message_default_priv.h"
#include "mail/template.h"

/* The placeholders, by the names that rw_text_names gives. */
enum rw_text_value {
	RW_TEXT_BRAND,
	RW_TEXT_FOLLOWER_ID,
	RW_TEXT_REPORT_PERIOD,	/* "2025-06" */
	RW_TEXT_MONTH,		/* "June 2025" */
	RW_TEXT_NAME,		/* "" when unknown */
	RW_TEXT_GREETING,	/* "Hello Anna Example," or "Hello," */
	RW_TEXT_EMAIL,
	RW_TEXT_PDF_URL,	/* "" without links, as the next four */
	RW_TEXT_EXCEL_URL,
	RW_TEXT_VALIDITY,	/* "valid for 30 days" */
	RW_TEXT_URL_EXPIRES_AT,	/* "31 July 2025, 00:10 UTC" */
	RW_TEXT_PDF_NAME,	/* "SpreadPilot_Report_2025-06.pdf" */
	RW_TEXT_EXCEL_NAME,
	RW_TEXT_CORRECTED,	/* " (corrected)", or nothing */
	RW_TEXT_VALUES,
};

struct rw_texts {
	struct rw_template templates[RW_TEXTS];
};

/* Reads subject, links.txt, links.html, attachments.txt and attachments.html
 * from the directory; a missing file has the default text. dir NULL: all texts
 * are the defaults. RW_CONFIG for a missing directory, an unknown
 * placeholder, a subject of several lines, a file that is not UTF-8. */
bool
rw_texts_open(struct rw_texts *texts, const char *dir, struct rw_err *err);

/* Accepts {0}. */
void
rw_texts_close(struct rw_texts *texts);

/* Appends "valid for 30 days" for links that expire at end, seen at now; in
 * hours below two days. */
void
rw_text_add_validity(struct rw_buf *out, int64_t now, int64_t end);

/* Appends "31 July 2025, 00:10 UTC". */
void
rw_text_add_moment(struct rw_buf *out, int64_t seconds);

/* Appends the name under which a follower keeps the file,
 * "SpreadPilot_Report_2025-06_r2.pdf": as the links name it. */
void
rw_text_add_file_name(struct rw_buf *out, const char *brand,
	struct rw_period period, int64_t revision, const char *extension);

#endif
