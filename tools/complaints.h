/*
 * What is wrong with lines of the input, said once for all lines that it is true
 * of: at once about the first one; at the end about the others, by name when
 * they are few, and otherwise as a count with the number of the first line.
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
		uint64_t first;		/* number of its line */
		char name[160];		/* what was said first is about */
		uint64_t more;		/* lines behind it */
		char *names[RW_COMPLAINTS_NAMED];	/* of these */
	} list[RW_COMPLAINTS];
	size_t count;
};

/* name is the subject of the message: "f-1 2025-06", "line 7". */
void
rw_complain(struct rw_complaints *complaints, uint64_t line, const char *name,
	const struct rw_err *failure);

/* Says the rest, and leaves {0}. */
void
rw_complaints_end(struct rw_complaints *complaints);

#endif
