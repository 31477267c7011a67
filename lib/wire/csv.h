/*
 * Comma-separated values: splits one record in place.
 *
 * Source: RFC 4180, and the output of PostgreSQL's COPY ... CSV: an empty field
 * without quotes is null.
 */
#ifndef RW_WIRE_CSV_H
#define RW_WIRE_CSV_H

#include <stdbool.h>
#include <stddef.h>

enum { RW_CSV_FIELDS = 64 };

struct rw_csv {
	char *fields[RW_CSV_FIELDS];	/* borrowed from the text; NULL: null */
	size_t count;
};

/* True when a quoted field continues after the end of the text, so that the
 * record continues on the next line. */
bool
rw_csv_is_open(const char *text, size_t len, char delimiter);

/* Splits a record, and overwrites text. False when a quote is in the wrong
 * place, or there are too many fields. */
bool
rw_csv_split(struct rw_csv *csv, char *text, char delimiter);

#endif
