#include "statement/earlier.h"

#include <stdlib.h>
#include <string.h>

#include "base/money.h"

/* ---- members of an object -------------------------------------------------- */

/* The member of this name; no text when there is none. */
static struct rw_json
member_of(struct rw_json object, const char *wanted)
{
	struct rw_json name, value;
	size_t at = 0, len = strlen(wanted);

	while (rw_json_next(object, &at, &name, &value))
		if (name.len == len + 2 && memcmp(name.text + 1, wanted,
		    len) == 0 && rw_json_type(value) != RW_JSON_NULL)
			return value;
	return (struct rw_json){0};
}

static bool
take_amount(struct rw_json object, const char *name, struct rw_record *record,
	bool *found, int64_t *amount, struct rw_err *err)
{
	struct rw_json value = member_of(object, name);

	*found = value.text != NULL;
	return !*found || rw_record_sum(value, &record->line.arena, amount,
		err) || rw_err_prefix(err, "%s", name);
}

static bool
need_amount(struct rw_json object, const char *name, struct rw_record *record,
	int64_t *amount, struct rw_err *err)
{
	bool found;

	return take_amount(object, name, record, &found, amount, err) &&
		(found || rw_fail(err, RW_DATA, "%s is missing", name));
}

static bool
take_period(struct rw_json object, const char *name, struct rw_record *record,
	struct rw_period *period, struct rw_err *err)
{
	const char *text = rw_json_string(member_of(object, name),
		&record->line.arena, err);

	return text != NULL && rw_period_parse(text, period, err);
}

/* At most six digits. */
static bool
take_count(struct rw_json object, const char *name, int64_t *count,
	struct rw_err *err)
{
	struct rw_json value = member_of(object, name);

	if (rw_json_type(value) != RW_JSON_NUMBER || value.len > 6)
		return rw_fail(err, RW_DATA, "%s is %s: expected a whole "
			"number", name, rw_json_type_words(value));
	*count = strtoll(value.text, NULL, 10);
	return true;
}

/* ---- the months before ------------------------------------------------------ */

static bool
read_month(struct rw_json object, struct rw_record *record,
	struct rw_earlier_month *month, struct rw_err *err)
{
	return take_period(object, RW_M_REPORT_PERIOD, record, &month->period,
		err) && need_amount(object, RW_M_TOTAL_PNL, record,
		&month->pnl, err) && need_amount(object,
		RW_M_COMMISSION_AMOUNT, record, &month->commission, err) &&
		take_amount(object, RW_M_OPENING_BALANCE, record,
		&month->has_opening, &month->opening, err);
}

static bool
read_months(struct rw_json list, struct rw_record *record,
	struct rw_earlier *earlier, struct rw_err *err)
{
	struct rw_json item;
	size_t at = 0;

	while (rw_json_item(list, &at, &item)) {
		if (earlier->count == RW_EARLIER_MONTHS)
			return rw_fail(err, RW_DATA, "more than %d months",
				RW_EARLIER_MONTHS);
		if (!read_month(item, record,
		    &earlier->months[earlier->count++], err))
			return false;
	}
	return true;
}

static bool
read_sum(struct rw_json object, struct rw_record *record,
	struct rw_earlier_sum *sum, struct rw_err *err)
{
	return take_count(object, "months", &sum->months, err) &&
		(sum->months == 0 || take_period(object, "first", record,
		&sum->first, err)) &&
		need_amount(object, RW_M_TOTAL_PNL, record, &sum->pnl, err) &&
		need_amount(object, RW_M_COMMISSION_AMOUNT, record,
		&sum->commission, err);
}

bool
rw_earlier_read(struct rw_earlier *earlier, struct rw_record *record,
	struct rw_err *err)
{
	struct rw_json object;

	if (!rw_record_has(record, RW_M_EARLIER_MONTHS))
		return true;
	object = rw_line_get(&record->line, RW_M_EARLIER_MONTHS);
	return (read_months(member_of(object, "months"), record, earlier,
		err) && read_sum(member_of(object, "year_to_date"), record,
		&earlier->year, err) && read_sum(member_of(object,
		"since_start"), record, &earlier->all, err)) ||
		rw_err_prefix(err, "%s", RW_M_EARLIER_MONTHS);
}

/* ---- what a correction replaces ---------------------------------------------- */

static bool
read_day(struct rw_replaced *replaced, struct rw_json name,
	struct rw_json value, struct rw_record *record, struct rw_err *err)
{
	const char *text = rw_json_string(name, &record->line.arena, err);
	struct rw_date date;

	if (text == NULL || !rw_date_parse(text, strlen(text), &date, err))
		return false;
	replaced->has_day[date.day] = true;
	return rw_record_amount(value, &record->line.arena,
		&replaced->days[date.day], err);
}

static bool
read_days(struct rw_json days, struct rw_replaced *replaced,
	struct rw_record *record, struct rw_err *err)
{
	struct rw_json name, value;
	size_t at = 0;

	replaced->has_days = rw_json_type(days) == RW_JSON_OBJECT;
	while (rw_json_next(days, &at, &name, &value))
		if (!read_day(replaced, name, value, record, err))
			return rw_err_prefix(err, "%s", RW_M_DAILY_PNL);
	return true;
}

/* An entry has no currency when the line had none. */
static bool
read_currency(struct rw_json object, struct rw_replaced *replaced,
	struct rw_record *record, struct rw_err *err)
{
	struct rw_json value = member_of(object, RW_M_CURRENCY);
	const char *text = RW_MONEY_DEFAULT_CURRENCY;

	if (value.text != NULL)
		text = rw_json_string(value, &record->line.arena, err);
	if (text == NULL)
		return false;
	if (strlen(text) != sizeof replaced->currency - 1)
		return rw_fail(err, RW_DATA, "currency is \"%.20s\"", text);
	memcpy(replaced->currency, text, sizeof replaced->currency);
	return true;
}

static bool
read_issued(struct rw_json object, struct rw_replaced *replaced,
	struct rw_record *record, struct rw_err *err)
{
	struct rw_json value = member_of(object, RW_M_ISSUE_DATE);
	const char *text;

	if (value.text == NULL)
		return true;
	text = rw_json_string(value, &record->line.arena, err);
	return text != NULL && rw_date_parse(text, strlen(text),
		&replaced->issued, err);
}

static bool
read_figures(struct rw_json object, struct rw_replaced *replaced,
	struct rw_record *record, struct rw_err *err)
{
	const struct {
		const char *name;
		bool *found;
		int64_t *amount;
	} all[] = {
		{RW_M_TOTAL_PNL, &replaced->has_pnl, &replaced->pnl},
		{RW_M_COMMISSION_AMOUNT, &replaced->has_commission,
			&replaced->commission},
		{RW_M_COMMISSION_PCT, &replaced->has_rate, &replaced->rate},
		{RW_M_OPENING_BALANCE, &replaced->has_opening,
			&replaced->opening},
	};
	size_t i;

	for (i = 0; i < sizeof all / sizeof *all; i++)
		if (!take_amount(object, all[i].name, record, all[i].found,
		    all[i].amount, err))
			return false;
	return true;
}

bool
rw_replaced_read(struct rw_replaced *replaced, struct rw_record *record,
	struct rw_err *err)
{
	struct rw_json object;

	if (!rw_record_has(record, RW_M_REPLACES))
		return true;
	object = rw_line_get(&record->line, RW_M_REPLACES);
	return (take_count(object, RW_M_REVISION, &replaced->revision, err) &&
		read_currency(object, replaced, record, err) &&
		read_issued(object, replaced, record, err) &&
		read_figures(object, replaced, record, err) &&
		read_days(member_of(object, RW_M_DAILY_PNL), replaced, record,
		err)) || rw_err_prefix(err, "%s", RW_M_REPLACES);
}
