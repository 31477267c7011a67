#include "mail/lease.h"

#include <string.h>

enum { MAIL_MS = 15 * 60 * 1000, MINUTE_MS = 60 * 1000 };

/* The margin for the sync of the journal and for slightly different clocks. */
enum { MARGIN_MS = MINUTE_MS };

bool
rw_lease_find_end(const struct rw_boot_end *line,
	const struct rw_lease_now *now, int64_t *end_ms, struct rw_err *err)
{
	if (line->boot_id == NULL) {
		*end_ms = now->boot_ms + (line->wall_s * 1000 - now->wall_ms);
		return true;
	}
	if (now->boot_id[0] == '\0' || strcmp(line->boot_id, now->boot_id) != 0)
		return rw_fail(err, RW_LOCKED, "the report was claimed "
			"on another machine, or on this one before a restart "
			"(the claim's boot_id is %.40s, this machine's is "
			"%s): mail it on the machine that claims it",
			line->boot_id, now->boot_id[0] != '\0' ?
			now->boot_id : "unknown");
	*end_ms = line->boot_ms;
	return true;
}

static int64_t
needed_ms(int64_t dot_timeout_ms)
{
	int64_t end_ms = dot_timeout_ms + MARGIN_MS;

	return end_ms > MAIL_MS ? end_ms : MAIL_MS;
}

bool
rw_lease_allows(int64_t end_ms, int64_t now_ms, int64_t dot_timeout_ms,
	struct rw_err *err)
{
	int64_t left = end_ms - now_ms, needed = needed_ms(dot_timeout_ms);

	return left >= needed || rw_fail(err, RW_LOCKED, "its lease ends in "
		"%lld minutes, but a mail may take up to %lld",
		(long long)(left > 0 ? left / MINUTE_MS : 0),
		(long long)((needed + MINUTE_MS - 1) / MINUTE_MS));
}

int64_t
rw_lease_end_by_ms(int64_t end_ms, int64_t dot_timeout_ms)
{
	return end_ms - dot_timeout_ms - MARGIN_MS;
}
