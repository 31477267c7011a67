/*
 * Any bytes as an amount. What is read must be written as a text that reads
 * as the same amount, and rounding it must stay within half a unit.
 */
#include <stdlib.h>
#include <string.h>

#include "base/money.h"

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len);

int
LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t len)
{
	char text[RW_MONEY_SIZE];
	int64_t amount, again, rounded;
	struct rw_err err;
	int digits;

	if (!rw_money_parse((const char *)bytes, len, &amount, &err))
		return 0;
	for (digits = 0; digits <= RW_MONEY_DECIMALS; digits++) {
		rw_money_text(text, amount, digits);
		if (!rw_money_parse(text, strlen(text), &again, &err) ||
		    again != amount)
			abort();
		if (!rw_money_round(amount, digits, &rounded) ||
		    rounded - amount > RW_MONEY_ONE / 2 ||
		    amount - rounded > RW_MONEY_ONE / 2)
			abort();
	}
	return 0;
}
