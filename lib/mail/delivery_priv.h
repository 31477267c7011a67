/*
 * What delivery.c (letters begin) and delivery_end.c (they end) share, and
 * nobody else sees.
 */
#ifndef RW_MAIL_DELIVERY_PRIV_H
#define RW_MAIL_DELIVERY_PRIV_H

#include <stddef.h>

#include "base/err.h"
#include "mail/delivery.h"

void
rw_delivery_put(struct rw_delivery_queue *queue,
	struct rw_delivery_item *item);

/* NULL when it is empty. */
struct rw_delivery_item *
rw_delivery_take(struct rw_delivery_queue *queue);

/* It has an outcome: failure, or NULL when it was accepted. */
void
rw_delivery_end(struct rw_delivery *delivery, struct rw_delivery_item *item,
	const struct rw_err *failure);

/* Notes the outcomes in their records and in the journal, not synced yet. */
void
rw_delivery_journal_outcomes(struct rw_delivery *delivery);

/* Reports them to the caller, and how many letters were among them. */
size_t
rw_delivery_report_outcomes(struct rw_delivery *delivery);

#endif
