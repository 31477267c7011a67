#include "mail/mail_settings.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "wire/config.h"
#include "record/own.h"

#define MEGABYTE ((uint64_t)1024 * 1024)

static bool
read_rate(const char *rate, int64_t *interval_us, struct rw_err *err)
{
	*interval_us = 0;
	return rate == NULL ||
		rw_pace_parse_rate(rate, strlen(rate), interval_us) ||
		rw_fail(err, RW_USAGE, "--rate is \"%.40s\": expected a "
		"number with /s, /m or /h", rate);
}

enum admin_copy { COPY_SUMMARY, COPY_CC, COPY_BCC, COPY_NONE };

/* COPY_SUMMARY is the default. */
static bool
read_admin_copy(enum admin_copy *how, struct rw_err *err)
{
	static const char *const names[] = {[COPY_SUMMARY] = "summary",
		[COPY_CC] = "cc", [COPY_BCC] = "bcc", [COPY_NONE] = "none"};
	const char *name = rw_config_text("RW_ADMIN_COPY",
		names[COPY_SUMMARY]);
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0) {
			*how = (enum admin_copy)i;
			return true;
		}
	return rw_fail(err, RW_CONFIG, "RW_ADMIN_COPY is \"%.40s\": expected "
		"summary, cc, bcc or none", name);
}

/* Which mail the administrator receives. */
static bool
read_copies(struct rw_mail_settings *settings, struct rw_err *err)
{
	const char *admin = rw_config_text("ADMIN_EMAIL", NULL);
	bool is_set = rw_config_text("RW_ADMIN_COPY", NULL) != NULL;
	const struct rw_copies *admins = &settings->admins;
	enum admin_copy how = COPY_SUMMARY;

	if (!read_admin_copy(&how, err))
		return false;
	if (admin == NULL)
		return how != COPY_SUMMARY || !is_set || rw_fail(err, RW_CONFIG,
			"RW_ADMIN_COPY is summary, but ADMIN_EMAIL is not set");
	if (how == COPY_NONE)
		return true;
	settings->copy_to = how == COPY_CC || how == COPY_BCC ? admins : NULL;
	settings->cc = how == COPY_CC ? admins : NULL;
	settings->first_cc = how == COPY_CC || !is_set ? admins : NULL;
	settings->summary_to = how == COPY_SUMMARY ? admins : NULL;
	return rw_copies_parse(&settings->admins, "ADMIN_EMAIL", admin, err);
}

static bool
read_letters(struct rw_mail_settings *settings, struct rw_err *err)
{
	struct rw_letter_options *letters = &settings->letters;
	uint64_t max;

	*letters = (struct rw_letter_options){
		.brand = rw_config_text("RW_BRAND", "SpreadPilot"),
		.sender = rw_config_text("REPORT_SENDER_EMAIL", NULL),
		.reply_to = rw_config_text("RW_REPLY_TO", NULL),
		.logo_url = rw_config_text("RW_LOGO_URL", NULL),
		.template_dir = rw_config_text("RW_TEMPLATE_DIR", NULL),
		.cc = settings->cc, .first_cc = settings->first_cc,
		.only_to = settings->to,
		.attach = settings->attach, .is_run = rw_own_is_required()};
	if (letters->sender == NULL)
		return rw_fail(err, RW_CONFIG,
			"REPORT_SENDER_EMAIL is not set");
	if (!rw_config_u64("RW_MAX_ATTACH", 20 * MEGABYTE, 1,
	    1024 * MEGABYTE, &max, err))
		return false;
	letters->max_attach = (size_t)max;
	return true;
}

/* All users of the host can read the command line. */
static bool
check_transport(const char *uri, struct rw_err *err)
{
	return uri == NULL || strncmp(uri, "smtp", 4) != 0 ||
		strchr(uri, '@') == NULL || rw_fail(err, RW_USAGE,
		"--transport must not contain a user or a password: set "
		"SMTP_USER and SMTP_PASSWORD instead");
}

static bool
read_delivery(struct rw_mail_settings *settings, struct rw_err *err)
{
	struct rw_delivery_options *delivery = &settings->delivery;
	struct rw_transport_options *transport = &delivery->transport;
	uint64_t reply_s, dot_s;

	*delivery = (struct rw_delivery_options){
		.sender = settings->verp.has_from ?
			rw_address_text(&settings->verp.from) : NULL,
		.pace = &settings->pace,
		.verp = settings->verp.has_key ? &settings->verp : NULL,
		.copy_to = settings->copy_to, .staged = settings->to != NULL,
		.run_id = rw_config_text("RW_RUN_ID", NULL),
		.transport = {.uri = settings->transport != NULL ?
			settings->transport :
			rw_config_text("RW_MAIL_TRANSPORT", NULL),
			.dry = settings->dry,
			.sender_setting = settings->verp.has_from ?
				"RW_ENVELOPE_FROM" : "REPORT_SENDER_EMAIL",
			.connections = settings->connections}};
	if (!check_transport(settings->transport, err) ||
	    !rw_pace_parse(&settings->pace, rw_config_text("RW_RATE_DOMAINS",
	    NULL), err) ||
	    !read_rate(settings->rate, &delivery->interval_us, err) ||
	    !rw_config_seconds("RW_SMTP_TIMEOUT", 300, &reply_s, err) ||
	    !rw_config_seconds("RW_SMTP_DOT_TIMEOUT", 600, &dot_s, err))
		return false;
	transport->reply_timeout_ms = (int64_t)reply_s * 1000;
	transport->dot_timeout_ms = (int64_t)dot_s * 1000;
	return true;
}

bool
rw_mail_settings_read(struct rw_mail_settings *settings, struct rw_err *err)
{
	return read_copies(settings, err) && read_letters(settings, err) &&
		rw_verp_open(&settings->verp, err) &&
		read_delivery(settings, err);
}
