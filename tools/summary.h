/*
 * What a run of rw-report publishes at its end: the summary (--json) and the
 * metrics. Both are made from "NAME=VALUE" words and from the output of
 * rw-status.
 */
#ifndef RW_TOOLS_SUMMARY_H
#define RW_TOOLS_SUMMARY_H

#include "base/buf.h"
#include "base/err.h"

/* Appends one JSON object: the words' members in their order, then those of
 * counts, which is an object of rw-status --run --json, or "". An empty value
 * becomes null or "", or is left out, as rw-report(1) documents. RW_USAGE: a
 * name is not one of the summary. */
bool
rw_summary_add(struct rw_buf *out, char *const *words, const char *counts,
	struct rw_err *err);

/* Appends the text for Prometheus: a gauge for each word, then counts, which
 * rw-status --run --prom has written. An empty value keeps the value in the
 * existing file. The file may be missing or have different contents. */
void
rw_metrics_add(struct rw_buf *out, char *const *words, const char *counts,
	const char *file, const char *shard);

#endif
