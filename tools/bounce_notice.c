#include "bounce_notice.h"

#include <string.h>

/* What the recipients' lists have in common, for a mail to one of them. A list
 * that delivered it to anybody has taken it. */
static enum rw_verdict
judge_all(const struct rw_notified_recipient *recipients, size_t count,
	const char **code)
{
	enum rw_verdict verdict = RW_BOUNCE_MALFORMED;
	size_t i;

	for (i = 0; i < count; i++)
		switch (recipients[i].what) {
		case RW_NOTIFIED_DELIVERED:
			return RW_BOUNCE_DELIVERED;
		case RW_NOTIFIED_DELAYED:
			verdict = RW_BOUNCE_DELAYED;
			break;
		case RW_NOTIFIED_FAILED:
			if (verdict != RW_BOUNCE_MALFORMED)
				break;
			verdict = RW_BOUNCE_OPEN;
			*code = recipients[i].code;
			break;
		case RW_NOTIFIED_UNCLEAR:
			break;
		}
	return verdict;
}

enum rw_verdict
rw_notice_judge(const struct rw_notice *notice, const char *recipient,
	const char **code)
{
	const struct rw_notified_recipient *r = notice->recipients;
	size_t i;

	for (i = 0; recipient != NULL && i < notice->count; i++)
		if (strcmp(r[i].sums[0], recipient) == 0 ||
		    strcmp(r[i].sums[1], recipient) == 0)
			return judge_all(&r[i], 1, code);
	return notice->by_address ? judge_all(r, notice->count, code) :
		RW_BOUNCE_UNKNOWN;
}

static bool
has_failure(const struct rw_notice *notice)
{
	size_t i;

	for (i = 0; i < notice->count; i++)
		if (notice->recipients[i].what == RW_NOTIFIED_FAILED)
			return true;
	return false;
}

enum rw_verdict
rw_notice_read(struct rw_notice *notice, struct rw_notification *scratch,
	struct rw_verp *verp, const char *bytes, size_t len)
{
	enum rw_verp_found found;
	const char *ignored;

	if (!rw_notification_parse(scratch, bytes, len, NULL))
		return RW_BOUNCE_UNRELATED;
	found = rw_verp_find(verp, rw_buf_text(&scratch->to), notice->period,
		notice->sum);
	if (found == RW_VERP_FORGED)
		return RW_BOUNCE_FORGED;
	notice->by_address = found == RW_VERP_VALID;
	if (!notice->by_address) {
		memcpy(notice->period, scratch->period, RW_PERIOD_SIZE);
		memcpy(notice->sum, scratch->sum, RW_MESSAGE_SUM_SIZE);
	}
	if (notice->sum[0] == '\0')
		return RW_BOUNCE_UNRELATED;
	notice->date = scratch->date;
	notice->count = scratch->count;
	memcpy(notice->recipients, scratch->recipients,
		scratch->count * sizeof *scratch->recipients);
	return has_failure(notice) ? RW_BOUNCE_OPEN :
		judge_all(notice->recipients, notice->count, &ignored);
}
