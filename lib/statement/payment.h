/*
 * How the commission of a statement is paid, in words and as a code that a
 * banking app scans. With nothing due there are no words and no code.
 *
 * Source of the code: EPC069-12, "Quick Response Code: Guidelines to enable
 * data capture for the initiation of a credit transfer", version 002.
 */
#ifndef RW_STATEMENT_PAYMENT_H
#define RW_STATEMENT_PAYMENT_H

#include "base/buf.h"
#include "statement/statement.h"

enum rw_payment {
	RW_PAYMENT_NONE,		/* nothing due, or nothing is said */
	RW_PAYMENT_TRANSFER,		/* the follower is asked to pay */
	RW_PAYMENT_DEBIT,		/* the follower's account is debited */
	RW_PAYMENT_PAID,		/* it was paid, see in.paid */
};

enum rw_payment
rw_payment_of(const struct rw_statement *statement);

/* Appends "Pay 328.57 EUR to Example Capital Ltd by 15 July 2025, reference
 * ...", "Will be debited from your account ending 3000 on 15 July 2025." or
 * "Paid on 3 July 2025, reference ..."; nothing for RW_PAYMENT_NONE. */
void
rw_payment_words(const struct rw_statement *statement, struct rw_buf *out);

/* Appends "EUR, paid on 3 July 2025", for RW_PAYMENT_PAID. */
void
rw_payment_paid_note(const struct rw_statement *statement, struct rw_buf *out);

/* Appends the day on which the commission is due, "15 July 2025"; nothing when
 * there is none. */
void
rw_payment_due(const struct rw_statement *statement, struct rw_buf *out);

/* Appends the reference that the payer gives with the payment, at most
 * RW_PAYMENT_REFERENCE characters unless the follower's ID is longer. */
enum { RW_PAYMENT_REFERENCE = 140 };

void
rw_payment_reference(const struct rw_statement *statement, struct rw_buf *out);

/* Appends the text of the code. False, with nothing appended, unless this is a
 * transfer in EUR to an account in SEPA that the code can express: at most
 * 999,999,999.99 EUR, the reference and the whole text within their limits. */
bool
rw_payment_code(const struct rw_statement *statement, struct rw_buf *out);

#endif
