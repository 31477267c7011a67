#include "progress.h"

#include <inttypes.h>

#include "base/clock.h"
#include "base/log.h"
#include "wire/config.h"

enum { EVERY_MS = 200 };

bool
rw_progress_start(struct rw_progress *progress, const char *tool,
	struct rw_err *err)
{
	progress->tool = tool;
	progress->began_ms = progress->shown_ms = rw_clock_monotonic_ms();
	return rw_config_u64("RW_PROGRESS_TOTAL", 0, 0, UINT64_MAX,
		&progress->total, err);
}

void
rw_progress_show(struct rw_progress *progress, uint64_t done, uint64_t failed)
{
	int64_t now = rw_clock_monotonic_ms();
	double rate;

	if (now - progress->shown_ms < EVERY_MS)
		return;
	progress->shown_ms = now;
	rate = (double)done * 1000 / (double)(now - progress->began_ms + 1);
	if (progress->total < done || done == 0)
		rw_log_progress("%s: %" PRIu64 " done, %" PRIu64 " failed, "
			"%.0f/s", progress->tool, done, failed, rate);
	else
		rw_log_progress("%s: %" PRIu64 " of %" PRIu64 ", %" PRIu64
			" failed, %.0f/s, %.0f s left", progress->tool, done,
			progress->total, failed, rate,
			(double)(progress->total - done) / rate);
}
