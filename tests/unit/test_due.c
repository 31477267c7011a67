#include <stdlib.h>

#include "base/buf.h"
#include "base/money.h"
#include "followers/due.h"
#include "tap.h"

/* Sources are texts: followers "ID", "ID-" (left out) or "ID!" (malformed);
 * days "ID DAY AMOUNT", with "o" behind it for one that is open; "_" in an ID is
 * a blank, and "NONE=ID" has none, and seems to mean that one. */
struct words {
	const char *at;
};

static bool
take(struct words *words, char *word, size_t room)
{
	size_t len;

	words->at += strspn(words->at, ",");
	len = strcspn(words->at, ",");
	snprintf(word, room, "%.*s", (int)len, words->at);
	words->at += len;
	return len > 0;
}

static bool
next_follower(void *self, struct rw_follower *follower, bool *found,
	struct rw_err *err)
{
	char word[64], *end;

	*found = take(self, word, sizeof word);
	if (!*found)
		return true;
	if (strcmp(word, "FAIL") == 0)
		return rw_fail(err, RW_UNREACHABLE, "gone");
	end = word + strcspn(word, "-!");
	rw_follower_begin(follower, "x");
	if (*end == '-')
		snprintf(follower->left_out, sizeof follower->left_out, "out");
	if (*end == '!')
		rw_fail(&follower->wrong, RW_DATA, "bad");
	*end = '\0';
	snprintf(follower->id, sizeof follower->id, "%s", word);
	rw_line_set_string(&follower->record.line, RW_M_FOLLOWER_ID, word);
	return true;
}

static bool
next_day(void *self, struct rw_day *day, bool *found, struct rw_err *err)
{
	char word[64], id[16] = "", date[8], amount[24], date_text[24];
	char open = ' ', *at;

	*found = take(self, word, sizeof word);
	if (!*found)
		return true;
	if (strcmp(word, "FAIL") == 0)
		return rw_fail(err, RW_UNREACHABLE, "gone");
	sscanf(word, "%15s %7s %23[-0-9.x]%c", id, date, amount, &open);
	snprintf(date_text, sizeof date_text, "2025-06-%s", date);
	for (at = id; (at = strchr(at, '_')) != NULL;)
		*at = ' ';
	rw_day_begin(day, strncmp(id, "NONE", 4) == 0 ? "" : id);
	if (strncmp(id, "NONE=", 5) == 0)
		snprintf(day->meant, sizeof day->meant, "%s", id + 5);
	rw_day_read(day, date_text, amount, "pnl");
	if (rw_day_is_padded(day->id))
		rw_day_refuse_padded(day);
	day->is_open = open == 'o';
	return true;
}

static const struct {
	const char *name, *followers, *days;
	bool is_running, accept;
	const char *only;		/* NULL: all */
	/* ID{DATE:AMOUNT ...} each, "!" for an error; then what was said, E
	 * or W with the first word that names it. */
	const char *expected, *said;
} cases[] = {
	{"nobody", "", "", false, false, NULL, "", ""},
	{"no days", "a,b", "", false, false, NULL, "a{} b{}", ""},
	{"days of each", "a,b", "a 02 1,a 03 2.5,b 02 -3", false, false, NULL,
		"a{02:1.00 03:2.50} b{02:-3.00}", ""},
	{"days are put in order", "a", "a 03 1,a 01 2,a 02 3", false, false,
		NULL, "a{01:2.00 02:3.00 03:1.00}", ""},
	{"strangers before, between and behind", "b,d",
		"a 02 1,b 02 1,c 02 1,c 03 1,d 02 1,e 02 1", false, false,
		NULL, "b{02:1.00} d{02:1.00}", "W:a W:c W:e"},
	{"strangers who are ignored", "b", "i 02 1,j 02 1", false, false, NULL,
		"b{}", ""},
	{"left out without and with days", "a-,b-,c", "b 02 1,c 02 1", false,
		false, NULL, "c{02:1.00}", "I:a W:b"},
	{"malformed, whose days are nobody else's", "a!,b", "a 02 1,b 02 1",
		false, false, NULL, "a{02:1.00}! b{02:1.00}", "E:a"},
	{"malformed, without an id", "?!,b", "b 02 1", false, false, NULL,
		"b{02:1.00}", "E:?"},
	{"blanks before and behind an id", "a,b,c", "_a 02 1,a_ 03 1,c_ 02 1,"
		"a 02 1,b 02 1", false, false, NULL,
		"a{02:1.00}! b{02:1.00} c{}!", "E:a E:a E:c"},
	{"of ids that nobody has", "b", "_a 02 1,a_ 03 1,c_ 02 1,b 02 1",
		false, false, NULL, "b{02:1.00}", "E:a E:a E:c"},
	{"blanks alone", "b", "_ 02 1,b 02 1", false, false, NULL,
		"b{02:1.00}", "E:table"},
	{"a number for an id", "7,b", "NONE=7 02 1,7 02 1,b 02 1", false,
		false, NULL, "7{02:1.00}! b{02:1.00}", "E:7"},
	{"of one who is not asked for", "7,b", "NONE=7 02 1,7 02 1,b 02 1",
		false, false, "b", "b{02:1.00}", ""},
	{"a day of nobody", "a", "NONE 02 1,a 02 1", false, false, NULL,
		"a{02:1.00}", "E:table"},
	{"a day that is wrong", "a,b", "a 31 1,b 02 x,b 03 1", false, false,
		NULL, "a{}! b{03:1.00}!", "E:a E:b"},
	{"twice the same", "a", "a 02 1,a 02 1.00,a 02 1", false, false, NULL,
		"a{02:1.00}", ""},
	{"twice, and different", "a,b", "a 02 1,a 02 2,b 02 1", false, false,
		NULL, "a{02:1.00}! b{02:1.00}", "E:a"},
	{"different again", "a", "a 02 1,a 02 1,a 02 2,a 02 1", false, true,
		"a", "a{02:1.00}!", "E:a"},
	{"open", "a,b", "a 02 1o,a 03 1,b 02 1", false, false, NULL,
		"a{02:1.00 03:1.00}! b{02:1.00}", "E:a"},
	{"open, and accepted", "a", "a 02 1o", false, true, "a",
		"a{02:1.00}", ""},
	{"open in a month that runs", "a", "a 02 1o", true, false, NULL,
		"a{02:1.00}", ""},
	{"open once and final once", "a,b", "a 02 1o,a 02 1,b 02 1,b 02 1o",
		false, false, NULL, "a{02:1.00} b{02:1.00}", ""},
	{"two of one id", "a,a,b,c,c,c", "a 02 1,b 02 1,c 02 1", false, false,
		NULL, "a{02:1.00}! b{02:1.00} c{02:1.00}!", "E:a E:c"},
	{"one of them left out", "a-,a,b", "a 02 1", false, false, NULL,
		"a{02:1.00}! b{}", "E:a"},
	{"and the other way round", "a,a-,b", "a 02 1", false, false, NULL,
		"a{02:1.00}! b{}", "E:a"},
	{"one asked for", "a,b,c", "a 02 1,b 02 1,x 02 1", false, false, "b",
		"b{02:1.00}", ""},
	{"one asked for who is left out", "a,b-,c", "b 02 1", false, false,
		"b", "", "E:b"},
	{"the followers fail", "a,b,FAIL", "a 02 1", false, false, NULL, NULL,
		NULL},
	{"the days fail at the first", "a,b", "FAIL", false, false, NULL,
		NULL, NULL},
	{"the days fail behind the last", "a", "a 02 1,b 02 1,FAIL", false,
		false, NULL, NULL, NULL},
};

static void
say(void *context, enum rw_level level, const struct rw_err *what)
{
	static const char letters[] = {[RW_ERROR] = 'E', [RW_WARNING] = 'W',
		[RW_NOTICE] = 'N', [RW_INFO] = 'I'};
	const char *from = strncmp(what->message, "follower ", 9) == 0 ?
		what->message + 9 : strstr(what->message, " of ");
	struct rw_buf *said = context;

	if (strstr(what->message, ", a day of") != NULL)
		from = "table ";
	else if (from != NULL && from[0] == ' ')
		from += 4;
	from = from != NULL ? from : what->message;
	rw_buf_addf(said, "%s%c:%.*s", said->len > 0 ? " " : "",
		letters[level], (int)strcspn(from, " ,:"), from);
}

/* ID{DATE:AMOUNT ...} out of the line. */
static void
add_report(struct rw_buf *got, struct rw_record *record)
{
	struct rw_json days = rw_line_get(&record->line, RW_M_DAILY_PNL);
	struct rw_json id = rw_line_get(&record->line, RW_M_FOLLOWER_ID);
	struct rw_json name, value;
	size_t at = 0, n = 0;

	rw_buf_addf(got, "%s%.*s{", got->len > 0 ? " " : "", (int)id.len - 2,
		id.text + 1);
	while (rw_json_next(days, &at, &name, &value))
		rw_buf_addf(got, "%s%.2s:%.*s", n++ > 0 ? " " : "",
			name.text + 9, (int)value.len - 2, value.text + 1);
	rw_buf_adds(got, rw_record_has(record, RW_M_ERROR) ? "}!" : "}");
}

static void
try_case(size_t i)
{
	struct words followers = {cases[i].followers}, days = {cases[i].days};
	struct rw_selection selection = {0};
	struct rw_buf got = {0}, said = {0};
	struct rw_due_options options = {
		.followers = {&followers, "followers", next_follower, NULL},
		.days = {&days, "days", "table", next_day, NULL},
		.selection = &selection, .period = {2025, 6},
		.is_over = !cases[i].is_running, .accept = cases[i].accept,
		.ignored = "i, j", .say = say, .context = &said};
	struct rw_record *record = NULL;
	struct rw_due *due = NULL;
	struct rw_err err;
	bool good;

	if (cases[i].only != NULL)
		rw_selection_add(&selection, cases[i].only, &err);
	good = rw_due_new(&due, &options, &err);
	while (good && (good = rw_due_next(due, &record, &err)) &&
	    record != NULL)
		add_report(&got, record);
	is(good ? rw_buf_text(&got) : NULL, cases[i].expected, "%s",
		cases[i].name);
	if (cases[i].said != NULL)
		is(rw_buf_text(&said), cases[i].said, "%s: said",
			cases[i].name);
	rw_due_free(due);
	rw_selection_free(&selection);
	rw_buf_free(&got);
	rw_buf_free(&said);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		try_case(i);
	return done();
}
