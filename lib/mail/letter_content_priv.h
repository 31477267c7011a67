/*
 * What a letter brings, for letter.c: the two links, or the two files.
 */
#ifndef RW_MAIL_LETTER_CONTENT_PRIV_H
#define RW_MAIL_LETTER_CONTENT_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "mail/letter.h"
#include "record/report_name.h"

/* Where the texts have the PDF and the workbook. */
struct rw_letter_file {
	enum rw_text_value name, link;
};

extern const struct rw_letter_file rw_letter_files[RW_REPORT_FILES];

/* Puts the links, and how long they live, into the letters' values. Within a
 * run the files are read, too: their checksums are recorded as sent. RW_DATA;
 * retryable when the links have ended, or when a file cannot be read. */
bool
rw_letter_take_links(struct rw_letters *letters, struct rw_record *record,
	struct rw_err *err);

/* Reads the files into the letters' buffers. RW_DATA; retryable when one
 * cannot be read. */
bool
rw_letter_take_files(struct rw_letters *letters, struct rw_record *record,
	struct rw_err *err);

#endif
