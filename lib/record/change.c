#include "record/change.h"

#include <string.h>

#include "base/money.h"
#include "wire/config.h"

bool
rw_change_read_setting(int64_t *factor, struct rw_err *err)
{
	const char *text = rw_config_text("RW_MAX_CHANGE", NULL);

	*factor = 0;
	if (text == NULL)
		return true;
	if (rw_money_parse(text, strlen(text), factor, err) && *factor > 0 &&
	    *factor <= INT64_C(1000000) * RW_MONEY_ONE)
		return true;
	return rw_fail(err, RW_CONFIG, "RW_MAX_CHANGE is \"%.20s\": expected a "
		"decimal above 0, such as 10, and at most 1000000", text);
}

static int64_t
size_of(int64_t amount)
{
	return amount < 0 ? -amount : amount;
}

/* A product that overflows is larger than any amount. */
bool
rw_change_is_over(int64_t total, int64_t largest, int64_t factor)
{
	int64_t left, right;

	if (factor == 0 || largest == 0)
		return false;
	if (__builtin_mul_overflow(size_of(largest), factor, &right))
		return false;
	return __builtin_mul_overflow(size_of(total), RW_MONEY_ONE, &left) ||
		left > right;
}
