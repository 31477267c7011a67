/*
 * Shared by the files of the delivery. Each file calls only files that precede
 * it in this list: delivery_queue.c, delivery_check.c (may a letter start?),
 * delivery_start.c, delivery_outcome.c, delivery_run.c (implements delivery.h).
 */
#ifndef RW_MAIL_DELIVERY_PRIV_H
#define RW_MAIL_DELIVERY_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "mail/delivery.h"

/* ---- delivery_queue.c -------------------------------------------------- */

void
rw_delivery_put(struct rw_delivery_queue *queue,
	struct rw_delivery_item *item);

/* NULL when the queue is empty. */
struct rw_delivery_item *
rw_delivery_take(struct rw_delivery_queue *queue);

/* Sets the outcome of the item. failure NULL: the mail was accepted. */
void
rw_delivery_end(struct rw_delivery *delivery, struct rw_delivery_item *item,
	const struct rw_err *failure);

/* Like rw_delivery_add_copy, but an address in the message may need SMTPUTF8,
 * and about names the report, "" for none. */
void
rw_delivery_put_copy(struct rw_delivery *delivery, const char *recipient,
	const char *about, struct rw_buf *message, bool needs_utf8);

/* The mail borrows from the letter, which was written. */
void
rw_delivery_bind(struct rw_delivery_item *item);

/* ---- delivery_check.c -------------------------------------------------- */

/* True when the loaded journals have no mail that was begun for the item's
 * claim. RW_IN_DOUBT. */
bool
rw_delivery_is_unused(const struct rw_journal_used *used,
	const struct rw_delivery_item *item, struct rw_err *err);

/* Checks claim, lease and transport. For a claimed letter it writes "begin" to
 * the journal, without a sync. */
bool
rw_delivery_may_start(struct rw_delivery *delivery,
	struct rw_delivery_item *item, struct rw_err *err);

/* ---- delivery_start.c -------------------------------------------------- */

/* Refuses all waiting mail when rw-mail was stopped or the transport is
 * down. */
void
rw_delivery_refuse(struct rw_delivery *delivery);

/* Moves mails to starting, as many as the transport can send now. */
void
rw_delivery_choose(struct rw_delivery *delivery,
	struct rw_delivery_queue *starting);

/* Sends the chosen mails. failure: why the journal could not be synced; mails
 * that need the journal are then not sent. NULL: the journal was synced. */
void
rw_delivery_start(struct rw_delivery *delivery,
	struct rw_delivery_queue *starting, const struct rw_err *failure);

/* ---- delivery_outcome.c ------------------------------------------------ */

/* Writes the outcomes to their records and to the journal, without a sync. */
void
rw_delivery_journal_outcomes(struct rw_delivery *delivery);

/* Reports the outcomes to the caller; returns the number of letters (copies
 * do not count). */
size_t
rw_delivery_report_outcomes(struct rw_delivery *delivery);

#endif
