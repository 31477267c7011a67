/* rw-list: followers and P&L from the platform's databases. */
#include "list.h"
#include "outcome.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "wire/config.h"
#include "wire/mongo.h"
#include "wire/pg.h"
#include "followers/commission_postgres.h"
#include "followers/due.h"
#include "followers/followers_file.h"
#include "followers/followers_mongo.h"
#include "followers/pnl_file.h"
#include "followers/pnl_postgres.h"
#include "followers/pnl_settings.h"

/* All open sources. */
struct platform {
	struct list *list;
	struct rw_pnl_settings settings;
	struct rw_mongo mongo;
	struct rw_pg *pg;
	struct rw_followers followers;
	struct rw_days days;
	struct rw_commissions commissions;
	struct rw_due *due;
};

/* ---- opening and closing ------------------------------------------------ */

/* Opens only the sources that no file replaces. */
static bool
open_servers(struct platform *p, struct rw_err *err)
{
	const struct list *list = p->list;
	bool pnl = list->pnl_file == NULL, is_mongo = false;

	if (pnl && !rw_pnl_settings_read(&p->settings, err))
		return false;
	if (pnl && p->settings.ignored_database_url)
		rw_say(RW_WARNING, "DATABASE_URL is not used: it does not "
			"begin with postgresql://");
	if (list->followers_file == NULL ||
	    (pnl && !p->settings.is_postgres))
		is_mongo = true;
	return (!is_mongo || rw_mongo_open(&p->mongo, "MONGO_DB_NAME", err)) &&
		(!p->settings.is_postgres ||
		rw_pg_open(&p->pg, &p->settings.target, err));
}

static bool
open_days(struct platform *p, struct rw_err *err)
{
	const struct list *list = p->list;

	if (list->pnl_file != NULL)
		return rw_days_file_open(&p->days, list->pnl_file,
			list->common.period, err);
	if (p->pg != NULL)
		return rw_days_postgres_open(&p->days, p->pg,
			&list->selection, list->common.period, err);
	return rw_days_mongo_open(&p->days, &p->mongo, &list->selection,
		list->common.period, err);
}

static bool
open_commissions(struct platform *p, struct rw_err *err)
{
	bool checks;

	if (!rw_config_bool("RW_COMMISSION_CHECK", true, &checks, err))
		return false;
	return p->pg == NULL || !checks ||
		rw_commissions_postgres_open(&p->commissions, p->pg,
		&p->list->selection, p->list->common.period, err);
}

static bool
open_followers(struct platform *p, struct rw_err *err)
{
	const struct list *list = p->list;

	return list->followers_file != NULL ?
		rw_followers_file_open(&p->followers, list->followers_file,
		err) : rw_followers_mongo_open(&p->followers, &p->mongo,
		&list->selection, err);
}

static void
say(void *context, enum rw_level level, const struct rw_err *what)
{
	struct platform *p = context;

	/* The run reports the faults of single reports. */
	if (p->list->common.check)
		return;
	rw_say(level, "%s", what->message);
	if (level == RW_ERROR)
		p->list->worst = rw_kind_worse(p->list->worst, what->kind);
}

static bool
open_all(struct platform *p, struct rw_err *err)
{
	struct list *list = p->list;
	struct rw_due_options options = {
		.selection = &list->selection, .gate = &list->gate,
		.period = list->common.period, .is_over = list->is_over,
		.accept = list->accept, .names_all = list->common.verbose,
		.ignored = rw_config_text("RW_IGNORE_FOLLOWERS", NULL),
		.say = say, .context = p};

	if (!open_servers(p, err) || !open_days(p, err) ||
	    !open_commissions(p, err) || !open_followers(p, err))
		return false;
	options.followers = p->followers;
	options.days = p->days;
	options.commissions = p->commissions;
	return rw_due_new(&p->due, &options, err);
}

static void
close_all(struct platform *p)
{
	rw_due_free(p->due);
	if (p->followers.close != NULL)
		p->followers.close(p->followers.self);
	if (p->days.close != NULL)
		p->days.close(p->days.self);
	if (p->commissions.close != NULL)
		p->commissions.close(p->commissions.self);
	rw_pg_close(p->pg);
	rw_mongo_close(&p->mongo);
	rw_pnl_settings_free(&p->settings);
}

/* ---- the lines ---------------------------------------------------------- */

static bool
write_line(const struct rw_record *record, struct rw_buf *out,
	struct rw_err *err)
{
	rw_buf_reset(out);
	rw_line_add_to(&record->line, out);
	if (record->line.failed || !rw_buf_ok(out, "a line", NULL))
		return rw_fail_memory(err, "a line");
	return fwrite(out->data, 1, out->len, stdout) == out->len ||
		rw_fail_errno(err, RW_IO, "cannot write standard output");
}

static bool
list_all(struct platform *p, struct rw_err *err)
{
	bool writes = !p->list->common.check, good;
	struct rw_buf out = {0};
	struct rw_record *record;

	while ((good = rw_due_next(p->due, &record, err)) && record != NULL) {
		if (writes && !(good = write_line(record, &out, err)))
			break;
		rw_log_progress("rw-list: %" PRIu64 " due",
			rw_due_counts(p->due)->due);
	}
	rw_buf_free(&out);
	return good;
}

/* ---- words -------------------------------------------------------------- */

/* Messages that apply to many followers are written once. */
static void
tell(const struct platform *p)
{
	const struct rw_due_counts *counts = rw_due_counts(p->due);

	if (counts->left_out > 0)
		rw_say(RW_NOTICE, "%" PRIu64 " followers are left out",
			counts->left_out);
	if (counts->left_out_with_days > 10)
		rw_say(RW_WARNING, "%" PRIu64 " followers who are left out "
			"have days of that month", counts->left_out_with_days);
	if (counts->without_follower > 10)
		rw_say(RW_WARNING, "%s has days of %" PRIu64 " ids that are "
			"not among the followers", p->days.table,
			counts->without_follower);
	if (counts->repeated > 0)
		rw_say(RW_NOTICE, "%" PRIu64 " duplicate days in %s have the "
			"same total, and count once", counts->repeated,
			p->days.table);
	if (counts->open > 0 && !p->list->is_over)
		rw_say(RW_WARNING, "%" PRIu64 " days are not finalised, and "
			"their figures may change: the month is not over",
			counts->open);
}

static void
tell_check(const struct platform *p)
{
	const struct rw_due_counts *counts = rw_due_counts(p->due);
	char month[RW_PERIOD_SIZE];

	rw_period_text(month, p->list->common.period);
	printf("the followers are in %s: %" PRIu64 " get a report, %" PRIu64
		" are left out\n", p->followers.name, counts->due,
		counts->left_out);
	printf("the P&L is in %s", p->days.name);
	if (strcmp(p->days.name, p->days.table) != 0)
		printf(", %s", p->days.table);
	printf(": %" PRIu64 " days of %s", counts->days, month);
	if (counts->newest_final[0] != '\0')
		printf(", the newest finalised one is %s",
			counts->newest_final);
	if (counts->open > 0)
		printf(", %" PRIu64 " are not finalised", counts->open);
	putchar('\n');
	rw_list_tell_days(p->list);
	if (p->commissions.next != NULL)
		printf("commission_monthly has %" PRIu64 " rows of %s\n",
			counts->commissions, month);
	if (counts->failed > 0)
		printf("%" PRIu64 " reports would have an error\n",
			counts->failed);
}

static bool
write_counts(const struct list *list, const struct rw_due_counts *counts,
	struct rw_err *err)
{
	struct rw_buf text = {0};
	bool good;

	if (list->counts_file == NULL)
		return true;
	rw_buf_addf(&text, "{\"due\":%" PRIu64 ",\"failed\":%" PRIu64
		",\"left_out\":%" PRIu64 ",\"left_out_with_days\":%" PRIu64
		",\"without_follower\":%" PRIu64 ",\"days\":%" PRIu64
		",\"not_finalised\":%" PRIu64 ",\"repeated\":%" PRIu64
		",\"commissions\":%" PRIu64 ",\"differing\":%" PRIu64 "}\n",
		counts->due, counts->failed, counts->left_out,
		counts->left_out_with_days, counts->without_follower,
		counts->days, counts->open, counts->repeated,
		counts->commissions, counts->differing);
	good = rw_buf_ok(&text, "the counts", err) &&
		rw_file_write(list->counts_file, text.data, text.len,
		RW_SYNC_NONE, err);
	rw_buf_free(&text);
	return good;
}

static void
add_counts(struct rw_due_counts *sum, const struct rw_due_counts *counts)
{
	sum->due += counts->due;
	sum->failed += counts->failed;
	sum->left_out += counts->left_out;
	sum->left_out_with_days += counts->left_out_with_days;
	sum->without_follower += counts->without_follower;
	sum->days += counts->days;
	sum->open += counts->open;
	sum->repeated += counts->repeated;
	sum->commissions += counts->commissions;
	sum->differing += counts->differing;
}

static bool
list_month(struct list *list, struct rw_due_counts *sum, struct rw_err *err)
{
	struct platform p = {.list = list};
	bool good = open_all(&p, err) && list_all(&p, err);

	if (good && list->common.check && !list->common.quiet)
		tell_check(&p);
	else if (good && !list->common.check)
		tell(&p);
	if (good)
		add_counts(sum, rw_due_counts(p.due));
	close_all(&p);
	return good;
}

bool
rw_list_platform(struct list *list, struct rw_err *err)
{
	struct rw_filter_counts lines = {0};
	struct rw_due_counts sum = {0};
	struct rw_period month = {0};
	bool good = true;

	if (!list->months_of_selection)
		good = list_month(list, &sum, err);
	while (good && list->months_of_selection &&
	    rw_selection_next_month(&list->selection, &month)) {
		rw_list_set_month(list, month);
		good = list_month(list, &sum, err);
	}
	good = good && write_counts(list, &sum, err) &&
		rw_list_gates_close(list, sum.due, err);
	if (good)
		lines.read = lines.passed = sum.due;
	list->worst = rw_kind_worse(list->worst, rw_cli_close_stdout());
	rw_outcome_count(&lines, false);
	return good;
}

bool
rw_list_print_grants(struct list *list, struct rw_err *err)
{
	struct rw_pnl_settings settings;
	struct rw_buf sql = {0};
	bool good = rw_pnl_settings_read(&settings, err);

	if (good) {
		rw_postgres_grants(&sql, &settings.target);
		good = rw_buf_ok(&sql, "a list of rights", err);
	}
	if (good)
		fputs(rw_buf_text(&sql), stdout);
	rw_buf_free(&sql);
	rw_pnl_settings_free(&settings);
	list->worst = rw_kind_worse(list->worst, rw_cli_close_stdout());
	return good;
}
