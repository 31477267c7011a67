/*
 * What --check prints: one line a point, on standard output, in words that an
 * operator can act on.
 */
#ifndef RW_TOOLS_CHECKLIST_H
#define RW_TOOLS_CHECKLIST_H

#include "base/err.h"

struct rw_checklist {
	enum rw_kind worst;
};

/* "ok    bucket: reports is there" */
void
rw_checklist_good(const char *point, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "warn  lifecycle: ..."; the exit status stays. */
void
rw_checklist_warn(const char *point, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "FAIL  write: ..." */
void
rw_checklist_fail(struct rw_checklist *list, const char *point,
	const struct rw_err *failure);

#endif
