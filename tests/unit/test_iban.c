/*
 * IBANs: check digits, lengths, form.
 */
#include "tap.h"
#include "base/iban.h"

static const struct {
	const char *text, *iban;
} good[] = {
	{"DE89370400440532013000", "DE89370400440532013000"},
	{"DE89 3704 0044 0532 0130 00", "DE89370400440532013000"},
	{"gb29nwbk60161331926819", "GB29NWBK60161331926819"},
	{"NO9386011117947", "NO9386011117947"},
	{"LC55HEMM000100010012001200023015",
		"LC55HEMM000100010012001200023015"},
};

static const struct {
	const char *name, *text, *words;
} bad[] = {
	{"one digit off", "DE89370400440532013001", "check digits"},
	{"two swapped", "DE89370400440532010300", "check digits"},
	{"too short for Germany", "DE8937040044053201300", "not the 22"},
	{"too long for Germany", "DE893704004405320130000", "not the 22"},
	{"nothing but a country", "DE", "not a valid IBAN"},
	{"no check digits", "DEAB370400440532013000", "not a valid IBAN"},
	{"a hyphen", "DE89-3704-0044-0532-0130-00", "not a valid IBAN"},
	{"a line end", "DE89370400440532013000\n", "not a valid IBAN"},
	{"more than 34", "DE8937040044053201300012345678901234", "not a valid IBAN"},
	{"not ASCII", "DE8937040044053201300\xc3\xa9", "not a valid IBAN"},
	{"digits first", "12DE370400440532013000", "not a valid IBAN"},
};

int
main(void)
{
	char iban[RW_IBAN_SIZE], grouped[RW_IBAN_GROUPED_SIZE];
	struct rw_err err = {0};
	size_t i;

	for (i = 0; i < sizeof good / sizeof *good; i++) {
		ok(rw_iban_parse(good[i].text, iban, &err), "%s is one",
			good[i].text);
		is(iban, good[i].iban, "%s is normalised", good[i].text);
	}
	ok(rw_iban_parse("ZZ44ABCD12345678", iban, &err),
		"a country outside the registry: form and digits decide");
	ok(rw_iban_parse("GB82WEST12345698765432", iban, &err),
		"the standard's example");
	for (i = 0; i < sizeof bad / sizeof *bad; i++) {
		ok(!rw_iban_parse(bad[i].text, iban, &err), "%s is none",
			bad[i].name);
		ok(strstr(err.message, bad[i].words) != NULL, "%s: %s",
			bad[i].name, err.message);
		ok(strstr(err.message, "0532013") == NULL,
			"%s: the number is not shown", bad[i].name);
	}
	rw_iban_grouped(grouped, "DE89370400440532013000");
	is(grouped, "DE89 3704 0044 0532 0130 00", "grouped by four");
	rw_iban_grouped(grouped, "LC55HEMM000100010012001200023015XX");
	is(grouped, "LC55 HEMM 0001 0001 0012 0012 0002 3015 XX",
		"the longest grouped");
	return done();
}
