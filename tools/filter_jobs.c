/* The window: the jobs in flight in the order of their lines, and how a tool
 * ends them. */
#include "filter_priv.h"

#include <stdlib.h>

#include "base/log.h"

static size_t
window_of(const struct rw_loop *loop)
{
	return loop->filter->window != 0 ? loop->filter->window : 1;
}

bool
rw_loop_open_jobs(struct rw_loop *loop, struct rw_err *err)
{
	size_t i, window = window_of(loop);

	loop->newest = &loop->oldest;
	loop->jobs = calloc(window, sizeof *loop->jobs);
	if (loop->jobs == NULL)
		return rw_fail_memory(err, "%zu jobs", window);
	for (i = window; i-- > 0; loop->unused = &loop->jobs[i]) {
		loop->jobs[i].loop = loop;
		loop->jobs[i].next = loop->unused;
	}
	return true;
}

struct rw_job *
rw_loop_take_job(struct rw_loop *loop)
{
	struct rw_job *job = loop->unused;

	loop->unused = job->next;
	job->next = NULL;
	job->state = RW_JOB_OPEN;
	*loop->newest = job;
	loop->newest = &job->next;
	return job;
}

void
rw_loop_return_job(struct rw_loop *loop, struct rw_job **at)
{
	struct rw_job *job = *at;

	*at = job->next;
	if (*at == NULL)
		loop->newest = at;
	job->next = loop->unused;
	loop->unused = job;
}

void
rw_loop_free_jobs(struct rw_loop *loop)
{
	size_t i, n = window_of(loop);

	for (i = 0; loop->jobs != NULL && i < n; i++) {
		if (loop->filter->forget != NULL &&
		    loop->jobs[i].data != NULL)
			loop->filter->forget(loop->jobs[i].data);
		rw_record_free(&loop->jobs[i].record);
	}
	free(loop->jobs);
}

/* ---- ends of a job ----------------------------------------------------- */

void
rw_job_pass(struct rw_job *job)
{
	job->state = RW_JOB_PASS;
	job->loop->counts.passed++;
}

void
rw_job_would_send(struct rw_job *job)
{
	rw_job_pass(job);
	job->loop->counts.would_send++;
}

void
rw_job_drop(struct rw_job *job)
{
	job->state = RW_JOB_DROP;
	job->loop->counts.dropped++;
}

void
rw_job_fail(struct rw_job *job, const struct rw_err *failure)
{
	if (failure->kind == RW_DATA)
		rw_complain(&job->loop->complaints, job->record.number,
			rw_record_label(&job->record), failure);
	else
		rw_say_failure(rw_record_label(&job->record), failure);
	rw_loop_note(job->loop, failure->kind);
	rw_record_set_error(&job->record, job->loop->common->tool, failure);
	job->state = RW_JOB_PASS;
	job->loop->counts.failed++;
	job->loop->counts.given_up += failure->given_up;
}
