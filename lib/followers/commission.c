#include "followers/commission.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/money.h"

/* ---- finding ------------------------------------------------------------ */

static bool
is_same_figure(bool has_a, int64_t a, bool has_b, int64_t b)
{
	return has_a == has_b && (!has_a || a == b);
}

static bool
is_same_amount(const struct rw_commission *a, const struct rw_commission *b)
{
	return is_same_figure(a->has_total, a->total, b->has_total,
		b->total) &&
		is_same_figure(a->has_amount, a->amount, b->has_amount,
		b->amount) &&
		is_same_figure(a->has_rate, a->rate, b->has_rate, b->rate) &&
		strcmp(a->currency, b->currency) == 0 &&
		strcmp(a->iban, b->iban) == 0 &&
		strcmp(a->email, b->email) == 0 &&
		strcmp(a->paid_on, b->paid_on) == 0 &&
		strcmp(a->reference, b->reference) == 0;
}

static void
add_second(struct rw_commission *row, const struct rw_commission *second)
{
	char one[RW_MONEY_SIZE], other[RW_MONEY_SIZE];

	if (row->wrong.kind != RW_OK)
		return;
	if (second->wrong.kind != RW_OK) {
		row->wrong = second->wrong;
		return;
	}
	if (is_same_amount(row, second))
		return;
	rw_money_text(one, row->total, 2);
	rw_money_text(other, second->total, 2);
	rw_fail(&row->wrong, RW_DATA, "there are different rows of that month "
		"(monthly_pnl %s and %s)", one, other);
}

static bool
look_ahead(struct rw_commission_reader *reader, struct rw_err *err)
{
	if (reader->has_ahead || reader->ended)
		return true;
	reader->ahead = (struct rw_commission){0};
	if (!reader->source.next(reader->source.self, &reader->ahead,
	    &reader->has_ahead, err))
		return false;
	reader->ended = !reader->has_ahead;
	reader->rows += reader->has_ahead;
	return true;
}

bool
rw_commission_find(struct rw_commission_reader *reader, const char *id,
	const struct rw_commission **row, struct rw_err *err)
{
	int order;

	*row = NULL;
	while (reader->source.next != NULL) {
		if (!look_ahead(reader, err))
			return false;
		order = reader->has_ahead ? strcmp(reader->ahead.id, id) : 1;
		if (order > 0)
			break;
		if (order == 0 && *row == NULL) {
			reader->now = reader->ahead;
			*row = &reader->now;
		} else if (order == 0) {
			add_second(&reader->now, &reader->ahead);
		}
		reader->has_ahead = false;
	}
	return true;
}

/* ---- comparing ---------------------------------------------------------- */

/* Copies the text without blanks, in capital letters. */
static void
normalise_iban(char out[64], const char *iban)
{
	size_t n = 0;

	for (; *iban != '\0' && n < 63; iban++)
		if (!isspace((unsigned char)*iban))
			out[n++] = (char)toupper((unsigned char)*iban);
	out[n] = '\0';
}

/* Appends enough of the IBAN to distinguish two of them, but not the whole
 * number. */
static void
add_masked(struct rw_buf *out, const char *iban)
{
	size_t len = strlen(iban);

	if (len < 12)
		rw_buf_adds(out, "one that is too short");
	else
		rw_buf_addf(out, "%.4s...%s", iban, iban + len - 4);
}

static bool
is_same_address(const char *a, const char *b)
{
	const char *at_a = strrchr(a, '@'), *at_b = strrchr(b, '@');

	if (at_a == NULL || at_b == NULL)
		return strcmp(a, b) == 0;
	return at_a - a == at_b - b &&
		memcmp(a, b, (size_t)(at_a - a)) == 0 &&
		strcasecmp(at_a, at_b) == 0;
}

static void
compare_ibans(struct rw_buf *differ, const char *ours, const char *theirs)
{
	char one[64], other[64];

	normalise_iban(one, ours);
	normalise_iban(other, theirs);
	if (one[0] == '\0' || other[0] == '\0' || strcmp(one, other) == 0)
		return;
	rw_buf_adds(differ, differ->len > 0 ? "; iban is " : "iban is ");
	add_masked(differ, one);
	rw_buf_adds(differ, ", and follower_iban is ");
	add_masked(differ, other);
}

static void
compare_texts(struct rw_buf *differ, const char *name, const char *ours,
	const char *column, const char *theirs,
	bool (*is_equal)(const char *, const char *))
{
	if (ours[0] == '\0' || theirs[0] == '\0' || is_equal(ours, theirs))
		return;
	rw_buf_addf(differ, "%s%s is %.100s, and %s is %.100s",
		differ->len > 0 ? "; " : "", name, ours, column, theirs);
}

static bool
is_same_text(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static bool
compare_row(const struct rw_commission *row, struct rw_record *record,
	struct rw_err *err)
{
	const char *currency, *iban, *email;
	struct rw_buf differ = {0};
	bool same;

	if (!rw_record_optional_string(record, RW_M_CURRENCY, "", &currency,
	    err) ||
	    !rw_record_optional_string(record, RW_M_IBAN, "", &iban, err) ||
	    !rw_record_optional_string(record, RW_M_EMAIL, "", &email, err))
		return false;
	compare_texts(&differ, "currency", currency, "commission_currency",
		row->currency, is_same_text);
	compare_ibans(&differ, iban, row->iban);
	compare_texts(&differ, "email", email, "follower_email", row->email,
		is_same_address);
	same = differ.len == 0 && rw_buf_ok(&differ, "a comparison", err);
	if (differ.len > 0)
		rw_fail(err, RW_DATA, "%s", rw_buf_text(&differ));
	rw_buf_free(&differ);
	return same;
}

/* ---- the members -------------------------------------------------------- */

bool
rw_commission_apply(const struct rw_commission *row, struct rw_record *record,
	struct rw_err *err)
{
	struct rw_line *line = &record->line;

	if (row->wrong.kind != RW_OK) {
		*err = row->wrong;
		return false;
	}
	if (row->has_total)
		rw_record_set_money(record, RW_M_EXPECTED_TOTAL_PNL,
			row->total, 2);
	if (row->has_amount)
		rw_record_set_money(record, RW_M_EXPECTED_COMMISSION,
			row->amount, 2);
	if (row->has_rate)
		rw_record_set_money(record, RW_M_EXPECTED_COMMISSION_PCT,
			row->rate, 0);
	if (row->paid_on[0] != '\0')
		rw_line_set_string(line, RW_M_COMMISSION_PAID_ON,
			row->paid_on);
	if (row->reference[0] != '\0')
		rw_line_set_string(line, RW_M_COMMISSION_REFERENCE,
			row->reference);
	if (row->currency[0] != '\0' && !rw_record_has(record, RW_M_CURRENCY))
		rw_line_set_string(line, RW_M_CURRENCY, row->currency);
	return compare_row(row, record, err);
}
