/*
 * Any text as an IBAN, whose check digits are computed a second time here.
 */
#include "fuzz.h"

#include "base/iban.h"

/* ISO/IEC 7064, MOD 97-10, digit by digit. */
static unsigned
remainder_of(const char *iban)
{
	size_t i, len = strlen(iban);
	unsigned rest = 0;

	for (i = 0; i < len; i++) {
		char c = iban[(i + 4) % len];

		if (c >= '0' && c <= '9')
			rest = (rest * 10 + (unsigned)(c - '0')) % 97;
		else
			rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
	}
	return rest;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char iban[RW_IBAN_SIZE], again[RW_IBAN_SIZE];
	char grouped[RW_IBAN_GROUPED_SIZE];
	struct fuzz_input input = {data, size};
	char *text = fuzz_rest(&input);
	struct rw_err err = {0};
	bool good = rw_iban_parse(text, iban, &err);

	fuzz_outcome(good, &err);
	if (good) {
		require(strlen(iban) >= 15 && strlen(iban) <= 34);
		require(strspn(iban, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
			strlen(iban));
		require(remainder_of(iban) == 1);
		rw_iban_grouped(grouped, iban);
		require(rw_iban_parse(grouped, again, &err));
		require(strcmp(iban, again) == 0);
	} else {
		require(strlen(text) < 15 || strlen(text) > 100 ||
			strstr(err.message, text) == NULL);
	}
	free(text);
	return 0;
}
