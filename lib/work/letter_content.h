/*
 * What a letter brings, for letter.c: the two links, or the two files.
 */
#ifndef RW_WORK_LETTER_CONTENT_H
#define RW_WORK_LETTER_CONTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "work/letter.h"

/* The PDF and the workbook. */
struct rw_letter_file {
	const char *path, *sha256, *url;	/* members of the record */
	const char *type, *extension;
	enum rw_text_value name, link;
};

extern const struct rw_letter_file rw_letter_files[2];

/* Puts the links, and how long they live, into the letters' values. RW_DATA;
 * retryable when they have ended. */
bool
rw_letter_take_links(struct rw_letters *letters, struct rw_record *record,
	struct rw_err *err);

/* Reads the files into the letters' buffers. RW_DATA; retryable when one
 * cannot be read. */
bool
rw_letter_take_files(struct rw_letters *letters, struct rw_record *record,
	struct rw_err *err);

#endif
