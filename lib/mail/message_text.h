/*
 * The texts of the mail: five templates, their defaults, and the values of
 * their placeholders. No IBAN is among the values, and no figure but
 * those that a correction changes, because a mail
 * passes through many servers.
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

/* The placeholders. rw_text_names has their names. */
enum rw_text_value {
	RW_TEXT_BRAND,
	RW_TEXT_FOLLOWER_ID,
	RW_TEXT_REPORT_PERIOD,	/* "2025-06" */
	RW_TEXT_MONTH,		/* "June 2025" */
	RW_TEXT_NAME,		/* "" when unknown */
	RW_TEXT_GREETING,	/* "Hello Anna Example," or "Hello," */
	RW_TEXT_EMAIL,
	RW_TEXT_PDF_URL,	/* "" without links, like the next three */
	RW_TEXT_EXCEL_URL,
	RW_TEXT_VALIDITY,	/* "valid for 30 days" */
	RW_TEXT_URL_EXPIRES_AT,	/* "31 July 2025, 00:10 UTC" */
	RW_TEXT_PDF_NAME,	/* "SpreadPilot_Report_2025-06.pdf" */
	RW_TEXT_EXCEL_NAME,
	RW_TEXT_PDF_SHA256,	/* "" when unknown, as the next two */
	RW_TEXT_EXCEL_SHA256,
	RW_TEXT_CHECKSUMS,	/* both with the names, as sha256sum has them,
				 * and a sentence before them */
	/* Of the settings; "" when not set. */
	RW_TEXT_LOGO_URL,
	RW_TEXT_ISSUER_NAME,
	RW_TEXT_ISSUER_ADDRESS,	/* on one line */
	RW_TEXT_ISSUER_NUMBER,
	RW_TEXT_ISSUER_EMAIL,	/* or RW_REPLY_TO */
	RW_TEXT_ISSUER_URL,
	RW_TEXT_ISSUER_FOOTER,
	RW_TEXT_CORRECTED,	/* " (corrected)", or nothing */
	RW_TEXT_CORRECTION,	/* what it replaces, and a table of what
				 * changed; or nothing */
	RW_TEXT_VALUES,
};

struct rw_texts {
	struct rw_template templates[RW_TEXTS];
	struct rw_template first[RW_TEXTS];	/* of the first edition */
};

/* Reads subject, links.txt, links.html, attachments.txt and attachments.html
 * from the directory. The default text replaces a missing file. dir NULL: only
 * default texts. RW_CONFIG for a missing directory, an unknown placeholder, a
 * subject of several lines, a file that is not UTF-8. */
bool
rw_texts_open(struct rw_texts *texts, const char *dir, struct rw_err *err);

/* Accepts {0}. */
void
rw_texts_close(struct rw_texts *texts);

/* Appends the time from now to end, when the links expire: "valid for 30 days".
 * A time of less than two days is in hours. */
void
rw_text_add_validity(struct rw_buf *out, int64_t now, int64_t end);

/* Appends "31 July 2025, 00:10 UTC". */
void
rw_text_add_moment(struct rw_buf *out, int64_t seconds);

/* Appends the name under which the follower saves the file,
 * "SpreadPilot_Report_2025-06_r2.pdf". The links give the file the same
 * name. */
void
rw_text_add_file_name(struct rw_buf *out, const char *brand,
	struct rw_period period, int64_t revision, const char *extension);

#endif
