/*
 * The administrators who get a copy: ADMIN_EMAIL, one address or several.
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

/* Reads addresses that are separated by commas, semicolons or blanks; one that
 * is given twice counts once. RW_CONFIG: one is not valid, or is not ASCII before the
 * @; what names the setting. copies must be {0}, and be freed in either case. */
bool
rw_copies_parse(struct rw_copies *copies, const char *what, const char *text,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_copies_free(struct rw_copies *copies);

#endif
