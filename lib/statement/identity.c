#include "statement/identity.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- one fact ------------------------------------------------------------- */

void
rw_identity_add_bytes(struct rw_digest *digest, const char *name,
	const void *bytes, size_t len)
{
	char head[64];
	int n = snprintf(head, sizeof head, "%s %zu ", name, len);

	rw_digest_add(digest, head, (size_t)n);
	rw_digest_add(digest, bytes, len);
}

void
rw_identity_add(struct rw_digest *digest, const char *name, const char *value)
{
	if (value != NULL)
		rw_identity_add_bytes(digest, name, value, strlen(value));
}

void
rw_identity_add_number(struct rw_digest *digest, const char *name,
	int64_t value)
{
	char text[32];
	int n = snprintf(text, sizeof text, "%" PRId64, value);

	rw_identity_add_bytes(digest, name, text, (size_t)n);
}

bool
rw_identity_end(struct rw_digest *digest, char sha256[RW_SHA256_HEX],
	struct rw_err *err)
{
	unsigned char bytes[RW_DIGEST_SIZE];

	if (!rw_digest_end(digest, bytes, err))
		return false;
	rw_digest_hex(bytes, digest->size, sha256);
	return true;
}

/* ---- the statement --------------------------------------------------------- */

/* Amounts, not their text: "1.5" is "1.50". */
static void
add_days(struct rw_digest *digest, const struct rw_statement_input *in)
{
	const struct rw_statement_day *day;

	for (day = in->days; day < in->days + in->count; day++) {
		rw_identity_add_number(digest, "day", day->date.day);
		rw_identity_add_number(digest, "pnl", day->pnl);
	}
}

static void
add_fee(struct rw_digest *digest, const struct rw_fee_terms *fee)
{
	rw_identity_add(digest, "fee", fee->model == RW_FEE_HWM ? "hwm" :
		"monthly");
	rw_identity_add_number(digest, "rate", fee->rate);
	if (fee->has_opening)
		rw_identity_add_number(digest, "opening", fee->opening);
	if (fee->has_mark)
		rw_identity_add_number(digest, "mark", fee->mark);
}

bool
rw_identity_content(struct rw_digest *digest,
	const struct rw_statement *statement, char sha256[RW_SHA256_HEX],
	struct rw_err *err)
{
	const struct rw_statement_input *in = &statement->in;
	char period[RW_PERIOD_SIZE];

	rw_period_text(period, in->period);
	rw_digest_start(digest);
	rw_identity_add(digest, "content", "1");
	rw_identity_add(digest, "follower", in->follower_id);
	rw_identity_add(digest, "month", period);
	rw_identity_add(digest, "name", in->name);
	rw_identity_add(digest, "iban", in->iban);
	rw_identity_add(digest, "currency", in->currency);
	add_fee(digest, &in->fee);
	add_days(digest, in);
	return rw_identity_end(digest, sha256, err);
}

/* To whom it is paid, and by when, but not whether it was paid. */
static void
add_payee(struct rw_digest *digest, const struct rw_payee *payee)
{
	if (payee == NULL)
		return;
	rw_identity_add_number(digest, "collection", payee->collection);
	rw_identity_add(digest, "payee", payee->name);
	rw_identity_add(digest, "iban", payee->iban);
	rw_identity_add(digest, "bic", payee->bic);
	if (payee->has_days)
		rw_identity_add_number(digest, "days", payee->days);
}

static void
add_sum(struct rw_digest *digest, const struct rw_earlier_sum *sum)
{
	rw_identity_add_number(digest, "months", sum->months);
	rw_identity_add_number(digest, "pnl", sum->pnl);
	rw_identity_add_number(digest, "commission", sum->commission);
}

static void
add_year(struct rw_digest *digest, const struct rw_year *year)
{
	const struct rw_year_month *month = year->months;

	if (!year->known)
		return;
	for (; month < year->months + RW_YEAR_MONTHS; month++) {
		rw_identity_add_number(digest, "known", month->known);
		rw_identity_add_number(digest, "pnl", month->pnl);
		rw_identity_add_number(digest, "commission",
			month->commission);
		if (month->has_return)
			rw_identity_add_number(digest, "return",
				month->yield);
	}
	add_sum(digest, &year->this_year);
	add_sum(digest, &year->all);
}

bool
rw_identity_drawn(struct rw_digest *digest,
	const struct rw_statement *statement, const char *content,
	const struct rw_identity_look *look, char sha256[RW_SHA256_HEX],
	struct rw_err *err)
{
	rw_digest_start(digest);
	rw_identity_add_number(digest, "layout", RW_STATEMENT_LAYOUT);
	rw_identity_add(digest, "content", content);
	rw_identity_add(digest, "settings", look->settings);
	rw_identity_add(digest, "zone", statement->in.zone);
	rw_identity_add_number(digest, "issued",
		rw_date_serial(statement->in.issued));
	add_payee(digest, statement->in.payee);
	add_year(digest, &statement->year);
	rw_identity_add_number(digest, "shows_name", look->shown);
	return rw_identity_end(digest, sha256, err);
}
