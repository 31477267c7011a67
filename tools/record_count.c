#include "record_count.h"

bool
rw_record_is_asking(enum rw_record_mode mode)
{
	return mode == RW_RECORD_FREE || mode == RW_RECORD_AUDIT;
}

bool
rw_record_count(struct rw_ledger *ledger, const struct rw_record_work *work,
	const uint64_t *fates, const struct rw_filter_counts *counts,
	struct rw_err *err)
{
	if (work->mode == RW_RECORD_RESOLVE)
		return true;
	if (work->mode == RW_RECORD_FREE)
		rw_ledger_count(ledger, rw_fate_name(RW_FATE_ALREADY_SENT),
			fates[RW_FATE_ALREADY_SENT]);
	if (work->mode == RW_RECORD_AUDIT) {
		rw_ledger_count(ledger,
			rw_fate_name(RW_FATE_CLAIMED_ELSEWHERE),
			fates[RW_FATE_CLAIMED_ELSEWHERE]);
		rw_ledger_count(ledger, rw_fate_name(RW_FATE_UNCHANGED),
			fates[RW_FATE_UNCHANGED]);
	}
	if (rw_record_is_asking(work->mode))
		return rw_ledger_flush(ledger, err);
	rw_ledger_count(ledger, "unreadable", counts->unreadable +
		work->unreadable);
	if (work->mode == RW_RECORD_RESULT)
		rw_ledger_count(ledger, "malformed", counts->malformed);
	return rw_ledger_flush(ledger, err);
}
