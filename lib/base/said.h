/*
 * The failures that a process has reported, grouped by cause: the same message
 * about many reports is one cause with a count.
 */
#ifndef RW_BASE_SAID_H
#define RW_BASE_SAID_H

#include <stddef.h>
#include <stdint.h>

struct rw_said_cause {
	const char *level;	/* "error" or "warning" */
	const char *kind;	/* as rw_kind_name; NULL: not known */
	char *subject;		/* subject of the first message: "f-1 2025-06";
				 * NULL: none */
	char *message;		/* the first message, without the subject */
	uint64_t count;
};

/* {0} is empty. */
struct rw_said {
	struct rw_said_cause *causes;	/* in the order of their first
					 * messages */
	size_t n;
	uint64_t more;		/* messages whose causes were not recorded */
};

/* Two messages have the same cause when they differ only in paths. level and
 * kind are borrowed for the life of the process, the others are copied; kind
 * and subject may be NULL. */
void
rw_said_add(struct rw_said *said, const char *level, const char *kind,
	const char *subject, const char *message);

/* Frees all memory, and resets said to {0}. */
void
rw_said_free(struct rw_said *said);

#endif
