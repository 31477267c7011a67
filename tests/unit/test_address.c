#include "mail/address.h"
#include "tap.h"

#define A10 "aaaaaaaaaa"
#define A60 A10 A10 A10 A10 A10 A10
#define LABEL63 A60 "aaa"

static const struct {
	const char *text;
	const char *expected;	/* NULL: refused */
	bool utf8;
} cases[] = {
	{"a@b", "a@b", false},
	{"anna.example+tag@mail.example.com",
		"anna.example+tag@mail.example.com", false},
	{"!#$%&'*+-/=?^_`{|}~@example.com",
		"!#$%&'*+-/=?^_`{|}~@example.com", false},
	{"\"a b\"@example.com", "\"a b\"@example.com", false},
	{"\"a\\\"@b\"@example.com", "\"a\\\"@b\"@example.com", false},
	{"a@[192.0.2.1]", "a@[192.0.2.1]", false},
	{"a@[IPv6:2001:db8::1]", "a@[IPv6:2001:db8::1]", false},
	{"a@b\xc3\xbc" "cher.example", "a@xn--bcher-kva.example", false},
	{"a@B\xc3\x9c" "CHER.example", "a@xn--bcher-kva.example", false},
	{"a@stra\xc3\x9f" "e.example", "a@xn--strae-oqa.example", false},
	{"a@\xe4\xbe\x8b\xe3\x81\x88.\xe3\x83\x86\xe3\x82\xb9\xe3\x83\x88",
		"a@xn--r8jz45g.xn--zckzah", false},
	{"zo\xc3\xab@b\xc3\xbc" "cher.example",
		"zo\xc3\xab@xn--bcher-kva.example", true},
	{A60 "aaaa@example.com", A60 "aaaa@example.com", false},
	{"a@" LABEL63 ".com", "a@" LABEL63 ".com", false},

	/* A-labels, as they came */
	{"a@xn--bcher-kva.example", "a@xn--bcher-kva.example", false},
	{"a@XN--BCHER-KVA.example", "a@XN--BCHER-KVA.example", false},
	{"a@xn--fa-hia.xn--fiqs8s", "a@xn--fa-hia.xn--fiqs8s", false},
	{"a@ab--cd.example", "a@ab--cd.example", false},
	/* that stand for U+0085, U+200B, U+202E, U+2028, U+0080, a snowman,
	 * a capital, a zero-width joiner, and nothing */
	{"a@xn--ab-qa.example", NULL, false},
	{"a@Xn--Ab-Qa.example", NULL, false},
	{"a@xn--ab-g1t.example", NULL, false},
	{"a@xn--ab-g4t.example", NULL, false},
	{"a@mail.xn--ab-x3t.example", NULL, false},
	{"a@xn--a.example", NULL, false},
	{"a@xn--n3h.example", NULL, false},
	{"a@xn--wca.example", NULL, false},
	{"a@xn--abc-fn0a.example", NULL, false},
	{"a@xn--zzzzzzzzzzz.example", NULL, false},
	{"a@xn--.example", NULL, false},
	{"a@example.xn--abc-", NULL, false},
	{"a@ab\xc2\x85" "c.example", NULL, false},
	{"a@ab\xe2\x80\xae" "c.example", NULL, false},
	{"a\xe2\x80\xa8@example.com", NULL, false},

	{"", NULL, false},
	{"a", NULL, false},
	{"@example.com", NULL, false},
	{"a@", NULL, false},
	{"a@@example.com", NULL, false},
	{"a@b@example.com", NULL, false},
	{".a@example.com", NULL, false},
	{"a.@example.com", NULL, false},
	{"a..b@example.com", NULL, false},
	{"a b@example.com", NULL, false},
	{"a<b@example.com", NULL, false},
	{"a,b@example.com", NULL, false},
	{"<a@example.com>", NULL, false},
	{"Anna <a@example.com>", NULL, false},
	{"\"a\"b\"@example.com", NULL, false},
	{"\"a\\\"@example.com", NULL, false},
	{"\"@example.com", NULL, false},
	{"a@example..com", NULL, false},
	{"a@.example.com", NULL, false},
	{"a@example.com.", NULL, false},
	{"a@-example.com", NULL, false},
	{"a@example-.com", NULL, false},
	{"a@exa_mple.com", NULL, false},
	{"a@exa mple.com", NULL, false},
	{"a@example.com>", NULL, false},
	{"a@[192.0.2.256]", NULL, false},
	{"a@[example.com]", NULL, false},
	{"a@[IPv6:192.0.2.1]", NULL, false},
	{"a@[192.0.2.1", NULL, false},
	{"a@example.com\r\nRCPT TO:<b@example.com>", NULL, false},
	{"a\r\n@example.com", NULL, false},
	{"a\t@example.com", NULL, false},
	{"a\x7f@example.com", NULL, false},
	{"a\xc2\x85@example.com", NULL, false},
	{"\xff@example.com", NULL, false},
	{"a@\xc3.example", NULL, false},
	{A60 "aaaaa@example.com", NULL, false},
	{"a@" LABEL63 "a.com", NULL, false},
	{"a@" LABEL63 "." LABEL63 "." LABEL63 "." LABEL63, NULL, false},
};

/* By name, in either part, in the local part of a quoted string, too. */
static const struct {
	const char *character, *name;
} hidden[] = {
	{"\u200b", "U+200B (ZERO WIDTH SPACE), which is invisible"},
	{"\u200d", "U+200D (ZERO WIDTH JOINER), which is invisible"},
	{"\u00ad", "U+00AD (SOFT HYPHEN), which is invisible"},
	{"\u034f", "U+034F (COMBINING GRAPHEME JOINER), which is invisible"},
	{"\u2060", "U+2060 (WORD JOINER), which is invisible"},
	{"\u00a0", "U+00A0 (NO-BREAK SPACE), which is invisible"},
	{"\u3000", "U+3000 (IDEOGRAPHIC SPACE), which is invisible"},
	{"\u2028", "U+2028 (LINE SEPARATOR), which is invisible"},
	{"\u202e", "U+202E (RIGHT-TO-LEFT OVERRIDE), which is invisible"},
	{"\u2800", "U+2800 (BRAILLE PATTERN BLANK), which is invisible"},
	{"\u3164", "U+3164 (HANGUL FILLER), which is invisible"},
	{"\ufe0f", "U+FE0F (VARIATION SELECTOR), which is invisible"},
	{"\ufeff", "U+FEFF (ZERO WIDTH NO-BREAK SPACE), which is invisible"},
	{"\U000e0041", "U+E0041 (TAG), which is invisible"},
	{"\U000e0fff", "U+E0FFF, which is invisible"},
	{"\U0001d173", "U+1D173 (MUSICAL SYMBOL), which is invisible"},
	{"\ufffe", "U+FFFE, which is not a character"},
};

static void
test_hidden(void)
{
	static const char *const shapes[] = {"an%sna@example.com",
		"%sanna@example.com", "anna@exam%sple.com",
		"anna@example.com%s", "\"an%sna\"@example.com"};
	struct rw_address address = {0};
	struct rw_buf text = {0};
	struct rw_err err;
	size_t i, s;

	for (i = 0; i < sizeof hidden / sizeof *hidden; i++)
		for (s = 0; s < sizeof shapes / sizeof *shapes; s++) {
			const char *shape = shapes[s], *at = strchr(shape, '%');

			rw_buf_reset(&text);
			rw_buf_addf(&text, "%.*s%s%s", (int)(at - shape),
				shape, hidden[i].character, at + 2);
			ok(!rw_address_parse(&address, "email", text.data,
				&err) && err.kind == RW_DATA &&
				strstr(err.message, hidden[i].name) != NULL &&
				strstr(err.message, hidden[i].character) ==
				NULL, "hidden: %s", err.message);
		}
	rw_buf_free(&text);
	rw_address_free(&address);
}

int
main(void)
{
	struct rw_address address = {0};
	struct rw_err err;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool good = rw_address_parse(&address, "email", cases[i].text,
			&err);

		is(good ? rw_address_text(&address) : NULL,
			cases[i].expected, "address %zu", i);
		if (good && cases[i].expected != NULL)
			ok(address.needs_utf8 == cases[i].utf8 &&
				address.domain[-1] == '@', "its parts");
		else if (cases[i].expected == NULL)
			ok(err.kind == RW_DATA && !err.retryable &&
				strpbrk(err.message, "\r\n\t\x7f") == NULL,
				"%s", err.message);
	}
	rw_address_free(&address);
	test_hidden();
	return done();
}
