/*
 * Currencies and their minor units.
 */
#include <string.h>

#include "base/currency.h"
#include "tap.h"

static const struct {
	const char *code;
	int digits;
} known[] = {
	{"JPY", 0}, {"UYI", 0}, {"EUR", 2}, {"XCG", 2}, {"XAD", 2},
	{"ZWG", 2}, {"CHE", 2}, {"ANG", 2}, {"KWD", 3}, {"CLF", 4},
	{"UYW", 4},
};

static const struct {
	const char *code, *why;
} refused[] = {
	{"XAU", "without a minor unit"}, {"XDR", "without a minor unit"},
	{"XTS", "without a minor unit"}, {"XXX", "without a minor unit"},
	{"eur", "not a currency code"}, {"EU", "not a currency code"},
	{"", "not a currency code"}, {"EUR ", "not a currency code"},
	{"UR ", "not a currency code"}, {"D A", "not a currency code"},
	{"HRK", "not a currency code"},
	{"a name that is much too long", "not a currency code"},
};

int
main(void)
{
	struct rw_err err;
	int digits;
	size_t i;

	for (i = 0; i < sizeof known / sizeof *known; i++) {
		digits = -1;
		ok(rw_currency_digits(known[i].code, &digits, &err) &&
			digits == known[i].digits, "%s has %d decimals",
			known[i].code, known[i].digits);
	}
	for (i = 0; i < sizeof refused / sizeof *refused; i++) {
		err = (struct rw_err){0};
		ok(!rw_currency_digits(refused[i].code, &digits, &err) &&
			err.kind == RW_DATA &&
			strstr(err.message, refused[i].why) != NULL,
			"\"%s\" is %s", refused[i].code, refused[i].why);
	}
	return done();
}
