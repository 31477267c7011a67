/* rw-verify: the two links of each report. */
#include "verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "filter.h"

enum {
	FILES = 2,
	ANSWER_MAX = 4096,	/* bytes: of an error response */
	URL_MAX = 4096,
};

static const char *const url_members[FILES] = {RW_M_PDF_URL, RW_M_EXCEL_URL};
static const struct rw_header one_byte = {"range", "bytes=0-0"};

struct slot {
	struct verify *verify;
	struct rw_job *job;
	struct rw_s3_call calls[FILES];
	char *elsewhere[FILES];	/* where a redirect leads; NULL: none */
	int pending;
};

/* ---- a redirect ------------------------------------------------------------ */

static bool
is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 ||
		status == 307 || status == 308;
}

static bool
begins_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* Our own link service redirects to a fresh link to the store. Only one
 * redirect is followed, and never from TLS to plain text. */
static bool
may_follow(struct slot *slot, const struct rw_s3_call *call, const char *to)
{
	const char *scheme;
	struct rw_err ignored;

	if (slot->elsewhere[call - slot->calls] != NULL ||
	    call->http.end != RW_HTTP_ANSWERED ||
	    !is_redirect(call->http.status) ||
	    !rw_record_optional_string(&slot->job->record, RW_M_URL_SCHEME, "",
	    &scheme, &ignored) || strcmp(scheme, "link") != 0)
		return false;
	return begins_with(to, "https://") || (begins_with(to, "http://") &&
		begins_with(call->url, "http://"));
}

/* False: the call has ended. */
static bool
follow(struct slot *slot, struct rw_s3_call *call)
{
	char to[URL_MAX];
	size_t i = (size_t)(call - slot->calls);

	if (call->good || !rw_http_header(&call->http, "location", to,
	    sizeof to) || !may_follow(slot, call, to))
		return false;
	slot->elsewhere[i] = strdup(to);
	if (slot->elsewhere[i] == NULL)
		return false;
	call->url = slot->elsewhere[i];
	rw_s3_start(slot->verify->s3, call);
	return true;
}

/* ---- one report ------------------------------------------------------------ */

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

/* An older object, of which the others prove nothing, nor it of them. */
static bool
is_as_sent(struct rw_record *record)
{
	struct rw_err ignored;
	bool as_sent = false;

	return rw_record_optional_bool(record, RW_M_STORED_AS_SENT, &as_sent,
		&ignored) && as_sent;
}

static bool
is_over(const struct verify *verify)
{
	return verify->end_ms != 0 &&
		rw_clock_monotonic_ms() >= verify->end_ms;
}

/* The time was over before the store answered, and all earlier answers were
 * good. */
static bool
is_untried(const struct slot *slot)
{
	const struct verify *verify = slot->verify;
	int i;

	for (i = 0; i < FILES; i++)
		if (!slot->calls[i].good &&
		    slot->calls[i].http.end == RW_HTTP_ANSWERED &&
		    slot->calls[i].attempts > 0)
			return false;
	return !verify->first && is_over(verify) && verify->good > 0 &&
		verify->dead == 0;
}

static void
end_slot(struct slot *slot)
{
	struct verify *verify = slot->verify;
	struct rw_err failure;
	bool dead = is_dead(slot, &failure);

	if (dead && is_untried(slot)) {
		verify->untried++;
		rw_job_pass(slot->job);
		return;
	}
	if (verify->first && !verify->decided &&
	    !(dead && is_as_sent(&slot->job->record))) {
		verify->decided = true;
		if (dead)
			verify->verdict = failure;
	}
	*(dead ? &verify->dead : &verify->good) += 1;
	if (dead)
		fail_links(slot->job, &failure);
	else
		rw_job_pass(slot->job);
}

static void
on_done(struct rw_s3_call *call)
{
	struct slot *slot = call->context;

	if (!follow(slot, call) && --slot->pending == 0)
		end_slot(slot);
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

	for (i = 0; i < FILES; i++) {
		free(slot->elsewhere[i]);
		slot->elsewhere[i] = NULL;
		if (!rw_record_string(&slot->job->record, url_members[i],
		    &slot->calls[i].url, failure))
			return false;
	}
	slot->pending = FILES;
	for (i = 0; i < FILES; i++)
		rw_s3_start(slot->verify->s3, &slot->calls[i]);
	return true;
}

/* All reports get the verdict on the first report's links. */
static void
follow_first(struct verify *verify, struct rw_job *job)
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
has_links(const struct rw_record *record)
{
	return rw_record_has(record, RW_M_PDF_URL) &&
		rw_record_has(record, RW_M_EXCEL_URL);
}

/* A report without links is passed on, unless it failed before. A missing tool
 * is reported once. */
static void
warn_of_order(struct verify *verify, struct rw_record *record)
{
	bool stored = false;
	struct rw_err ignored;

	if (verify->warned || rw_record_error_tool(record) != NULL)
		return;
	if (rw_record_has(record, RW_M_MINIO_UPLOAD) &&
	    (!rw_record_optional_bool(record, RW_M_MINIO_UPLOAD, &stored,
	    &ignored) || !stored))
		return;
	verify->warned = true;
	rw_say_about(RW_WARNING, rw_record_label(record), "it has no links to "
		"try: run %s first", stored ? "rw-presign" :
		"rw-put and rw-presign");
}

static bool
begin_links(void *context, struct rw_job *job, struct rw_err *err)
{
	struct verify *verify = context;
	struct slot *slot = slot_of(verify, job);
	struct rw_err failure;

	if (slot == NULL)
		return rw_fail_memory(err, "a link");
	if (!verify->off && !has_links(&job->record))
		warn_of_order(verify, &job->record);
	if (verify->off || !has_links(&job->record))
		rw_job_pass(job);
	else if (verify->decided && (verify->verdict.kind != RW_OK ||
	    !is_as_sent(&job->record)))
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

	for (i = 0; i < FILES; i++) {
		rw_s3_call_free(&slot->calls[i]);
		free(slot->elsewhere[i]);
	}
	free(slot);
}

enum rw_kind
rw_verify_links(struct verify *verify, const struct rw_common *common,
	size_t connections)
{
	const struct rw_filter filter = {.context = verify,
		.window = verify->first ? 1 : connections / FILES + 1,
		.begin = begin_links, .poll = poll_calls,
		.forget = forget_slot};

	return rw_filter_run(&filter, common, NULL);
}
