/*
 * The scanner for json.c and jsonl.c: moves through JSON text, and finds where
 * and why it is not valid.
 */
#ifndef RW_WIRE_JSON_SCAN_PRIV_H
#define RW_WIRE_JSON_SCAN_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Deeper nesting is refused. */
#define RW_JSON_DEPTH 1000

struct rw_scan {
	const char *start, *p, *end;
	const char *problem;	/* what is wrong at p; NULL: nothing yet */
};

/* Inline: they run for every token. */
static inline char
rw_scan_peek(const struct rw_scan *s)
{
	return s->p < s->end ? *s->p : '\0';
}

static inline void
rw_scan_space(struct rw_scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' ||
	    *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

/* Notes the problem at p, or that the text has ended; returns false. */
bool
rw_scan_wrong(struct rw_scan *s, const char *problem);

/* The name of a member, and the colon after it. *name points to the opening
 * quote; *len is the length including both quotes. */
bool
rw_scan_name(struct rw_scan *s, const char **name, size_t *len);

/* A value of any type, and the space before it. */
bool
rw_scan_value(struct rw_scan *s);

/* Converts the problem to RW_UNREADABLE with the number of the byte, from 1;
 * returns false. */
bool
rw_scan_failed(const struct rw_scan *s, struct rw_err *err);

/* RW_UNREADABLE names the first byte that is not UTF-8. */
bool
rw_scan_utf8(const char *text, size_t len, struct rw_err *err);

/* The text between a string's quotes, decoded. out has room for len bytes:
 * no escape is shorter than its character. Returns the length. */
size_t
rw_json_decode(const char *inside, size_t len, char *out);

#endif
