/*
 * rw-presign: makes the two links of each report in the store.
 */
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "cli.h"
#include "filter.h"
#include "wire/config.h"
#include "store/link.h"
#include "record/own.h"

enum { DEFAULT_EXPIRES = 30 * 86400 };

struct presign {
	struct rw_store store;
	struct rw_linker linker;
	int64_t at;		/* --at; -1: now */
	struct rw_buf url;
	bool warned, warned_of_order;
	bool is_own;		/* within a run: only the report's keys */
};

/* One of the two links: its key, its version, and the member that receives
 * it. */
static bool
set_link(struct presign *p, struct rw_record *record, struct rw_link *link,
	const char *version_member, const char *url_member,
	struct rw_err *err)
{
	if (!rw_record_optional_string(record, version_member, NULL,
	    &link->version, err))
		return false;
	rw_buf_reset(&p->url);
	if (!rw_linker_make(&p->linker, link, &p->url, err))
		return false;
	rw_line_set_string(&record->line, url_member, rw_buf_text(&p->url));
	rw_log_event("Generated pre-signed URL for %s", link->key);
	return true;
}

static bool
warn_if_shorter(struct presign *p, struct rw_record *record,
	int64_t expires_at, struct rw_err *err)
{
	bool found;
	int64_t gone_at;

	if (p->warned)
		return true;
	if (!rw_record_optional_time(record, RW_M_OBJECT_EXPIRES_AT, &found,
	    &gone_at, err))
		return false;
	if (found && gone_at < expires_at) {
		rw_say_about(RW_WARNING, rw_record_label(record), "the store "
			"deletes the report before its link expires: shorten "
			"--expires, or change the rule with rw-bucket "
			"--expire-days");
		p->warned = true;
	}
	return true;
}

static bool
presign_record(struct presign *p, struct rw_record *record, struct rw_err *err)
{
	struct rw_link link = {.period = record->period, .now = p->at >= 0 ?
		p->at : rw_clock_now_ms() / 1000};
	int64_t expires_at = link.now + (int64_t)p->linker.expires;

	if (p->is_own && !rw_own_has_keys(record, err))
		return false;
	if (!rw_record_optional_int(record, RW_M_REVISION, 1, &link.revision,
	    err) || !warn_if_shorter(p, record, expires_at, err))
		return false;
	link.file = RW_REPORT_PDF;
	if (!rw_record_string(record, RW_M_PDF_KEY, &link.key, err) ||
	    !set_link(p, record, &link, RW_M_PDF_VERSION_ID, RW_M_PDF_URL,
	    err))
		return false;
	link.file = RW_REPORT_EXCEL;
	if (!rw_record_string(record, RW_M_EXCEL_KEY, &link.key, err) ||
	    !set_link(p, record, &link, RW_M_EXCEL_VERSION_ID,
	    RW_M_EXCEL_URL, err))
		return false;
	rw_record_set_time(record, RW_M_URL_EXPIRES_AT, expires_at);
	rw_line_set_string(&record->line, RW_M_URL_SCHEME,
		p->linker.scheme->name);
	return true;
}

/* A report without keys is passed on. A missing rw-put is reported once; a line
 * that passed rw-put says whether it was stored. */
static void
warn_of_order(struct presign *p, struct rw_record *record)
{
	if (p->warned_of_order || rw_record_error_tool(record) != NULL ||
	    rw_record_has(record, RW_M_MINIO_UPLOAD))
		return;
	p->warned_of_order = true;
	rw_say_about(RW_WARNING, rw_record_label(record), "it has no keys to "
		"make links of: run rw-put first");
}

static bool
begin_links(void *context, struct rw_job *job, struct rw_err *err)
{
	struct presign *p = context;
	struct rw_err failure;

	(void)err;
	if (!p->store.is_configured) {
		rw_job_pass(job);
	} else if (!rw_record_has(&job->record, RW_M_PDF_KEY) ||
	    !rw_record_has(&job->record, RW_M_EXCEL_KEY)) {
		warn_of_order(p, &job->record);
		rw_job_pass(job);
	} else if (presign_record(p, &job->record, &failure)) {
		rw_job_pass(job);
	} else {
		/* Without both links rw-mail attaches the files. */
		rw_record_forget_links(&job->record);
		rw_job_fail(job, &failure);
	}
	return true;
}

static bool
open_links(struct presign *p, const char *scheme, uint64_t expires,
	const char *at, struct rw_err *err)
{
	p->at = -1;
	if (at != NULL && (!rw_rfc3339_parse(at, &p->at) || p->at < 0))
		return rw_fail(err, RW_USAGE, "--at is \"%.40s\": expected a "
			"time such as 2025-07-01T00:10:00Z", at);
	if (expires == UINT64_MAX && !rw_config_seconds("RW_URL_EXPIRES",
	    DEFAULT_EXPIRES, &expires, err))
		return false;
	if (!rw_store_load(&p->store, err))
		return false;
	if (!p->store.is_configured)
		return true;
	if (!rw_linker_open(&p->linker, &p->store, scheme, expires, err))
		return false;
	/* The keys may expire within an hour, earlier than the link. */
	if (p->store.identity.token != NULL &&
	    p->linker.scheme->ends_with_token)
		rw_say(RW_WARNING, "the links are signed with temporary keys "
			"(a session token) and expire with them");
	return true;
}

static void
print_scheme(const struct presign *p)
{
	struct rw_buf life = {0};

	rw_text_add_duration(&life, p->linker.expires);
	printf("links: %s for %s on %s://%s, bucket %s\n",
		p->linker.scheme->name, rw_buf_text(&life),
		p->store.public_endpoint.scheme,
		p->store.public_endpoint.host, p->store.bucket);
	rw_buf_free(&life);
}

static enum rw_kind
check_links(const struct presign *p, bool quiet)
{
	if (quiet)
		return rw_cli_close_stdout();
	if (!p->store.is_configured)
		printf("no object store is configured: no links, the reports "
			"are attached\n");
	else
		print_scheme(p);
	return rw_cli_close_stdout();
}

/* For --help. */
static const char *
name_schemes(struct rw_buf *out)
{
	rw_buf_adds(out, "auto, ");
	rw_link_scheme_names(out);
	return rw_buf_text(out);
}

int
main(int argc, char **argv)
{
	struct presign p = {0};
	const char *scheme = "auto", *at = NULL;
	uint64_t expires = UINT64_MAX;
	struct rw_buf schemes = {0};
	const struct rw_option options[] = {
		{"expires", RW_OPTION_SECONDS, &expires, "TIME",
			"lifetime of a link: 30d (default), 12h, 90m"},
		{"scheme", RW_OPTION_TEXT, &scheme, "NAME",
			name_schemes(&schemes)},
		{"at", RW_OPTION_TEXT, &at, "TIME",
			"sign as of TIME (RFC 3339)"},
		{0},
	};
	const struct rw_cli cli = {.tool = "rw-presign",
		.purpose = "Makes the download links of reports in the store.",
		.options = options, .filter = true, .server = true};
	struct rw_common common;
	struct rw_err err;
	enum rw_kind worst;

	rw_cli_start(&cli, &common, argc, argv);
	rw_buf_free(&schemes);
	p.is_own = rw_own_is_required();
	if (!open_links(&p, scheme, expires, at, &err)) {
		rw_store_free(&p.store);
		return rw_cli_fail(&err);
	}
	worst = common.check ? check_links(&p, common.quiet) :
		rw_filter_run(&(struct rw_filter){.context = &p,
		.begin = begin_links}, &common, NULL);
	rw_linker_close(&p.linker);
	rw_store_free(&p.store);
	rw_buf_free(&p.url);
	return rw_cli_finish(worst);
}
