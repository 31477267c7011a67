#include "record/record.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "record/setter.h"

void
rw_record_free(struct rw_record *record)
{
	rw_line_free(&record->line);
	*record = (struct rw_record){0};
}

bool
rw_record_is_id(const char *text)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t len = strlen(text);

	return len >= 1 && len <= 128 && text[0] != '.' &&
		strspn(text, allowed) == len;
}

static bool
read_id(struct rw_record *record, struct rw_err *err)
{
	const char *id;

	if (!rw_record_string(record, RW_M_FOLLOWER_ID, &id, err))
		return false;
	if (!rw_record_is_id(id))
		return rw_fail(err, RW_DATA, "follower_id is \"%.140s\": "
			"expected 1 to 128 of A-Z a-z 0-9 . _ - and no dot at "
			"the start", id);
	record->follower_id = id;
	return true;
}

static bool
read_period(struct rw_record *record, const struct rw_period *wanted,
	struct rw_err *err)
{
	char text[RW_PERIOD_SIZE];
	const char *given;

	if (wanted != NULL)
		rw_period_text(text, *wanted);
	if (!rw_record_has(record, RW_M_REPORT_PERIOD) && wanted != NULL)
		rw_line_set_string(&record->line, RW_M_REPORT_PERIOD, text);
	if (!rw_record_string(record, RW_M_REPORT_PERIOD, &given, err))
		return false;
	if (!rw_period_parse(given, &record->period, err))
		return rw_err_prefix(err, "%s", RW_M_REPORT_PERIOD);
	if (wanted != NULL && strcmp(given, text) != 0)
		return rw_fail(err, RW_DATA, "report_period is \"%s\", and "
			"--period asks for %s", given, text);
	return true;
}

bool
rw_record_parse(struct rw_record *record, const char *text, size_t len,
	const struct rw_period *period, struct rw_err *err)
{
	record->follower_id = NULL;
	record->period = (struct rw_period){0};
	return rw_line_parse(&record->line, text, len, err) &&
		read_id(record, err) && read_period(record, period, err);
}

bool
rw_record_has(const struct rw_record *record, const char *member)
{
	enum rw_json_type type = rw_json_type(rw_line_get(&record->line,
		member));

	return type != RW_JSON_NONE && type != RW_JSON_NULL;
}

static bool
fail_missing(const char *member, struct rw_err *err)
{
	const char *tool = rw_record_setter(member);

	if (tool == NULL)
		return rw_fail(err, RW_DATA, "%s is missing", member);
	return rw_fail(err, RW_DATA, "%s is missing: run %s first", member,
		tool);
}

bool
rw_record_string(struct rw_record *record, const char *member,
	const char **value, struct rw_err *err)
{
	const char *text;

	if (!rw_record_has(record, member))
		return fail_missing(member, err);
	text = rw_json_string(rw_line_get(&record->line, member),
		&record->line.arena, err);
	if (text == NULL)
		return rw_err_prefix(err, "%s", member);
	*value = text;
	return true;
}

bool
rw_record_optional_string(struct rw_record *record, const char *member,
	const char *otherwise, const char **value, struct rw_err *err)
{
	if (rw_record_has(record, member))
		return rw_record_string(record, member, value, err);
	*value = otherwise;
	return true;
}

static bool
read_amount(struct rw_json value, struct rw_arena *arena,
	bool (*parse)(const char *text, size_t len, int64_t *amount,
	struct rw_err *err), int64_t *amount, struct rw_err *err)
{
	const char *text;

	switch (rw_json_type(value)) {
	case RW_JSON_NUMBER:
		return parse(value.text, value.len, amount, err);
	case RW_JSON_STRING:
		text = rw_json_string(value, arena, err);
		return text != NULL && parse(text, strlen(text), amount, err);
	case RW_JSON_NONE:
	case RW_JSON_NULL:
	case RW_JSON_FALSE:
	case RW_JSON_TRUE:
	case RW_JSON_ARRAY:
	case RW_JSON_OBJECT:
		break;
	}
	return rw_fail(err, RW_DATA, "expected a decimal number, found %s",
		rw_json_type_words(value));
}

bool
rw_record_amount(struct rw_json value, struct rw_arena *arena,
	int64_t *amount, struct rw_err *err)
{
	return read_amount(value, arena, rw_money_parse, amount, err);
}

bool
rw_record_sum(struct rw_json value, struct rw_arena *arena, int64_t *amount,
	struct rw_err *err)
{
	return read_amount(value, arena, rw_money_parse_sum, amount, err);
}

bool
rw_record_money(struct rw_record *record, const char *member, int64_t *amount,
	struct rw_err *err)
{
	if (!rw_record_has(record, member))
		return fail_missing(member, err);
	return rw_record_amount(rw_line_get(&record->line, member),
		&record->line.arena, amount, err) ||
		rw_err_prefix(err, "%s", member);
}

bool
rw_record_optional_money(struct rw_record *record, const char *member,
	bool *found, int64_t *amount, struct rw_err *err)
{
	*found = rw_record_has(record, member);
	return !*found || rw_record_money(record, member, amount, err);
}

bool
rw_record_optional_int(struct rw_record *record, const char *member,
	int64_t otherwise, int64_t *value, struct rw_err *err)
{
	struct rw_json json = rw_line_get(&record->line, member);
	uint64_t n;
	char text[24] = "";

	if (!rw_record_has(record, member)) {
		*value = otherwise;
		return true;
	}
	if (rw_json_type(json) == RW_JSON_NUMBER && json.len < sizeof text) {
		memcpy(text, json.text, json.len);
		if (rw_text_to_u64(text + (text[0] == '-'), INT64_MAX, &n)) {
			*value = text[0] == '-' ? -(int64_t)n : (int64_t)n;
			return true;
		}
	}
	return rw_fail(err, RW_DATA, "%s is %.*s: expected a whole number",
		member, json.len > 40 ? 40 : (int)json.len, json.text);
}

bool
rw_record_optional_bool(struct rw_record *record, const char *member,
	bool *value, struct rw_err *err)
{
	struct rw_json json = rw_line_get(&record->line, member);
	enum rw_json_type type = rw_json_type(json);

	*value = type == RW_JSON_TRUE;
	if (type == RW_JSON_TRUE || type == RW_JSON_FALSE ||
	    !rw_record_has(record, member))
		return true;
	return rw_fail(err, RW_DATA, "%s: expected true or false, found %s",
		member, rw_json_type_words(json));
}

bool
rw_record_optional_time(struct rw_record *record, const char *member,
	bool *found, int64_t *seconds, struct rw_err *err)
{
	const char *text;

	*found = rw_record_has(record, member);
	if (!*found)
		return true;
	if (!rw_record_string(record, member, &text, err))
		return false;
	return rw_rfc3339_parse(text, seconds) ||
		rw_fail(err, RW_DATA, "%s is \"%.40s\": expected a time such "
			"as 2025-07-01T00:10:00Z", member, text);
}

void
rw_record_set_money(struct rw_record *record, const char *member,
	int64_t amount, int digits)
{
	char text[RW_MONEY_SIZE];

	rw_money_text(text, amount, digits);
	rw_line_set_string(&record->line, member, text);
}

void
rw_record_set_time(struct rw_record *record, const char *member,
	int64_t seconds)
{
	char text[RW_RFC3339_SIZE];

	rw_rfc3339(text, seconds);
	rw_line_set_string(&record->line, member, text);
}

bool
rw_record_is_real(struct rw_record *record, struct rw_err *err)
{
	bool dry = false;

	return rw_record_optional_bool(record, RW_M_DRY_RUN, &dry, err) &&
		(!dry || rw_fail(err, RW_DATA, "it comes from rw-put "
		"--dry-run, which uploads nothing: its links would lead to "
		"nothing"));
}

void
rw_record_add_figures(struct rw_buf *out, const char *total,
	const char *amount, const char *currency)
{
	rw_buf_addf(out, "%s %s and a commission of %s %s", total, currency,
		amount, currency);
}

void
rw_record_set_error(struct rw_record *record, const char *tool,
	const struct rw_err *failure)
{
	struct rw_buf json = {0};

	rw_buf_adds(&json, "{\"tool\":");
	rw_text_add_json(&json, tool);
	rw_buf_adds(&json, ",\"kind\":");
	rw_text_add_json(&json, rw_kind_name(failure->kind));
	rw_buf_adds(&json, ",\"message\":");
	rw_text_add_json(&json, failure->message);
	rw_buf_addf(&json, ",\"retryable\":%s}",
		failure->retryable ? "true" : "false");
	rw_line_set(&record->line, RW_M_ERROR, rw_buf_text(&json), json.len);
	rw_buf_free(&json);
}

/* A string member of the error; NULL when there is none. */
static const char *
error_part(struct rw_record *record, const char *part)
{
	struct rw_json error = rw_line_get(&record->line, RW_M_ERROR);
	struct rw_json name, value;
	const char *key;
	size_t at = 0;

	while (rw_json_next(error, &at, &name, &value)) {
		key = rw_json_string(name, &record->line.arena, NULL);
		if (key != NULL && strcmp(key, part) == 0)
			return rw_json_string(value, &record->line.arena,
				NULL);
	}
	return NULL;
}

const char *
rw_record_error_tool(struct rw_record *record)
{
	const char *tool;

	if (!rw_record_has(record, RW_M_ERROR))
		return NULL;
	tool = error_part(record, "tool");
	return tool != NULL ? tool : "";
}

const char *
rw_record_error_message(struct rw_record *record)
{
	const char *message;

	if (!rw_record_has(record, RW_M_ERROR))
		return NULL;
	message = error_part(record, "message");
	return message != NULL ? message : "";
}

const char *
rw_record_label(struct rw_record *record)
{
	char text[160];

	if (record->follower_id == NULL)
		snprintf(text, sizeof text, "line %llu",
			(unsigned long long)record->number);
	else if (record->period.year == 0)
		snprintf(text, sizeof text, "line %llu (%s)",
			(unsigned long long)record->number,
			record->follower_id);
	else
		snprintf(text, sizeof text, "%s %04d-%02d",
			record->follower_id, record->period.year,
			record->period.month);
	return rw_arena_copy(&record->line.arena, text, strlen(text));
}
