/*
 * Comma-separated values: one record, taken apart in place.
 *
 * Source: RFC 4180, and what COPY ... CSV of PostgreSQL writes: a field without
 * quotes that is empty is null.
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

/* True when a quoted field continues after the end of the text: the record has
 * another line. */
bool
rw_csv_is_open(const char *text, size_t len, char delimiter);

/* Takes a record apart, which overwrites text. False when a quote is in the
 * wrong place, or there are too many fields. */
bool
rw_csv_split(struct rw_csv *csv, char *text, char delimiter);

#endif
