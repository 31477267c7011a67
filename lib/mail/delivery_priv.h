/*
 * Shared by the files of the delivery, each of which calls those before it:
 * delivery_queue.c, delivery_check.c (may a letter start?), delivery_start.c,
 * delivery_outcome.c, and delivery_run.c, which implements delivery.h.
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

/* The item has an outcome: failure, or NULL when it was accepted. */
void
rw_delivery_end(struct rw_delivery *delivery, struct rw_delivery_item *item,
	const struct rw_err *failure);

/* As rw_delivery_add_copy, for a recipient whose address may need SMTPUTF8. */
void
rw_delivery_put_copy(struct rw_delivery *delivery, const char *recipient,
	struct rw_buf *message, bool needs_utf8);

/* ---- delivery_check.c -------------------------------------------------- */

/* True when no mail was begun for the item's claim, by the journals that were
 * read. RW_IN_DOUBT. */
bool
rw_delivery_is_unused(const struct rw_journal_used *used,
	const struct rw_delivery_item *item, struct rw_err *err);

/* Checks claim, lease and transport; writes "begin" to the journal for a
 * claimed letter, not synced yet. */
bool
rw_delivery_may_start(struct rw_delivery *delivery,
	struct rw_delivery_item *item, struct rw_err *err);

/* ---- delivery_start.c -------------------------------------------------- */

/* Ends all waiting mail when rw-mail was stopped or the transport is down. */
void
rw_delivery_refuse(struct rw_delivery *delivery);

/* Moves as many mails as the transport has room for to starting. */
void
rw_delivery_choose(struct rw_delivery *delivery,
	struct rw_delivery_queue *starting);

/* Sends the chosen mails. failure: the journal could not be synced, and no
 * mail starts that needs it; else NULL. */
void
rw_delivery_start(struct rw_delivery *delivery,
	struct rw_delivery_queue *starting, const struct rw_err *failure);

/* ---- delivery_outcome.c ------------------------------------------------ */

/* Notes the outcomes in their records and in the journal, not synced yet. */
void
rw_delivery_journal_outcomes(struct rw_delivery *delivery);

/* Reports the outcomes to the caller; returns the number of letters (copies
 * do not count). */
size_t
rw_delivery_report_outcomes(struct rw_delivery *delivery);

#endif
