/*
 * rw-gen: makes each follower's statement, as a PDF and as a workbook.
 */
#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/pool.h"
#include "checklist.h"
#include "cli.h"
#include "filter.h"
#include "gen_unchanged.h"
#include "record/members.h"
#include "statement/report_settings.h"

/* Lines in flight for each thread: enough that no thread waits for the
 * reader. */
enum { LINES_EACH = 4 };

struct report_job {
	struct rw_task task;		/* must be first: the pool points to
					 * it */
	struct rw_job *job;
	struct rw_statement_input input;
	struct rw_report report;
	bool made;
	struct rw_err err;		/* when not good */
	struct report_job *next;	/* in the list of busy */
};

struct gen {
	struct rw_report_settings settings;
	struct rw_statement_defaults defaults;
	struct rw_pool *pool;
	struct rw_reporter **reporters;	/* one a thread */
	size_t threads;
	struct report_job *busy;	/* jobs in the pool */
	struct rw_gen_unchanged unchanged;
	bool warned;
};

/* ---- one record -------------------------------------------------------- */

/* Runs in a thread of the pool. */
static void
make_report(void *reporter, struct rw_task *task)
{
	struct report_job *r = (struct report_job *)(void *)task;

	r->made = rw_report_make(reporter, &r->input, &r->report, &r->err);
}

static void
fail_report(struct rw_job *job, const struct rw_err *failure)
{
	rw_record_forget_report(&job->record);
	rw_job_fail(job, failure);
}

static void
finish_report(struct gen *gen, struct report_job *r)
{
	struct report_job **at = &gen->busy;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;

	if (!r->made) {
		fail_report(r->job, &r->err);
		return;
	}
	if (r->report.is_unchanged) {
		rw_gen_unchanged_take(&gen->unchanged, r->job);
		return;
	}
	if (r->report.accepted.kind != RW_OK)
		rw_say_about(RW_WARNING, rw_record_label(&r->job->record),
			"accepted: %s", r->report.accepted.message);
	rw_report_set(&r->job->record, &r->report, gen->settings.dry_run);
	if (r->report.fonts.kind != RW_OK && !gen->warned) {
		rw_say(RW_WARNING, "no usable DejaVu fonts in %s "
			"(RW_FONT_DIR), so names that Latin-1 cannot write are shown as "
			"follower IDs: %s", gen->settings.fonts,
			r->report.fonts.message);
		gen->warned = true;
	}
	rw_job_pass(r->job);
}

static bool
wait_for_one(void *context, int input_fd, struct rw_err *err)
{
	struct gen *gen = context;
	struct pollfd fds[] = {
		{.fd = rw_pool_fd(gen->pool), .events = POLLIN},
		{.fd = input_fd, .events = POLLIN}};
	struct rw_task *task;

	if (poll(fds, 2, -1) < 0 && errno != EINTR)
		return rw_fail_errno(err, RW_IO, "cannot wait for input");
	while ((task = rw_pool_take(gen->pool)) != NULL)
		finish_report(gen, (struct report_job *)(void *)task);
	return true;
}

/* Two lines for the same files are made one after the other, so that the files
 * of the first remain. */
static bool
is_busy(const struct gen *gen, const struct report_job *r)
{
	const struct report_job *other;

	for (other = gen->busy; other != NULL; other = other->next)
		if (strcmp(other->input.follower_id, r->input.follower_id) ==
		    0)
			return true;
	return false;
}

static bool
begin_report(void *context, struct rw_job *job, struct rw_err *err)
{
	struct gen *gen = context;
	struct report_job *r = job->data;
	struct rw_err failure;

	if (r == NULL && (r = job->data = calloc(1, sizeof *r)) == NULL)
		return rw_fail_memory(err, "a report");
	r->job = job;
	if (!rw_statement_read(&r->input, &job->record, &gen->defaults,
	    &failure)) {
		fail_report(job, &failure);
		return true;
	}
	while (is_busy(gen, r))
		if (!wait_for_one(gen, -1, err))
			return false;
	r->next = gen->busy;
	gen->busy = r;
	rw_pool_submit(gen->pool, &r->task);
	return true;
}

static void
forget_report(void *data)
{
	struct report_job *r = data;

	rw_report_free(&r->report);
	free(r);
}

/* A report that failed after rw-gen is made again, and the members that later
 * tools set are removed. */
static void
prepare_record(struct rw_record *record)
{
	if (rw_record_failed_after(record, "rw-gen"))
		rw_record_forget(record, RW_GROUP(RW_G_STORED) |
			RW_GROUP(RW_G_LINK) | RW_GROUP(RW_G_CLAIM) |
			RW_GROUP(RW_G_DELIVERY) | RW_GROUP(RW_G_ERROR));
}

/* ---- the run ----------------------------------------------------------- */

static bool
open_gen(struct gen *gen, size_t threads, struct rw_err *err)
{
	gen->reporters = calloc(threads, sizeof *gen->reporters);
	if (gen->reporters == NULL)
		return rw_fail_memory(err, "%zu threads", threads);
	for (; gen->threads < threads; gen->threads++) {
		gen->reporters[gen->threads] = rw_reporter_new(&gen->settings,
			err);
		if (gen->reporters[gen->threads] == NULL)
			return false;
	}
	return rw_reporter_check(gen->reporters[0], &gen->defaults.payee,
		err) &&
		rw_pool_open(&gen->pool, threads, make_report,
			(void **)gen->reporters, err);
}

static void
close_gen(struct gen *gen)
{
	rw_pool_close(gen->pool);
	rw_gen_unchanged_close(&gen->unchanged);
	while (gen->threads > 0)
		rw_reporter_delete(gen->reporters[--gen->threads]);
	free(gen->reporters);
	rw_report_settings_free(&gen->settings);
}

static enum rw_kind
make_reports(struct gen *gen, const struct rw_common *common)
{
	const struct rw_filter filter = {.context = gen,
		.window = gen->threads * LINES_EACH, .prepare = prepare_record,
		.begin = begin_report, .poll = wait_for_one,
		.forget = forget_report};

	return rw_filter_run(&filter, common, NULL);
}

/* The next document reuses the memory that a document frees. Returning it to
 * the system in between would cost a third of the time. */
static void
keep_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, 16 << 20);
	mallopt(M_MMAP_THRESHOLD, 4 << 20);
}

/* All settings and files were read, and tried, when the reporters were made. */
static enum rw_kind
check_settings(const struct gen *gen, const char *model)
{
	rw_checklist_good("documents", "%s, %s, fee model %s, for %s",
		gen->settings.letter ? "letter" : "a4",
		gen->settings.look.logo != NULL ? "with a logo" :
		"without a logo", model, gen->settings.look.brand);
	return rw_cli_close_stdout();
}

int
main(int argc, char **argv)
{
	struct gen gen = {0};
	const char *out = NULL, *model = "monthly", *unchanged = NULL;
	struct rw_option_count threads = {.n = rw_pool_cores()};
	bool no_sync = false, accept = false;
	const struct rw_option options[] = {
		{"out", RW_OPTION_TEXT, &out, "DIR",
			"where the files go: DIR/PERIOD/FOLLOWER/"},
		{"fee-model", RW_OPTION_TEXT, &model, "MODEL",
			"monthly (default) or hwm"},
		{"j", RW_OPTION_COUNT, &threads, "N",
			"threads (default: as many as cores)"},
		{"accept", RW_OPTION_FLAG, &accept, NULL,
			"make reports whose figures are not those expected"},
		{"unchanged", RW_OPTION_TEXT, &unchanged, "FILE",
			"do not make unchanged corrections; append their lines "
			"to FILE"},
		{"no-sync", RW_OPTION_FLAG, &no_sync, NULL,
			"do not wait until the files are on the disk"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-gen",
		.purpose = "Makes each follower's statement: PDF and workbook.",
		.options = options, .filter = true, .effect = true,
		.server = true};
	struct rw_common common;
	struct rw_err err;
	enum rw_kind worst;

	keep_memory();
	rw_cli_start(&cli, &common, argc, argv);
	if (!rw_report_settings_load(&gen.settings, out, &err) ||
	    !rw_statement_defaults_load(&gen.defaults, model, &err) ||
	    !open_gen(&gen, threads.n, &err) ||
	    !rw_gen_unchanged_open(&gen.unchanged, common.check ? NULL : unchanged,
	    &err)) {
		close_gen(&gen);
		return rw_cli_fail(&err);
	}
	gen.settings.dry_run = common.dry_run;
	gen.settings.no_sync = no_sync;
	gen.settings.accept = accept;
	gen.settings.leaves_unchanged = unchanged != NULL;
	worst = common.check ? check_settings(&gen, model) :
		make_reports(&gen, &common);
	close_gen(&gen);
	return rw_cli_finish(worst);
}
