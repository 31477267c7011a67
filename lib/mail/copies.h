/*
 * Who receives a copy: the administrators (ADMIN_EMAIL), and the addresses in
 * the member cc of a line.
 */
#ifndef RW_MAIL_COPIES_H
#define RW_MAIL_COPIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_copies {
	char **each;
	size_t count;
	struct rw_buf list;	/* "a@example.com, b@example.com" */
};

/* Reads addresses that are separated by commas, semicolons or blanks. A
 * duplicate counts once. what: the name of the setting, for messages.
 * RW_CONFIG: an address is not valid, or is not ASCII before the @. copies must
 * be {0} at first; the caller frees it after an error as well. */
bool
rw_copies_parse(struct rw_copies *copies, const char *what, const char *text,
	struct rw_err *err);

/* Adds an address that was checked; a duplicate counts once. RW_IO: no
 * memory. */
bool
rw_copies_add(struct rw_copies *copies, const char *address,
	struct rw_err *err);

bool
rw_copies_has(const struct rw_copies *copies, const char *address);

/* Accepts {0}. */
void
rw_copies_free(struct rw_copies *copies);

#endif
