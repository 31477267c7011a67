/*
 * Delivers letters and reports the outcome of each letter: queues letters for
 * the transport, writes the journal, limits the rate, sends the administrators'
 * copies.
 *
 * Each round of rw_delivery_poll writes the new outcomes, and the letters that
 * are about to start, to the journal and syncs it once. Then it reports the
 * outcomes and starts the letters.
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
#include "mail/pace.h"
#include "record/record.h"
#include "mail/transport.h"
#include "mail/verp.h"

/* A letter in progress. The caller has an item for each record in progress, {0}
 * at first. The item can be reused once its outcome has been reported. */
struct rw_delivery_item {
	struct rw_letter letter;
	struct rw_record *record;	/* borrowed; NULL for a copy */
	void *context;			/* the caller's */
	/* private */
	struct rw_mail mail;
	struct rw_buf sender;		/* of its own; empty: none */
	struct rw_err failure;		/* kind RW_OK: accepted */
	bool claimed, begun;
	unsigned tries;			/* that a server deferred */
	/* Of a copy: its address; and the report, "" for none. */
	struct rw_buf recipient, about;
	struct rw_delivery_item *next;
};

struct rw_delivery_queue {
	struct rw_delivery_item *first, **last;
	size_t count;
};

/* Letters that wait for a connection or for their domain. */
enum {
	RW_DELIVERY_WAITING = 192,
	RW_DELIVERY_WAITING_BYTES = 64 * 1024 * 1024,
};

struct rw_delivery_options {
	const char *sender;		/* in the envelope; borrowed */
	struct rw_verp *verp;		/* borrowed: each letter has its own
					 * sender; NULL: all have that one */
	const struct rw_copies *copy_to;	/* receive a copy of each
						 * letter; NULL: no copies */
	bool staged;			/* letters do not go to followers: they
					 * do not count as sent, and the journal
					 * is not written */
	int64_t interval_us;		/* between two starts; 0: none */
	struct rw_pace *pace;		/* of the domains; borrowed */
	const char *run_id;		/* for the journal; NULL: outside a
					 * run */
	struct rw_transport_options transport;	/* without report */
	/* True: start no more letters. NULL: always false. */
	bool (*stopped)(void *context);
	/* Writes the letter of the item once more, with the same bytes. */
	bool (*write)(void *context, struct rw_delivery_item *item,
		struct rw_err *err);
	/* Called when the record is complete. failure NULL: the mail was
	 * accepted. */
	void (*ended)(void *context, struct rw_delivery_item *item,
		const struct rw_err *failure);
	/* A copy of a report's letter to an address in cc failed. */
	void (*copy_failed)(void *context, const char *about,
		const char *recipient, const struct rw_err *failure);
	void *context;
};

struct rw_delivery {
	struct rw_delivery_options options;
	struct rw_transport transport;
	struct rw_journal journal;
	struct rw_journal_used used;	/* loaded for the first claim; later
					 * with the claims begun here */
	struct rw_journal_watch watch;	/* of other processes */
	/* Waiting letters, waiting copies, and mails with an outcome. */
	struct rw_delivery_queue waiting, copies, finished;
	size_t on_the_way;
	char boot_id[RW_BOOT_ID_SIZE];	/* of this kernel; "": unknown */
	int64_t next_us;		/* when the next letter may start */
	int64_t domain_next_us;		/* when the first of those may start that
					 * wait for their domains; 0: none do */
};

/* Does not connect yet. RW_CONFIG, RW_IO. */
bool
rw_delivery_open(struct rw_delivery *delivery,
	const struct rw_delivery_options *options, struct rw_err *err);

/* Queues the letter of a record. Both are borrowed until the outcome has been
 * reported. When the letters that wait have many bytes together, those of this
 * one are freed, and options.write is called before it starts. */
void
rw_delivery_add(struct rw_delivery *delivery, struct rw_delivery_item *item,
	struct rw_record *record);

/* True while enough letters wait for a connection or are being sent; those that
 * wait for their domains do not count. */
bool
rw_delivery_is_full(const struct rw_delivery *delivery);

/* Sends and receives until the outcome of a letter has been reported, the
 * delivery is no longer full, or input_fd (-1: none) can be read. False: the run
 * cannot continue, and letters in progress are not reported. */
bool
rw_delivery_poll(struct rw_delivery *delivery, int input_fd,
	struct rw_err *err);

/* Queues a mail that does not belong to a record. Its failure is only logged.
 * recipient is borrowed; the message is copied. */
void
rw_delivery_add_copy(struct rw_delivery *delivery, const char *recipient,
	struct rw_buf *message);

/* Sends the remaining copies. */
bool
rw_delivery_finish(struct rw_delivery *delivery, struct rw_err *err);

/* For the end of a run. False, RW_CONFIG: all outcomes together show that the
 * server accepts no mail at all, although no single outcome shows it. */
bool
rw_delivery_is_in_use(const struct rw_delivery *delivery, struct rw_err *err);

void
rw_delivery_close(struct rw_delivery *delivery);

void
rw_delivery_item_free(struct rw_delivery_item *item);

#endif
