/*
 * The line loop of all filters: reads records from standard input, hands each
 * to the tool, and writes it to standard output. It keeps the promises of
 * rw-lines(5): unreadable lines are reported and rejected, failed records are
 * passed on with an error, the order is kept, and nothing is lost when the disk
 * is full.
 *
 * A tool is a pair of functions over a window of jobs. begin starts a job, and
 * may finish it at once. poll is for tools whose jobs take time. It is called
 * when no input is ready or the window is full, and returns when at least one
 * job is finished or input_fd is readable. A tool that gathers jobs into
 * batches finishes all of them in poll.
 *
 * Each job is ended by exactly one of rw_job_pass, rw_job_drop, rw_job_fail.
 */
#ifndef RW_TOOLS_FILTER_H
#define RW_TOOLS_FILTER_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "cli.h"
#include "outcome.h"
#include "record/record.h"

struct rw_loop;

struct rw_job {
	struct rw_record record;
	void *data;	/* the tool's; kept in the slot from job to job; NULL at
			 * first */
	/* private */
	enum { RW_JOB_OPEN, RW_JOB_PASS, RW_JOB_DROP } state;
	struct rw_loop *loop;
	struct rw_job *next;
};

struct rw_filter {
	void *context;
	size_t window;		/* lines in flight at once; 0: 1 */
	bool as_done;		/* output in the order in which jobs end, not in
				 * input order */
	bool takes_failed;	/* begin also gets records that carry another
				 * tool's error; otherwise they pass unchanged */
	bool keeps_error;	/* with takes_failed: an earlier error of the
				 * same tool is not cleared either */
	bool told;		/* an earlier stage has reported malformed and
				 * unreadable lines: they are counted and
				 * dropped without a message */
	bool says_once;		/* a malformed record that already has this
				 * tool's error is not reported again */
	bool drains;		/* goes on reading when the output cannot be
				 * written */
	bool mute;		/* writes no lines: the tool itself writes
				 * something else */
	/* Set by a signal handler: begin no more jobs, but finish the jobs in
	 * progress. */
	const volatile sig_atomic_t *stop;
	bool clears;		/* after stop, begin is still called for the
				 * lines that can be read, and refuses them */

	/* May be NULL. Called first for every record, including malformed
	 * records and records with an error. */
	void (*prepare)(struct rw_record *record);
	/* False ends the whole run: err is not about this record. */
	bool (*begin)(void *context, struct rw_job *job, struct rw_err *err);
	/* NULL: every record is accepted. A malformed record that is not
	 * accepted is dropped without a message. */
	bool (*is_wanted)(void *context, struct rw_record *record);
	/* True while no more lines are to be begun, although the window has
	 * room; never without jobs in flight. NULL: never. */
	bool (*is_full)(void *context);
	/* NULL when begin finishes every job. input_fd is -1 when the window
	 * is full or the input has ended. */
	bool (*poll)(void *context, int input_fd, struct rw_err *err);
	/* May be NULL. Frees job->data, once for each slot, at the end. */
	void (*forget)(void *data);
};

void
rw_job_pass(struct rw_job *job);

/* As rw_job_pass, in a dry run: a real run would have mailed the report. */
void
rw_job_would_send(struct rw_job *job);

/* The line is not passed on. */
void
rw_job_drop(struct rw_job *job);

/* The line is passed on with an error, which is also logged; the exit status
 * becomes at least that of failure->kind. */
void
rw_job_fail(struct rw_job *job, const struct rw_err *failure);

/* Runs to the end of the input. All errors have been logged when it returns;
 * the result is the worst kind. counts may be NULL. */
enum rw_kind
rw_filter_run(const struct rw_filter *filter, const struct rw_common *common,
	struct rw_filter_counts *counts);

#endif
