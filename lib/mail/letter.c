#include "mail/letter.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "mail/message.h"
#include "mail/message_id.h"
#include "record/mail_edition.h"

/* ---- opening --------------------------------------------------------- */

static bool
open_address(struct rw_address *address, bool *has, const char *what,
	const char *text, struct rw_err *err)
{
	*has = text != NULL;
	if (text == NULL)
		return true;
	if (!rw_address_parse(address, what, text, err)) {
		if (err != NULL)
			err->kind = RW_CONFIG;
		return false;
	}
	/* The address is part of every mail, and most servers would reject
	 * every such mail. */
	return !address->needs_utf8 || rw_fail(err, RW_CONFIG, "%s: the part "
		"before the @ must be ASCII", what);
}

bool
rw_letters_open(struct rw_letters *letters,
	const struct rw_letter_options *options, struct rw_err *err)
{
	bool has_sender;

	*letters = (struct rw_letters){.attach = options->attach,
		.cc = options->cc, .first_cc = options->first_cc};
	letters->content.max_attach = options->max_attach;
	letters->content.is_run = options->is_run;
	if (open_address(&letters->sender, &has_sender, "REPORT_SENDER_EMAIL",
		options->sender, err) &&
	    open_address(&letters->reply_to, &letters->has_reply_to,
		"RW_REPLY_TO", options->reply_to, err) &&
	    open_address(&letters->only_to, &letters->has_only_to, "--to",
		options->only_to, err) &&
	    rw_letter_words_open(&letters->words, options->brand,
		options->reply_to, options->logo_url, options->template_dir,
		err))
		return true;
	rw_letters_close(letters);
	return false;
}

void
rw_letters_close(struct rw_letters *letters)
{
	rw_address_free(&letters->sender);
	rw_address_free(&letters->reply_to);
	rw_address_free(&letters->only_to);
	rw_letter_words_close(&letters->words);
	rw_letter_content_free(&letters->content);
}

const char *
rw_letter_delivery(const struct rw_letter *letter)
{
	return letter->links ? "links" : "attachments";
}

void
rw_letter_free(struct rw_letter *letter)
{
	rw_address_free(&letter->to);
	rw_letter_cc_free(&letter->cc);
	rw_buf_free(&letter->message);
	rw_buf_free(&letter->id);
}

/* ---- the letter ------------------------------------------------------ */

/* A dead link counts as missing. */
static bool
has_links(struct rw_record *record)
{
	const char *tool = rw_record_error_tool(record);

	return rw_record_has(record, RW_M_PDF_URL) &&
		rw_record_has(record, RW_M_EXCEL_URL) &&
		(tool == NULL || strcmp(tool, "rw-verify") != 0);
}

static void
reset_letter(struct rw_letters *letters, struct rw_letter *letter)
{
	rw_letter_content_reset(&letters->content);
	rw_letter_words_reset(&letters->words);
	rw_letter_cc_free(&letter->cc);
	rw_buf_reset(&letter->message);
	rw_buf_reset(&letter->id);
}

/* When an entry of the ledger is sent again, the mail has the same Message-ID,
 * so that a mailbox can recognize the duplicate. A mail to the --to address is
 * a different message and has its own ID. */
static bool
make_id(struct rw_letters *letters, struct rw_record *record,
	int64_t revision, struct rw_buf *id, struct rw_err *err)
{
	char period[RW_PERIOD_SIZE], sum[RW_MESSAGE_SUM_SIZE];
	int64_t sequence;
	bool ok;

	if (!rw_record_optional_int(record, RW_M_SEQUENCE, 0, &sequence, err))
		return false;
	rw_period_text(period, record->period);
	ok = rw_message_sum(record->follower_id, period, revision, sequence,
		rw_address_text(&letters->only_to), sum, err);
	if (ok)
		rw_buf_addf(id, "<%s.%s@%s>", period, sum,
			letters->sender.domain);
	return ok;
}

static void
add_cc(const struct rw_letters *letters, const struct rw_letter *letter,
	struct rw_buf *out)
{
	const struct rw_copies *admins = letter->edition == RW_MAIL_FIRST ?
		letters->first_cc : letters->cc;
	size_t i;

	if (admins != NULL)
		rw_buf_adds(out, rw_buf_text(&admins->list));
	for (i = 0; i < letter->cc.to.count; i++)
		if (admins == NULL ||
		    !rw_copies_has(admins, letter->cc.to.each[i]))
			rw_buf_addf(out, "%s%s", out->len > 0 ? ", " : "",
				letter->cc.to.each[i]);
}

static bool
compose_letter(struct rw_letters *letters, struct rw_letter *letter,
	int64_t date, struct rw_err *err)
{
	const struct rw_buf *values = letters->content.values;
	const struct rw_buf *files = letters->content.files;
	bool staged = letters->has_only_to;
	struct rw_buf id = {0}, cc = {0};
	struct rw_message m = {
		.edition = letter->edition,
		.from_name = letters->words.brand,
		.from = rw_address_text(&letters->sender),
		.to_name = values[RW_TEXT_NAME].len > 0 ?
			values[RW_TEXT_NAME].data : NULL,
		.to = rw_address_text(&letter->to),
		.reply_to = letters->has_reply_to ?
			rw_address_text(&letters->reply_to) : NULL,
		.original_to = staged ?
			rw_buf_text(&values[RW_TEXT_EMAIL]) : NULL,
		.subject = rw_buf_text(&letters->words.subject),
		.date = date,
		.text = rw_buf_text(&letters->words.text),
		.html = rw_buf_text(&letters->words.html),
		.attachment_count = letter->links ? 0 : 2};
	size_t i;
	bool ok;

	if (!staged)
		add_cc(letters, letter, &cc);
	m.cc = cc.len > 0 ? cc.data : NULL;
	rw_buf_add(&id, letter->id.data + 1, letter->id.len - 2);
	m.message_id = rw_buf_text(&id);
	for (i = 0; i < m.attachment_count; i++)
		m.attachments[i] = (struct rw_attachment){
			rw_buf_text(&values[rw_letter_files[i].name]),
			rw_report_files[i].type, rw_buf_text(&files[i]),
			files[i].len};
	ok = rw_buf_ok(&cc, "the addresses", err) &&
		rw_message_compose(&m, &letter->message, err);
	rw_buf_free(&cc);
	rw_buf_free(&id);
	return ok;
}

static bool
take_address(struct rw_letters *letters, struct rw_record *record,
	struct rw_letter *letter, struct rw_err *err)
{
	const char *email;

	if (!rw_record_string(record, RW_M_EMAIL, &email, err) ||
	    !rw_address_parse(&letter->to, RW_M_EMAIL, email, err))
		return false;
	return !letters->has_only_to || rw_address_parse(&letter->to, "--to",
		rw_address_text(&letters->only_to), err);
}

/* A claim that names no edition is of a release that knew only the first. */
static bool
take_edition(struct rw_record *record, int64_t *edition, struct rw_err *err)
{
	if (!rw_record_optional_int(record, RW_M_MAIL_EDITION,
	    rw_record_has(record, RW_M_CLAIM) ? RW_MAIL_FIRST :
	    RW_MAIL_EDITION, edition, err))
		return false;
	return (*edition >= RW_MAIL_FIRST && *edition <= RW_MAIL_EDITION) ||
		rw_fail(err, RW_DATA, "%s is %lld, and this release writes "
			"the editions 1 to %d", RW_M_MAIL_EDITION,
			(long long)*edition, RW_MAIL_EDITION);
}

static bool
take_date(struct rw_record *record, int64_t *date, struct rw_err *err)
{
	bool found;

	return rw_record_optional_time(record, RW_M_MAIL_DATE, &found, date,
		err) && (found || rw_clock_document(date, err));
}

bool
rw_letter_write(struct rw_letters *letters, struct rw_record *record,
	struct rw_letter *letter, struct rw_err *err)
{
	bool ok, linked = has_links(record);
	int64_t revision = 1, date = 0;

	reset_letter(letters, letter);
	letter->links = linked && !letters->attach;
	letter->fallback = !linked && !letters->attach;
	letter->message.max = letters->content.max_attach / 5 * 7 + 1024 * 1024;
	ok = rw_record_optional_int(record, RW_M_REVISION, 1, &revision,
			err) &&
		take_edition(record, &letter->edition, err) &&
		take_address(letters, record, letter, err) &&
		rw_letter_words_take(&letters->words, letters->content.values,
			record, revision, err) &&
		make_id(letters, record, revision, &letter->id, err) &&
		take_date(record, &date, err);
	if (!ok)
		return false;
	/* The first edition had no cc, and must not change. */
	if (!letters->has_only_to && letter->edition != RW_MAIL_FIRST)
		rw_letter_cc_take(&letter->cc, record, &letter->to);
	ok = letter->links ? rw_letter_take_links(&letters->content,
		record, err) :
		rw_letter_take_files(&letters->content, record, err);
	return ok && rw_letter_words_fill(&letters->words,
			letters->content.values, letter->edition,
			letter->links, err) &&
		compose_letter(letters, letter, date, err);
}
