/*
 * Shared by the files of the line loop, each of which calls those before it:
 * filter_state.c (errors), filter_jobs.c (the window of jobs), filter_output.c
 * (jobs become lines), filter_input.c (lines become jobs), and filter_loop.c,
 * which implements filter.h. An error in any of them is noted in the loop,
 * which ends when it must.
 */
#ifndef RW_TOOLS_FILTER_PRIV_H
#define RW_TOOLS_FILTER_PRIV_H

#include "base/buf.h"
#include "complaints.h"
#include "filter.h"
#include "progress.h"

struct rw_loop {
	const struct rw_filter *filter;
	const struct rw_common *common;
	struct rw_reader reader;
	struct rw_buf out;
	int rejects;			/* -1: none */
	struct rw_job *jobs;		/* window jobs in all */
	struct rw_job *unused;
	struct rw_job *oldest;		/* in flight, in order of input */
	struct rw_job **newest;
	struct rw_filter_counts counts;
	enum rw_kind worst;
	bool ended;			/* no more input */
	bool output_gone;
	bool reader_gone;		/* the reason why the input ended */
	struct rw_progress progress;
	struct rw_complaints complaints;
};

/* ---- filter_state.c ---------------------------------------------------- */

/* The exit status becomes at least that of the kind. */
void
rw_loop_note(struct rw_loop *loop, enum rw_kind kind);

/* Logs and notes the error that ends the run. */
void
rw_loop_end(struct rw_loop *loop, const struct rw_err *err);

/* ---- filter_jobs.c ----------------------------------------------------- */

bool
rw_loop_open_jobs(struct rw_loop *loop, struct rw_err *err);

/* Moves an unused job to the end of the jobs in flight. There must be an unused
 * job. */
struct rw_job *
rw_loop_take_job(struct rw_loop *loop);

/* Moves a job from the jobs in flight to the unused jobs; at points to its
 * link. */
void
rw_loop_return_job(struct rw_loop *loop, struct rw_job **at);

void
rw_loop_free_jobs(struct rw_loop *loop);

/* ---- filter_output.c --------------------------------------------------- */

bool
rw_loop_open_rejects(struct rw_loop *loop, struct rw_err *err);

/* Also the spill function of the reader, which passes a line that is too long
 * in pieces: context is the loop. */
void
rw_loop_reject(void *context, const char *bytes, size_t len);

/* Buffers the line of a job that has ended. */
void
rw_loop_emit(struct rw_loop *loop, struct rw_job *job);

void
rw_loop_flush(struct rw_loop *loop);

void
rw_loop_close_output(struct rw_loop *loop);

/* ---- filter_input.c ---------------------------------------------------- */

bool
rw_loop_open_input(struct rw_loop *loop, struct rw_err *err);

/* Reads a line of any kind, and begins its job. False at the end of the input,
 * or when no line is available now and wait is false. */
bool
rw_loop_read_line(struct rw_loop *loop, bool wait);

#endif
