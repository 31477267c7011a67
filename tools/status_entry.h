/*
 * An entry of the ledger as rw-status shows it: a line of JSON, or a row of a
 * table for people.
 */
#ifndef RW_TOOLS_STATUS_ENTRY_H
#define RW_TOOLS_STATUS_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "ledger/entry.h"

/* The time at which the follower's links end, or the objects are deleted if
 * that is earlier; -1: never. */
int64_t
rw_status_links_end(const struct rw_entry *entry);

/* room is changed. */
void
rw_status_add_line(struct rw_buf *out, const struct rw_entry *entry,
	bool show_urls, struct rw_line *room);

struct rw_status_view {
	const char *zone;	/* of times, as the documents have them */
	bool show_urls;
	bool is_history;	/* each revision, and the bounces */
};

/* Appends two blanks and the time, or a dash when it is not positive. */
void
rw_status_add_time(struct rw_buf *out, int64_t seconds, const char *zone);

/* Appends two blanks and the text, or a dash, in at least so many columns. */
void
rw_status_add_padded(struct rw_buf *out, const char *text, size_t width);

void
rw_status_add_header(struct rw_buf *out, bool is_history);

void
rw_status_add_row(struct rw_buf *out, const struct rw_entry *entry,
	const struct rw_status_view *view);

#endif
