#include "mail/summary.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "mail/message.h"
#include "record/mail_edition.h"

/* The limit keeps the mail readable and the use of memory constant. */
#define FAILURES_MAX ((size_t)50 * 1024)

static void
note_period(struct rw_summary *summary, struct rw_period period)
{
	char text[RW_PERIOD_SIZE];

	rw_period_text(text, period);
	if (summary->first[0] == '\0' || strcmp(text, summary->first) < 0)
		memcpy(summary->first, text, sizeof text);
	if (strcmp(text, summary->last) > 0)
		memcpy(summary->last, text, sizeof text);
}

/* Mail programs make links of addresses. The texts of servers have some, and
 * nobody should have to wonder whether one leads to a report. */
static void
add_without_links(struct rw_buf *out, const char *text)
{
	const char *mark;

	while ((mark = strstr(text, "://")) != NULL) {
		const char *word = mark;

		while (word > text && strchr(" (<\"'", word[-1]) == NULL)
			word--;
		rw_buf_add(out, text, (size_t)(word - text));
		rw_buf_adds(out, "[link]");
		text = mark + strcspn(mark, " )>\"'");
	}
	rw_buf_adds(out, text);
}

static void
add_failure(struct rw_summary *summary, const char *about, const char *why)
{
	struct rw_buf printable = {0};

	if (summary->failures.len > FAILURES_MAX) {
		summary->left_out++;
		return;
	}
	rw_text_add_printable(&printable, why);
	rw_buf_addf(&summary->failures, "%s: ", about);
	add_without_links(&summary->failures, rw_buf_text(&printable));
	rw_buf_addc(&summary->failures, '\n');
	rw_buf_free(&printable);
}

void
rw_summary_note(struct rw_summary *summary, struct rw_record *record,
	bool links, const struct rw_err *failure)
{
	note_period(summary, record->period);
	if (failure == NULL) {
		summary->links += links;
		summary->attachments += !links;
		return;
	}
	if (failure->kind == RW_IN_DOUBT)
		summary->in_doubt++;
	else
		summary->failed++;
	add_failure(summary, rw_record_label(record), failure->message);
}

void
rw_summary_note_copy(struct rw_summary *summary, const char *about,
	const char *why)
{
	summary->copies_failed++;
	add_failure(summary, about, why);
}

void
rw_summary_free(struct rw_summary *summary)
{
	rw_buf_free(&summary->failures);
}

static void
add_count_line(struct rw_buf *out, const char *words, uint64_t n)
{
	rw_buf_addf(out, "%-24s %8" PRIu64 "\n", words, n);
}

static void
add_period_words(struct rw_buf *out, const char *period)
{
	struct rw_period parsed;
	char month[32];

	if (!rw_period_parse(period, &parsed, NULL)) {
		rw_buf_adds(out, period);
		return;
	}
	rw_period_words(month, parsed);
	rw_buf_adds(out, month);
}

static void
add_months(const struct rw_summary *s, struct rw_buf *out)
{
	add_period_words(out, s->first);
	if (strcmp(s->first, s->last) != 0) {
		rw_buf_adds(out, " to ");
		add_period_words(out, s->last);
	}
}

static void
write_text(const struct rw_summary *s, const char *run_id, struct rw_buf *out)
{
	rw_buf_adds(out, "Reports for ");
	add_months(s, out);
	rw_buf_adds(out, ", by rw-mail.\n\n");
	add_count_line(out, "sent with links", s->links);
	add_count_line(out, "sent with attachments", s->attachments);
	add_count_line(out, "failed", s->failed);
	add_count_line(out, "in doubt", s->in_doubt);
	if (s->copies_failed > 0)
		add_count_line(out, "copies (cc) not sent", s->copies_failed);
	if (s->failures.len > 0)
		rw_buf_addf(out, "\n%s", rw_buf_text(&s->failures));
	if (s->left_out > 0)
		rw_buf_addf(out, "and %" PRIu64 " more\n", s->left_out);
	if (run_id != NULL)
		rw_buf_addf(out, "\nRun: %s\n", run_id);
}

bool
rw_summary_compose(const struct rw_summary *summary, const char *brand,
	const char *sender, const char *recipient, const char *run_id,
	struct rw_buf *out, struct rw_err *err)
{
	struct rw_buf subject = {0}, text = {0}, id = {0};
	struct rw_message m = {.edition = RW_MAIL_EDITION, .from_name = brand,
		.from = sender, .to = recipient};
	bool ok;

	rw_buf_addf(&subject, "%s Monthly Report - ", brand);
	add_months(summary, &subject);
	rw_buf_addf(&subject, ": %" PRIu64 " sent, %" PRIu64 " failed, "
		"%" PRIu64 " in doubt", summary->links + summary->attachments,
		summary->failed, summary->in_doubt);
	write_text(summary, run_id, &text);
	rw_buf_addf(&id, "summary.%lld.%ld@%s",
		(long long)rw_clock_now_ms(), (long)getpid(),
		strrchr(sender, '@') + 1);
	m.subject = rw_buf_text(&subject);
	m.message_id = rw_buf_text(&id);
	m.text = rw_buf_text(&text);
	ok = rw_clock_document(&m.date, err) &&
		rw_buf_ok(&text, "the summary", err) &&
		rw_message_compose(&m, out, err);
	rw_buf_free(&subject);
	rw_buf_free(&text);
	rw_buf_free(&id);
	return ok;
}
