/*
 * What a run of rw-report tells at its end: the summary (--json) and the metrics.
 * Both are made of "NAME=VALUE" words and of what rw-status says.
 */
#ifndef RW_TOOLS_SUMMARY_H
#define RW_TOOLS_SUMMARY_H

#include "base/buf.h"
#include "base/err.h"

/* Appends one JSON object: the words' members in their order, then those of
 * counts, which is an object of rw-status --run --json, or "". A value that is
 * empty is null, "" or no member at all, as rw-report(1) has it. RW_USAGE: a
 * name is not one of the summary. */
bool
rw_summary_add(struct rw_buf *out, char *const *words, const char *counts,
	struct rw_err *err);

/* Appends the text for Prometheus: a gauge for each word, then counts, which
 * rw-status --run --prom has written. What is empty keeps the value that the
 * file has; the file may be missing or of another kind. */
void
rw_metrics_add(struct rw_buf *out, char *const *words, const char *counts,
	const char *file);

#endif
