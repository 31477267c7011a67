/*
 * The lines that rw-mail was given. Each line must come out of rw-mail once,
 * and then out of rw-record --result once, both times with the same members.
 */
#ifndef RW_TOOLS_RELAY_LINES_H
#define RW_TOOLS_RELAY_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "record/record.h"

struct rw_relay_line {
	uint64_t identity;
	char *label;		/* owned */
	bool has_come;		/* out of rw-mail */
};

struct rw_relay_lines {
	struct rw_relay_line *lines;	/* owned: in the order given */
	size_t count, room;
	uint32_t *slots;	/* owned: index + 1 by identity; 0: empty */
	size_t slot_count;	/* a power of two */
	uint32_t *order;	/* owned: indices, in the order of rw-mail's
				 * output */
	size_t come, recorded;	/* recorded: how many came out of --result */
};

void
rw_relay_lines_add(struct rw_relay_lines *lines, struct rw_record *record);

/* A line came from rw-mail. False when it was not given, or has already
 * come. */
bool
rw_relay_lines_come(struct rw_relay_lines *lines, uint64_t identity);

/* A line came from --result. False when it is not the next expected line. */
bool
rw_relay_lines_recorded(struct rw_relay_lines *lines, uint64_t identity);

/* Appends the names of the lines that have not come from rw-mail (or, with
 * results, not from --result although they came from rw-mail), ten at most.
 * Returns how many there are. */
size_t
rw_relay_lines_missing(const struct rw_relay_lines *lines, bool results,
	struct rw_buf *names);

void
rw_relay_lines_free(struct rw_relay_lines *lines);

#endif
