/*
 * The record: a typed view of one line, and the only home of member names.
 * rw-lines(5) is the contract; record/members.h says which are input.
 *
 * Getters: a missing or malformed member is RW_DATA, and the message names
 * the member, the value and what was expected. The optional ones treat a
 * missing member and null alike.
 */
#ifndef RW_RECORD_RECORD_H
#define RW_RECORD_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/period.h"
#include "wire/jsonl.h"

/* Input */
#define RW_M_FOLLOWER_ID "follower_id"
#define RW_M_REPORT_PERIOD "report_period"
#define RW_M_EMAIL "email"
#define RW_M_NAME "name"
#define RW_M_IBAN "iban"
#define RW_M_CURRENCY "currency"
#define RW_M_COMMISSION_PCT "commission_pct"
#define RW_M_DAILY_PNL "daily_pnl"
#define RW_M_HIGH_WATER_MARK "high_water_mark"
#define RW_M_OPENING_BALANCE "opening_balance"
#define RW_M_LOCALE "locale"
#define RW_M_CC "cc"
#define RW_M_EXPECTED_TOTAL_PNL "expected_total_pnl"
#define RW_M_EXPECTED_COMMISSION "expected_commission"
#define RW_M_EXPECTED_COMMISSION_PCT "expected_commission_pct"
#define RW_M_COMMISSION_PAID_ON "commission_paid_on"
#define RW_M_COMMISSION_REFERENCE "commission_reference"
/* rw-gen */
#define RW_M_TOTAL_PNL "total_pnl"
#define RW_M_COMMISSION_AMOUNT "commission_amount"
#define RW_M_HIGH_WATER_MARK_AFTER "high_water_mark_after"
#define RW_M_PDF_PATH "pdf_path"
#define RW_M_EXCEL_PATH "excel_path"
#define RW_M_PDF_SHA256 "pdf_sha256"
#define RW_M_EXCEL_SHA256 "excel_sha256"
#define RW_M_PDF_BYTES "pdf_bytes"
#define RW_M_EXCEL_BYTES "excel_bytes"
/* rw-put */
#define RW_M_PDF_KEY "pdf_key"
#define RW_M_EXCEL_KEY "excel_key"
#define RW_M_PDF_VERSION_ID "pdf_version_id"
#define RW_M_EXCEL_VERSION_ID "excel_version_id"
#define RW_M_OBJECT_EXPIRES_AT "object_expires_at"
#define RW_M_MINIO_UPLOAD "minio_upload"
#define RW_M_DRY_RUN "dry_run"
/* rw-presign */
#define RW_M_PDF_URL "pdf_url"
#define RW_M_EXCEL_URL "excel_url"
#define RW_M_URL_EXPIRES_AT "url_expires_at"
#define RW_M_URL_SCHEME "url_scheme"
/* rw-mail */
#define RW_M_EMAIL_SENT "email_sent"
#define RW_M_SENT_TIMESTAMP "sent_timestamp"
#define RW_M_MESSAGE_ID "message_id"
#define RW_M_DELIVERY "delivery"
/* rw-record */
#define RW_M_RUN_ID "run_id"
#define RW_M_REVISION "revision"
#define RW_M_STATE "state"
#define RW_M_CLAIM "claim"
#define RW_M_LEASE_UNTIL "lease_until"
#define RW_M_BOOT_ID "boot_id"
#define RW_M_LEASE_BOOT_MS "lease_boot_ms"
#define RW_M_LEDGER_LEASE_UNTIL "ledger_lease_until"
#define RW_M_SEQUENCE "sequence"
#define RW_M_MAIL_DATE "mail_date"
#define RW_M_SENT_FIGURES "sent_figures"
#define RW_M_SENT_CHECKSUMS "sent_checksums"
#define RW_M_TAKEN_OVER "taken_over"
#define RW_M_STORED_PDF_SHA256 "stored_pdf_sha256"
#define RW_M_STORED_EXCEL_SHA256 "stored_excel_sha256"
/* any tool */
#define RW_M_ERROR "error"

struct rw_record {
	struct rw_line line;
	uint64_t number;		/* of the line in its input, from 1 */
	const char *follower_id;	/* borrowed from line; set by parse */
	struct rw_period period;	/* set by parse */
};

/* {0} is an empty record. */
void
rw_record_free(struct rw_record *record);

/* Reads a line. RW_UNREADABLE: it is not a record, and record is empty.
 * RW_DATA: it is one, but its follower_id or its report_period is missing or
 * malformed, or is not the period asked for. period (NULL: none) fills in a
 * missing report_period. */
bool
rw_record_parse(struct rw_record *record, const char *text, size_t len,
	const struct rw_period *period, struct rw_err *err);

/* [A-Za-z0-9._-]{1,128}, not starting with a dot. */
bool
rw_record_is_id(const char *text);

/* True when the member is there and not null. */
bool
rw_record_has(const struct rw_record *record, const char *member);

/* Borrowed from the record until it is parsed again or freed. */
bool
rw_record_string(struct rw_record *record, const char *member,
	const char **value, struct rw_err *err);

/* *value is otherwise when the member is missing. */
bool
rw_record_optional_string(struct rw_record *record, const char *member,
	const char *otherwise, const char **value, struct rw_err *err);

/* A JSON string or number, read exactly as written. */
bool
rw_record_money(struct rw_record *record, const char *member, int64_t *amount,
	struct rw_err *err);

/* *found says whether it is there. */
bool
rw_record_optional_money(struct rw_record *record, const char *member,
	bool *found, int64_t *amount, struct rw_err *err);

/* A whole number; otherwise when missing. */
bool
rw_record_optional_int(struct rw_record *record, const char *member,
	int64_t otherwise, int64_t *value, struct rw_err *err);

/* false when missing. */
bool
rw_record_optional_bool(struct rw_record *record, const char *member,
	bool *value, struct rw_err *err);

/* RFC 3339; *found says whether it is there; seconds since 1970. */
bool
rw_record_optional_time(struct rw_record *record, const char *member,
	bool *found, int64_t *seconds, struct rw_err *err);

/* Setting goes through rw_line_set_*; these two are for what has a form of
 * its own: money as a string with at least digits decimals, time as RFC 3339
 * UTC. */
void
rw_record_set_money(struct rw_record *record, const char *member,
	int64_t amount, int digits);

void
rw_record_set_time(struct rw_record *record, const char *member,
	int64_t seconds);

/* The members that rw-gen, rw-put, rw-presign and rw-mail add go: what they say
 * is of an earlier attempt, or of another run. */
void
rw_record_forget_report(struct rw_record *record);

void
rw_record_forget_stored(struct rw_record *record);

void
rw_record_forget_links(struct rw_record *record);

void
rw_record_forget_mail(struct rw_record *record);

/* The member "error": {"tool","kind","message","retryable"}. */
void
rw_record_set_error(struct rw_record *record, const char *tool,
	const struct rw_err *failure);

/* The tool that put an error there; NULL when there is none; "" when the
 * member is not of our form. */
const char *
rw_record_error_tool(struct rw_record *record);

/* The error's message; NULL when there is none. */
const char *
rw_record_error_message(struct rw_record *record);

/* No error, or one of rw-put, rw-presign or rw-verify: the files can be
 * attached. With any other error rw-mail sends nothing, and what the line says
 * of a mail is of another day. */
bool
rw_record_may_be_mailed(struct rw_record *record);

/* False when its keys and links lead to what rw-put --dry-run named and did not
 * upload: nobody may be mailed them. RW_DATA. */
bool
rw_record_is_real(struct rw_record *record, struct rw_err *err);

/* The figures of a report in words, as RW_M_SENT_FIGURES has them. */
void
rw_record_add_figures(struct rw_buf *out, const char *total,
	const char *amount, const char *currency);

/* "follower-123 2025-06" for messages; "line 7" when the id is unknown.
 * Borrowed as a string of the record. */
const char *
rw_record_label(struct rw_record *record);

#endif
