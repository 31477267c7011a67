#include "followers/pnl_postgres.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "wire/pg.h"
#include "followers/commission_postgres.h"
#include "followers/postgres.h"

enum column { FOLLOWER_ID, TRADING_DATE, TOTAL_PNL, IS_FINALIZED };

#define COLUMNS "follower_id, trading_date, total_pnl, is_finalized"

struct source {
	struct rw_pg *pg;
	struct rw_pg_cursor *cursor;
	char before[RW_FOLLOWER_ID_SIZE];
};

/* ---- days --------------------------------------------------------------- */

static bool
is_true(const char *boolean)
{
	return boolean != NULL && *boolean == 't';
}

static bool
next_day(void *self, struct rw_day *day, bool *found, struct rw_err *err)
{
	struct source *source = self;
	const char *id;

	if (!rw_pg_cursor_next(source->cursor, found, err))
		return false;
	if (!*found)
		return true;
	id = rw_pg_cursor_text(source->cursor, FOLLOWER_ID);
	rw_day_begin(day, id != NULL ? id : "");
	rw_day_read(day, rw_pg_cursor_text(source->cursor, TRADING_DATE),
		rw_pg_cursor_text(source->cursor, TOTAL_PNL), "total_pnl");
	day->is_open = !is_true(rw_pg_cursor_text(source->cursor,
		IS_FINALIZED));
	if (rw_day_is_padded(day->id)) {
		rw_day_refuse_padded(day);
		return true;
	}
	if (day->id[0] == '\0') {
		rw_fail(&day->wrong, RW_DATA, "it has no follower_id");
		return true;
	}
	/* For example, the server has an encoding with a different byte
	 * order. */
	if (strcmp(source->before, day->id) > 0)
		return rw_fail(err, RW_CONFIG, "%s, pnl_daily: not sorted by "
			"the bytes of follower_id", rw_pg_name(source->pg));
	memcpy(source->before, day->id, sizeof source->before);
	return true;
}

static void
close_source(void *self)
{
	struct source *source = self;

	rw_pg_cursor_close(source->cursor);
	free(source);
}

bool
rw_days_postgres_open(struct rw_days *days, struct rw_pg *pg,
	const struct rw_selection *selection, struct rw_period period,
	struct rw_err *err)
{
	/* A day without a date, or with an infinite date, may be in any month.
	 * An id with blanks around it still belongs to the same follower. */
#define MONTH "((trading_date >= $1::date AND trading_date < $2::date) " \
	"OR trading_date IS NULL OR trading_date = 'infinity' " \
	"OR trading_date = '-infinity') "
#define ORDER "ORDER BY " RW_PG_ID " ~ '^([A-Za-z0-9._-](.*[A-Za-z0-9._-])?)?$', " \
	"follower_id COLLATE \"C\", trading_date"
	static const char all[] = "SELECT " COLUMNS " FROM pnl_daily "
		"WHERE " MONTH ORDER;
	static const char some[] = "SELECT " COLUMNS " FROM pnl_daily "
		"WHERE " MONTH "AND " RW_PG_MEANT_ID " = ANY($3::text[]) "
		ORDER;
	struct source *source = calloc(1, sizeof *source);
	char first[RW_DATE_SIZE], end[RW_DATE_SIZE];
	struct rw_buf ids = {0};
	const char *parameters[3] = {first, end};
	bool named, good;

	if (source == NULL)
		return rw_fail_memory(err, "pnl_daily");
	source->pg = pg;
	rw_postgres_month(period, first, end);
	named = rw_postgres_ids(selection, &ids);
	parameters[2] = rw_buf_text(&ids);
	good = rw_buf_ok(&ids, "a list of followers", err) &&
		rw_pg_cursor_open(&source->cursor, pg, "rw_days",
		"read pnl_daily", named ? some : all, parameters,
		named ? 3 : 2, err);
	rw_buf_free(&ids);
	if (!good) {
		close_source(source);
		return false;
	}
	*days = (struct rw_days){source, rw_pg_name(pg), "pnl_daily",
		next_day, close_source};
	return true;
}

/* ---- rights ------------------------------------------------------------- */

static const struct {
	const char *table, *columns;
} granted[] = {
	{"pnl_daily", COLUMNS},
	{"commission_monthly", RW_COMMISSION_COLUMNS},
};

static void
add_column_name(struct rw_buf *sql, const char *name)
{
	rw_buf_addc(sql, '"');
	for (; *name != '\0'; name++) {
		if (*name == '"')
			rw_buf_addc(sql, '"');
		rw_buf_addc(sql, *name);
	}
	rw_buf_addc(sql, '"');
}

void
rw_postgres_grants(struct rw_buf *sql, const struct rw_pg_target *target)
{
	const char *role = rw_pg_target_get(target, "user");
	const char *db = rw_pg_target_get(target, "dbname");
	size_t i;

	/* Never the platform's own superuser. */
	if (role == NULL || strcmp(role, "postgres") == 0)
		role = "report_worker";
	rw_buf_adds(sql, "-- CREATE ROLE ");
	add_column_name(sql, role);
	rw_buf_adds(sql, " LOGIN PASSWORD '...';\n");
	if (db != NULL) {
		rw_buf_adds(sql, "GRANT CONNECT ON DATABASE ");
		add_column_name(sql, db);
		rw_buf_adds(sql, " TO ");
		add_column_name(sql, role);
		rw_buf_adds(sql, ";\n");
	}
	rw_buf_adds(sql, "GRANT USAGE ON SCHEMA public TO ");
	add_column_name(sql, role);
	rw_buf_adds(sql, ";\n");
	for (i = 0; i < sizeof granted / sizeof granted[0]; i++) {
		rw_buf_addf(sql, "GRANT SELECT (%s) ON public.%s TO ",
			granted[i].columns, granted[i].table);
		add_column_name(sql, role);
		rw_buf_adds(sql, ";\n");
	}
}
