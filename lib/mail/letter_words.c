/* The words of a letter. */
#include "mail/letter_priv.h"

#include "record/mail_edition.h"

static bool
take_name(struct rw_letters *letters, struct rw_record *record,
	struct rw_err *err)
{
	struct rw_buf *values = letters->content.values;
	struct rw_buf *greeting = &values[RW_TEXT_GREETING];
	const char *name;

	if (!rw_record_follower_name(record, &name, err))
		return false;
	rw_buf_adds(&values[RW_TEXT_NAME], name);
	rw_buf_addf(greeting, *name != '\0' ? "Hello %s," : "Hello%s,", name);
	return true;
}

bool
rw_letter_take_words(struct rw_letters *letters, struct rw_record *record,
	int64_t revision, struct rw_err *err)
{
	struct rw_buf *values = letters->content.values;
	char period[RW_PERIOD_SIZE], month[32];
	const char *email;
	size_t i;

	if (!rw_record_string(record, RW_M_EMAIL, &email, err) ||
	    !take_name(letters, record, err))
		return false;
	rw_period_text(period, record->period);
	rw_period_words(month, record->period);
	rw_buf_adds(&values[RW_TEXT_BRAND], letters->brand);
	rw_buf_adds(&values[RW_TEXT_FOLLOWER_ID], record->follower_id);
	rw_buf_adds(&values[RW_TEXT_REPORT_PERIOD], period);
	rw_buf_adds(&values[RW_TEXT_MONTH], month);
	rw_buf_adds(&values[RW_TEXT_EMAIL], email);
	rw_buf_adds(&values[RW_TEXT_CORRECTED],
		revision > 1 ? " (corrected)" : "");
	for (i = 0; i < RW_REPORT_FILES; i++)
		rw_text_add_file_name(&values[rw_letter_files[i].name],
			letters->brand, record->period, revision,
			rw_report_files[i].extension);
	return true;
}

/* A text for which there was not enough memory must not be sent empty. */
bool
rw_letter_fill_texts(struct rw_letters *letters,
	const struct rw_letter *letter, struct rw_err *err)
{
	const struct rw_buf *from = letters->content.values;
	const char *values[RW_TEXT_VALUES];
	const struct rw_template *t = letter->edition == RW_MAIL_FIRST ?
		letters->texts.first : letters->texts.templates;
	bool links = letter->links;
	size_t i;

	for (i = 0; i < RW_TEXT_VALUES; i++) {
		if (!rw_buf_ok(&from[i], "a word of the mail", err))
			return false;
		values[i] = rw_buf_text(&from[i]);
	}
	rw_template_fill(&t[RW_TEXT_SUBJECT], values, &letters->subject);
	rw_template_fill(&t[links ? RW_TEXT_LINKS_TEXT :
		RW_TEXT_ATTACHMENTS_TEXT], values, &letters->text);
	rw_template_fill(&t[links ? RW_TEXT_LINKS_HTML :
		RW_TEXT_ATTACHMENTS_HTML], values, &letters->html);
	return rw_buf_ok(&letters->subject, "the subject", err) &&
		rw_buf_ok(&letters->text, "the text", err) &&
		rw_buf_ok(&letters->html, "the HTML", err);
}
