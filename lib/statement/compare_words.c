#include "statement/compare_words.h"

#include <inttypes.h>
#include <string.h>

#include "base/currency.h"
#include "base/money.h"
#include "base/text.h"
#include "statement/sentences.h"
#include "statement/words.h"

/* ---- a correction ------------------------------------------------------------ */

static void
add_number(const struct rw_statement *s, struct rw_buf *out)
{
	char period[RW_PERIOD_SIZE];

	rw_period_text(period, s->in.period);
	rw_buf_addf(out, "%s-%s", period, s->in.follower_id);
	if (s->in.replaced.revision > 1)
		rw_buf_addf(out, "-r%" PRId64, s->in.replaced.revision);
}

void
rw_statement_replaces(const struct rw_statement *s, struct rw_buf *out)
{
	struct rw_date issued = s->in.replaced.issued;
	char date[32];

	if (issued.year == 0)
		issued = rw_date_later((struct rw_date){s->in.period.year,
			s->in.period.month, 1},
			(unsigned)rw_period_days(s->in.period));
	rw_date_words(date, issued);
	rw_buf_addf(out, "%s ", rw_word(RW_WORD_CORRECTED_REPLACES));
	add_number(s, out);
	rw_buf_addf(out, " of %s.", date);
}

static bool
is_other_currency(const struct rw_statement *s)
{
	return strcmp(s->in.replaced.currency, s->in.currency) != 0;
}

bool
rw_statement_has_same_figures(const struct rw_statement *s)
{
	const struct rw_correction *row = s->corrections;

	for (; row < s->corrections + s->correction_count; row++)
		if (row->kind > RW_CORRECTED_COMMISSION || !row->had ||
		    row->then != row->now)
			return false;
	return !is_other_currency(s);
}

void
rw_correction_label(const struct rw_statement *s,
	const struct rw_correction *row, struct rw_buf *out)
{
	static const enum rw_word words[] = {
		[RW_CORRECTED_PNL] = RW_WORD_NET_PNL,
		[RW_CORRECTED_COMMISSION] = RW_WORD_COMMISSION,
		[RW_CORRECTED_RATE] = RW_WORD_RATE,
		[RW_CORRECTED_OPENING] = RW_WORD_OPENING_BALANCE,
	};
	char date[32];

	if (row->kind != RW_CORRECTED_DAY) {
		rw_buf_adds(out, rw_word(words[row->kind]));
		return;
	}
	rw_date_words(date, (struct rw_date){s->in.period.year,
		s->in.period.month, row->day});
	/* Without the year, which is that of the statement. */
	*strrchr(date, ' ') = '\0';
	rw_buf_adds(out, date);
}

/* The decimals of a figure. With two currencies each has its own. */
static int
digits_of(const struct rw_statement *s, const struct rw_correction *row,
	const char *currency)
{
	struct rw_err ignored;
	int digits;

	if (is_other_currency(s) &&
	    rw_currency_digits(currency, &digits, &ignored))
		return digits;
	return row->kind == RW_CORRECTED_COMMISSION ? s->minor : s->digits;
}

/* currency: of the value. */
static void
add_value(const struct rw_statement *s, const struct rw_correction *row,
	bool known, int64_t value, const char *currency, struct rw_buf *out)
{
	char text[RW_MONEY_SIZE];

	if (!known) {
		rw_buf_adds(out, "\xe2\x80\x93");
		return;
	}
	if (row->kind == RW_CORRECTED_RATE) {
		rw_percent_text(out, value);
		return;
	}
	rw_money_grouped(text, value, digits_of(s, row, currency));
	rw_buf_adds(out, text);
	if (is_other_currency(s))
		rw_buf_addf(out, " %s", currency);
}

void
rw_correction_then(const struct rw_statement *s,
	const struct rw_correction *row, struct rw_buf *out)
{
	add_value(s, row, row->had, row->then, s->in.replaced.currency, out);
}

void
rw_correction_now(const struct rw_statement *s,
	const struct rw_correction *row, struct rw_buf *out)
{
	add_value(s, row, row->has, row->now, s->in.currency, out);
}

static void
add_row_json(struct rw_buf *out, const char *label, const char *then,
	const char *now)
{
	rw_buf_addc(out, '[');
	rw_text_add_json(out, label);
	rw_buf_addc(out, ',');
	rw_text_add_json(out, then);
	rw_buf_addc(out, ',');
	rw_text_add_json(out, now);
	rw_buf_addc(out, ']');
}

void
rw_correction_json(const struct rw_statement *s, struct rw_buf *out)
{
	struct rw_buf label = {0}, then = {0}, now = {0};
	size_t i;

	rw_statement_replaces(s, &label);
	if (rw_statement_has_same_figures(s))
		rw_buf_addf(&label, " %s", rw_word(RW_WORD_SAME_FIGURES));
	rw_buf_adds(out, "{\"text\":");
	rw_text_add_json(out, rw_buf_text(&label));
	rw_buf_adds(out, ",\"changes\":[");
	/* With two currencies each figure has its own. */
	add_row_json(out, is_other_currency(s) ? "" : s->in.currency,
		rw_word(RW_WORD_BEFORE), rw_word(RW_WORD_NOW));
	for (i = 0; i < s->correction_count; i++) {
		rw_buf_reset(&label);
		rw_buf_reset(&then);
		rw_buf_reset(&now);
		rw_correction_label(s, &s->corrections[i], &label);
		rw_correction_then(s, &s->corrections[i], &then);
		rw_correction_now(s, &s->corrections[i], &now);
		rw_buf_addc(out, ',');
		add_row_json(out, rw_buf_text(&label), rw_buf_text(&then),
			rw_buf_text(&now));
	}
	rw_buf_adds(out, "]}");
	rw_buf_free(&label);
	rw_buf_free(&then);
	rw_buf_free(&now);
}

/* ---- the year --------------------------------------------------------------- */

void
rw_month_short(struct rw_period period, struct rw_buf *out)
{
	char words[32];

	rw_period_words(words, period);
	rw_buf_addf(out, "%.3s%s", words, strrchr(words, ' '));
}

void
rw_year_return(const struct rw_year_month *month, struct rw_buf *out)
{
	char text[RW_MONEY_SIZE];
	int64_t rounded;

	if (!rw_money_round(month->yield, 2, &rounded))
		return;
	rw_money_grouped(text, rounded, 2);
	rw_buf_addf(out, "%s%s %%", rounded > 0 ? "+" : "", text);
}

void
rw_statement_sum_words(const struct rw_statement *s,
	const struct rw_earlier_sum *sum, struct rw_buf *out)
{
	rw_statement_money(s, sum->pnl, s->digits, out);
	rw_buf_adds(out, ", commission ");
	rw_statement_money(s, sum->commission, s->minor, out);
	rw_buf_addf(out, ", %" PRId64 " month%s since ", sum->months,
		sum->months == 1 ? "" : "s");
	rw_month_short(sum->first, out);
}
