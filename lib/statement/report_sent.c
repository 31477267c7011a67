#include "statement/report_sent.h"

#include <string.h>

#include "base/buf.h"
#include "base/money.h"
#include "record/record.h"

/* The figures and the currency, as the ledger has them. */
static void
add_figures(struct rw_buf *out, const struct rw_statement *s)
{
	char total[RW_MONEY_SIZE], amount[RW_MONEY_SIZE];

	rw_money_text(total, s->total, s->minor);
	rw_money_text(amount, s->fee.amount, s->minor);
	rw_record_add_figures(out, total, amount, s->in.currency);
}

static bool
has_figures(const struct rw_statement *s, const char *then)
{
	struct rw_buf now = {0};
	bool same;

	add_figures(&now, s);
	same = strcmp(rw_buf_text(&now), then) == 0;
	rw_buf_free(&now);
	return same;
}

/* Of a claim only the beginning of a digest is known. */
static bool
is_digest(const char *then, const char *now)
{
	size_t len = strlen(then);

	return len >= 8 && strncmp(then, now, len) == 0;
}

static bool
fail_figures(const struct rw_statement *s, struct rw_err *err)
{
	struct rw_buf now = {0};

	add_figures(&now, s);
	rw_fail(err, RW_DATA, "it was sent, or may have been, with %.80s, and "
		"has %s now: "
		"--revise sends it as a correction", s->in.sent.figures,
		rw_buf_text(&now));
	rw_buf_free(&now);
	return false;
}

bool
rw_report_sent_has_content(const struct rw_statement *s, const char *content,
	struct rw_err *err)
{
	const struct rw_statement_sent *sent = &s->in.sent;

	if (sent->figures != NULL && !has_figures(s, sent->figures))
		return fail_figures(s, err);
	if (sent->content == NULL ||
	    is_digest(sent->content, content))
		return true;
	return rw_fail(err, RW_DATA, "it was sent, or may have been, with "
		"different content (days, percentage, balances, name or IBAN): "
		"--revise sends this one as a correction");
}

bool
rw_report_sent_is_drawn(const struct rw_statement *s, const char *drawn,
	struct rw_err *err)
{
	const char *then = s->in.sent.drawn;

	return then == NULL || is_digest(then, drawn) ||
		rw_fail(err, RW_DATA, "it may have been sent as a different "
		"document (layout, issuer, payee or earlier months): "
		"--revise sends this one as a correction");
}

bool
rw_report_sent_is_unchanged(const struct rw_statement *s, const char *content,
	const char *drawn)
{
	const struct rw_statement_sent *then = &s->in.revised;

	if (s->in.revision <= 1)
		return false;
	if (then->content == NULL && then->drawn == NULL)
		return then->figures != NULL && has_figures(s, then->figures);
	return then->content != NULL && then->drawn != NULL &&
		is_digest(then->content, content) &&
		is_digest(then->drawn, drawn);
}
