#include "status_entry.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
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
	return text == NULL ? "-" : text;
}

/* The day is enough for a table. */
static void
add_day(struct rw_buf *out, int64_t seconds)
{
	char time[RW_RFC3339_SIZE] = "-";

	if (seconds >= 0)
		rw_rfc3339(time, seconds);
	rw_buf_addf(out, "  %-10.10s", time);
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

/* The run that has claimed the report, and until when; otherwise the error. */
static void
add_holder(struct rw_buf *out, const struct rw_entry *entry)
{
	int64_t until = rw_entry_number(entry, RW_F_LEASE_UNTIL, -1);
	char time[RW_RFC3339_SIZE] = "-";

	if (until >= 0)
		rw_rfc3339(time, until);
	rw_buf_adds(out, "claimed by run ");
	rw_text_add_printable(out, or_dash(rw_entry_text(entry, RW_F_RUN_ID)));
	rw_buf_adds(out, " on ");
	rw_text_add_printable(out, or_dash(rw_entry_text(entry, RW_F_HOST)));
	rw_buf_addf(out, ", lease until %s", time);
}

static void
add_bounce(struct rw_buf *out, const struct rw_entry *entry)
{
	char time[RW_RFC3339_SIZE];

	rw_rfc3339(time, rw_entry_number(entry, RW_F_BOUNCED_AT, 0));
	rw_buf_adds(out, "bounced, ");
	rw_text_add_printable(out, or_dash(rw_entry_text(entry,
		RW_F_BOUNCE_CODE)));
	rw_buf_addf(out, " on %.10s", time);
}

void
rw_status_add_header(struct rw_buf *out)
{
	rw_buf_addf(out, "%-7s  %-20s  %-11s  %15s  %15s  %-3s  %-11s  %-10s  "
		"%-10s  %s\n", "MONTH", "FOLLOWER", "STATE", "NET P&L",
		"COMMISSION", "", "DELIVERY", "SENT", "LINKS END", "CLAIM OR ERROR");
}

void
rw_status_add_row(struct rw_buf *out, const struct rw_entry *entry,
	bool show_urls)
{
	int64_t revision = rw_entry_number(entry, RW_F_REVISION, 1);
	char state[40];

	snprintf(state, sizeof state, revision > 1 ? "%s r%" PRId64 : "%s",
		rw_state_name(rw_entry_state(entry)), revision);
	rw_buf_addf(out, "%-7s  %-20s  %-11s  %15s  %15s  %-3s  %-11s",
		rw_entry_text(entry, RW_F_REPORT_PERIOD),
		rw_entry_text(entry, RW_F_FOLLOWER_ID), state,
		or_dash(rw_entry_text(entry, RW_F_TOTAL_PNL)),
		or_dash(rw_entry_text(entry, RW_F_COMMISSION_AMOUNT)),
		or_dash(rw_entry_text(entry, RW_F_CURRENCY)),
		or_dash(rw_entry_text(entry, RW_F_DELIVERY)));
	add_day(out, rw_entry_number(entry, RW_F_SENT_TIMESTAMP, -1));
	add_day(out, rw_status_links_end(entry));
	rw_buf_adds(out, "  ");
	if (rw_entry_state(entry) == RW_STATE_CLAIMED)
		add_holder(out, entry);
	else if (rw_entry_has(entry, RW_F_BOUNCED_AT))
		add_bounce(out, entry);
	else
		rw_text_add_printable(out,
			or_dash(rw_entry_text(entry, RW_F_LAST_ERROR)));
	rw_buf_addc(out, '\n');
	if (show_urls)
		add_urls(out, entry);
}
