/*
 * Errors, in one form for the whole project.
 *
 * A function that can fail returns false and fills its last argument,
 *
 *	bool rw_x(..., struct rw_err *err);
 *
 * which it leaves unchanged on success. The message says what could not be
 * done, then why, names the input, and never contains a secret or a signed URL.
 * The kind determines the exit status, here and nowhere else.
 *
 * Source of the numbers: sysexits.h(3head).
 */
#ifndef RW_BASE_ERR_H
#define RW_BASE_ERR_H

#include <stdbool.h>

/* In ascending order: when several apply, the last one determines the exit
 * status. */
enum rw_kind {
	RW_OK,		/*  0: all done */
	RW_DATA,	/*  1: a member of this record is missing or malformed */
	RW_REFUSED,	/*  1: a server refused this record */
	RW_IN_DOUBT,	/* 1: it is unknown whether it was done */
	RW_UNREADABLE,	/* 65: a line that is not a record */
	RW_LOCKED,	/* 75: another run holds the lock */
	RW_UNREACHABLE,	/* 69: a server is unreachable */
	RW_IO,		/* 74: reading or writing here failed */
	RW_USAGE,	/* 64: usage error on the command line */
	RW_CONFIG,	/* 78: a setting is missing, wrong or contradictory */
	RW_BUG,		/* 70: this program is at fault */
};

struct rw_err {
	enum rw_kind kind;
	bool retryable;		/* a later attempt may succeed */
	char message[512];	/* cut at a whole character when too long */
	bool given_up;		/* because of an earlier failure of other
				 * records */
};

/* Fills err (which may be NULL) and returns false, so that a failing function
 * can end in one statement. retryable is set for RW_UNREACHABLE and RW_LOCKED
 * and can be changed afterwards. */
bool
rw_fail(struct rw_err *err, enum rw_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As rw_fail, with ": " and the text of errno after the message. */
bool
rw_fail_errno(struct rw_err *err, enum rw_kind kind, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Fills err with RW_IO and "no memory for WHAT"; returns false. Except under a
 * sanitizer, base/memory.h ends the process before that. */
bool
rw_fail_memory(struct rw_err *err, const char *what, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts "WORDS: " before the message that err holds; returns false. */
bool
rw_err_prefix(struct rw_err *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts RW_GIVEN_UP before the message, and sets given_up. */
#define RW_GIVEN_UP "given up: "

void
rw_err_give_up(struct rw_err *err);

/* "data", "refused", "unreadable", ...: the member error.kind of a record. */
const char *
rw_kind_name(enum rw_kind kind);

/* The exit status of a process whose worst kind is this. */
int
rw_kind_status(enum rw_kind kind);

/* The worse of two. */
enum rw_kind
rw_kind_worse(enum rw_kind a, enum rw_kind b);

#endif
