/*
 * rw-verify: fetches one byte through each link before it is mailed.
 */
#include <stdlib.h>

#include "checklist.h"
#include "cli.h"
#include "filter.h"
#include "wire/config.h"
#include "store/s3.h"

enum {
	DEFAULT_CONNECTIONS = 8,
	FILES = 2,
	ANSWER_MAX = 4096,	/* bytes: of an error response */
};

static const char *const url_members[FILES] = {RW_M_PDF_URL, RW_M_EXCEL_URL};
static const struct rw_header one_byte = {"range", "bytes=0-0"};

struct verify {
	struct rw_s3 *s3;
	bool first;		/* --first: check one report for all */
	bool decided;
	struct rw_err verdict;	/* of the first; RW_OK: good */
};

struct slot {
	struct verify *verify;
	struct rw_job *job;
	struct rw_s3_call calls[FILES];
	int pending;
};

/* Without links, rw-mail attaches the files. */
static void
fail_links(struct rw_job *job, const struct rw_err *failure)
{
	rw_record_forget_links(&job->record);
	rw_job_fail(job, failure);
}

/* The first dead link of the two, in the order of the files. */
static bool
is_dead(const struct slot *slot, struct rw_err *failure)
{
	int i;

	for (i = 0; i < FILES; i++)
		if (!slot->calls[i].good) {
			*failure = slot->calls[i].failure;
			rw_err_prefix(failure, "%s is dead", url_members[i]);
			return true;
		}
	return false;
}

static void
on_done(struct rw_s3_call *call)
{
	struct slot *slot = call->context;
	struct verify *verify = slot->verify;
	struct rw_err failure;
	bool dead;

	if (--slot->pending > 0)
		return;
	dead = is_dead(slot, &failure);
	if (verify->first && !verify->decided) {
		verify->decided = true;
		if (dead)
			verify->verdict = failure;
	}
	if (dead)
		fail_links(slot->job, &failure);
	else
		rw_job_pass(slot->job);
}

static struct slot *
slot_of(struct verify *verify, struct rw_job *job)
{
	struct slot *slot = job->data;
	int i;

	if (slot != NULL)
		return slot;
	slot = calloc(1, sizeof *slot);
	if (slot == NULL)
		return NULL;
	slot->verify = verify;
	slot->job = job;
	for (i = 0; i < FILES; i++) {
		slot->calls[i].method = "GET";
		slot->calls[i].headers = &one_byte;
		slot->calls[i].header_count = 1;
		slot->calls[i].answer_max = ANSWER_MAX;
		slot->calls[i].takes_part = true;
		slot->calls[i].done = on_done;
		slot->calls[i].context = slot;
	}
	job->data = slot;
	return slot;
}

static bool
start_calls(struct slot *slot, struct rw_err *failure)
{
	int i;

	for (i = 0; i < FILES; i++)
		if (!rw_record_string(&slot->job->record, url_members[i],
		    &slot->calls[i].url, failure))
			return false;
	slot->pending = FILES;
	for (i = 0; i < FILES; i++)
		rw_s3_start(slot->verify->s3, &slot->calls[i]);
	return true;
}

/* All reports get the verdict on the first report's links. */
static void
follow_first(const struct verify *verify, struct rw_job *job)
{
	struct rw_err failure = verify->verdict;

	if (failure.kind == RW_OK) {
		rw_job_pass(job);
		return;
	}
	rw_err_prefix(&failure, "the first report was checked for all");
	fail_links(job, &failure);
}

static bool
begin_links(void *context, struct rw_job *job, struct rw_err *err)
{
	struct verify *verify = context;
	struct slot *slot = slot_of(verify, job);
	struct rw_err failure;

	if (slot == NULL)
		return rw_fail_memory(err, "a link");
	if (!rw_record_has(&job->record, RW_M_PDF_URL) ||
	    !rw_record_has(&job->record, RW_M_EXCEL_URL))
		rw_job_pass(job);
	else if (verify->decided)
		follow_first(verify, job);
	else if (!start_calls(slot, &failure))
		fail_links(job, &failure);
	return true;
}

static bool
poll_calls(void *context, int input_fd, struct rw_err *err)
{
	struct verify *verify = context;

	return rw_s3_run(verify->s3, input_fd, err);
}

static void
forget_slot(void *data)
{
	struct slot *slot = data;
	int i;

	for (i = 0; i < FILES; i++)
		rw_s3_call_free(&slot->calls[i]);
	free(slot);
}

/* The hosts are known only from the lines. */
static enum rw_kind
check_settings(void)
{
	rw_checklist_good("settings", "links are verified against %s",
		rw_config_text("RW_CA_FILE", "the system's authorities"));
	return rw_cli_close_stdout();
}

int
main(int argc, char **argv)
{
	struct verify verify = {0};
	struct rw_option_count connections = {.n = DEFAULT_CONNECTIONS};
	const struct rw_option options[] = {
		{"first", RW_OPTION_FLAG, &verify.first, NULL,
			"fetch only the links of the first report"},
		{"j", RW_OPTION_COUNT, &connections, "N",
			"links fetched at once (default 8)"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-verify",
		.purpose = "Fetches one byte through each download link.",
		.options = options, .filter = true, .server = true};
	struct rw_common common;
	struct rw_filter filter = {.context = &verify, .begin = begin_links,
		.poll = poll_calls, .forget = forget_slot};
	struct rw_err err;
	enum rw_kind worst;

	rw_cli_start(&cli, &common, argc, argv);
	verify.s3 = rw_s3_new(NULL, &(struct rw_s3_options){
		.connections = connections.n}, &err);
	if (verify.s3 == NULL)
		return rw_cli_fail(&err);
	filter.window = verify.first ? 1 : connections.n / FILES + 1;
	worst = common.check ? check_settings() :
		rw_filter_run(&filter, &common, NULL);
	rw_s3_delete(verify.s3);
	return rw_cli_finish(worst);
}
