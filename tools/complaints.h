/*
 * Complaints about lines of the input, each reported once for all lines that it
 * applies to. The first line is reported at once. The others are reported at
 * the end: by name when they are few, otherwise as a count with the number of
 * the first line.
 */
#ifndef RW_TOOLS_COMPLAINTS_H
#define RW_TOOLS_COMPLAINTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum { RW_COMPLAINTS = 16, RW_COMPLAINTS_NAMED = 9 };

struct rw_complaints {
	struct rw_complaint {
		struct rw_err failure;
		uint64_t first;		/* number of the first line */
		char name[160];		/* subject of the first message */
		uint64_t more;		/* later lines with the same
					 * complaint */
		char *names[RW_COMPLAINTS_NAMED];	/* of the later lines */
	} list[RW_COMPLAINTS];
	size_t count;
};

/* name is the subject of the message: "f-1 2025-06", "line 7". */
void
rw_complain(struct rw_complaints *complaints, uint64_t line, const char *name,
	const struct rw_err *failure);

/* Reports the later lines, and resets complaints to {0}. */
void
rw_complaints_end(struct rw_complaints *complaints);

#endif
