#include <stdlib.h>

#include "wire/smtp_case.h"
#include "wire/smtp_dialog.h"
#include "tap.h"

static const char text[] = "Subject: x\r\n\r\n.dot\r\n..two\r\nend\r\n";

static const struct rw_mail mail = {.sender = "s@example.com",
	.recipient = "r@example.com", .bytes = text, .len = sizeof text - 1};

/* Sends all output of the dialogue. */
static const char *
output(struct rw_dialog *dialog)
{
	static char out[1024];
	const char *bytes;
	size_t len, n = 0;

	while ((len = rw_dialog_output(dialog, &bytes)) > 0) {
		if (len > 7)
			len = 7;
		memcpy(out + n, bytes, len);
		n += len;
		rw_dialog_sent(dialog, len);
	}
	out[n] = '\0';
	return out;
}

/* Answers arrive a byte at a time, the worst way to split them. */
static void
input(struct rw_dialog *dialog, const char *bytes)
{
	for (; *bytes != '\0'; bytes++)
		rw_dialog_input(dialog, bytes, 1);
}

struct outcome_case {
	const char *name;
	const char *answers;	/* parted by '|'; "<" is a lost connection */
	bool pipelining, used;
	const char *outcome;	/* as told by outcome() */
};

static const char *
outcome(const struct rw_dialog *dialog)
{
	static char out[64];

	if (dialog->stage != RW_SMTP_ENDED)
		return "goes on";
	snprintf(out, sizeof out, "%s%s%s%s",
		rw_kind_name(dialog->failure.kind),
		dialog->failure.kind != RW_OK && dialog->failure.retryable ?
			" later" : "",
		dialog->untouched ? " again" : "",
		dialog->broken ? ", broken" : dialog->dirty ? ", dirty" : "");
	return out;
}

static const struct outcome_case cases[] = {
	{"accepted", "250 a|250 b|354 c|250 d", false, false, "ok"},
	{"accepted, at once", "250 a|250 b|354 c|250 d", true, false, "ok"},
	{"answers of several lines", "250-a\r\n250 b|251 c|354-d\r\n354 e|"
		"250-f\r\n250-g\r\n250 h", false, false, "ok"},
	{"a code without text", "250|250|354|250", false, false, "ok"},
	{"answers that come together", "250 a\r\n250 b\r\n354 c|250 d", true,
		false, "ok"},

	{"MAIL 4xx", "451 no", false, false, "refused later, dirty"},
	{"MAIL 5xx", "550 no", false, false, "refused later, dirty"},
	{"MAIL 5xx, at once", "550 no|503 no|503 no", true, false,
		"refused later, dirty"},
	{"MAIL 552", "552 too big", false, false, "refused, dirty"},
	{"MAIL 530", "530 log in", false, false, "config later, dirty"},
	{"MAIL 530, at once", "530 log in|503 no|503 no", true, false,
		"config later, dirty"},
	{"MAIL 421, new", "421 bye", false, false, "refused later, broken"},
	{"MAIL 421, used", "421 bye", false, true,
		"refused later again, broken"},
	{"MAIL 421, used, at once", "421 bye", true, true,
		"refused later again, broken"},
	{"MAIL lost, new", "<", false, false, "unreachable later, broken"},
	{"MAIL lost, used", "<", false, true,
		"unreachable later again, broken"},
	{"MAIL lost, used, at once", "<", true, true,
		"unreachable later again, broken"},

	{"RCPT 4xx", "250 a|450 no", false, false, "refused later, dirty"},
	{"RCPT 5xx", "250 a|550-no\r\n550 one", false, false,
		"refused, dirty"},
	{"RCPT 5xx, at once", "250 a|550 no|554 no", true, false,
		"refused, dirty"},
	{"RCPT 5xx, and 354 all the same", "250 a|550 no|354 go", true, false,
		"refused, broken"},
	{"RCPT 5xx, then lost", "250 a|550 no|<", true, false,
		"refused, broken"},
	{"RCPT 530", "250 a|530 log in", false, false, "config later, dirty"},
	{"RCPT 421, used", "250 a|421 bye", false, true,
		"refused later, broken"},
	{"RCPT lost, used", "250 a|<", false, true,
		"unreachable later, broken"},

	{"DATA 4xx", "250 a|250 b|451 no", false, false,
		"refused later, dirty"},
	{"DATA 5xx", "250 a|250 b|554 no", true, false, "refused, dirty"},
	{"DATA 250", "250 a|250 b|250 what", true, false,
		"refused later, dirty"},
	{"DATA lost", "250 a|250 b|<", true, true,
		"unreachable later, broken"},

	{"dot 4xx", "250 a|250 b|354 c|452 full", false, false,
		"refused later"},
	{"dot 5xx", "250 a|250 b|354 c|554 spam", false, false, "refused"},
	{"dot 530", "250 a|250 b|354 c|530 log in", false, false,
		"config later"},
	{"dot 421", "250 a|250 b|354 c|421 bye", false, false,
		"refused later, broken"},
	{"dot lost", "250 a|250 b|354 c|<", false, true,
		"in_doubt later, broken"},
	{"half an answer to the dot", "250 a|250 b|354 c|250-x\r\n2<", false,
		false, "in_doubt later, broken"},
	{"dot 354", "250 a|250 b|354 c|354 more", false, false,
		"in_doubt later, broken"},
	{"dot nonsense", "250 a|250 b|354 c|OK", false, false,
		"in_doubt later, broken"},
	{"dot 99", "250 a|250 b|354 c|99 x", false, false,
		"in_doubt later, broken"},
	{"dot 2500", "250 a|250 b|354 c|2500 x", false, false,
		"in_doubt later, broken"},
	{"accepted, and an answer too many", "250 a|250 b|354 c|250 d\r\n250 e",
		false, false, "ok, broken"},
	{"waits for the rest", "250 a|250 b|354 c|250-d", false, false,
		"goes on"},
};

static void
play(struct rw_dialog *dialog, const char *answers)
{
	char *copy = strdup(answers), *next = copy, *answer;

	while (copy != NULL && (answer = strsep(&next, "|")) != NULL) {
		char *lost = strchr(answer, '<');

		output(dialog);
		if (lost != NULL)
			*lost = '\0';
		input(dialog, answer);
		if (lost != NULL)
			rw_dialog_lost(dialog, "reset");
		else
			rw_dialog_input(dialog, "\r\n", 2);
	}
	free(copy);
}

static void
test_outcomes(void)
{
	struct rw_dialog dialog;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct rw_smtp_features features = {
			.pipelining = cases[i].pipelining};

		rw_dialog_open(&dialog, &features);
		dialog.used = cases[i].used;
		rw_dialog_start(&dialog, &mail);
		play(&dialog, cases[i].answers);
		is(outcome(&dialog), cases[i].outcome, "%s", cases[i].name);
		rw_dialog_free(&dialog);
	}
}

struct subject_case {
	enum rw_smtp_stage stage;
	int code;
	const char *answer;
	bool utf8;
	enum rw_smtp_subject subject;
};

static const struct subject_case subjects[] = {
	{RW_SMTP_MAIL, 530, "530 5.7.0 Must issue a STARTTLS command first",
		false, RW_SMTP_OF_LOGIN},
	{RW_SMTP_MAIL, 530, "530 log in", false, RW_SMTP_OF_LOGIN},
	{RW_SMTP_RCPT, 530, "530-5.7.1 a 530 5.7.1 b", false, RW_SMTP_OF_LOGIN},
	{RW_SMTP_DOT, 530, "530 5.7.57 Client not authenticated", false,
		RW_SMTP_OF_LOGIN},
	{RW_SMTP_MAIL, 535, "535 5.7.8 no", false, RW_SMTP_OF_LOGIN},
	{RW_SMTP_MAIL, 538, "538 5.7.11 no", false, RW_SMTP_OF_LOGIN},
	{RW_SMTP_RCPT, 534, "534 5.7.9 no", false, RW_SMTP_OF_LOGIN},
	{RW_SMTP_RCPT, 534, "534 5.3.4 too big", false, RW_SMTP_OF_MESSAGE},
	{RW_SMTP_MAIL, 550, "550 no", false, RW_SMTP_OF_SENDER},
	{RW_SMTP_MAIL, 553, "553 5.7.1 not your address", false,
		RW_SMTP_OF_SENDER},
	{RW_SMTP_MAIL, 501, "501 5.1.7 Bad sender", false, RW_SMTP_OF_SENDER},
	{RW_SMTP_MAIL, 450, "450 4.7.1 later", false, RW_SMTP_OF_MESSAGE},
	{RW_SMTP_MAIL, 552, "552 no", false, RW_SMTP_OF_MESSAGE},
	{RW_SMTP_MAIL, 554, "554 5.3.4 too big", false, RW_SMTP_OF_MESSAGE},
	{RW_SMTP_MAIL, 550, "550 5.6.7 no UTF-8", true, RW_SMTP_OF_MESSAGE},
	{RW_SMTP_MAIL, 555, "555 SMTPUTF8?", true, RW_SMTP_OF_MESSAGE},
	{RW_SMTP_MAIL, 530, "530 log in", true, RW_SMTP_OF_LOGIN},
	{RW_SMTP_RCPT, 554, "554 5.7.1 Access denied", true, RW_SMTP_OF_RIGHTS},
	{RW_SMTP_RCPT, 553, "553 5.6.7 no UTF-8", true, RW_SMTP_OF_MESSAGE},
	{RW_SMTP_RCPT, 550, "550 5.1.8 Sender address rejected", false,
		RW_SMTP_OF_SENDER},
	{RW_SMTP_RCPT, 554, "554 5.7.1 <x@y.example>: Relay access denied",
		false, RW_SMTP_OF_RIGHTS},
	{RW_SMTP_RCPT, 550, "550 relay not permitted", false,
		RW_SMTP_OF_RIGHTS},
	{RW_SMTP_RCPT, 553, "553 sorry, not in my list of allowed rcpthosts",
		false, RW_SMTP_OF_RIGHTS},
	{RW_SMTP_RCPT, 504, "504 5.5.2 <x>: Helo command rejected", false,
		RW_SMTP_OF_RIGHTS},
	{RW_SMTP_RCPT, 550, "550 5.5.0 mailbox unavailable", false,
		RW_SMTP_OF_MESSAGE},
	{RW_SMTP_RCPT, 550, "550 5.1.1 no such user: relay@y.example", false,
		RW_SMTP_OF_MESSAGE},
	{RW_SMTP_RCPT, 550, "550 no such user", false, RW_SMTP_OF_MESSAGE},
	{RW_SMTP_RCPT, 550, "550 5.70.1234 odd", false, RW_SMTP_OF_MESSAGE},
	{RW_SMTP_RCPT, 550, "550", false, RW_SMTP_OF_MESSAGE},
	{RW_SMTP_RCPT, 450, "450 4.7.1 relay later", false,
		RW_SMTP_OF_MESSAGE},
	{RW_SMTP_DOT, 550, "550 5.7.60 cannot send as this sender", false,
		RW_SMTP_OF_RIGHTS},
	{RW_SMTP_DOT, 554, "554 5.6.0 spam", false, RW_SMTP_OF_MESSAGE},
};

static void
test_subjects(void)
{
	for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
		is_int(rw_smtp_subject(subjects[i].stage, subjects[i].code,
			subjects[i].answer, subjects[i].utf8),
			subjects[i].subject, "what \"%s\" is about",
			subjects[i].answer);
}

/* Nothing but MAIL, and RCPT for a recipient, and RSET. */
static void
test_probe(bool pipelining, const char *recipient, const char *first,
	const char *answers, const char *then, const char *end)
{
	struct rw_smtp_features features = {.size = true,
		.pipelining = pipelining};
	struct rw_mail probe = {.sender = "s@example.com",
		.recipient = recipient, .probe = true};
	struct rw_dialog dialog;
	const char *last = strrchr(answers, '|');
	char *before = strndup(answers, last == NULL ? 0 :
		(size_t)(last - answers));

	rw_dialog_open(&dialog, &features);
	rw_dialog_start(&dialog, &probe);
	is(output(&dialog), first, "a probe that gets %s begins", answers);
	if (before != NULL && *before != '\0')
		play(&dialog, before);
	is(output(&dialog), then, "goes on before the last of %s", answers);
	play(&dialog, last == NULL ? answers : last + 1);
	is(outcome(&dialog), end, "and ends after %s", answers);
	is(output(&dialog), "", "with nothing more");
	rw_dialog_free(&dialog);
	free(before);
}

static void
test_probes(void)
{
	const char *to = "r@example.com";

	test_probe(false, NULL, "MAIL FROM:<s@example.com>\r\n",
		"250 a|250 b", "RSET\r\n", "ok");
	test_probe(true, NULL, "MAIL FROM:<s@example.com>\r\n",
		"250 a|250 b", "RSET\r\n", "ok");
	test_probe(true, to, "MAIL FROM:<s@example.com>\r\n"
		"RCPT TO:<r@example.com>\r\n", "250 a|250 b|250 c",
		"RSET\r\n", "ok");
	test_probe(false, NULL, "MAIL FROM:<s@example.com>\r\n",
		"250 a|500 b", "RSET\r\n", "ok, broken");
	test_probe(false, NULL, "MAIL FROM:<s@example.com>\r\n",
		"250 a|<", "RSET\r\n", "ok, broken");
	test_probe(false, to, "MAIL FROM:<s@example.com>\r\n",
		"250 a|550 no", "RCPT TO:<r@example.com>\r\n",
		"refused, dirty");
	test_probe(true, to, "MAIL FROM:<s@example.com>\r\n"
		"RCPT TO:<r@example.com>\r\n", "530 a|250 b", "",
		"config later, dirty");
}

/* With any split of the answer. */
static void
test_case(void)
{
	static const char *const texts[][2] = {
		{"250-auth=plain login\r\n", "250-AUTH PLAIN LOGIN\r\n"},
		{"250 AUTH\tPlain\tX=Y\r\n", "250 AUTH PLAIN X=Y\r\n"},
		{"250-AUTHX=1\r\n250-LIMITS RCPTMAX=1\r\n",
			"250-AUTHX=1\r\n250-LIMITS RCPTMAX=1\r\n"},
		{"550-auth=plain\r\n", "550-auth=plain\r\n"},
		{"250-mail.example\r\n250-starttls\r\n250 auth plain\r\n",
			"250-MAIL.EXAMPLE\r\n250-STARTTLS\r\n"
			"250 AUTH PLAIN\r\n"},
		{"550 go away\r\n", "550 go away\r\n"},
		{"250 ok\n2500\n25\nabc\n", "250 OK\n2500\n25\nabc\n"},
		{"\027\003\003abc", "\027\003\003abc"},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		size_t len = strlen(texts[i][0]), wrong = 0;

		for (size_t cut = 0; cut <= len; cut++) {
			struct rw_smtp_case stream = {0};
			char *bytes = strdup(texts[i][0]);

			if (bytes == NULL)
				abort();
			rw_smtp_case_raise(&stream, bytes, cut);
			rw_smtp_case_raise(&stream, bytes + cut, len - cut);
			wrong += strcmp(bytes, texts[i][1]) != 0;
			free(bytes);
		}
		is_int((int64_t)wrong, 0, "the case of answer %zu", i);
	}
}

static void
test_commands(void)
{
	struct rw_smtp_features features = {.size = true};
	struct rw_dialog dialog;

	rw_dialog_open(&dialog, &features);
	rw_dialog_start(&dialog, &mail);
	is(output(&dialog), "MAIL FROM:<s@example.com> SIZE=32\r\n",
		"MAIL alone");
	input(&dialog, "250 ok\r\n");
	is(output(&dialog), "RCPT TO:<r@example.com>\r\n", "RCPT alone");
	input(&dialog, "250 ok\r\n");
	is(output(&dialog), "DATA\r\n", "DATA alone");
	input(&dialog, "354 go\r\n");
	is(output(&dialog), "Subject: x\r\n\r\n..dot\r\n...two\r\nend\r\n"
		".\r\n", "the text, its dots doubled");
	input(&dialog, "250 ok\r\n");
	rw_dialog_start(&dialog, &mail);
	is(output(&dialog), "MAIL FROM:<s@example.com> SIZE=32\r\n",
		"no RSET after a message that went well");
	input(&dialog, "550 no\r\n");
	rw_dialog_start(&dialog, &mail);
	is(output(&dialog), "RSET\r\n", "RSET after one that did not");
	input(&dialog, "250 ok\r\n");
	is(output(&dialog), "MAIL FROM:<s@example.com> SIZE=32\r\n",
		"then MAIL");
	rw_dialog_free(&dialog);
}

static void
test_pipelining(void)
{
	struct rw_smtp_features features = {.pipelining = true, .utf8 = true};
	struct rw_mail utf8 = mail;
	struct rw_dialog dialog;

	utf8.needs_utf8 = true;
	rw_dialog_open(&dialog, &features);
	rw_dialog_start(&dialog, &utf8);
	is(output(&dialog), "MAIL FROM:<s@example.com> SMTPUTF8\r\n"
		"RCPT TO:<r@example.com>\r\nDATA\r\n", "all at once");
	input(&dialog, "250 a\r\n550 b\r\n503 c\r\n");
	rw_dialog_start(&dialog, &mail);
	is(output(&dialog), "RSET\r\nMAIL FROM:<s@example.com>\r\n"
		"RCPT TO:<r@example.com>\r\nDATA\r\n", "RSET with them");
	input(&dialog, "500 what\r\n");
	ok(dialog.stage == RW_SMTP_ENDED && dialog.untouched &&
		dialog.broken, "a refused RSET is not about the message");
	rw_dialog_free(&dialog);
}

/* Lost at each byte of the text: in doubt only behind the last. */
static void
test_lost_in_text(void)
{
	struct rw_smtp_features features = {0};
	struct rw_dialog dialog;
	const char *bytes;
	size_t whole = sizeof text - 1 + 2 + 3, n, wrong = 0;

	for (n = 0; n <= whole; n++) {
		enum rw_kind expected = n == whole ? RW_IN_DOUBT :
			RW_UNREACHABLE;

		rw_dialog_open(&dialog, &features);
		rw_dialog_start(&dialog, &mail);
		play(&dialog, "250 a|250 b|354 c");
		for (size_t i = 0; i < n && rw_dialog_output(&dialog,
		    &bytes) > 0; i++)
			rw_dialog_sent(&dialog, 1);
		rw_dialog_lost(&dialog, "reset");
		wrong += dialog.failure.kind != expected;
		rw_dialog_free(&dialog);
	}
	is_int((int64_t)wrong, 0, "in doubt behind byte %zu alone", whole);
}

/* Too late at each byte of the text: as long as one is missing the server does
 * not have the message, and is told nothing more. */
static void
test_withheld(void)
{
	struct rw_smtp_features features = {0};
	struct rw_dialog dialog;
	size_t whole = sizeof text - 1 + 2 + 3, n, wrong = 0;
	const char *bytes;

	for (n = 0; n <= whole; n++) {
		rw_dialog_open(&dialog, &features);
		rw_dialog_start(&dialog, &mail);
		wrong += rw_dialog_is_ending(&dialog);
		play(&dialog, "250 a|250 b|354 c");
		for (size_t i = 0; i < n && rw_dialog_output(&dialog,
		    &bytes) > 0; i++)
			rw_dialog_sent(&dialog, 1);
		rw_dialog_output(&dialog, &bytes);
		wrong += rw_dialog_is_ending(&dialog) != (n < whole);
		if (n < whole) {
			rw_dialog_withhold(&dialog);
			wrong += rw_dialog_output(&dialog, &bytes) != 0 ||
				strcmp(outcome(&dialog),
				"locked later, broken") != 0;
		}
		rw_dialog_free(&dialog);
	}
	is_int((int64_t)wrong, 0, "withheld before byte %zu, and not behind it",
		whole);
}

static void
test_said_in_text(void)
{
	struct rw_smtp_features features = {0};
	struct rw_dialog dialog;
	const char *bytes;

	rw_dialog_open(&dialog, &features);
	rw_dialog_start(&dialog, &mail);
	play(&dialog, "250 a|250 b|354 c");
	rw_dialog_output(&dialog, &bytes);
	rw_dialog_sent(&dialog, 5);
	input(&dialog, "552 too big\r\n");
	is(outcome(&dialog), "refused, broken", "552 in the middle");
	is_int((int64_t)rw_dialog_output(&dialog, &bytes), 0,
		"nothing more is said on that connection");
	rw_dialog_free(&dialog);
}

/* Long texts, whatever the line lengths: what comes out is what a server
 * reads back. */
static void
test_long_texts(void)
{
	struct rw_smtp_features features = {0};
	size_t len = 300000, n = 0, i, got;
	char *body = malloc(len), *wire = malloc(2 * len);
	struct rw_mail big = mail;
	struct rw_dialog dialog;
	const char *bytes;
	bool line = true;

	if (body == NULL || wire == NULL)
		abort();
	for (i = 0; i < len; i++)
		body[i] = i % 5 == 3 ? '\r' : i % 5 == 4 ? '\n' : '.';
	big.bytes = body;
	big.len = len;
	rw_dialog_open(&dialog, &features);
	rw_dialog_start(&dialog, &big);
	play(&dialog, "250 a|250 b|354 c");
	while ((got = rw_dialog_output(&dialog, &bytes)) > 0) {
		memcpy(wire + n, bytes, got);
		n += got;
		rw_dialog_sent(&dialog, got);
	}
	ok(n > 3 && memcmp(wire + n - 3, ".\r\n", 3) == 0, "the end is there");
	for (i = got = 0; i < n - 3; i++) {
		if (!(line && wire[i] == '.'))
			wire[got++] = wire[i];
		line = wire[i] == '\n';
	}
	ok(got == len && memcmp(wire, body, len) == 0, "and the text is whole");
	ok(dialog.stage == RW_SMTP_DOT, "then the answer is awaited");
	rw_dialog_free(&dialog);
	free(body);
	free(wire);
}

static void
test_endless_answer(void)
{
	struct rw_smtp_features features = {0};
	struct rw_dialog dialog;

	rw_dialog_open(&dialog, &features);
	rw_dialog_start(&dialog, &mail);
	for (size_t i = 0; i < 2000; i++)
		rw_dialog_input(&dialog, "250-and more\r\n", 14);
	is(outcome(&dialog), "refused later, broken", "an endless answer");
	rw_dialog_free(&dialog);
}

/* With any answers of a server: a message is accepted or in doubt only if it
 * was sent to its end, and untouched only if it was not begun on a reused
 * connection. */
static void
test_any_answers(void)
{
	static const char *const answers[] = {"250 ok\r\n", "250-a\r\n",
		"354 go\r\n", "421 bye\r\n", "451 x\r\n", "550 x\r\n", "\r\n",
		"x\r\n", "\n", "25", "0 y\n", "99 z\r\n"};
	size_t n = sizeof answers / sizeof *answers, wrong = 0, ends[4] = {0};
	struct rw_dialog dialog;

	srand(11);
	for (int round = 0; round < 200000; round++) {
		struct rw_smtp_features f = {.pipelining = rand() % 2};
		bool whole = false, body = false, used = rand() % 2;

		rw_dialog_open(&dialog, &f);
		dialog.used = used;
		rw_dialog_start(&dialog, &mail);
		for (int i = 0; dialog.stage != RW_SMTP_ENDED; i++) {
			const char *a = rand() % 2 ? answers[0] : rand() % 2 ?
				answers[2] : answers[(size_t)rand() % n];

			output(&dialog);
			body |= dialog.stage >= RW_SMTP_BODY;
			whole |= dialog.stage == RW_SMTP_DOT;
			if (i > 50 || rand() % 20 == 0)
				rw_dialog_lost(&dialog, "lost");
			else
				rw_dialog_input(&dialog, a, strlen(a));
		}
		wrong += !whole && (dialog.failure.kind == RW_OK ||
			dialog.failure.kind == RW_IN_DOUBT);
		wrong += dialog.untouched && (body || !used);
		wrong += dialog.failure.kind == RW_UNREACHABLE && whole;
		ends[dialog.failure.kind == RW_OK ? 0 : dialog.failure.kind ==
			RW_IN_DOUBT ? 1 : dialog.untouched ? 2 : 3]++;
		rw_dialog_free(&dialog);
	}
	is_int((int64_t)wrong, 0, "no outcome that was not earned");
	ok(ends[0] > 1000 && ends[1] > 1000 && ends[2] > 1000 &&
		ends[3] > 1000, "each outcome was met: %zu %zu %zu %zu",
		ends[0], ends[1], ends[2], ends[3]);
}

static void
test_features(void)
{
	static const char *const lines[] = {"PIPELINING", "SIZE 10240000",
		"smtputf8", "AUTH PLAIN LOGIN", "AUTH=LOGIN", "8BITMIME"};
	struct rw_smtp_features f = {0};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		rw_smtp_note_feature(&f, lines[i]);
	ok(f.pipelining && f.size && f.utf8 && f.auth &&
		f.max_size == 10240000, "what EHLO says");
	f = (struct rw_smtp_features){0};
	rw_smtp_note_feature(&f, "SIZE");
	ok(f.size && f.max_size == 0, "a SIZE without a limit");
	rw_smtp_note_feature(&f, "AUTHENTIC");
	rw_smtp_note_feature(&f, "PIPELININGX");
	ok(!f.auth && !f.pipelining, "words that only begin alike");
}

int
main(void)
{
	test_outcomes();
	test_subjects();
	test_probes();
	test_case();
	test_commands();
	test_pipelining();
	test_lost_in_text();
	test_withheld();
	test_said_in_text();
	test_long_texts();
	test_endless_answer();
	test_any_answers();
	test_features();
	return done();
}
