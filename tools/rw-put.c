/*
 * rw-put: uploads both files of each report to the object store.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/log.h"
#include "cli.h"
#include "filter.h"
#include "checklist.h"
#include "put_check.h"
#include "put_fate.h"
#include "stop.h"
#include "wire/config.h"
#include "record/own.h"
#include "store/report_put.h"
#include "store/s3.h"
#include "store/s3_put.h"
#include "store/store.h"

enum { DEFAULT_CONNECTIONS = 8, DEFAULT_EXPIRES = 30 * 86400 };

struct put {
	struct rw_store store;
	struct rw_s3 *s3;
	struct rw_s3_putter putter;
	uint64_t link_seconds;	/* lifetime of a link, not of its report */
	struct rw_put_fate fate;
	bool dry_run;
	bool is_own;	/* within a run: accept only the report's files */
	struct rw_put_links links;	/* for --check */
	const char *at;		/* --at; NULL: now */
};

/* Kept in a job's slot from report to report. */
struct slot {
	struct put *put;
	struct rw_job *job;
	struct rw_report_put report;
	struct rw_put_fate_wait wait;
};

static void
pass_stored(void *context)
{
	struct slot *slot = context;
	struct put *put = slot->put;

	rw_put_fate_tell(&put->fate, slot->report.record, put->store.bucket,
		rw_report_put_made_at(&slot->report));
	rw_job_pass(slot->job);
}

static void
on_done(struct rw_report_put *report, const struct rw_err *failure)
{
	struct slot *slot = report->context;

	if (failure != NULL) {
		rw_job_fail(slot->job, failure);
	} else if (!rw_report_put_is_kept(report)) {
		rw_job_pass(slot->job);
	} else {
		slot->wait = (struct rw_put_fate_wait){.told = pass_stored,
			.context = slot};
		if (rw_put_fate_ask(&slot->put->fate, slot->put->s3,
		    &slot->wait))
			pass_stored(slot);
	}
}

static struct slot *
slot_of(struct put *put, struct rw_job *job)
{
	struct slot *slot = job->data;

	if (slot != NULL)
		return slot;
	slot = calloc(1, sizeof *slot);
	if (slot == NULL)
		return NULL;
	rw_report_put_init(&slot->report);
	slot->put = put;
	slot->job = job;
	slot->report.record = &job->record;
	slot->report.done = on_done;
	slot->report.context = slot;
	job->data = slot;
	return slot;
}

/* Keys from a dry run do not name objects. */
static void
pass_without_store(struct rw_job *job)
{
	if (rw_record_has(&job->record, RW_M_DRY_RUN))
		rw_report_put_unset(&job->record);
	rw_line_set_bool(&job->record.line, RW_M_MINIO_UPLOAD, false);
	rw_job_pass(job);
}

static void
show_plan(struct rw_job *job)
{
	struct rw_err failure;

	if (rw_report_put_feign(&job->record, &failure))
		rw_job_pass(job);
	else
		rw_job_fail(job, &failure);
}

static bool
begin_upload(void *context, struct rw_job *job, struct rw_err *err)
{
	struct put *put = context;
	struct slot *slot = slot_of(put, job);
	struct rw_err failure;

	if (slot == NULL)
		return rw_fail_memory(err, "an upload");
	slot->report.is_own = put->is_own;
	if (!put->store.is_configured) {
		pass_without_store(job);
	} else if (put->is_own && !rw_own_has_files(&job->record, &failure)) {
		rw_report_put_unset(&job->record);
		rw_job_fail(job, &failure);
	} else if (put->dry_run) {
		show_plan(job);
	} else if (!rw_report_put_start(&slot->report, &put->putter,
	    rw_clock_now_ms() / 1000 + (int64_t)put->link_seconds,
	    &failure)) {
		rw_report_put_unset(&job->record);
		rw_job_fail(job, &failure);
	}
	return true;
}

static bool
poll_uploads(void *context, int input_fd, struct rw_err *err)
{
	struct put *put = context;

	return rw_s3_run(put->s3, input_fd, err);
}

static void
forget_slot(void *data)
{
	struct slot *slot = data;

	rw_report_put_free(&slot->report);
	free(slot);
}

/* Each connection has a socket and a file, and some files are open while they
 * wait. */
static bool
allow_files(size_t connections, struct rw_err *err)
{
	rlim_t need = 3 * connections + 64;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= need)
		return true;
	limit.rlim_cur = need;
	if (limit.rlim_max >= need && setrlimit(RLIMIT_NOFILE, &limit) == 0)
		return true;
	return rw_fail(err, RW_CONFIG, "-j %zu requires %llu open files, "
		"and %llu are allowed (ulimit -n)", connections,
		(unsigned long long)need, (unsigned long long)limit.rlim_max);
}

/* In a check, a signal ends all waiting at once. */
static int64_t
stop_at_once(void)
{
	return *rw_stop_flag() ? 0 : -1;
}

/* The options that rw-presign would get. */
static bool
take_links(struct put *put, bool check, struct rw_err *err)
{
	struct rw_put_links *links = &put->links;

	if (!check && (links->scheme != NULL || links->expires != UINT64_MAX ||
	    put->at != NULL))
		return rw_fail(err, RW_USAGE, "--expires, --scheme and --at "
			"are for --check: rw-presign makes the links");
	links->at = -1;
	if (put->at != NULL && (!rw_rfc3339_parse(put->at, &links->at) ||
	    links->at < 0))
		return rw_fail(err, RW_USAGE, "--at is \"%.40s\": expected a "
			"time such as 2025-07-01T00:10:00Z", put->at);
	if (links->scheme == NULL)
		links->scheme = "auto";
	links->grace_ms = stop_at_once;
	return true;
}

static bool
open_store(struct put *put, size_t connections, bool gzip, bool check,
	struct rw_err *err)
{
	if (!take_links(put, check, err) || !rw_store_load(&put->store, err))
		return false;
	if (!put->store.is_configured)
		return true;
	if (!rw_config_seconds("RW_URL_EXPIRES", DEFAULT_EXPIRES,
	    &put->link_seconds, err))
		return false;
	if (put->links.expires == UINT64_MAX)
		put->links.expires = put->link_seconds;
	put->s3 = rw_s3_new(&put->store, &(struct rw_s3_options){
		.connections = connections, .grace_ms = check ?
		stop_at_once : rw_stop_grace_ms}, err);
	return put->s3 != NULL && allow_files(connections, err) &&
		rw_s3_putter_open(&put->putter, put->s3, gzip, err);
}

static enum rw_kind
check_store(struct put *put)
{
	enum rw_kind worst = RW_OK;

	if (put->store.is_configured)
		worst = rw_put_check(put->s3, &put->links);
	else
		rw_checklist_good("store", "no object store is configured: "
			"the reports are attached");
	return rw_kind_worse(worst, rw_cli_close_stdout());
}

static enum rw_kind
run_uploads(struct put *put, size_t connections, const struct rw_common *common)
{
	const struct rw_filter filter = {.context = put,
		/* Two files each, and some reports whose files are read while
		 * all connections are busy. */
		.window = connections / 2 + 2,
		.stop = rw_stop_flag(),
		.begin = begin_upload,
		.poll = poll_uploads,
		.forget = forget_slot};

	return rw_filter_run(&filter, common, NULL);
}

int
main(int argc, char **argv)
{
	struct put put = {.links.expires = UINT64_MAX};
	struct rw_option_count connections = {.n = DEFAULT_CONNECTIONS};
	bool gzip = false, good;
	const struct rw_option options[] = {
		{"j", RW_OPTION_COUNT, &connections, "N",
			"files uploaded at once (default 8)"},
		{"gzip", RW_OPTION_FLAG, &gzip, NULL,
			"compress where that saves a tenth or more"},
		{"expires", RW_OPTION_SECONDS, &put.links.expires, "TIME",
			"with --check: as rw-presign --expires"},
		{"scheme", RW_OPTION_TEXT, &put.links.scheme, "NAME",
			"with --check: as rw-presign --scheme"},
		{"at", RW_OPTION_TEXT, &put.at, "TIME",
			"with --check: as rw-presign --at"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-put",
		.purpose = "Uploads the files of reports to the object store.",
		.options = options, .filter = true, .effect = true,
		.server = true};
	struct rw_common common;
	struct rw_err err;
	enum rw_kind worst = RW_OK;

	rw_cli_start(&cli, &common, argc, argv);
	put.dry_run = common.dry_run;
	put.is_own = rw_own_is_required();
	good = rw_stop_catch(&err) && open_store(&put, connections.n, gzip,
		common.check, &err);
	if (good)
		worst = common.check ? check_store(&put) :
			run_uploads(&put, connections.n, &common);
	rw_s3_putter_close(&put.putter);
	rw_s3_delete(put.s3);
	rw_put_fate_free(&put.fate);
	rw_store_free(&put.store);
	rw_stop_obey();
	return good ? rw_cli_finish(worst) : rw_cli_fail(&err);
}
