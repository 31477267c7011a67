/*
 * The smallest filter, for tests of the line loop itself. Adds "probed":true.
 * -j N keeps N lines in flight and ends them newest first, the worst order;
 * a follower called "fail" fails, one called "drop" is dropped, and one called
 * "stop" ends the run.
 */
#include <stdlib.h>
#include <string.h>

#include "filter.h"

struct probe {
	struct rw_option_count window;
	struct rw_job **open;
	size_t count;
};

static void
end_job(struct rw_job *job)
{
	struct rw_err refused = {RW_REFUSED, true, "asked to fail", false};

	if (strcmp(job->record.follower_id, "fail") == 0) {
		rw_job_fail(job, &refused);
	} else if (strcmp(job->record.follower_id, "drop") == 0) {
		rw_job_drop(job);
	} else {
		rw_line_set_bool(&job->record.line, "probed", true);
		rw_job_pass(job);
	}
}

static bool
begin(void *context, struct rw_job *job, struct rw_err *err)
{
	struct probe *probe = context;

	if (strcmp(job->record.follower_id, "stop") == 0)
		return rw_fail(err, RW_UNREACHABLE, "asked to stop");
	if (probe->window.n == 1)
		end_job(job);
	else
		probe->open[probe->count++] = job;
	return true;
}

static bool
poll_jobs(void *context, int input_fd, struct rw_err *err)
{
	struct probe *probe = context;

	(void)input_fd;
	(void)err;
	end_job(probe->open[--probe->count]);
	return true;
}

int
main(int argc, char **argv)
{
	struct probe probe = {.window.n = 1};
	bool as_done = false, drains = false;
	const struct rw_option options[] = {
		{"j", RW_OPTION_COUNT, &probe.window, "N", "lines in flight"},
		{"as-done", RW_OPTION_FLAG, &as_done, NULL, "output as done"},
		{"drains", RW_OPTION_FLAG, &drains, NULL, "read to the end"},
		{0}};
	const struct rw_cli cli = {.tool = "filter_probe",
		.purpose = "Test the line loop.", .options = options,
		.filter = true};
	struct rw_filter filter = {.context = &probe, .begin = begin,
		.poll = poll_jobs};
	struct rw_common common;
	enum rw_kind worst;

	rw_cli_start(&cli, &common, argc, argv);
	probe.open = calloc(probe.window.n, sizeof *probe.open);
	if (probe.open == NULL)
		return rw_cli_finish(RW_BUG);
	filter.window = probe.window.n;
	filter.as_done = as_done;
	filter.drains = drains;
	worst = rw_filter_run(&filter, &common, NULL);
	free(probe.open);
	return rw_cli_finish(worst);
}
