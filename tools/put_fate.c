#include "put_fate.h"

#include "base/log.h"
#include "store/s3_rules.h"

enum { DAY = 86400 };

static void
on_answer(struct rw_s3_call *call)
{
	struct rw_put_fate *fate = call->context;
	struct rw_put_fate_wait *wait;

	fate->fate = rw_s3_rules_judge(call, &fate->days, &fate->why);
	fate->is_known = true;
	while ((wait = fate->waiting) != NULL) {
		fate->waiting = wait->next;
		wait->told(wait->context);
	}
}

bool
rw_put_fate_ask(struct rw_put_fate *fate, struct rw_s3 *s3,
	struct rw_put_fate_wait *wait)
{
	if (fate->is_known)
		return true;
	wait->next = fate->waiting;
	fate->waiting = wait;
	if (!fate->is_asked) {
		fate->is_asked = true;
		rw_s3_rules_ask(&fate->call);
		fate->call.done = on_answer;
		fate->call.context = fate;
		rw_s3_start(s3, &fate->call);
	}
	return false;
}

void
rw_put_fate_tell(struct rw_put_fate *fate, struct rw_record *record,
	const char *bucket, int64_t made_at)
{
	const char *label = rw_record_label(record);

	if (fate->fate == RW_FATE_DELETED && fate->days > 0)
		rw_record_set_time(record, RW_M_OBJECT_EXPIRES_AT,
			made_at + (int64_t)fate->days * DAY);
	if (fate->fate == RW_FATE_DELETED || fate->has_warned)
		return;
	fate->has_warned = true;
	if (fate->fate == RW_FATE_KEPT)
		rw_say_about(RW_WARNING, label, "the store will never delete "
			"this report: bucket %s has no lifecycle rule for "
			"reports/ (rw-bucket sets it)", bucket);
	else
		rw_say_about(RW_WARNING, label, "the store does not say "
			"whether it will delete this report: it sends no "
			"x-amz-expiration, and %s (rw-bucket --check reads "
			"the rules with the owner's keys)", fate->why.message);
}

void
rw_put_fate_free(struct rw_put_fate *fate)
{
	rw_s3_call_free(&fate->call);
}
