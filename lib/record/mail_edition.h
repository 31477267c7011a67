/*
 * The edition of the mail: its default texts, and how its header is encoded. A
 * mail that may have arrived is sent again as the same message, so rw-record
 * --claim notes the edition with which it was begun, and rw-mail writes that
 * one.
 */
#ifndef RW_RECORD_MAIL_EDITION_H
#define RW_RECORD_MAIL_EDITION_H

enum {
	/* Release 1.0.0, and what has a claim and names no edition. */
	RW_MAIL_FIRST = 1,
	RW_MAIL_EDITION = 2,	/* of new mails */
};

#endif
