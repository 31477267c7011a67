#include "record_words.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/log.h"

/* "N of M ...", in this order, for each fate that occurs. */
static const struct {
	enum rw_fate fate;
	enum rw_level level;
	const char *words;
} words[] = {
	{RW_FATE_CLAIMED_ELSEWHERE, RW_NOTICE, "are claimed by a run that is "
		"still running, or may still be running"},
	{RW_FATE_CLAIMED_BY_HAND, RW_WARNING, "are claimed by a pipeline "
		"typed by hand; if it is no longer running, rw-record "
		"--resolve retry frees them"},
	{RW_FATE_DUPLICATE, RW_WARNING,
		"are duplicates of earlier lines of this input"},
	{RW_FATE_HELD, RW_WARNING, "are in doubt and were held back; "
		"rw-record --resolve settles them"},
	{RW_FATE_HELD_CHANGED, RW_WARNING, "are in doubt and were held back, "
		"because the report differs from the one that may have "
		"arrived, or could not be made; rw-record --resolve settles them, "
		"and then --revise sends a corrected report"},
	{RW_FATE_REHEARSED, RW_NOTICE, "were mailed only to --to, or by a "
		"dry run: their entries are unchanged"},
};

static uint64_t
changed(const uint64_t *n)
{
	return n[RW_FATE_LOOKED_UP] + n[RW_FATE_CLAIMED] + n[RW_FATE_RESENT] +
		n[RW_FATE_SENT] + n[RW_FATE_FAILED] + n[RW_FATE_IN_DOUBT] +
		n[RW_FATE_RESOLVED];
}

/* NAMES: the most names that a readable message can have. */
enum { NAMES = 10 };

void
rw_record_name(struct rw_record_names *names, const char *label)
{
	if (names->n++ < NAMES)
		rw_buf_addf(&names->names, "%s%s", names->n > 1 ? ", " : "",
			label);
}

void
rw_record_say_names(enum rw_level level, const struct rw_record_names *names,
	uint64_t lines, const char *what)
{
	char more[48] = "";

	if (names->n > NAMES)
		snprintf(more, sizeof more, " and %" PRIu64 " more",
			names->n - NAMES);
	rw_say(level, "%" PRIu64 " of %" PRIu64 " %s: %s%s", names->n, lines,
		what, rw_buf_text(&names->names), more);
}

static void
explain_resent(const struct rw_record_tally *tally)
{
	if (tally->resent.n > 0)
		rw_record_say_names(RW_WARNING, &tally->resent, tally->lines,
			tally->revise ? "are in doubt, and the corrected "
			"report goes out now, whether or not they arrived" :
			"are in doubt: the same message may go out a second "
			"time");
}

static void
explain_bounced(const struct rw_record_tally *tally)
{
	if (tally->bounced.n > 0)
		rw_record_say_names(RW_WARNING, &tally->bounced, tally->lines,
			"are for followers whose last mail bounced for good "
			"(rw-status --bounced); check their addresses");
}

void
rw_record_explain(const struct rw_record_tally *tally, bool dry_run)
{
	const uint64_t *n = tally->fates;
	size_t i;

	if (dry_run)
		rw_say(RW_NOTICE, "dry run: %" PRIu64 " of %" PRIu64 " would "
			"be %s, and nothing was written", changed(n),
			tally->lines, tally->done);
	if (n[RW_FATE_ALREADY_SENT] > 0)
		rw_say(RW_NOTICE, "%" PRIu64 " of %" PRIu64 " were sent "
			"already (%s); --again sends them once more",
			n[RW_FATE_ALREADY_SENT], tally->lines, tally->period);
	for (i = 0; i < sizeof words / sizeof words[0]; i++)
		if (n[words[i].fate] > 0)
			rw_say(words[i].level, "%" PRIu64 " of %" PRIu64
				" %s", n[words[i].fate], tally->lines,
				words[i].words);
	explain_resent(tally);
	explain_bounced(tally);
	if (tally->not_written > 0)
		rw_say(RW_ERROR, "%" PRIu64 " of %" PRIu64 " outcomes were "
			"not recorded; " RW_IN_JOURNAL, tally->not_written,
			tally->lines);
}

void
rw_record_explain_later(const struct rw_record_tally *tally,
	const struct rw_later *later)
{
	struct rw_buf months = {0};
	size_t i;

	if (later->reports == 0)
		return;
	for (i = 0; i < later->count; i++)
		rw_buf_addf(&months, "%s%s", i > 0 ? ", " : "",
			later->months[i]);
	rw_say(RW_WARNING, "%" PRIu64 " of %" PRIu64 " set the high-water mark "
		"that later months were made with: revise %s too, %s",
		later->reports, tally->lines, rw_buf_text(&months),
		later->count > 1 ? "in this order" : "after this one");
	rw_buf_free(&months);
}

void
rw_record_explain_replay(const struct rw_replayed *outcome)
{
	if (outcome->settled + outcome->in_doubt + outcome->lost > 0)
		rw_say(RW_WARNING, "found the journal of a run that ended "
			"early: %zu outcomes recorded, %zu in doubt, %zu of "
			"claims that were lost", outcome->settled,
			outcome->in_doubt, outcome->lost);
	if (outcome->strange > 0)
		rw_say(RW_NOTICE, "%zu outcomes in the journal are of reports "
			"that this ledger does not know; they are left there "
			"for the ledger that does", outcome->strange);
}
