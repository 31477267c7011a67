#include "followers/commission_postgres.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/money.h"
#include "wire/pg.h"
#include "followers/postgres.h"

enum column { FOLLOWER_ID, YEAR, MONTH, TOTAL, RATE, AMOUNT, CURRENCY, IBAN,
	EMAIL, IS_PAID, PAID_ON, REFERENCE, MEANT_ID };

struct source {
	struct rw_pg *pg;
	struct rw_pg_cursor *cursor;
	char before[RW_FOLLOWER_ID_SIZE];
};

/* ---- one row ------------------------------------------------------------ */

/* NULL counts as missing, not as a failure. */
static void
take_money(struct rw_commission *row, const char *text, const char *column,
	bool *found, int64_t *amount)
{
	struct rw_err why;

	*found = text != NULL;
	if (text == NULL || rw_money_parse(text, strlen(text), amount, &why))
		return;
	rw_err_prefix(&why, "%s", column);
	row->wrong = why;
}

/* Copies the text without the blanks around it. */
static void
take_cell(struct rw_commission *row, const char *text, const char *column,
	char *out, size_t room)
{
	size_t len;

	if (text == NULL)
		return;
	text += strspn(text, " \t\r\n");
	len = strlen(text);
	while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL)
		len--;
	if (len < room)
		snprintf(out, room, "%.*s", (int)len, text);
	else
		rw_fail(&row->wrong, RW_DATA, "%s is too long", column);
}

static void
read_row(const struct rw_pg_cursor *cursor, struct rw_commission *row)
{
	const char *paid = rw_pg_cursor_text(cursor, IS_PAID);

	take_money(row, rw_pg_cursor_text(cursor, TOTAL), "monthly_pnl",
		&row->has_total, &row->total);
	take_money(row, rw_pg_cursor_text(cursor, AMOUNT), "commission_amount",
		&row->has_amount, &row->amount);
	take_money(row, rw_pg_cursor_text(cursor, RATE), "commission_pct",
		&row->has_rate, &row->rate);
	/* The table has a fraction; we use percent. */
	if (row->has_rate && !rw_money_percent(row->rate,
	    100 * 100 * RW_MONEY_ONE, RW_MONEY_DECIMALS, &row->rate))
		rw_fail(&row->wrong, RW_DATA, "commission_pct is too large");
	take_cell(row, rw_pg_cursor_text(cursor, CURRENCY),
		"commission_currency", row->currency, sizeof row->currency);
	take_cell(row, rw_pg_cursor_text(cursor, IBAN), "follower_iban",
		row->iban, sizeof row->iban);
	take_cell(row, rw_pg_cursor_text(cursor, EMAIL), "follower_email",
		row->email, sizeof row->email);
	if (paid != NULL && *paid == 't')
		take_cell(row, rw_pg_cursor_text(cursor, PAID_ON),
			"payment_date", row->paid_on, sizeof row->paid_on);
	take_cell(row, rw_pg_cursor_text(cursor, REFERENCE),
		"payment_reference", row->reference, sizeof row->reference);
}

/* ---- the source --------------------------------------------------------- */

static bool
next_row(void *self, struct rw_commission *row, bool *found,
	struct rw_err *err)
{
	struct source *source = self;
	const char *id, *meant;

	if (!rw_pg_cursor_next(source->cursor, found, err))
		return false;
	if (!*found)
		return true;
	id = rw_pg_cursor_text(source->cursor, FOLLOWER_ID);
	meant = rw_pg_cursor_text(source->cursor, MEANT_ID);
	snprintf(row->id, sizeof row->id, "%s", meant != NULL ? meant : "");
	read_row(source->cursor, row);
	if (id == NULL || meant == NULL || *meant == '\0')
		return true;
	if (strcmp(id, meant) != 0)
		rw_fail(&row->wrong, RW_DATA, "follower_id is \"%.140s\": "
			"expected it without blanks around it", id);
	if (strcmp(source->before, row->id) > 0)
		return rw_fail(err, RW_CONFIG, "%s, commission_monthly: not "
			"sorted by the bytes of follower_id",
			rw_pg_name(source->pg));
	memcpy(source->before, row->id, sizeof source->before);
	return true;
}

static void
close_commission(void *self)
{
	struct source *source = self;

	rw_pg_cursor_close(source->cursor);
	free(source);
}

static bool
open_cursor(struct source *source, const struct rw_selection *selection,
	struct rw_period period, struct rw_err *err)
{
#define SELECT "SELECT " RW_COMMISSION_COLUMNS ", " RW_PG_MEANT_ID \
	" AS meant_id FROM commission_monthly " \
	"WHERE year = $1::int AND month = $2::int "
#define ORDER "ORDER BY meant_id"
	static const char all[] = SELECT ORDER;
	static const char some[] = SELECT "AND " RW_PG_MEANT_ID
		" = ANY($3::text[]) " ORDER;
	char year[16], month[16];
	struct rw_buf ids = {0};
	const char *parameters[3] = {year, month};
	bool named = rw_postgres_ids(selection, &ids), good;
	struct rw_err why;

	snprintf(year, sizeof year, "%d", period.year);
	snprintf(month, sizeof month, "%d", period.month);
	parameters[2] = rw_buf_text(&ids);
	good = rw_buf_ok(&ids, "a list of followers", &why) &&
		rw_pg_cursor_open(&source->cursor, source->pg,
		"rw_commissions", "read commission_monthly",
		named ? some : all, parameters, named ? 3 : 2, &why);
	rw_buf_free(&ids);
	return good || rw_fail(err, why.kind, "%s%s", why.message,
		why.kind == RW_CONFIG ? "; RW_COMMISSION_CHECK=off skips "
			"that table" : "");
}

bool
rw_commissions_postgres_open(struct rw_commissions *commissions,
	struct rw_pg *pg, const struct rw_selection *selection,
	struct rw_period period, struct rw_err *err)
{
	struct source *source = calloc(1, sizeof *source);

	if (source == NULL)
		return rw_fail_memory(err, "commission_monthly");
	source->pg = pg;
	if (!open_cursor(source, selection, period, err)) {
		close_commission(source);
		return false;
	}
	*commissions = (struct rw_commissions){source, next_row,
		close_commission};
	return true;
}
