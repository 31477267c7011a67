/*
 * The default texts of the mail, as templates. The sentences are the same as in
 * the system that report-worker replaces, because readers and filters know
 * them.
 */
#ifndef RW_MAIL_MESSAGE_DEFAULT_PRIV_H
#define RW_MAIL_MESSAGE_DEFAULT_PRIV_H

enum rw_text {
	RW_TEXT_SUBJECT,
	RW_TEXT_LINKS_TEXT,
	RW_TEXT_LINKS_HTML,
	RW_TEXT_ATTACHMENTS_TEXT,
	RW_TEXT_ATTACHMENTS_HTML,
	RW_TEXTS,
};

/* A text is the sum of its pieces; the others are NULL. */
enum { RW_TEXT_PIECES = 4 };

extern const char *const rw_text_defaults[RW_TEXTS][RW_TEXT_PIECES];

/* The same of the first edition; see record/mail_edition.h. */
extern const char *const rw_text_first[RW_TEXTS][RW_TEXT_PIECES];

#endif
