/*
 * The content of a letter: two links, or two files.
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

/* The placeholders of a file, the PDF or the workbook, in the texts. */
struct rw_letter_file {
	enum rw_text_value name, link, sha256;
};

extern const struct rw_letter_file rw_letter_files[RW_REPORT_FILES];

struct rw_letter_content {
	size_t max_attach;		/* bytes of both files together */
	bool is_run;			/* in a run: the files are always read,
					 * in the directory of their report */
	/* Data of the current letter: */
	struct rw_buf values[RW_TEXT_VALUES];
	struct rw_buf files[RW_REPORT_FILES];
};

/* Sets the values for the links and their validity. In a run the files are read
 * as well, because their checksums are recorded as sent. RW_DATA; retryable
 * when the links have expired or a file cannot be read. */
bool
rw_letter_take_links(struct rw_letter_content *content,
	struct rw_record *record, struct rw_err *err);

/* Reads the files into memory, and compares these bytes with the checksums of
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
