/*
 * The settings of the issuer and of the payee.
 */
#include <stdlib.h>

#include "tap.h"
#include "record/issuer.h"

#define IBAN "RW_PAYEE_IBAN=DE89 3704 0044 0532 0130 00"
#define NAME "RW_PAYEE_NAME=Example Capital Ltd"
#define TEN "1234567890"
#define SEVENTY TEN TEN TEN TEN TEN TEN TEN
#define HUNDRED SEVENTY TEN TEN TEN

static const char *const all[] = {"RW_ISSUER_NAME", "RW_ISSUER_ADDRESS",
	"RW_ISSUER_NUMBER", "RW_ISSUER_EMAIL", "RW_ISSUER_URL",
	"RW_ISSUER_FOOTER", "RW_PAYEE_NAME", "RW_PAYEE_IBAN", "RW_PAYEE_BIC",
	"RW_PAYMENT_DAYS", "RW_COLLECTION"};

/* Settings, and words of the refusal; NULL: they are accepted. */
static const struct {
	const char *set[3], *words;
} rows[] = {
	{{"RW_ISSUER_NAME=Größe & Söhne"}, NULL},
	{{"RW_ISSUER_NAME=" HUNDRED}, NULL},
	{{"RW_ISSUER_NAME=" HUNDRED "1"}, "RW_ISSUER_NAME: expected 1 to 100"},
	{{"RW_ISSUER_NAME=a\nb"}, "RW_ISSUER_NAME"},
	{{"RW_ISSUER_NAME=\xff"}, "RW_ISSUER_NAME"},
	{{"RW_ISSUER_NAME=\xe2\x80\x8b"}, "RW_ISSUER_NAME"},
	{{"RW_ISSUER_NAME=a\xe2\x80\xae" "b"}, "RW_ISSUER_NAME"},
	{{"RW_ISSUER_NAME=a\xef\xbf\xbe"}, "RW_ISSUER_NAME"},
	{{"RW_ISSUER_NUMBER=VAT ID DE123456789"}, NULL},
	{{"RW_ISSUER_NUMBER=" SEVENTY "1"}, "RW_ISSUER_NUMBER"},
	{{"RW_ISSUER_FOOTER=\t"}, "RW_ISSUER_FOOTER"},
	{{"RW_ISSUER_ADDRESS=1 Main St|London"}, NULL},
	{{"RW_ISSUER_ADDRESS=1 Main St\nLondon"}, NULL},
	{{"RW_ISSUER_ADDRESS=1|2|3|4|5|6"}, NULL},
	{{"RW_ISSUER_ADDRESS=1|2|3|4|5|6|7"}, "RW_ISSUER_ADDRESS: expected 1 to 6"},
	{{"RW_ISSUER_ADDRESS=1||2"}, "RW_ISSUER_ADDRESS"},
	{{"RW_ISSUER_ADDRESS=1|2|"}, "RW_ISSUER_ADDRESS"},
	{{"RW_ISSUER_ADDRESS=1|" SEVENTY "1"}, "RW_ISSUER_ADDRESS"},
	{{"RW_ISSUER_ADDRESS=1|a\tb"}, "RW_ISSUER_ADDRESS"},
	{{"RW_ISSUER_EMAIL=office@example.com"}, NULL},
	{{"RW_ISSUER_EMAIL=büro@größe.de"}, NULL},
	{{"RW_ISSUER_EMAIL=office"}, "RW_ISSUER_EMAIL is \"office\""},
	{{"RW_ISSUER_EMAIL=@example.com"}, "RW_ISSUER_EMAIL"},
	{{"RW_ISSUER_EMAIL=a@"}, "RW_ISSUER_EMAIL"},
	{{"RW_ISSUER_EMAIL=a@b@c"}, "RW_ISSUER_EMAIL"},
	{{"RW_ISSUER_EMAIL=A <a@example.com>"}, "RW_ISSUER_EMAIL"},
	{{"RW_ISSUER_EMAIL=a@example.com,b@example.com"}, "RW_ISSUER_EMAIL"},
	{{"RW_ISSUER_URL=https://example.com/help?a=b&c=d"}, NULL},
	{{"RW_ISSUER_URL=http://example.com:8080"}, NULL},
	{{"RW_ISSUER_URL=example.com"}, "RW_ISSUER_URL: expected https://"},
	{{"RW_ISSUER_URL=javascript:alert(1)"}, "RW_ISSUER_URL"},
	{{"RW_ISSUER_URL=https://"}, "RW_ISSUER_URL"},
	{{"RW_ISSUER_URL=https://a b/"}, "RW_ISSUER_URL"},
	{{"RW_ISSUER_URL=https://a/\"onclick"}, "RW_ISSUER_URL"},
	{{"RW_ISSUER_URL=https://u:p@example.com/"}, "RW_ISSUER_URL takes no user"},
	{{"RW_ISSUER_URL=https://größe.de/"}, "RW_ISSUER_URL"},
	{{NAME, IBAN}, NULL},
	{{NAME, IBAN, "RW_PAYEE_BIC=COBADEFF"}, NULL},
	{{NAME, IBAN, "RW_PAYEE_BIC=cobadeffxxx"}, NULL},
	{{NAME, IBAN, "RW_PAYEE_BIC=COBADEFFXX"}, "RW_PAYEE_BIC is \"COBADEFFXX\""},
	{{NAME, IBAN, "RW_PAYEE_BIC=COBA1EFF"}, "RW_PAYEE_BIC"},
	{{NAME, IBAN, "RW_PAYEE_BIC=COBADEF-"}, "RW_PAYEE_BIC"},
	{{NAME}, "RW_PAYEE_NAME is set, but RW_PAYEE_IBAN is not set"},
	{{"RW_PAYEE_BIC=COBADEFF"}, "RW_PAYEE_BIC is set, but RW_PAYEE_IBAN"},
	{{IBAN}, "RW_PAYEE_IBAN is set, but RW_PAYEE_NAME is not set"},
	{{IBAN, "RW_PAYEE_NAME=" SEVENTY "1"}, "RW_PAYEE_NAME: expected 1 to 70"},
	{{NAME, "RW_PAYEE_IBAN=DE89370400440532013001"},
		"RW_PAYEE_IBAN: iban DE89... is wrong: its check digits"},
	{{NAME, "RW_PAYEE_IBAN=DE8937040044053201300"}, "not the 22"},
	{{NAME, "RW_PAYEE_IBAN=ZZ44ABCD12345678"},
		"RW_PAYEE_IBAN begins with ZZ: expected a country"},
	{{"RW_COLLECTION=transfer"}, "RW_COLLECTION is transfer, but"},
	{{"RW_COLLECTION=debit"}, NULL},
	{{"RW_COLLECTION=none", NAME, IBAN}, NULL},
	{{"RW_COLLECTION=Transfer", NAME, IBAN}, "RW_COLLECTION is \"Transfer\""},
	{{"RW_PAYMENT_DAYS=0"}, NULL},
	{{"RW_PAYMENT_DAYS=366"}, NULL},
	{{"RW_PAYMENT_DAYS=367"}, "RW_PAYMENT_DAYS is \"367\""},
	{{"RW_PAYMENT_DAYS=-1"}, "RW_PAYMENT_DAYS"},
	{{"RW_PAYMENT_DAYS=soon"}, "RW_PAYMENT_DAYS"},
};

static void
set_only(const char *const set[3])
{
	size_t i;

	for (i = 0; i < sizeof all / sizeof *all; i++)
		unsetenv(all[i]);
	for (i = 0; i < 3 && set[i] != NULL; i++)
		putenv((char *)(size_t)set[i]);
}

static void
try_rows(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct rw_issuer issuer = {0};
		struct rw_payee payee = {0};
		struct rw_err err = {0};
		bool good;

		set_only(rows[i].set);
		good = rw_issuer_read(&issuer, &err) &&
			rw_payee_read(&payee, &err);
		ok(good == (rows[i].words == NULL), "%.*s: %s",
			(int)strcspn(rows[i].set[0], "\n"), rows[i].set[0],
			good ? "accepted" : err.message);
		if (rows[i].words == NULL)
			continue;
		ok(err.kind == RW_CONFIG, "a fault of the settings");
		ok(strstr(err.message, rows[i].words) != NULL, "%s",
			rows[i].words);
		ok(strstr(err.message, "u:p") == NULL, "no password is shown");
	}
}

static void
read_all(void)
{
	const char *const address[3] = {
		"RW_ISSUER_ADDRESS= 1 Main St | London\nUK"};
	const char *const payee_set[3] = {NAME, IBAN,
		"RW_PAYEE_BIC=cobadeffxxx"};
	const char *const none[3] = {0};
	const char *const days[3] = {"RW_PAYMENT_DAYS=14",
		"RW_COLLECTION=debit"};
	struct rw_issuer issuer = {0};
	struct rw_payee payee = {0};
	struct rw_err err = {0};

	set_only(none);
	ok(rw_issuer_read(&issuer, &err) && !rw_issuer_is_set(&issuer),
		"no issuer");
	ok(rw_payee_read(&payee, &err) && payee.name == NULL &&
		payee.collection == RW_COLLECTION_NONE && !payee.has_days,
		"no payee: no collection");
	set_only(address);
	ok(rw_issuer_read(&issuer, &err) && rw_issuer_is_set(&issuer),
		"an address is an issuer's");
	ok(issuer.address_lines == 3, "three lines");
	is(issuer.address[0], "1 Main St", "blanks around it are dropped");
	is(issuer.address[2], "UK", "the third line");
	set_only(payee_set);
	ok(rw_payee_read(&payee, &err) &&
		payee.collection == RW_COLLECTION_TRANSFER,
		"a payee: transfer unless said otherwise");
	is(payee.iban, "DE89370400440532013000", "the IBAN without blanks");
	is(payee.bic, "COBADEFFXXX", "the BIC in capitals");
	set_only(days);
	ok(rw_payee_read(&payee, &err) && payee.has_days &&
		payee.days == 14 && payee.name == NULL &&
		payee.collection == RW_COLLECTION_DEBIT, "debit in 14 days");
}

int
main(void)
{
	try_rows();
	read_all();
	return done();
}
