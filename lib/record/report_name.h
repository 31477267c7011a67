/*
 * The names of a report's two files, on disk and in the store, and the members
 * of a record about each file. All such names are made here.
 */
#ifndef RW_RECORD_REPORT_NAME_H
#define RW_RECORD_REPORT_NAME_H

#include <stdint.h>

#include "base/buf.h"
#include "base/period.h"

enum rw_report_file {
	RW_REPORT_PDF,
	RW_REPORT_EXCEL,
	RW_REPORT_FILES
};

struct rw_report_file_info {
	const char *path, *sha256;		/* members */
	const char *key, *version, *url;
	const char *type;			/* MIME */
	const char *extension;			/* without the dot */
};

extern const struct rw_report_file_info rw_report_files[RW_REPORT_FILES];

/* The number of components of a name. */
enum { RW_REPORT_NAME_PARTS = 3 };

/* "2025-06/f-1/report_2025-06_r2.pdf"; revision 1 has no suffix. */
void
rw_report_add_name(struct rw_buf *out, struct rw_period period,
	const char *follower_id, int64_t revision, enum rw_report_file file);

/* The key of the object in the store: "reports/" and the name. */
void
rw_report_add_key(struct rw_buf *out, struct rw_period period,
	const char *follower_id, int64_t revision, enum rw_report_file file);

#endif
