#include "statement/payment.h"

#include <string.h>

#include "base/money.h"
#include "statement/sentences.h"
#include "statement/words.h"

/* EPC069-12: the data of the largest symbol, version 13 with level M, less those
 * that mark it as UTF-8. */
enum { CODE_MAX = 329 };

static const int64_t dearest = INT64_C(99999999999) * (RW_MONEY_ONE / 100);

enum rw_payment
rw_payment_of(const struct rw_statement *s)
{
	if (s->fee.amount <= 0)
		return RW_PAYMENT_NONE;
	if (s->in.paid.year != 0)
		return RW_PAYMENT_PAID;
	if (s->in.payee == NULL)
		return RW_PAYMENT_NONE;
	switch (s->in.payee->collection) {
	case RW_COLLECTION_TRANSFER:
		return RW_PAYMENT_TRANSFER;
	case RW_COLLECTION_DEBIT:
		return RW_PAYMENT_DEBIT;
	case RW_COLLECTION_NONE:
		break;
	}
	return RW_PAYMENT_NONE;
}

/* ---- words --------------------------------------------------------------- */

static void
add_date(struct rw_buf *out, struct rw_date date)
{
	char words[32];

	rw_date_words(words, date);
	rw_buf_adds(out, words);
}

void
rw_payment_due(const struct rw_statement *s, struct rw_buf *out)
{
	const struct rw_payee *payee = s->in.payee;

	if (payee != NULL && payee->has_days)
		add_date(out, rw_date_later(s->in.issued, payee->days));
}

void
rw_payment_reference(const struct rw_statement *s, struct rw_buf *out)
{
	static const char prefix[] = "Commission ";

	if (strlen(prefix) + strlen(s->number) <= RW_PAYMENT_REFERENCE)
		rw_buf_adds(out, prefix);
	rw_buf_adds(out, s->number);
}

static void
add_transfer(const struct rw_statement *s, struct rw_buf *out)
{
	rw_buf_adds(out, "Pay ");
	rw_statement_money(s, s->fee.amount, s->minor, out);
	rw_buf_addf(out, " to %s", s->in.payee->name);
	if (s->in.payee->has_days) {
		rw_buf_adds(out, " by ");
		rw_payment_due(s, out);
	}
	rw_buf_adds(out, ", reference ");
	rw_payment_reference(s, out);
	rw_buf_addc(out, '.');
}

/* "ending 3000" is how banks name an account whose owner knows it. */
static void
add_debit(const struct rw_statement *s, struct rw_buf *out)
{
	size_t len = strlen(s->in.iban);

	rw_buf_adds(out, "Will be debited from your account");
	if (len > 4)
		rw_buf_addf(out, " ending %s", s->in.iban + len - 4);
	if (s->in.payee->has_days) {
		rw_buf_adds(out, " on ");
		rw_payment_due(s, out);
	}
	rw_buf_addc(out, '.');
}

static void
add_paid(const struct rw_statement *s, struct rw_buf *out)
{
	rw_buf_adds(out, "Paid on ");
	add_date(out, s->in.paid);
	if (s->in.paid_reference != NULL)
		rw_buf_addf(out, ", reference %s", s->in.paid_reference);
	rw_buf_addc(out, '.');
}

void
rw_payment_paid_note(const struct rw_statement *s, struct rw_buf *out)
{
	rw_buf_addf(out, "%s, paid on ", s->in.currency);
	add_date(out, s->in.paid);
}

void
rw_payment_words(const struct rw_statement *s, struct rw_buf *out)
{
	switch (rw_payment_of(s)) {
	case RW_PAYMENT_TRANSFER:
		add_transfer(s, out);
		break;
	case RW_PAYMENT_DEBIT:
		add_debit(s, out);
		break;
	case RW_PAYMENT_PAID:
		add_paid(s, out);
		break;
	case RW_PAYMENT_NONE:
		break;
	}
}

/* ---- the code ------------------------------------------------------------ */

static void
add_code(const struct rw_statement *s, const char *reference,
	struct rw_buf *out)
{
	char amount[RW_MONEY_SIZE];

	rw_money_text(amount, s->fee.amount, s->minor);
	/* Service tag, version, UTF-8, identification, BIC, name, IBAN, amount,
	 * no purpose, no structured reference, the reference. */
	rw_buf_addf(out, "BCD\n002\n1\nSCT\n%s\n%s\n%s\nEUR%s\n\n\n%s",
		s->in.payee->bic, s->in.payee->name, s->in.payee->iban, amount,
		reference);
}

bool
rw_payment_code(const struct rw_statement *s, struct rw_buf *out)
{
	struct rw_buf reference = {0}, code = {0};
	bool good = rw_payment_of(s) == RW_PAYMENT_TRANSFER &&
		strcmp(s->in.currency, "EUR") == 0 &&
		rw_iban_is_sepa(s->in.payee->iban) && s->fee.amount <= dearest;

	if (!good)
		return false;
	rw_payment_reference(s, &reference);
	add_code(s, rw_buf_text(&reference), &code);
	good = reference.len <= RW_PAYMENT_REFERENCE && code.len <= CODE_MAX;
	if (good)
		rw_buf_add(out, code.data, code.len);
	rw_buf_free(&reference);
	rw_buf_free(&code);
	return good;
}
