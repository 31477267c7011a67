/*
 * What a letter brings: the two links, or the two files.
 */
#ifndef RW_MAIL_LETTER_CONTENT_H
#define RW_MAIL_LETTER_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"
#include "mail/message_text.h"
#include "record/record.h"
#include "record/report_name.h"

/* Which values of the texts the PDF and the workbook have. */
struct rw_letter_file {
	enum rw_text_value name, link;
};

extern const struct rw_letter_file rw_letter_files[RW_REPORT_FILES];

struct rw_letter_content {
	size_t max_attach;		/* bytes of both files together */
	bool is_run;			/* within a run: the files are read in
					 * any case, at their report's place */
	/* Of the current letter. */
	struct rw_buf values[RW_TEXT_VALUES];
	struct rw_buf files[RW_REPORT_FILES];
};

/* Puts the links, and how long they live, into the values. Within a run the
 * files are read as well: their checksums are recorded as sent. RW_DATA;
 * retryable when the links have expired, or when a file cannot be read. */
bool
rw_letter_take_links(struct rw_letter_content *content,
	struct rw_record *record, struct rw_err *err);

/* Reads the files, and compares the bytes that it keeps with the checksums of
 * the record. RW_DATA; retryable when a file cannot be read. */
bool
rw_letter_take_files(struct rw_letter_content *content,
	struct rw_record *record, struct rw_err *err);

void
rw_letter_content_reset(struct rw_letter_content *content);

/* Accepts {0}. */
void
rw_letter_content_free(struct rw_letter_content *content);

#endif
