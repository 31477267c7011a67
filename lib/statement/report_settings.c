#include "statement/report_settings.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "record/change.h"
#include "statement/identity.h"
#include "wire/config.h"

static bool
load_fonts(struct rw_report_settings *settings, struct rw_err *err)
{
	const char *asked = rw_config_text("RW_FONT_DIR", NULL);
	struct rw_buf path = {0};
	bool ok = true;

	settings->fonts = asked != NULL ? asked :
		"/usr/share/fonts/truetype/dejavu";
	if (asked != NULL) {
		rw_buf_addf(&path, "%s/DejaVuSans.ttf", asked);
		if (access(rw_buf_text(&path), R_OK) != 0)
			ok = rw_fail_errno(err, RW_CONFIG, "RW_FONT_DIR: "
				"cannot read %s", rw_buf_text(&path));
	}
	rw_buf_free(&path);
	settings->shared_fonts = rw_fonts_new(settings->fonts);
	if (settings->shared_fonts == NULL)
		return rw_fail_memory(err, "the fonts");
	return ok;
}

static bool
load_logo(struct rw_report_settings *settings, struct rw_err *err)
{
	const char *path = rw_config_text("RW_LOGO", NULL);
	struct rw_buf file = {.max = 4 << 20};
	bool ok;

	if (path == NULL)
		return true;
	ok = rw_file_read(path, &file, err);
	if (ok && !rw_image_load(&settings->logo, rw_buf_text(&file), file.len,
	    err))
		ok = rw_err_prefix(err, "%s", path);
	rw_buf_free(&file);
	settings->look.logo = &settings->logo;
	if (!ok) {
		err->kind = RW_CONFIG;
		return rw_err_prefix(err, "RW_LOGO");
	}
	return true;
}

static bool
load_paper(struct rw_report_settings *settings, struct rw_err *err)
{
	const char *paper = rw_config_text("RW_PAPER", "a4");

	settings->letter = strcmp(paper, "letter") == 0;
	if (!settings->letter && strcmp(paper, "a4") != 0)
		return rw_fail(err, RW_CONFIG, "RW_PAPER is \"%.20s\": "
			"expected a4 or letter", paper);
	return true;
}

static void
add_issuer(struct rw_digest *digest, const struct rw_issuer *issuer)
{
	size_t i;

	rw_identity_add(digest, "issuer", issuer->name);
	for (i = 0; i < issuer->address_lines; i++)
		rw_identity_add(digest, "address", issuer->address[i]);
	rw_identity_add(digest, "number", issuer->number);
	rw_identity_add(digest, "email", issuer->email);
	rw_identity_add(digest, "url", issuer->url);
	rw_identity_add(digest, "footer", issuer->footer);
}

/* Whatever is drawn in every document of the run. */
static bool
digest_look(struct rw_report_settings *settings, struct rw_err *err)
{
	const struct rw_look *look = &settings->look;
	struct rw_digest digest = {0};
	bool good = rw_digest_open(&digest, RW_SHA256, err);

	if (good) {
		rw_digest_start(&digest);
		rw_identity_add(&digest, "brand", look->brand);
		if (look->logo != NULL)
			rw_identity_add_bytes(&digest, "logo",
				look->logo->file.data, look->logo->file.len);
		rw_identity_add_number(&digest, "letter", settings->letter);
		add_issuer(&digest, &settings->issuer);
		good = rw_identity_end(&digest, settings->sha256, err);
	}
	rw_digest_close(&digest);
	return good;
}

static bool
find_out(struct rw_report_settings *settings, const char *out,
	struct rw_err *err)
{
	struct rw_buf path = {0};

	if (out != NULL)
		rw_buf_adds(&path, out);
	else if (!rw_file_state_dir(&path, err))
		return false;
	if (out == NULL)
		rw_buf_adds(&path, "/reports");
	if (!rw_buf_ok(&path, "the directory of reports", err))
		return false;
	if (path.len == 0)
		return rw_fail(err, RW_USAGE, "--out is empty");
	if (!rw_text_is_utf8(path.data, path.len, NULL)) {
		rw_buf_free(&path);
		return rw_fail(err, out != NULL ? RW_USAGE : RW_CONFIG,
			"%s is not UTF-8: no line can name files in it",
			out != NULL ? "--out" : "the state directory's name "
			"(RW_STATE_DIR)");
	}
	settings->out = rw_buf_take(&path);
	return true;
}

/* The clock of file timestamps advances in ticks of some milliseconds. After
 * the next tick a file with an older timestamp is from before this run, and any
 * other file is from this run. */
static struct timespec
await_tick(void)
{
	const struct timespec pause = {.tv_nsec = 250000};
	struct timespec before, now;

	clock_gettime(CLOCK_REALTIME_COARSE, &before);
	do {
		nanosleep(&pause, NULL);
		clock_gettime(CLOCK_REALTIME_COARSE, &now);
	} while (now.tv_sec == before.tv_sec && now.tv_nsec == before.tv_nsec);
	return now;
}

bool
rw_report_settings_load(struct rw_report_settings *settings, const char *out,
	struct rw_err *err)
{
	*settings = (struct rw_report_settings){
		.look.brand = rw_config_text("RW_BRAND", "SpreadPilot"),
		.has_created = rw_config_text("SOURCE_DATE_EPOCH", NULL) !=
			NULL};
	settings->look.issuer = &settings->issuer;
	settings->began = await_tick();
	return rw_clock_document(&settings->created, err) &&
		load_paper(settings, err) && load_fonts(settings, err) &&
		load_logo(settings, err) &&
		rw_issuer_read(&settings->issuer, err) &&
		digest_look(settings, err) &&
		find_out(settings, out, err);
}

void
rw_report_settings_free(struct rw_report_settings *settings)
{
	rw_image_free(&settings->logo);
	rw_fonts_delete(settings->shared_fonts);
	settings->shared_fonts = NULL;
	free(settings->out);
	settings->out = NULL;
}

bool
rw_statement_defaults_load(struct rw_statement_defaults *defaults,
	const char *model, struct rw_err *err)
{
	const char *rate = rw_config_text("DEFAULT_COMMISSION_PERCENTAGE",
		NULL);
	struct rw_period ignored;

	*defaults = (struct rw_statement_defaults){
		.zone = rw_config_text("MARKET_CLOSE_TIMEZONE",
			"America/New_York")};
	if (!rw_payee_read(&defaults->payee, err) ||
	    !rw_config_bool("RW_COMMISSION_CHECK", true, &defaults->checks,
	    err) || !rw_change_read_setting(&defaults->max_change, err))
		return false;
	if (!rw_fee_model_parse(model, &defaults->model, err))
		return false;
	if (!rw_period_last(0, defaults->zone, &ignored, err))
		return rw_err_prefix(err, "MARKET_CLOSE_TIMEZONE");
	if (rate == NULL)
		return true;
	defaults->has_rate = true;
	if (rw_money_parse(rate, strlen(rate), &defaults->rate, err) &&
	    defaults->rate >= 0 && defaults->rate <= 100 * RW_MONEY_ONE)
		return true;
	return rw_fail(err, RW_CONFIG, "DEFAULT_COMMISSION_PERCENTAGE is "
		"\"%.20s\": expected a decimal from 0 to 100", rate);
}
