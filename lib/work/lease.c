#include "work/lease.h"

enum { MAIL_S = 15 * 60 };

/* For the journal's sync, and for a clock that is not quite the others'. */
enum { MARGIN_MS = 60 * 1000 };

static int64_t
needed_s(int64_t dot_timeout_ms)
{
	int64_t end_s = (dot_timeout_ms + MARGIN_MS + 999) / 1000;

	return end_s > MAIL_S ? end_s : MAIL_S;
}

bool
rw_lease_allows(int64_t lease_until_s, int64_t now_s, int64_t dot_timeout_ms,
	struct rw_err *err)
{
	int64_t left_s = lease_until_s - now_s;
	int64_t needed = needed_s(dot_timeout_ms);

	return left_s >= needed || rw_fail(err, RW_LOCKED, "its lease ends in "
		"%lld minutes, which is less than the %lld that a mail may "
		"take", (long long)(left_s > 0 ? left_s / 60 : 0),
		(long long)((needed + 59) / 60));
}

int64_t
rw_lease_end_by_ms(int64_t lease_until_s, int64_t dot_timeout_ms)
{
	return lease_until_s * 1000 - dot_timeout_ms - MARGIN_MS;
}
