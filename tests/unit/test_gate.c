#include <stdlib.h>

#include "followers/gate.h"
#include "tap.h"

/* Reports are "MONTH DAYS" (as in 2025-06 3,4; none: "-"; malformed: "x"), and
 * may be repeated: "*9". */
static const struct {
	const char *name, *reports;
	struct rw_gate_options options;
	uint64_t due;			/* 0: as many as reports */
	const char *why;		/* the first words of each line */
} cases[] = {
	{"nothing is due", "", {0}, 0, ""},
	{"a month that is over", "2025-06 2*12", {0}, 0, ""},
	{"the month before", "2025-05 2*12", {0}, 0, ""},
	{"a month that is not over", "2025-07 2*12", {0}, 0, "2025-07 is"},
	{"one report of it", "2025-07 2", {0}, 0, "2025-07 is"},
	{"one of many months", "2025-06 2*3;2025-07 2;2025-06 3", {0}, 0,
		"2025-07 is"},
	{"a month of the future", "2025-08 2", {0}, 0, "2025-08 is"},
	{"of another year", "2026-01 2;2024-12 2", {0}, 0, "2026-01 is"},
	{"chosen by name", "2025-07 2", {.selected = true}, 0, "2025-07 is"},
	{"allowed", "2025-07 2;2025-08 2", {.allow_unfinished = true}, 0, ""},
	{"--allow-empty does not allow it", "2025-07 -*12",
		{.allow_empty = true}, 0, "2025-07 is"},
	{"nobody has a day", "2025-06 -*10", {0}, 0, "none of"},
	{"nobody of nine", "2025-06 -*9", {0}, 0, ""},
	{"nobody, allowed", "2025-06 -*10", {.allow_empty = true}, 0, ""},
	{"nobody, but unfinished is allowed", "2025-06 -*10",
		{.allow_unfinished = true}, 0, "none of"},
	{"nobody, chosen by name", "2025-06 -*10", {.selected = true}, 0, ""},
	{"nobody, 100 percent", "2025-06 -*10", {.max_empty = 100}, 0,
		"none of"},
	{"half is not more than half", "2025-06 -*5;2025-06 2*5",
		{.max_empty = 50}, 0, ""},
	{"more than half", "2025-06 -*6;2025-06 2*5", {.max_empty = 50}, 0,
		"6 of"},
	{"more than half of nine", "2025-06 -*8;2025-06 2", {.max_empty = 50},
		0, ""},
	{"one of many, and none may be", "2025-06 2*99;2025-06 -",
		{.max_empty = 0}, 0, "1 of"},
	{"all but one, 99 percent", "2025-06 -*99;2025-06 2",
		{.max_empty = 99}, 0, ""},
	{"malformed days do not make a month empty", "2025-06 x*12",
		{.max_empty = 0}, 0, ""},
	{"months are judged one by one", "2025-06 -*10;2025-05 2*90",
		{.max_empty = 50}, 0, "none of"},
	{"reports of a month of nine, of ten", "2025-06 -*9;2025-05 2*1",
		{.max_empty = 50}, 0, ""},
	{"few reports", "2025-06 2*3", {.expect_min = 4}, 0, "3 reports"},
	{"enough reports", "2025-06 2*3", {.expect_min = 3}, 0, ""},
	{"lines that cannot be read are reports", "2025-06 2*3",
		{.expect_min = 4}, 4, ""},
	{"few days", "2025-06 2,3;2025-06 3,4", {.expect_days = 4}, 0,
		"2025-06 has"},
	{"enough days", "2025-06 2,3;2025-06 3,4", {.expect_days = 3}, 0, ""},
	{"malformed days do not count", "2025-06 2;2025-06 x",
		{.expect_days = 2}, 0, "2025-06 has"},
	{"several gates", "2025-08 -*12", {.expect_min = 13, .expect_days = 1},
		0, "12 reports;2025-08 is;none of;2025-08 has"},
};

static uint32_t
read_days(const char **at)
{
	uint32_t days = 0;
	char *end;

	if (**at == '-' || **at == 'x')
		return *(*at)++ == 'x' ? RW_GATE_OTHER : 0;
	for (;;) {
		days |= UINT32_C(1) << strtoul(*at, &end, 10);
		*at = end + (*end == ',');
		if (*end != ',')
			return days;
	}
}

static uint64_t
fill(struct rw_gate *gate, const char *at)
{
	char name[RW_PERIOD_SIZE];
	struct rw_period period;
	uint64_t due = 0;
	uint32_t days;
	unsigned long n;
	char *end;

	while (*at != '\0') {
		snprintf(name, sizeof name, "%s", at);
		if (!rw_period_parse(name, &period, NULL))
			return 0;
		at += RW_PERIOD_SIZE;
		days = read_days(&at);
		n = 1;
		if (*at == '*') {
			n = strtoul(at + 1, &end, 10);
			at = end;
		}
		for (due += n; n > 0; n--)
			if (!rw_gate_add(gate, period, days, NULL))
				return 0;
		at += *at == ';';
	}
	return due;
}

/* The first two words of each line. */
static void
shorten(const char *why, char *out, size_t room)
{
	const char *end;
	size_t len;

	for (*out = '\0'; *why != '\0'; why = strchr(why, '\n') + 1) {
		end = strchr(strchr(why, ' ') + 1, ' ');
		len = strlen(out);
		snprintf(out + len, room - len, "%s%.*s", len > 0 ? ";" : "",
			(int)(end - why), why);
	}
}

static void
test_case(size_t i)
{
	struct rw_gate_options options = cases[i].options;
	struct rw_gate gate = {0};
	struct rw_buf why = {0};
	char got[400];
	uint64_t due;

	options.last = (struct rw_period){2025, 6};
	options.zone = "UTC";
	due = fill(&gate, cases[i].reports);
	rw_gate_judge(&gate, &options, cases[i].due != 0 ? cases[i].due : due,
		&why);
	shorten(rw_buf_text(&why), got, sizeof got);
	is(got, cases[i].why, "%s", cases[i].name);
	rw_buf_free(&why);
	rw_gate_free(&gate);
}

static void
test_days(void)
{
	static const struct {
		const char *line;
		uint32_t days;
	} lines[] = {
		{"{\"daily_pnl\":{}}", 0},
		{"{\"daily_pnl\":null}", 0},
		{"{\"daily_pnl\":7}", 0},
		{"{}", 0},
		{"{\"daily_pnl\":{\"2025-06-02\":1,\"20250630\":\"0\"}}",
			1 | 1u << 2 | 1u << 30},
		{"{\"daily_pnl\":{\"2025-05-02\":1,\"2025-06-31\":1}}", 1},
	};
	struct rw_period period = {2025, 6};
	struct rw_record record;
	char text[200];
	size_t i;

	for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		snprintf(text, sizeof text, "{\"follower_id\":\"a\"%s%s",
			lines[i].line[1] == '}' ? "" : ",", lines[i].line + 1);
		record = (struct rw_record){0};
		ok(rw_record_parse(&record, text, strlen(text), &period, NULL)
			&& rw_gate_days(&record) == lines[i].days, "%s",
			lines[i].line);
		rw_record_free(&record);
	}
}

static void
test_settings(void)
{
	struct rw_gate_options options;
	struct rw_err err;

	unsetenv("RW_MAX_EMPTY");
	setenv("MARKET_CLOSE_TIMEZONE", "UTC", 1);
	ok(rw_gate_read_settings(&options, 1751328000, &err) &&
		options.max_empty == 50 && options.last.month == 6,
		"half by default, and June is over on the first of July");
	ok(rw_gate_read_settings(&options, 1751327999, &err) &&
		options.last.month == 5, "and not a second before");
	setenv("RW_MAX_EMPTY", "101", 1);
	ok(!rw_gate_read_settings(&options, 1751328000, &err) &&
		err.kind == RW_CONFIG, "no more than 100 percent");
	setenv("RW_MAX_EMPTY", "0", 1);
	setenv("MARKET_CLOSE_TIMEZONE", "Mars/Olympus", 1);
	ok(!rw_gate_read_settings(&options, 1751328000, &err) &&
		err.kind == RW_CONFIG, "a zone that does not exist");
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		test_case(i);
	test_days();
	test_settings();
	return done();
}
