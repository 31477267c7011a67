#include "base/iban.h"

#include <ctype.h>
#include <string.h>

static const struct {
	char country[3];
	unsigned char length;
} registry[] = {
	{"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28},
	{"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22}, {"BI", 27},
	{"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28},
	{"CZ", 24}, {"DE", 22}, {"DJ", 27}, {"DK", 18}, {"DO", 28},
	{"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FK", 18},
	{"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23},
	{"GL", 18}, {"GR", 27}, {"GT", 28}, {"HN", 28}, {"HR", 21},
	{"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26},
	{"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28},
	{"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20}, {"LV", 21},
	{"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19},
	{"MN", 20}, {"MR", 27}, {"MT", 31}, {"MU", 30}, {"NI", 28},
	{"NL", 18}, {"NO", 15}, {"OM", 23}, {"PK", 24}, {"PL", 28},
	{"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22},
	{"RU", 33}, {"SA", 24}, {"SC", 31}, {"SD", 18}, {"SE", 24},
	{"SI", 19}, {"SK", 24}, {"SM", 27}, {"SO", 23}, {"ST", 25},
	{"SV", 28}, {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29},
	{"VA", 22}, {"VG", 24}, {"XK", 20}, {"YE", 30},
};

/* Copies the characters of an IBAN without spaces. Returns their number, or 0
 * when there are too many or one of them is not allowed. */
static size_t
normalise(const char *text, char iban[RW_IBAN_SIZE])
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == ' ')
			continue;
		if (c >= 0x80 || !isalnum(c) || n + 1 >= RW_IBAN_SIZE)
			return 0;
		iban[n++] = (char)toupper(c);
	}
	iban[n] = '\0';
	return n;
}

/* The remainder of ISO 7064: the first four characters are moved to the end,
 * and letters count from 10. A valid IBAN has the remainder 1. */
static unsigned
remainder_97(const char *iban, size_t len)
{
	unsigned rest = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		char c = iban[(i + 4) % len];

		if (isdigit((unsigned char)c))
			rest = (rest * 10 + (unsigned)(c - '0')) % 97;
		else
			rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
	}
	return rest;
}

size_t
rw_iban_country_length(const char *iban)
{
	size_t i;

	for (i = 0; i < sizeof registry / sizeof *registry; i++)
		if (strncmp(registry[i].country, iban, 2) == 0)
			return registry[i].length;
	return 0;
}

bool
rw_iban_is_sepa(const char *iban)
{
	static const char countries[] = "AD AL AT BE BG CH CY CZ DE DK EE ES FI "
		"FR GB GI GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO "
		"PL PT RO RS SE SI SK SM VA ";
	size_t i;

	for (i = 0; countries[i] != '\0'; i += 3)
		if (strncmp(countries + i, iban, 2) == 0)
			return true;
	return false;
}

bool
rw_iban_parse(const char *text, char iban[RW_IBAN_SIZE], struct rw_err *err)
{
	size_t len = normalise(text, iban), expected;

	if (len < 15 || !isalpha((unsigned char)iban[0]) ||
	    !isalpha((unsigned char)iban[1]) ||
	    !isdigit((unsigned char)iban[2]) ||
	    !isdigit((unsigned char)iban[3]))
		return rw_fail(err, RW_DATA, "iban is not a valid IBAN: expected two "
			"letters, two digits, then 11 to 30 letters and "
			"digits");
	expected = rw_iban_country_length(iban);
	if (expected != 0 && expected != len)
		return rw_fail(err, RW_DATA, "iban %.4s... has %zu characters, "
			"not the %zu of an IBAN of %.2s", iban, len, expected,
			iban);
	if (remainder_97(iban, len) != 1)
		return rw_fail(err, RW_DATA, "iban %.4s... is wrong: its check "
			"digits do not match", iban);
	return true;
}

void
rw_iban_grouped(char out[RW_IBAN_GROUPED_SIZE], const char *iban)
{
	size_t i;

	for (i = 0; i < RW_IBAN_SIZE - 1 && iban[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			*out++ = ' ';
		*out++ = iban[i];
	}
	*out = '\0';
}
