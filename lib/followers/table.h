/*
 * Rows of a file from the operator: JSON lines (the first character is a
 * brace), or CSV with a header; the delimiter is the first comma, semicolon or
 * tab in the header.
 *
 * Errors: RW_IO when it cannot be read; RW_UNREADABLE names the file and the
 * malformed line.
 */
#ifndef RW_FOLLOWERS_TABLE_H
#define RW_FOLLOWERS_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/csv.h"
#include "wire/jsonl.h"

struct rw_table {
	const char *path;		/* "-": standard input; borrowed */
	struct rw_reader reader;
	bool is_open, is_begun, is_csv;
	char delimiter;
	struct rw_buf header, text;	/* the texts that names and row point
					 * into */
	struct rw_csv names, row;
	struct rw_line line;
};

bool
rw_table_open(struct rw_table *table, const char *path, struct rw_err *err);

/* The next row; *found is false after the last one. */
bool
rw_table_next(struct rw_table *table, bool *found, struct rw_err *err);

/* The value of the named column or member as text: a string decoded, a number
 * or a boolean as written. NULL when the value is missing or null. Borrowed
 * until the next row. RW_UNREADABLE for an array or an object. */
bool
rw_table_text(struct rw_table *table, const char *name, const char **text,
	struct rw_err *err);

/* The member as JSON; .text is NULL when the member is missing, and always in
 * CSV. */
struct rw_json
rw_table_json(const struct rw_table *table, const char *name);

/* Fills err for the row; returns false. */
bool
rw_table_fail(const struct rw_table *table, const char *why,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_table_close(struct rw_table *table);

#endif
