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
	return done();
}
