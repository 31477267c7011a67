/*
 * Delivers letters and reports the outcome of each: queues them for the
 * transport, keeps the journal, paces them, sends the administrator's copies.
 *
 * In every round of rw_delivery_poll the outcomes that arrived and the letters
 * that are about to start share one sync of the journal; then the outcomes are
 * reported and the letters start.
 */
#ifndef RW_MAIL_DELIVERY_H
#define RW_MAIL_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/boot.h"
#include "base/err.h"
#include "wire/mail.h"
#include "journal/journal.h"
#include "journal/used.h"
#include "journal/watch.h"
#include "mail/letter.h"
#include "record/record.h"
#include "mail/transport.h"

/* A letter on its way. The caller has one for each record in flight, {0} at
 * first; it can be used again once its outcome was reported. */
struct rw_delivery_item {
	struct rw_letter letter;
	struct rw_record *record;	/* borrowed; NULL for a copy */
	void *context;			/* the caller's */
	/* private */
	struct rw_mail mail;
	struct rw_err failure;		/* kind RW_OK: accepted */
	bool claimed, begun;
	struct rw_delivery_item *next;
};

struct rw_delivery_queue {
	struct rw_delivery_item *first, **last;
	size_t count;
};

struct rw_delivery_options {
	const char *sender;		/* of the envelope; borrowed */
	const struct rw_copies *copy_to;	/* get a copy of each; NULL:
						 * nobody does */
	bool staged;			/* not to the followers: nothing counts
					 * as sent, nothing is journaled */
	int64_t interval_us;		/* between two starts; 0: none */
	const char *run_id;		/* for the journal; NULL: by hand */
	struct rw_transport_options transport;	/* without report */
	/* True: start nothing more. NULL: never. */
	bool (*stopped)(void *context);
	/* The record is complete; failure NULL: the mail was accepted. */
	void (*ended)(void *context, struct rw_delivery_item *item,
		const struct rw_err *failure);
	void *context;
};

struct rw_delivery {
	struct rw_delivery_options options;
	struct rw_transport transport;
	struct rw_journal journal;
	struct rw_journal_used used;	/* loaded for the first claim; later
					 * with the claims begun here */
	struct rw_journal_watch watch;	/* of other processes */
	/* Letters that wait, copies that wait, mails with an outcome. */
	struct rw_delivery_queue waiting, copies, finished;
	size_t on_the_way;
	char boot_id[RW_BOOT_ID_SIZE];	/* of this kernel; "": not known */
	int64_t next_us;		/* when the next may start */
};

/* RW_CONFIG, RW_IO. Connects to nothing yet. */
bool
rw_delivery_open(struct rw_delivery *delivery,
	const struct rw_delivery_options *options, struct rw_err *err);

/* Takes a letter that was written for the record; both are borrowed until the
 * outcome was reported. */
void
rw_delivery_add(struct rw_delivery *delivery, struct rw_delivery_item *item,
	struct rw_record *record);

/* Drives everything until a letter's outcome was reported or input_fd (-1:
 * none) can be read. False: the run cannot go on; mails that were begun are not
 * reported. */
bool
rw_delivery_poll(struct rw_delivery *delivery, int input_fd,
	struct rw_err *err);

/* Adds a mail to recipient (borrowed) that belongs to no record: its failure
 * is logged and has no other effect. Copies the message. */
void
rw_delivery_add_copy(struct rw_delivery *delivery, const char *recipient,
	struct rw_buf *message);

/* Sends the remaining copies. */
bool
rw_delivery_finish(struct rw_delivery *delivery, struct rw_err *err);

/* After that: false when all outcomes together show that no mail can be sent,
 * which no single one does: RW_CONFIG. */
bool
rw_delivery_is_in_use(const struct rw_delivery *delivery, struct rw_err *err);

void
rw_delivery_close(struct rw_delivery *delivery);

void
rw_delivery_item_free(struct rw_delivery_item *item);

#endif
