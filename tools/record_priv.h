/*
 * The task of rw-record, from its command line.
 */
#ifndef RW_TOOLS_RECORD_PRIV_H
#define RW_TOOLS_RECORD_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "cli.h"
#include "ledger/ledger.h"

/* The most lines in one batch: bounds the size of a commit, and the time to
 * wait for it. */
enum { RW_RECORD_BATCH = 500 };

enum rw_record_mode {
	RW_RECORD_NOTHING,
	RW_RECORD_LOOKUP,
	RW_RECORD_CLAIM,
	RW_RECORD_RESULT,
	RW_RECORD_RESOLVE,
	RW_RECORD_FREE,
	RW_RECORD_AUDIT,
};

struct rw_record_work {
	enum rw_record_mode mode;
	struct rw_terms terms;
	struct rw_resolution resolution;
	struct rw_list followers;	/* whose entries --resolve settles;
					 * empty: all followers; borrowed */
	size_t batch;		/* 1 to RW_RECORD_BATCH */
	bool names_left;	/* --claim also writes a line for each report
				 * that it leaves out */
	size_t unreadable;	/* lines of the run that rw-list left out */
	const char *unchanged;	/* a file with the lines of reports that were
				 * not revised because they were unchanged; may
				 * be NULL */
	const char *elsewhere;	/* a file to which the lines claimed by other
				 * runs are appended; may be NULL */
};

#endif
