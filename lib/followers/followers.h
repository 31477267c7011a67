/*
 * Followers and their days of P&L, from any source. A source returns its
 * followers, or its days, in byte order of the follower's id, and checks this
 * order; followers/due.h joins the two.
 *
 * A fault of one follower or one day is reported in its struct, and is not a
 * failure of the source: the next one can be read.
 */
#ifndef RW_FOLLOWERS_FOLLOWERS_H
#define RW_FOLLOWERS_FOLLOWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/period.h"
#include "record/record.h"

/* A longer id is truncated, and cannot be a follower_id. */
enum { RW_FOLLOWER_ID_SIZE = 160 };

struct rw_follower {
	char id[RW_FOLLOWER_ID_SIZE];	/* "?": unknown */
	/* follower_id and what else the source has: email, name, iban,
	 * currency, commission_pct, locale, cc. */
	struct rw_record record;
	char left_out[120];		/* why the follower gets no report; "":
					 * gets one */
	struct rw_err wrong;		/* RW_OK, or why no report can be
					 * made */
};

struct rw_day {
	char id[RW_FOLLOWER_ID_SIZE];	/* "": none that can be told */
	char meant[RW_FOLLOWER_ID_SIZE];	/* for a wrong day without an
						 * id: the follower to whom it
						 * seems to belong */
	char date[24];			/* 2025-06-30; the original text if
					 * wrong */
	int64_t amount;			/* work/base/money.h */
	bool is_open;			/* the platform may still change it */
	struct rw_err wrong;		/* RW_OK, or why it cannot count */
};

struct rw_followers {
	void *self;
	const char *name;		/* "MongoDB a at b:1"; borrowed from
					 * self */
	bool (*next)(void *self, struct rw_follower *follower, bool *found,
		struct rw_err *err);
	void (*close)(void *self);
};

struct rw_days {
	void *self;
	const char *name, *table;	/* table: "pnl_daily", for messages */
	bool (*next)(void *self, struct rw_day *day, bool *found,
		struct rw_err *err);
	void (*close)(void *self);
};

/* The members that decide whether a follower gets a report; NULL if the source
 * does not have them. */
struct rw_follower_standing {
	const bool *enabled;
	const char *state, *status;
};

/* Empties the struct for the next follower, and sets the id. RW_DATA in
 * follower->wrong when the id cannot be a follower_id. */
void
rw_follower_begin(struct rw_follower *follower, const char *id);

/* Decides by enabled if it exists, otherwise by the status "active". */
void
rw_follower_judge(struct rw_follower *follower,
	const struct rw_follower_standing *standing);

void
rw_follower_free(struct rw_follower *follower);

/* Empties the struct for the next day. */
void
rw_day_begin(struct rw_day *day, const char *id);

/* True when an id begins or ends with a character that is not allowed in ids,
 * such as a blank. */
bool
rw_day_is_padded(const char *id);

/* For a padded id, after the date was filled in: reports the id in wrong, and
 * sets meant to the id without padding. Such days come first, out of order. */
void
rw_day_refuse_padded(struct rw_day *day);

/* Copies the id without the characters around it. */
void
rw_day_trim(const char *id, char meant[RW_FOLLOWER_ID_SIZE]);

/* Fills in date and amount from texts. A malformed date or amount is reported
 * in day->wrong. NULL: the source has no value, and the argument with the name
 * of the member is for the message. */
void
rw_day_read(struct rw_day *day, const char *date, const char *amount,
	const char *amount_member);

#endif
