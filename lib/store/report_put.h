/*
 * Stores one report: both files at once, under the keys that follow from
 * follower, period and revision. The report counts as stored only when both
 * files are stored.
 *
 * Failures: those of store/s3_put.h, and RW_DATA when the record lacks a path.
 */
#ifndef RW_STORE_REPORT_PUT_H
#define RW_STORE_REPORT_PUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/period.h"
#include "record/record.h"
#include "store/s3_put.h"

struct rw_report_put {
	struct rw_record *record;	/* of the current report */
	bool is_own;	/* accept only files proved to belong to this report */
	/* Called once; failure is NULL when both files are stored; the outcome
	 * is in the record. */
	void (*done)(struct rw_report_put *put, const struct rw_err *failure);
	void *context;

	/* private */
	struct rw_s3_put pdf, excel;
	struct rw_buf pdf_key, excel_key;
	char period[RW_PERIOD_SIZE];
	int pending;
	bool has_failed;
	struct rw_err failure;
};

/* Call before the first use. */
void
rw_report_put_init(struct rw_report_put *put);

/* Must not be called while a report is being stored. */
void
rw_report_put_free(struct rw_report_put *put);

/* Begins to store put->record. False when the record cannot be stored; done
 * will then not be called. */
bool
rw_report_put_start(struct rw_report_put *put, struct rw_s3_putter *putter,
	int64_t wanted_until, struct rw_err *err);

/* After done without a failure: true when the store has not said of either file
 * that it will delete it. */
bool
rw_report_put_is_kept(const struct rw_report_put *put);

/* After done without a failure: when the first of the two objects was stored,
 * in seconds since 1970. */
int64_t
rw_report_put_made_at(const struct rw_report_put *put);

/* For a dry run: sets the keys that an upload would have, from which links can
 * be made, and dry_run, which keeps them from being mailed. RW_DATA. */
bool
rw_report_put_feign(struct rw_record *record, struct rw_err *err);

/* Marks the report of a record as not stored: minio_upload is false, and all
 * keys are removed, those of a dry run too. */
void
rw_report_put_unset(struct rw_record *record);

#endif
