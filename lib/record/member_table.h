/*
 * The table of members: all members that the tools know on a line, and all
 * fields of a ledger entry. Its columns decide which members are removed from a
 * line, compared, claimed, journaled, recorded, looked up and shown. The names
 * RW_M_MEMBER (record/record.h) and the fields RW_F_MEMBER (ledger/entry.h) are
 * made from it. rw-lines(5) is the contract.
 *
 * 	X(MEMBER, name, type, group, kept, since)
 *
 * type	RW_TYPE_type: the type of the member on a line.
 * group	RW_G_group: the subject of the member, which decides the tool that
 * 	sets it.
 * kept	RW_KEPT_kept: the set of fields with which the ledger writes the
 * 	member. NOT: the ledger has no such field.
 * since	the version of SQLite's schema that has the column, from 1; 0 when
 * 	the ledger has no such field.
 *
 * The columns in SQLite, the members in a document of MongoDB and in a line of
 * rw-status, and the figures in a journal have the order of the rows. A new row
 * is added at the end of its part of the table. The first seven rows are the
 * fields of the Python system, with its types, and its readers rely on them.
 *
 * The since of a new field is the next version of SQLite's schema: one more
 * than the highest here and in lib/ledger/sqlite_schema.c. An older SQLite
 * ledger gets the column when it is next opened for writing, and documents of
 * MongoDB get the member when they are next written; in older entries the field
 * is RW_ABSENT. Never change the since of a row that was released. HACKING.md
 * adds a member as an example.
 */
#ifndef RW_RECORD_MEMBER_TABLE_H
#define RW_RECORD_MEMBER_TABLE_H

#define RW_MEMBERS(X) \
	X(FOLLOWER_ID, "follower_id", TEXT, INPUT, APART, 1) \
	X(REPORT_PERIOD, "report_period", TEXT, INPUT, APART, 1) \
	/* a mail of this month was accepted, in any revision */ \
	X(EMAIL_SENT, "email_sent", BOOL, DELIVERY, APART, 1) \
	/* the time of the last accepted mail */ \
	X(SENT_TIMESTAMP, "sent_timestamp", TIME, DELIVERY, APART, 1) \
	X(PDF_URL, "pdf_url", TEXT, LINK, DELIVERED, 1) \
	X(EXCEL_URL, "excel_url", TEXT, LINK, DELIVERED, 1) \
	X(MINIO_UPLOAD, "minio_upload", BOOL, STORED, APART, 1) \
	X(STATE, "state", TEXT, CLAIM, APART, 1) \
	X(REVISION, "revision", INT, LOOKUP, APART, 1) \
	X(SEQUENCE, "sequence", INT, CLAIM, APART, 1) \
	/* of the run that changed the entry last */ \
	X(RUN_ID, "run_id", TEXT, CLAIM, APART, 1) \
	/* "TOKEN"; "TOKEN:STATE" once settled */ \
	X(CLAIM, "claim", TEXT, CLAIM, APART, 1) \
	/* of the last claim */ \
	X(LEASE_UNTIL, "lease_until", TIME, CLAIM, APART, 1) \
	/* of the claim: RW_HOST or the host's name */ \
	X(HOST, "host", TEXT, LEDGER, APART, 1) \
	/* of the claim: where its run and journal are */ \
	X(STATE_DIR, "state_dir", TEXT, LEDGER, APART, 1) \
	/* the run of the claim has a lock file */ \
	X(RUN_LOCKED, "run_locked", BOOL, LEDGER, APART, 1) \
	/* the identity of the lock file, see struct rw_lock */ \
	X(RUN_LOCK, "run_lock", TEXT, LEDGER, APART, 3) \
	/* of the kernel that made the claim */ \
	X(BOOT_ID, "boot_id", TEXT, CLAIM, APART, 3) \
	/* when its lease ends by the clock of that kernel, see base/boot.h */ \
	X(LEASE_BOOT_MS, "lease_boot_ms", INT, CLAIM, APART, 3) \
	X(MAIL_DATE, "mail_date", TIME, CLAIM, APART, 1) \
	/* see record/mail_edition.h; absent: the first */ \
	X(MAIL_EDITION, "mail_edition", INT, CLAIM, APART, 4) \
	X(ATTEMPTS, "attempts", INT, LEDGER, APART, 1) \
	X(LAST_ERROR, "last_error", TEXT, LEDGER, APART, 1) \
	X(DELIVERY, "delivery", TEXT, DELIVERY, DELIVERED, 1) \
	X(MESSAGE_ID, "message_id", TEXT, DELIVERY, DELIVERED, 1) \
	/* of the address that the mail went to */ \
	X(RECIPIENT_SHA256, "recipient_sha256", TEXT, DELIVERY, DELIVERED, 5) \
	/* what rw-bounce has noted about this mail */ \
	X(BOUNCED_AT, "bounced_at", TIME, LEDGER, APART, 5) \
	X(BOUNCE_CODE, "bounce_code", TEXT, LEDGER, APART, 5) \
	X(PDF_KEY, "pdf_key", TEXT, STORED, STORED, 1) \
	X(EXCEL_KEY, "excel_key", TEXT, STORED, STORED, 1) \
	X(PDF_VERSION_ID, "pdf_version_id", TEXT, STORED, STORED, 1) \
	X(EXCEL_VERSION_ID, "excel_version_id", TEXT, STORED, STORED, 1) \
	X(PDF_SHA256, "pdf_sha256", TEXT, FILES, UPLOADED, 1) \
	X(EXCEL_SHA256, "excel_sha256", TEXT, FILES, UPLOADED, 1) \
	X(OBJECT_EXPIRES_AT, "object_expires_at", TIME, STORED, STORED, 1) \
	X(URL_EXPIRES_AT, "url_expires_at", TIME, LINK, DELIVERED, 1) \
	X(URL_SCHEME, "url_scheme", TEXT, LINK, DELIVERED, 1) \
	X(CURRENCY, "currency", TEXT, INPUT, FIGURES, 1) \
	X(TOTAL_PNL, "total_pnl", MONEY, FIGURES, FIGURES, 1) \
	X(COMMISSION_PCT, "commission_pct", DECIMAL, INPUT, FIGURES, 1) \
	X(COMMISSION_AMOUNT, "commission_amount", MONEY, FIGURES, FIGURES, 1) \
	X(HIGH_WATER_MARK_AFTER, "high_water_mark_after", MONEY, FIGURES, FIGURES, 1) \
	X(ISSUE_DATE, "issue_date", TEXT, INPUT, FIGURES, 4) \
	X(OPENING_BALANCE, "opening_balance", MONEY, INPUT, FIGURES, 5) \
	X(DAILY_PNL, "daily_pnl", OBJECT, INPUT, FIGURES, 5) \
	/* see statement/identity.h */ \
	X(CONTENT_SHA256, "content_sha256", TEXT, FIGURES, FIGURES, 5) \
	X(DRAWN_SHA256, "drawn_sha256", TEXT, FIGURES, FIGURES, 5) \
	X(CREATED_AT, "created_at", TIME, LEDGER, APART, 1) \
	X(UPDATED_AT, "updated_at", TIME, LEDGER, APART, 1) \
	/* ---- members that the ledger does not keep ---- */ \
	X(EMAIL, "email", TEXT, INPUT, NOT, 0) \
	X(NAME, "name", TEXT, INPUT, NOT, 0) \
	X(IBAN, "iban", TEXT, INPUT, NOT, 0) \
	X(HIGH_WATER_MARK, "high_water_mark", MONEY, INPUT, NOT, 0) \
	X(LOCALE, "locale", TEXT, INPUT, NOT, 0) \
	X(CC, "cc", LIST, INPUT, NOT, 0) \
	X(EXPECTED_TOTAL_PNL, "expected_total_pnl", MONEY, INPUT, NOT, 0) \
	X(EXPECTED_COMMISSION, "expected_commission", MONEY, INPUT, NOT, 0) \
	X(EXPECTED_COMMISSION_PCT, "expected_commission_pct", DECIMAL, INPUT, NOT, 0) \
	X(COMMISSION_PAID_ON, "commission_paid_on", TEXT, INPUT, NOT, 0) \
	X(COMMISSION_REFERENCE, "commission_reference", TEXT, INPUT, NOT, 0) \
	X(SENT_FIGURES, "sent_figures", TEXT, LOOKUP, NOT, 0) \
	X(SENT_CONTENT_SHA256, "sent_content_sha256", TEXT, LOOKUP, NOT, 0) \
	X(SENT_DRAWN_SHA256, "sent_drawn_sha256", TEXT, LOOKUP, NOT, 0) \
	X(REVISED_FIGURES, "revised_figures", TEXT, LOOKUP, NOT, 0) \
	X(REVISED_CONTENT_SHA256, "revised_content_sha256", TEXT, LOOKUP, NOT, 0) \
	X(REVISED_DRAWN_SHA256, "revised_drawn_sha256", TEXT, LOOKUP, NOT, 0) \
	/* objects, see rw-lines(5) */ \
	X(REPLACES, "replaces", OBJECT, LOOKUP, NOT, 0) \
	X(EARLIER_MONTHS, "earlier_months", OBJECT, LOOKUP, NOT, 0) \
	/* the stored objects are those that were sent; and their versions */ \
	X(STORED_AS_SENT, "stored_as_sent", BOOL, LOOKUP, NOT, 0) \
	X(STORED_PDF_VERSION_ID, "stored_pdf_version_id", TEXT, LOOKUP, NOT, 0) \
	X(STORED_EXCEL_VERSION_ID, "stored_excel_version_id", TEXT, LOOKUP, NOT, 0) \
	X(TAKEN_OVER, "taken_over", TEXT, LOOKUP, NOT, 0) \
	/* a member of RW_KEPT_UPLOADED comes back as "stored_" and its name */ \
	X(STORED_PDF_SHA256, "stored_pdf_sha256", TEXT, LOOKUP, NOT, 0) \
	X(STORED_EXCEL_SHA256, "stored_excel_sha256", TEXT, LOOKUP, NOT, 0) \
	X(LARGEST_PNL, "largest_pnl", MONEY, LOOKUP, NOT, 0) \
	X(CORRECTION, "correction", OBJECT, FIGURES, NOT, 0) \
	X(PDF_PATH, "pdf_path", TEXT, FILES, NOT, 0) \
	X(EXCEL_PATH, "excel_path", TEXT, FILES, NOT, 0) \
	X(PDF_BYTES, "pdf_bytes", INT, FILES, NOT, 0) \
	X(EXCEL_BYTES, "excel_bytes", INT, FILES, NOT, 0) \
	X(DRY_RUN, "dry_run", BOOL, STORED, NOT, 0) \
	/* of the claim, by the ledger's clock */ \
	X(LEDGER_LEASE_UNTIL, "ledger_lease_until", TIME, CLAIM, NOT, 0) \
	/* an object, see rw-lines(5) */ \
	X(ERROR, "error", OBJECT, ERROR, NOT, 0)

/* RW_WHEN_KEPT(kept, text): the text, unless kept is NOT. */
#define RW_WHEN_KEPT(kept, ...) RW_WHEN_KEPT_##kept(__VA_ARGS__)
#define RW_WHEN_KEPT_NOT(...)
#define RW_WHEN_KEPT_APART(...) __VA_ARGS__
#define RW_WHEN_KEPT_STORED(...) __VA_ARGS__
#define RW_WHEN_KEPT_UPLOADED(...) __VA_ARGS__
#define RW_WHEN_KEPT_DELIVERED(...) __VA_ARGS__
#define RW_WHEN_KEPT_FIGURES(...) __VA_ARGS__

#endif
