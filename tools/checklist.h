/*
 * The report of --check: one line for each point, on standard output. Each line
 * tells the operator what to do.
 */
#ifndef RW_TOOLS_CHECKLIST_H
#define RW_TOOLS_CHECKLIST_H

#include "base/err.h"

struct rw_checklist {
	enum rw_kind worst;
};

/* "ok    bucket: reports exists" */
void
rw_checklist_good(const char *point, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "warn  lifecycle: ..."; does not change the exit status. */
void
rw_checklist_warn(const char *point, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "FAIL  write: ..." */
void
rw_checklist_fail(struct rw_checklist *list, const char *point,
	const struct rw_err *failure);

#endif
