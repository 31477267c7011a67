#include "mail/verp.h"

#include <stdlib.h>

#include "mail/message_id.h"
#include "tap.h"

#define ID "<2025-06.0123456789abcdef01234567@example.com>"

/* What becomes of the address on its way; %s is the address. */
static const struct {
	const char *text;
	enum rw_verp_found found;
} fields[] = {
	{"%s", RW_VERP_VALID},
	{"<%s>", RW_VERP_VALID},
	{"\"A, B\" <a@b.example>, <%s>", RW_VERP_VALID},
	{"a@b.example,\r\n\t%s", RW_VERP_VALID},
	{"rfc822;%s", RW_VERP_VALID},
	{"bounces+x@mail.example, %s", RW_VERP_VALID},
	{"x%s", RW_VERP_NONE},
	{"x.%s", RW_VERP_NONE},
	{"%s.evil.example", RW_VERP_NONE},
	{"%s@evil.example", RW_VERP_NONE},
	{"", RW_VERP_NONE},
	{"bounces@mail.example", RW_VERP_NONE},
	{"bounces+@mail.example", RW_VERP_FORGED},
	{"bounces+x@mail.example", RW_VERP_FORGED},
	{"BOUNCES+202506.0123456789abcdef.00000000000000000000@MAIL.example",
		RW_VERP_FORGED},
	{"bounces+202506.0123456789abcdef@mail.example", RW_VERP_FORGED},
};

static void
test_fields(struct rw_verp *verp, const char *address)
{
	char period[RW_PERIOD_SIZE], sum[RW_VERP_SUM + 1];
	struct rw_buf text = {0};
	const char *at;
	size_t i;

	for (i = 0; i < sizeof fields / sizeof fields[0]; i++) {
		rw_buf_reset(&text);
		at = strstr(fields[i].text, "%s");
		if (at == NULL)
			rw_buf_adds(&text, fields[i].text);
		else
			rw_buf_addf(&text, "%.*s%s%s",
				(int)(at - fields[i].text), fields[i].text,
				address, at + 2);
		ok(rw_verp_find(verp, rw_buf_text(&text), period, sum) ==
			fields[i].found, "\"%s\"", fields[i].text);
		if (fields[i].found != RW_VERP_VALID)
			continue;
		is(period, "2025-06", "its month");
		is(sum, "0123456789abcdef", "its sum");
	}
	rw_buf_free(&text);
}

/* Not one character can be another. */
static void
test_each_character(struct rw_verp *verp, const char *address)
{
	char period[RW_PERIOD_SIZE], sum[RW_VERP_SUM + 1], copy[128];
	size_t i, wrong = 0, len = strlen(address);
	const char *others = "0a7@.+", *c;

	for (i = 0; i < len; i++)
		for (c = others; *c != '\0'; c++) {
			snprintf(copy, sizeof copy, "%s", address);
			copy[i] = *c;
			wrong += *c != address[i] && rw_verp_find(verp, copy,
				period, sum) == RW_VERP_VALID;
		}
	ok(wrong == 0, "no other address is valid (%zu)", wrong);
	for (i = 0; i <= len; i++)
		wrong += i < len && rw_verp_find(verp, address + len - i,
			period, sum) == RW_VERP_VALID;
	ok(wrong == 0, "nor a part of it");
}

static void
test_ids(void)
{
	static const char *const bad[] = {"", "<", "2025-06", "2025-06.",
		"<2025-13.0123456789abcdef01234567@x>",
		"<2025-06.0123456789abcdef0123456@x>",
		"<2025-06.0123456789abcdef012345678@x>",
		"<2025-06.0123456789ABCDEF01234567@x>",
		"<2025-06.0123456789abcdef01234567>"};
	char period[RW_PERIOD_SIZE], sum[RW_MESSAGE_SUM_SIZE];
	char one[RW_SHA256_HEX], other[RW_SHA256_HEX];
	size_t i;

	ok(rw_message_id_parse(ID, period, sum), "a Message-ID");
	is(sum, "0123456789abcdef01234567", "its sum");
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ok(!rw_message_id_parse(bad[i], period, sum), "\"%s\" is not",
			bad[i]);
	ok(rw_recipient_sum("Anna@Example.com", one, NULL) &&
		rw_recipient_sum("anna@example.COM", other, NULL),
		"two addresses");
	is(one, other, "case does not count");
}

int
main(void)
{
	struct rw_verp verp = {0}, another = {0};
	char period[RW_PERIOD_SIZE], sum[RW_VERP_SUM + 1];
	struct rw_buf address = {0};
	struct rw_err err;

	setenv("RW_ENVELOPE_FROM", "bounces@mail.example", 1);
	setenv("RW_VERP_KEY", "0123456789abcdef", 1);
	ok(rw_verp_open(&verp, &err) && verp.has_key, "settings");
	ok(rw_verp_add(&verp, ID, &address, &err), "an address");
	ok(strcspn(address.data, "@") <= 64, "with at most 64 characters");
	test_fields(&verp, address.data);
	test_each_character(&verp, address.data);
	test_ids();
	ok(!rw_verp_add(&verp, "<x@example.com>", &address, &err) &&
		err.kind == RW_BUG, "not of another Message-ID");
	setenv("RW_VERP_KEY", "0123456789abcdeg", 1);
	ok(rw_verp_open(&another, &err), "another key");
	ok(rw_verp_find(&another, address.data, period, sum) ==
		RW_VERP_FORGED, "for which it is forged");
	rw_verp_close(&another);
	rw_verp_close(&verp);
	rw_buf_free(&address);
	return done();
}
