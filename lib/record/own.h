/*
 * What is a record's own: the files, the keys and the checksums of its
 * follower, its month and its revision. Within a run only that is uploaded,
 * linked and mailed, so that no stage that mixes lines up can send anybody the
 * report of another. By hand, files and keys are the operator's own choice.
 *
 * Errors: RW_DATA, naming the member, its value and what was expected.
 */
#ifndef RW_RECORD_OWN_H
#define RW_RECORD_OWN_H

#include <stdbool.h>

#include "base/err.h"
#include "record/record.h"
#include "record/report_name.h"

/* True within a run: RW_RUN_ID is set. */
bool
rw_own_is_required(void);

/* Both paths end in the names of this report, and both checksums are there.
 * Whether a file has the checksum is for those who read it. */
bool
rw_own_has_files(struct rw_record *record, struct rw_err *err);

/* The keys that the record has are those of this report. */
bool
rw_own_has_keys(struct rw_record *record, struct rw_err *err);

/* Appends the key of this report's file. */
bool
rw_own_add_key(struct rw_record *record, enum rw_report_file file,
	struct rw_buf *out, struct rw_err *err);

#endif
