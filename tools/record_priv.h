/*
 * What rw-record is asked to do.
 */
#ifndef RW_TOOLS_RECORD_PRIV_H
#define RW_TOOLS_RECORD_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "cli.h"
#include "ledger/ledger.h"

/* Lines in one batch at most: bounds what a commit holds, and what it costs to
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
	struct rw_list followers;	/* whose entries --resolve settles; none:
					 * all; borrowed */
	size_t batch;		/* 1 to RW_RECORD_BATCH */
	bool names_left;	/* --claim names what it leaves out as well */
	size_t unreadable;	/* lines of the run that rw-list left out */
	const char *unchanged;	/* a file with the lines that were not revised,
				 * because nothing has changed; NULL: none */
	const char *elsewhere;	/* a file that gets the lines which another run
				 * has claimed; NULL: none */
};

#endif
