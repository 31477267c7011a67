/*
 * The counts of a run in one line, for people.
 */
#ifndef RW_TOOLS_TALLY_H
#define RW_TOOLS_TALLY_H

#include "base/buf.h"

/* Appends "2025-06: 5 due, 4 sent, 1 failed, 12 s" and a newline. Of the words
 * "NAME=VALUE" month, due, counts (of rw-status --line), sent_before, unchanged,
 * todo and took are used, and dry: the path of rw-mail's outcome in a dry run. */
void
rw_tally_add(struct rw_buf *out, char *const *words);

#endif
