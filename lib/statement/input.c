#include "statement/input.h"

#include <string.h>

#include "base/currency.h"
#include "base/text.h"
#include "base/unicode.h"
#include "statement/expected.h"

static bool
read_rate(struct rw_statement_input *input, struct rw_record *record,
	const struct rw_statement_defaults *defaults, struct rw_err *err)
{
	if (rw_record_has(record, RW_M_COMMISSION_PCT))
		return rw_record_money(record, RW_M_COMMISSION_PCT,
			&input->fee.rate, err);
	if (!defaults->has_rate)
		return rw_fail(err, RW_DATA, "commission_pct is missing, and "
			"DEFAULT_COMMISSION_PERCENTAGE is not set");
	input->fee.rate = defaults->rate;
	return true;
}

static bool
read_iban(struct rw_statement_input *input, struct rw_record *record,
	struct rw_err *err)
{
	const char *iban;

	if (!rw_record_optional_string(record, RW_M_IBAN, "", &iban, err))
		return false;
	return iban[0] == '\0' || rw_iban_parse(iban, input->iban, err);
}

static bool
read_currency(struct rw_statement_input *input, struct rw_record *record,
	struct rw_err *err)
{
	const char *currency;
	int digits;

	if (!rw_record_optional_string(record, RW_M_CURRENCY,
	    RW_MONEY_DEFAULT_CURRENCY, &currency, err))
		return false;
	if (!rw_currency_digits(currency, &digits, err))
		return false;
	memcpy(input->currency, currency, sizeof input->currency);
	return true;
}

static bool
read_largest(struct rw_statement_input *input, struct rw_record *record,
	const struct rw_statement_defaults *defaults, struct rw_err *err)
{
	input->expected.max_change = defaults->max_change;
	input->expected.largest = 0;
	return !rw_record_has(record, RW_M_LARGEST_PNL) ||
		rw_record_sum(rw_line_get(&record->line, RW_M_LARGEST_PNL),
		&record->line.arena, &input->expected.largest, err) ||
		rw_err_prefix(err, "%s", RW_M_LARGEST_PNL);
}

static bool
read_revision(struct rw_statement_input *input, struct rw_record *record,
	struct rw_err *err)
{
	if (!rw_record_optional_int(record, RW_M_REVISION, 1,
	    &input->revision, err))
		return false;
	if (input->revision < 1 || input->revision > 9999)
		return rw_fail(err, RW_DATA, "revision is not between 1 and "
			"9999");
	return true;
}

static bool
read_sent(struct rw_statement_input *input, struct rw_record *record,
	struct rw_err *err)
{
	const struct {
		const char *member, **value;
	} all[] = {
		{RW_M_SENT_FIGURES, &input->sent.figures},
		{RW_M_SENT_CONTENT_SHA256, &input->sent.content},
		{RW_M_SENT_DRAWN_SHA256, &input->sent.drawn},
		{RW_M_REVISED_FIGURES, &input->revised.figures},
		{RW_M_REVISED_CONTENT_SHA256, &input->revised.content},
		{RW_M_REVISED_DRAWN_SHA256, &input->revised.drawn},
	};
	size_t i;

	for (i = 0; i < sizeof all / sizeof *all; i++)
		if (!rw_record_optional_string(record, all[i].member, NULL,
		    all[i].value, err))
			return false;
	return true;
}

/* Puts the day where it belongs; they nearly always come in order. */
static bool
insert_day(struct rw_statement_input *input,
	const struct rw_statement_day *day, struct rw_err *err)
{
	size_t i = input->count;

	while (i > 0 && rw_date_compare(input->days[i - 1].date,
	    day->date) > 0)
		i--;
	if (i > 0 && rw_date_compare(input->days[i - 1].date, day->date) == 0)
		return rw_fail(err, RW_DATA, "duplicate day");
	memmove(&input->days[i + 1], &input->days[i],
		(input->count - i) * sizeof *day);
	input->days[i] = *day;
	input->count++;
	return true;
}

static bool
read_day(struct rw_statement_input *input, const char *name,
	struct rw_json value, struct rw_arena *arena, struct rw_err *err)
{
	struct rw_statement_day day = {0};
	char period[RW_PERIOD_SIZE];

	if (!rw_date_parse(name, strlen(name), &day.date, err))
		return false;
	if (!rw_date_is_in(day.date, input->period)) {
		rw_period_text(period, input->period);
		return rw_fail(err, RW_DATA, "this day is not in %s", period);
	}
	return rw_record_amount(value, arena, &day.pnl, err) &&
		insert_day(input, &day, err);
}

static bool
read_days(struct rw_statement_input *input, struct rw_record *record,
	struct rw_err *err)
{
	struct rw_json days = rw_line_get(&record->line, RW_M_DAILY_PNL);
	struct rw_json name, value;
	size_t at = 0;

	if (rw_json_type(days) != RW_JSON_OBJECT)
		return rw_fail(err, RW_DATA, "daily_pnl is %s, not an object "
			"of dates and decimals", rw_json_type_words(days));
	while (rw_json_next(days, &at, &name, &value)) {
		const char *text = rw_json_string(name, &record->line.arena,
			err);

		if (text == NULL)
			return rw_err_prefix(err, "daily_pnl");
		if (!read_day(input, text, value, &record->line.arena, err))
			return rw_err_prefix(err, "daily_pnl \"%.40s\"",
				text);
	}
	return true;
}

/* The member as a date; *date unchanged when there is none. */
static bool
read_date(struct rw_record *record, const char *member, struct rw_date *date,
	struct rw_err *err)
{
	const char *text;

	if (!rw_record_optional_string(record, member, "", &text, err))
		return false;
	return text[0] == '\0' || rw_date_parse(text, strlen(text), date, err) ||
		rw_err_prefix(err, "%s", member);
}

static bool
read_issued(struct rw_statement_input *input, struct rw_record *record,
	struct rw_err *err)
{
	struct rw_date last = {input->period.year, input->period.month,
		rw_period_days(input->period)};
	char text[RW_DATE_SIZE];

	if (!read_date(record, RW_M_ISSUE_DATE, &input->issued, err))
		return false;
	if (input->issued.year == 0 ||
	    rw_date_compare(input->issued, last) >= 0)
		return true;
	rw_date_text(text, last);
	return rw_fail(err, RW_DATA, "issue_date is before %s, the last day "
		"of the month: expected that day or a later one", text);
}

static bool
read_payment(struct rw_statement_input *input, struct rw_record *record,
	const struct rw_statement_defaults *defaults, struct rw_err *err)
{
	const char *reference;

	input->payee = &defaults->payee;
	if (!read_date(record, RW_M_COMMISSION_PAID_ON, &input->paid, err) ||
	    !rw_record_optional_string(record, RW_M_COMMISSION_REFERENCE, "",
	    &reference, err))
		return false;
	if (rw_text_has_control(reference))
		return rw_fail(err, RW_DATA, "commission_reference has a "
			"control character");
	if (!rw_text_is_invisible(reference))
		input->paid_reference = reference;
	return true;
}

bool
rw_statement_read(struct rw_statement_input *input, struct rw_record *record,
	const struct rw_statement_defaults *defaults, struct rw_err *err)
{
	*input = (struct rw_statement_input){
		.follower_id = record->follower_id,
		.period = record->period,
		.zone = defaults->zone,
		.fee.model = defaults->model,
	};
	return rw_record_follower_name(record, &input->name, err) &&
		read_iban(input, record, err) &&
		read_currency(input, record, err) &&
		read_rate(input, record, defaults, err) &&
		rw_record_optional_money(record, RW_M_HIGH_WATER_MARK,
			&input->fee.has_mark, &input->fee.mark, err) &&
		rw_record_optional_money(record, RW_M_OPENING_BALANCE,
			&input->fee.has_opening, &input->fee.opening, err) &&
		(!defaults->checks || rw_expected_read(&input->expected,
			record, err)) &&
		read_largest(input, record, defaults, err) &&
		read_revision(input, record, err) &&
		read_issued(input, record, err) &&
		read_payment(input, record, defaults, err) &&
		read_sent(input, record, err) &&
		rw_earlier_read(&input->earlier, record, err) &&
		rw_replaced_read(&input->replaced, record, err) &&
		read_days(input, record, err);
}
