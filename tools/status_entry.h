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

void
rw_status_add_header(struct rw_buf *out);

void
rw_status_add_row(struct rw_buf *out, const struct rw_entry *entry,
	bool show_urls);

#endif
