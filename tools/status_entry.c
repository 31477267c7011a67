#include "status_entry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/currency.h"
#include "base/money.h"
#include "base/period.h"
#include "base/text.h"
#include "record/record.h"

int64_t
rw_status_links_end(const struct rw_entry *entry)
{
	int64_t links = rw_entry_number(entry, RW_F_URL_EXPIRES_AT, -1);
	int64_t objects = rw_entry_number(entry, RW_F_OBJECT_EXPIRES_AT, -1);
	const char *delivery = rw_entry_text(entry, RW_F_DELIVERY);

	if (rw_entry_number(entry, RW_F_EMAIL_SENT, 0) == 0 ||
	    delivery == NULL || strcmp(delivery, "links") != 0)
		return -1;
	return objects >= 0 && (links < 0 || objects < links) ? objects :
		links;
}

/* ---- a line ------------------------------------------------------------ */

/* Members for the ledger alone are left out: rw-record would take a token in
 * the line for the line's claim. A lease is shown only while it is valid. */
static bool
is_shown(const struct rw_entry *entry, int field, bool show_urls)
{
	if (field == RW_F_PDF_URL || field == RW_F_EXCEL_URL)
		return show_urls;
	if (field == RW_F_LEASE_UNTIL)
		return rw_entry_state(entry) == RW_STATE_CLAIMED;
	return field != RW_F_CLAIM && field != RW_F_STATE;
}

void
rw_status_add_line(struct rw_buf *out, const struct rw_entry *entry,
	bool show_urls, struct rw_line *room)
{
	int i;

	rw_line_clear(room);
	for (i = 0; i < RW_F_COUNT; i++) {
		if (i == RW_F_STATE)
			rw_line_set_string(room, RW_M_STATE,
				rw_state_name(rw_entry_state(entry)));
		else if (is_shown(entry, i, show_urls))
			rw_entry_to_line(entry, (enum rw_field)i, room);
	}
	rw_line_add_to(room, out);
}

/* ---- a row ------------------------------------------------------------- */

static const char *
or_dash(const char *text)
{
	return text == NULL || *text == '\0' ? "-" : text;
}

void
rw_status_add_time(struct rw_buf *out, int64_t seconds, const char *zone)
{
	char time[RW_ZONE_TIME_SIZE] = "-";
	struct rw_err ignored;

	if (seconds > 0)
		(void)rw_zone_time(time, seconds, zone, &ignored);
	rw_buf_addf(out, "  %-21s", time);
}

/* "1,234.50 EUR", as the documents have it. */
static void
add_amount(struct rw_buf *out, const struct rw_entry *entry,
	enum rw_field field)
{
	const char *text = rw_entry_text(entry, field);
	const char *currency = rw_entry_text(entry, RW_F_CURRENCY);
	char grouped[RW_MONEY_SIZE] = "-", shown[RW_MONEY_SIZE + 16];
	struct rw_err ignored;
	int64_t amount;
	int digits = 2;

	if (currency == NULL)
		currency = RW_MONEY_DEFAULT_CURRENCY;
	(void)rw_currency_digits(currency, &digits, &ignored);
	if (text != NULL && rw_money_parse_sum(text, strlen(text),
	    &amount, &ignored))
		rw_money_grouped(grouped, amount, digits);
	snprintf(shown, sizeof shown, text == NULL ? "%s" : "%s %.3s",
		grouped, currency);
	rw_buf_addf(out, "  %17s", shown);
}

static void
add_urls(struct rw_buf *out, const struct rw_entry *entry)
{
	const char *pdf = rw_entry_text(entry, RW_F_PDF_URL);
	const char *excel = rw_entry_text(entry, RW_F_EXCEL_URL);

	rw_buf_adds(out, "         PDF   ");
	rw_text_add_printable(out, or_dash(pdf));
	rw_buf_adds(out, "\n         Excel ");
	rw_text_add_printable(out, or_dash(excel));
	rw_buf_addc(out, '\n');
}

void
rw_status_add_padded(struct rw_buf *out, const char *text, size_t width)
{
	size_t from = out->len;

	rw_buf_adds(out, "  ");
	rw_text_add_printable(out, or_dash(text));
	while (out->len < from + 2 + width)
		rw_buf_addc(out, ' ');
}

/* "bounced, 5.1.1 on 2025-07-01" */
static void
add_bounce(struct rw_buf *out, const struct rw_entry *entry, const char *zone)
{
	char time[RW_ZONE_TIME_SIZE] = "-";
	struct rw_err ignored;

	(void)rw_zone_time(time, rw_entry_number(entry, RW_F_BOUNCED_AT, 0),
		zone, &ignored);
	rw_buf_adds(out, "bounced, ");
	rw_text_add_printable(out, or_dash(rw_entry_text(entry,
		RW_F_BOUNCE_CODE)));
	rw_buf_addf(out, " on %.10s", time);
}

/* Until when the report is claimed; otherwise that its mail bounced, or the last
 * error. */
static void
add_reason(struct rw_buf *out, const struct rw_entry *entry, const char *zone)
{
	int64_t until = rw_entry_number(entry, RW_F_LEASE_UNTIL, -1);
	char time[RW_ZONE_TIME_SIZE] = "-";
	struct rw_err ignored;

	rw_buf_adds(out, "  ");
	if (rw_entry_state(entry) != RW_STATE_CLAIMED &&
	    rw_entry_has(entry, RW_F_BOUNCED_AT)) {
		add_bounce(out, entry, zone);
		return;
	}
	if (rw_entry_state(entry) != RW_STATE_CLAIMED) {
		rw_text_add_printable(out,
			or_dash(rw_entry_text(entry, RW_F_LAST_ERROR)));
		return;
	}
	if (until >= 0)
		(void)rw_zone_time(time, until, zone, &ignored);
	rw_buf_adds(out, "claimed by run ");
	rw_text_add_printable(out, or_dash(rw_entry_text(entry, RW_F_RUN_ID)));
	rw_buf_adds(out, " on ");
	rw_text_add_printable(out, or_dash(rw_entry_text(entry, RW_F_HOST)));
	rw_buf_addf(out, ", lease until %s", time);
}

/* Of the mail of this sending. */
static void
add_bounces(struct rw_buf *out, const struct rw_entry *entry)
{
	rw_status_add_padded(out, !rw_entry_has(entry, RW_F_BOUNCED_AT) ? NULL :
		rw_entry_text(entry, RW_F_BOUNCE_CODE), 7);
}

void
rw_status_add_header(struct rw_buf *out, bool is_history)
{
	rw_buf_addf(out, "%-7s  %-20s  %-11s  %17s  %17s  %-11s  %-21s  %-21s"
		"%s  %-12s  %-32s  %8s  %s\n", "MONTH", "FOLLOWER", "STATE",
		"NET P&L", "COMMISSION", "DELIVERY", "SENT", "LINKS END",
		is_history ? "  BOUNCES" : "", "HOST", "RUN", "ATTEMPTS",
		"LAST ERROR");
}

void
rw_status_add_row(struct rw_buf *out, const struct rw_entry *entry,
	const struct rw_status_view *view)
{
	int64_t revision = rw_entry_number(entry, RW_F_REVISION, 1);
	char state[40];

	snprintf(state, sizeof state, revision > 1 || view->is_history ?
		"%s r%" PRId64 : "%s", rw_state_name(rw_entry_state(entry)),
		revision);
	rw_buf_addf(out, "%-7s  %-20s  %-11s",
		rw_entry_text(entry, RW_F_REPORT_PERIOD),
		rw_entry_text(entry, RW_F_FOLLOWER_ID), state);
	add_amount(out, entry, RW_F_TOTAL_PNL);
	add_amount(out, entry, RW_F_COMMISSION_AMOUNT);
	rw_buf_addf(out, "  %-11s", or_dash(rw_entry_text(entry,
		RW_F_DELIVERY)));
	rw_status_add_time(out, rw_entry_number(entry, RW_F_SENT_TIMESTAMP,
		-1), view->zone);
	rw_status_add_time(out, rw_status_links_end(entry), view->zone);
	if (view->is_history)
		add_bounces(out, entry);
	rw_status_add_padded(out, rw_entry_text(entry, RW_F_HOST), 12);
	rw_status_add_padded(out, rw_entry_text(entry, RW_F_RUN_ID), 32);
	rw_buf_addf(out, "  %8" PRId64, rw_entry_number(entry, RW_F_ATTEMPTS,
		0));
	add_reason(out, entry, view->zone);
	rw_buf_addc(out, '\n');
	if (view->show_urls)
		add_urls(out, entry);
}
