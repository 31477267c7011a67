#include "mail/message_text.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "mail/message_default_priv.h"

enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S, TEMPLATE_MAX = 1024 * 1024 };

static const char *const value_names[RW_TEXT_VALUES + 1] = {
	[RW_TEXT_BRAND] = "brand",
	[RW_TEXT_FOLLOWER_ID] = "follower_id",
	[RW_TEXT_REPORT_PERIOD] = "report_period",
	[RW_TEXT_MONTH] = "month",
	[RW_TEXT_NAME] = "name",
	[RW_TEXT_GREETING] = "greeting",
	[RW_TEXT_EMAIL] = "email",
	[RW_TEXT_PDF_URL] = "pdf_url",
	[RW_TEXT_EXCEL_URL] = "excel_url",
	[RW_TEXT_VALIDITY] = "validity",
	[RW_TEXT_URL_EXPIRES_AT] = "url_expires_at",
	[RW_TEXT_PDF_NAME] = "pdf_name",
	[RW_TEXT_EXCEL_NAME] = "excel_name",
	[RW_TEXT_PDF_SHA256] = "pdf_sha256",
	[RW_TEXT_EXCEL_SHA256] = "excel_sha256",
	[RW_TEXT_CHECKSUMS] = "checksums",
	[RW_TEXT_LOGO_URL] = "logo_url",
	[RW_TEXT_ISSUER_NAME] = "issuer_name",
	[RW_TEXT_ISSUER_ADDRESS] = "issuer_address",
	[RW_TEXT_ISSUER_NUMBER] = "issuer_number",
	[RW_TEXT_ISSUER_EMAIL] = "issuer_email",
	[RW_TEXT_ISSUER_URL] = "issuer_url",
	[RW_TEXT_ISSUER_FOOTER] = "issuer_footer",
	[RW_TEXT_CORRECTED] = "corrected",
	[RW_TEXT_CORRECTION] = "correction",
};

static const struct {
	const char *file;
	enum rw_escape escape;
} kinds[RW_TEXTS] = {
	[RW_TEXT_SUBJECT] = {"subject", RW_ESCAPE_NOT},
	[RW_TEXT_LINKS_TEXT] = {"links.txt", RW_ESCAPE_NOT},
	[RW_TEXT_LINKS_HTML] = {"links.html", RW_ESCAPE_HTML},
	[RW_TEXT_ATTACHMENTS_TEXT] = {"attachments.txt", RW_ESCAPE_NOT},
	[RW_TEXT_ATTACHMENTS_HTML] = {"attachments.html", RW_ESCAPE_HTML},
};

/* A subject is one line. The newline that an editor adds at its end is
 * removed. */
static bool
trim_subject(struct rw_buf *text, const char *path, struct rw_err *err)
{
	while (text->len > 0 && strchr("\r\n", text->data[text->len - 1]))
		text->data[--text->len] = '\0';
	if (text->len > 0 && !rw_text_has_control(text->data))
		return true;
	return rw_fail(err, RW_CONFIG, "%s: expected one line", path);
}

static void
drop_returns(struct rw_buf *text)
{
	size_t i, n = 0;

	for (i = 0; i < text->len; i++)
		if (text->data[i] != '\r')
			text->data[n++] = text->data[i];
	text->len = n;
	if (text->data != NULL)
		text->data[n] = '\0';
}

/* Editors on Windows write a byte order mark at the start of a file. */
static void
drop_mark(struct rw_buf *text)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t len = sizeof mark - 1;

	if (text->len < len || memcmp(text->data, mark, len) != 0)
		return;
	text->len -= len;
	memmove(text->data, text->data + len, text->len + 1);
}

static bool
check_text(enum rw_text which, const char *path, struct rw_buf *text,
	struct rw_err *err)
{
	size_t bad = 0;

	if (!rw_text_is_utf8(rw_buf_text(text), text->len, &bad) ||
	    memchr(rw_buf_text(text), '\0', text->len) != NULL)
		return rw_fail(err, RW_CONFIG, "%s: not UTF-8 at byte %zu",
			path, bad);
	drop_mark(text);
	drop_returns(text);
	return which != RW_TEXT_SUBJECT || trim_subject(text, path, err);
}

static bool
load_text(enum rw_text which, const char *dir, const char *const *pieces,
	struct rw_buf *path, struct rw_buf *text, struct rw_err *err)
{
	size_t i;

	rw_buf_addf(path, "%s%s%s", dir != NULL ? dir : "",
		dir != NULL ? "/" : "", kinds[which].file);
	if (!rw_buf_ok(path, "RW_TEMPLATE_DIR", err))
		return false;
	if (dir != NULL && access(path->data, F_OK) == 0) {
		if (!rw_file_read(path->data, text, err)) {
			if (err != NULL)
				err->kind = RW_CONFIG;
			return false;
		}
	} else if (dir == NULL || errno == ENOENT) {
		for (i = 0; i < RW_TEXT_PIECES && pieces[i] != NULL; i++)
			rw_buf_adds(text, pieces[i]);
	} else {
		return rw_fail_errno(err, RW_CONFIG, "cannot read %s",
			path->data);
	}
	return check_text(which, path->data, text, err);
}

static bool
open_one(struct rw_template *template, enum rw_text which, const char *dir,
	const char *const *pieces, struct rw_err *err)
{
	struct rw_buf path = {0}, text = {.max = TEMPLATE_MAX};
	bool ok;

	ok = load_text(which, dir, pieces, &path, &text, err) &&
		rw_template_parse(template, rw_buf_text(&path),
		rw_buf_text(&text), kinds[which].escape, value_names, err);
	rw_buf_free(&path);
	rw_buf_free(&text);
	return ok;
}

bool
rw_texts_open(struct rw_texts *texts, const char *dir, struct rw_err *err)
{
	struct stat st;
	size_t i;

	*texts = (struct rw_texts){0};
	if (dir != NULL && (stat(dir, &st) != 0 || !S_ISDIR(st.st_mode)))
		return rw_fail(err, RW_CONFIG, "RW_TEMPLATE_DIR: there is no "
			"directory %s", dir);
	for (i = 0; i < RW_TEXTS; i++)
		if (!open_one(&texts->templates[i], (enum rw_text)i, dir,
		    rw_text_defaults[i], err) || !open_one(&texts->first[i],
		    (enum rw_text)i, dir, rw_text_first[i], err)) {
			rw_texts_close(texts);
			return false;
		}
	return true;
}

void
rw_texts_close(struct rw_texts *texts)
{
	size_t i;

	for (i = 0; i < RW_TEXTS; i++) {
		rw_template_free(&texts->templates[i]);
		rw_template_free(&texts->first[i]);
	}
}

static void
add_count(struct rw_buf *out, int64_t n, const char *unit)
{
	rw_buf_addf(out, "valid for %" PRId64 " %s%s", n, unit,
		n == 1 ? "" : "s");
}

/* The time is rounded to the nearest unit. The mail is sent some minutes after
 * the links were made, and "29 days" would be wrong for links that are valid
 * for 30 days. */
void
rw_text_add_validity(struct rw_buf *out, int64_t now, int64_t end)
{
	int64_t left = end - now;

	if (left >= 2 * DAY_S)
		add_count(out, (left + DAY_S / 2) / DAY_S, "day");
	else if (left >= HOUR_S)
		add_count(out, (left + HOUR_S / 2) / HOUR_S, "hour");
	else
		add_count(out, left > 60 ? left / 60 : 1, "minute");
}

void
rw_text_add_moment(struct rw_buf *out, int64_t seconds)
{
	char stamp[RW_RFC3339_SIZE], month[32];
	struct rw_period period;
	struct rw_date date = {0};

	rw_rfc3339(stamp, seconds);
	if (!rw_date_parse(stamp, RW_DATE_SIZE - 1, &date, NULL)) {
		rw_buf_adds(out, stamp);
		return;
	}
	period = (struct rw_period){date.year, date.month};
	rw_period_words(month, period);
	rw_buf_addf(out, "%d %s, %.5s UTC", date.day, month, stamp + 11);
}

/* Replaces separators and other characters that shells or file systems do not
 * accept in a name. */
void
rw_text_add_file_name(struct rw_buf *out, const char *brand,
	struct rw_period period, int64_t revision, const char *extension)
{
	char month[RW_PERIOD_SIZE];
	const char *p;

	for (p = brand; *p != '\0'; p++)
		rw_buf_addc(out, strchr(" /\\:*?\"<>|;%", *p) != NULL ? '_' :
			*p);
	rw_period_text(month, period);
	rw_buf_addf(out, "_Report_%s", month);
	if (revision > 1)
		rw_buf_addf(out, "_r%" PRId64, revision);
	rw_buf_addf(out, ".%s", extension);
}
