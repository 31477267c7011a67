#include "mail/letter_words.h"

#include <string.h>

#include "base/text.h"
#include "base/url.h"
#include "mail/letter_content.h"
#include "mail/letter_correction.h"
#include "record/mail_edition.h"

/* Mail programs load no picture without TLS. */
static bool
check_logo(const char *url, struct rw_err *err)
{
	enum { LONGEST = 500 };
	const char *c;
	bool is_clean = true;

	if (url == NULL)
		return true;
	for (c = url; *c != '\0'; c++)
		is_clean = is_clean && *c > ' ' && *c < 0x7f &&
			strchr("\"'<>\\^`{|}", *c) == NULL;
	if (!is_clean || c - url > LONGEST || strncmp(url, "https://", 8) != 0)
		return rw_fail(err, RW_CONFIG, "RW_LOGO_URL: expected "
			"https://HOST/..., at most %d characters of ASCII, "
			"others percent-encoded", LONGEST);
	return rw_url_check_no_user("RW_LOGO_URL", url, err) &&
		rw_url_check_hosts("RW_LOGO_URL", url, false, err);
}

bool
rw_letter_words_open(struct rw_letter_words *words, const char *brand,
	const char *reply_to, const char *logo_url, const char *template_dir,
	struct rw_err *err)
{
	*words = (struct rw_letter_words){.brand = brand,
		.reply_to = reply_to, .logo_url = logo_url};
	if (!rw_text_is_utf8(brand, strlen(brand), NULL) ||
	    rw_text_has_control(brand))
		return rw_fail(err, RW_CONFIG, "RW_BRAND has a control "
			"character, or is not UTF-8");
	return check_logo(logo_url, err) &&
		rw_issuer_read(&words->issuer, err) &&
		rw_texts_open(&words->texts, template_dir, err);
}

void
rw_letter_words_reset(struct rw_letter_words *words)
{
	rw_buf_reset(&words->subject);
	rw_buf_reset(&words->text);
	rw_buf_reset(&words->html);
}

void
rw_letter_words_close(struct rw_letter_words *words)
{
	rw_texts_close(&words->texts);
	rw_buf_free(&words->subject);
	rw_buf_free(&words->text);
	rw_buf_free(&words->html);
}

static bool
take_name(struct rw_buf values[RW_TEXT_VALUES], struct rw_record *record,
	struct rw_err *err)
{
	const char *name;

	if (!rw_record_follower_name(record, &name, err))
		return false;
	rw_buf_adds(&values[RW_TEXT_NAME], name);
	rw_buf_addf(&values[RW_TEXT_GREETING], *name != '\0' ? "Hello %s," :
		"Hello%s,", name);
	return true;
}

static void
add_known(struct rw_buf *value, const char *text)
{
	if (text != NULL)
		rw_buf_adds(value, text);
}

static void
take_issuer(const struct rw_letter_words *words,
	struct rw_buf values[RW_TEXT_VALUES])
{
	const struct rw_issuer *issuer = &words->issuer;
	struct rw_buf *address = &values[RW_TEXT_ISSUER_ADDRESS];
	size_t i;

	add_known(&values[RW_TEXT_LOGO_URL], words->logo_url);
	add_known(&values[RW_TEXT_ISSUER_NAME], issuer->name);
	add_known(&values[RW_TEXT_ISSUER_NUMBER], issuer->number);
	add_known(&values[RW_TEXT_ISSUER_EMAIL], issuer->email != NULL ?
		issuer->email : words->reply_to);
	add_known(&values[RW_TEXT_ISSUER_URL], issuer->url);
	add_known(&values[RW_TEXT_ISSUER_FOOTER], issuer->footer);
	for (i = 0; i < issuer->address_lines; i++)
		rw_buf_addf(address, "%s%s", i > 0 ? ", " : "",
			issuer->address[i]);
}

bool
rw_letter_words_take(const struct rw_letter_words *words,
	struct rw_buf values[RW_TEXT_VALUES], struct rw_record *record,
	int64_t revision, struct rw_err *err)
{
	char period[RW_PERIOD_SIZE], month[32];
	const char *email;
	size_t i;

	if (!rw_record_string(record, RW_M_EMAIL, &email, err) ||
	    !take_name(values, record, err))
		return false;
	rw_period_text(period, record->period);
	rw_period_words(month, record->period);
	rw_buf_adds(&values[RW_TEXT_BRAND], words->brand);
	rw_buf_adds(&values[RW_TEXT_FOLLOWER_ID], record->follower_id);
	rw_buf_adds(&values[RW_TEXT_REPORT_PERIOD], period);
	rw_buf_adds(&values[RW_TEXT_MONTH], month);
	rw_buf_adds(&values[RW_TEXT_EMAIL], email);
	take_issuer(words, values);
	rw_buf_adds(&values[RW_TEXT_CORRECTED],
		revision > 1 ? " (corrected)" : "");
	if (!rw_letter_add_correction(&values[RW_TEXT_CORRECTION], record,
	    err))
		return false;
	for (i = 0; i < RW_REPORT_FILES; i++)
		rw_text_add_file_name(&values[rw_letter_files[i].name],
			words->brand, record->period, revision,
			rw_report_files[i].extension);
	return true;
}

/* A text for which there was not enough memory must not be sent empty. */
bool
rw_letter_words_fill(struct rw_letter_words *words,
	const struct rw_buf values[RW_TEXT_VALUES], int64_t edition,
	bool has_links, struct rw_err *err)
{
	const struct rw_template *t = edition == RW_MAIL_FIRST ?
		words->texts.first : words->texts.templates;
	const char *texts[RW_TEXT_VALUES];
	size_t i;

	for (i = 0; i < RW_TEXT_VALUES; i++) {
		if (!rw_buf_ok(&values[i], "a word of the mail", err))
			return false;
		texts[i] = rw_buf_text(&values[i]);
	}
	rw_template_fill(&t[RW_TEXT_SUBJECT], texts, &words->subject);
	rw_template_fill(&t[has_links ? RW_TEXT_LINKS_TEXT :
		RW_TEXT_ATTACHMENTS_TEXT], texts, &words->text);
	rw_template_fill(&t[has_links ? RW_TEXT_LINKS_HTML :
		RW_TEXT_ATTACHMENTS_HTML], texts, &words->html);
	return rw_buf_ok(&words->subject, "the subject", err) &&
		rw_buf_ok(&words->text, "the text", err) &&
		rw_buf_ok(&words->html, "the HTML", err);
}
