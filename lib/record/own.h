/*
 * Checks that files, keys and checksums belong to the record that names them:
 * to its follower, month and revision. In a run, no other file or key is
 * uploaded, linked or mailed, so that a stage that confuses lines cannot send a
 * follower the report of a different follower. Outside a run, the operator may
 * choose any files and keys.
 *
 * Errors: RW_DATA, naming the member, its value and what was expected.
 */
#ifndef RW_RECORD_OWN_H
#define RW_RECORD_OWN_H

#include <stdbool.h>

#include "base/err.h"
#include "record/record.h"
#include "record/report_name.h"

/* True in a run, when RW_RUN_ID is set. */
bool
rw_own_is_required(void);

/* True when both paths end in the names of this report, and both checksums are
 * present. The reader of a file compares its bytes with the checksum. */
bool
rw_own_has_files(struct rw_record *record, struct rw_err *err);

/* True when the record has the keys of this report. */
bool
rw_own_has_keys(struct rw_record *record, struct rw_err *err);

/* Appends the key of this report's file in the store. */
bool
rw_own_add_key(struct rw_record *record, enum rw_report_file file,
	struct rw_buf *out, struct rw_err *err);

#endif
