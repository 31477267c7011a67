#include "record_resolve.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "record_words.h"

/* ---- options ------------------------------------------------------------- */

static bool
fail_usage(struct rw_err *err, const char *words)
{
	return rw_fail(err, RW_USAGE, "%s", words);
}

static bool
check_sent(const struct rw_record_work *work, struct rw_err *err)
{
	if (work->resolution.host != NULL)
		return fail_usage(err, "--host belongs to --resolve retry "
			"--force");
	if (work->resolution.force && work->followers.count == 0)
		return fail_usage(err, "--resolve sent --force requires "
			"--follower");
	return true;
}

static bool
check_retry(const struct rw_record_work *work, struct rw_err *err)
{
	const char *host = work->resolution.host;

	if (work->resolution.force != (host != NULL))
		return fail_usage(err, "--resolve retry requires --force and "
			"--host together, or neither");
	if (host != NULL && host[0] == '\0')
		return fail_usage(err, "--host requires a value; see --help");
	if (host != NULL && work->followers.count > 0)
		return fail_usage(err, "--host and --follower exclude each "
			"other");
	return true;
}

bool
rw_record_resolve_choose(struct rw_record_work *work, const char *word,
	struct rw_err *err)
{
	if (word == NULL)
		return (!work->resolution.force &&
			work->resolution.host == NULL &&
			work->followers.count == 0) || fail_usage(err,
			"--follower, --force and --host belong to --resolve");
	work->resolution.sent = strcmp(word, "sent") == 0;
	if (!work->resolution.sent && strcmp(word, "retry") != 0)
		return rw_fail(err, RW_USAGE, "--resolve is \"%.40s\": "
			"expected sent or retry", word);
	return work->resolution.sent ? check_sent(work, err) :
		check_retry(work, err);
}

bool
rw_record_resolve_is_meant(const struct rw_record_work *work,
	const struct rw_record *record)
{
	size_t i;

	for (i = 0; i < work->followers.count; i++)
		if (strcmp(work->followers.items[i], record->follower_id) == 0)
			return true;
	return work->followers.count == 0;
}

/* ---- a host that is dead ------------------------------------------------- */

struct claims {
	const char *host;
	struct rw_record *records;
	struct rw_ledger_item *items;
	size_t n, room;
};

static bool
make_room(struct claims *claims, struct rw_err *err)
{
	size_t room = claims->room == 0 ? 256 : 2 * claims->room;
	struct rw_record *records;

	if (claims->n < claims->room)
		return true;
	records = realloc(claims->records, room * sizeof *records);
	if (records == NULL)
		return rw_fail_memory(err, "%zu claims", room);
	memset(records + claims->room, 0,
		(room - claims->room) * sizeof *records);
	claims->records = records;
	claims->room = room;
	return true;
}

static bool
add_claim(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	const char *host = rw_entry_text(entry, RW_F_HOST);
	struct claims *claims = context;
	struct rw_line line = {0};
	struct rw_buf text = {0};
	bool good;

	if (rw_entry_state(entry) != RW_STATE_CLAIMED || host == NULL ||
	    strcmp(host, claims->host) != 0)
		return true;
	if (!make_room(claims, err))
		return false;
	rw_line_clear(&line);
	rw_entry_to_line(entry, RW_F_FOLLOWER_ID, &line);
	rw_entry_to_line(entry, RW_F_REPORT_PERIOD, &line);
	rw_line_add_to(&line, &text);
	good = rw_buf_ok(&text, "a claim", err) && rw_record_parse(
		&claims->records[claims->n], text.data, text.len - 1, NULL,
		err);
	claims->n += good;
	rw_line_free(&line);
	rw_buf_free(&text);
	return good;
}

static bool
end_leases(struct claims *claims, const struct rw_record_work *work,
	struct rw_ledger *ledger, struct rw_err *err)
{
	size_t i, n;

	claims->items = calloc(claims->n, sizeof *claims->items);
	if (claims->items == NULL)
		return rw_fail_memory(err, "%zu claims", claims->n);
	for (i = 0; i < claims->n; i++)
		claims->items[i].record = &claims->records[i];
	for (i = 0; i < claims->n; i += n) {
		n = claims->n - i < work->batch ? claims->n - i : work->batch;
		if (!rw_ledger_end_leases(ledger, &work->resolution,
		    claims->items + i, n, err))
			return false;
	}
	return true;
}

static enum rw_kind
tell_ended(const struct claims *claims, bool dry_run)
{
	struct rw_record_names names = {0};
	struct rw_buf what = {0};
	enum rw_kind worst = RW_OK;
	size_t i;

	for (i = 0; i < claims->n; i++) {
		const struct rw_ledger_item *item = &claims->items[i];
		const char *label = rw_record_label(item->record);

		if (item->fate == RW_FATE_RESOLVED)
			rw_record_name(&names, label);
		if (item->fate != RW_FATE_NOT_DONE)
			continue;
		rw_say_failure(label, &item->err);
		worst = rw_kind_worse(worst, item->err.kind);
	}
	rw_buf_addf(&what, "claims of host %s %s in doubt%s; if that host still "
		"mails, it will send these reports too", claims->host,
		dry_run ? "would be" : "are", dry_run ? "" : " now");
	if (names.n > 0)
		rw_record_say_names(RW_WARNING, &names, claims->n,
			rw_buf_text(&what));
	rw_buf_free(&what);
	rw_buf_free(&names.names);
	return worst;
}

static void
free_claims(struct claims *claims)
{
	size_t i;

	for (i = 0; claims->items != NULL && i < claims->n; i++)
		rw_ledger_item_free(&claims->items[i]);
	for (i = 0; i < claims->room; i++)
		rw_record_free(&claims->records[i]);
	free(claims->items);
	free(claims->records);
}

enum rw_kind
rw_record_end_leases(const struct rw_record_work *work,
	struct rw_ledger *ledger, bool dry_run)
{
	const struct rw_ledger_query all = {0};
	struct claims claims = {.host = work->resolution.host};
	enum rw_kind worst = RW_OK;
	struct rw_err err;

	if (!rw_ledger_each(ledger, &all, add_claim, &claims, &err) ||
	    (claims.n == 0 && !rw_fail(&err, RW_REFUSED, "host \"%.80s\" has "
	    "no claim in this ledger; rw-status shows the host of each claim",
	    claims.host)) || !end_leases(&claims, work, ledger, &err)) {
		rw_say(RW_ERROR, "%s", err.message);
		worst = err.kind;
	} else {
		worst = tell_ended(&claims, dry_run);
	}
	free_claims(&claims);
	return worst;
}
