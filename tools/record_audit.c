#include "record_audit.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

static const struct {
	enum rw_fate fate;
	const char *words;
} left[] = {
	{RW_FATE_LEFT_FAILED, "failed"},
	{RW_FATE_LEFT_IN_DOUBT, "are in doubt"},
	{RW_FATE_UNFINISHED, "were claimed and have no outcome"},
	{RW_FATE_UNCLAIMED, "were due and were never claimed"},
	{RW_FATE_NOT_AGAIN, "were sent before, and not once more by this run"},
};

/* ---- noting -------------------------------------------------------------- */

static struct rw_audit_run *
run_of(struct rw_record_audit *audit, const char *run_id, const char *host)
{
	struct rw_audit_run *run;

	for (run = audit->runs; run < audit->runs + audit->run_count; run++)
		if (strcmp(rw_buf_text(&run->run_id), run_id) == 0 &&
		    strcmp(rw_buf_text(&run->host), host) == 0)
			return run;
	if (audit->run_count == RW_AUDIT_RUNS)
		return NULL;
	audit->run_count++;
	rw_text_add_printable(&run->run_id, run_id);
	rw_text_add_printable(&run->host, host);
	return run;
}

static const char *
text_of(const struct rw_entry *entry, enum rw_field field)
{
	const char *text = rw_entry_text(entry, field);

	return text != NULL ? text : "(unknown)";
}

static void
note_elsewhere(struct rw_record_audit *audit, const struct rw_entry *entry)
{
	struct rw_audit_run *run = run_of(audit,
		text_of(entry, RW_F_RUN_ID), text_of(entry, RW_F_HOST));
	int64_t until = rw_entry_number(entry, RW_F_LEASE_UNTIL, 0);

	audit->elsewhere++;
	if (run == NULL)
		return;
	run->n++;
	if (until > run->lease_until)
		run->lease_until = until;
}

bool
rw_record_audit_open(struct rw_record_audit *audit, const char *path,
	struct rw_err *err)
{
	return path == NULL ||
		rw_selection_read(&audit->unchanged, path, NULL, err);
}

void
rw_record_audit_note(struct rw_record_audit *audit,
	struct rw_ledger_item *item)
{
	size_t i;

	audit->lines++;
	if (item->fate == RW_FATE_NOT_AGAIN && audit->unchanged.count > 0 &&
	    rw_selection_has(&audit->unchanged, item->record->follower_id,
	    item->record->period))
		item->fate = RW_FATE_UNCHANGED;
	if (item->fate == RW_FATE_CLAIMED_ELSEWHERE)
		note_elsewhere(audit, rw_ledger_item_entry(item));
	for (i = 0; i < sizeof left / sizeof left[0]; i++)
		if (item->fate == left[i].fate)
			rw_record_name(&audit->left[item->fate],
				rw_record_label(item->record));
}

/* ---- telling ------------------------------------------------------------- */

static void
tell_elsewhere(const struct rw_record_audit *audit)
{
	const struct rw_audit_run *run;
	uint64_t named = 0;
	char until[RW_RFC3339_SIZE];

	for (run = audit->runs; run < audit->runs + audit->run_count; run++) {
		rw_rfc3339(until, run->lease_until);
		rw_say(RW_ERROR, "%" PRIu64 " of %" PRIu64 " are claimed by "
			"run %s on %s; its lease ends at %s", run->n,
			audit->lines, rw_buf_text(&run->run_id),
			rw_buf_text(&run->host), until);
		named += run->n;
	}
	if (audit->elsewhere > named)
		rw_say(RW_ERROR, "%" PRIu64 " of %" PRIu64 " are claimed by "
			"other runs", audit->elsewhere - named, audit->lines);
}

enum rw_kind
rw_record_audit_tell(const struct rw_record_audit *audit)
{
	enum rw_kind worst = RW_OK;
	size_t i;

	for (i = 0; i < sizeof left / sizeof left[0]; i++) {
		const struct rw_record_names *names =
			&audit->left[left[i].fate];

		if (names->n == 0)
			continue;
		worst = RW_DATA;
		rw_record_say_names(RW_ERROR, names, audit->lines,
			left[i].words);
	}
	if (audit->elsewhere == 0)
		return worst;
	tell_elsewhere(audit);
	return RW_LOCKED;
}

void
rw_record_audit_free(struct rw_record_audit *audit)
{
	size_t i;

	rw_selection_free(&audit->unchanged);
	for (i = 0; i < RW_FATE_COUNT; i++)
		rw_buf_free(&audit->left[i].names);
	for (i = 0; i < RW_AUDIT_RUNS; i++) {
		rw_buf_free(&audit->runs[i].run_id);
		rw_buf_free(&audit->runs[i].host);
	}
}
