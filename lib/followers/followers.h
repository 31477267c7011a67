/*
 * Followers and their days of P&L, whatever they are read from. A source hands
 * out its followers, or its days, in the order of the bytes of the follower's
 * id, and checks that they come so; followers/due.h joins the two.
 *
 * What is wrong with one follower or one day is told in it and is no failure of
 * the source: the next one can be had.
 */
#ifndef RW_FOLLOWERS_FOLLOWERS_H
#define RW_FOLLOWERS_FOLLOWERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/period.h"
#include "record/record.h"

/* Longer ones are cut, and cannot be a follower_id. */
enum { RW_FOLLOWER_ID_SIZE = 160 };

struct rw_follower {
	char id[RW_FOLLOWER_ID_SIZE];	/* "?": none that can be told */
	/* follower_id and what else the source has: email, name, iban,
	 * currency, commission_pct, locale, cc. */
	struct rw_record record;
	char left_out[120];		/* why he gets no report; "": he does */
	struct rw_err wrong;		/* RW_OK, or why there can be none */
};

struct rw_day {
	char id[RW_FOLLOWER_ID_SIZE];	/* "": none that can be told */
	char meant[RW_FOLLOWER_ID_SIZE];	/* of one that is wrong and has
						 * no id: whose it seems to be */
	char date[24];			/* 2025-06-30; as it came if wrong */
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

/* What says whether a follower gets a report; NULL where a source has it
 * not. */
struct rw_follower_standing {
	const bool *enabled;
	const char *state, *status;
};

/* Empties it for the next one, and sets the id. RW_DATA in follower->wrong when
 * the id cannot be a follower_id. */
void
rw_follower_begin(struct rw_follower *follower, const char *id);

/* enabled decides where it is there, else the status "active". */
void
rw_follower_judge(struct rw_follower *follower,
	const struct rw_follower_standing *standing);

void
rw_follower_free(struct rw_follower *follower);

/* Empties it for the next one. */
void
rw_day_begin(struct rw_day *day, const char *id);

/* Whether an id begins or ends with a character that no valid ID has, such as a
 * blank. */
bool
rw_day_is_padded(const char *id);

/* For a padded id, after the date was filled in: moves it to wrong, and what it
 * means to meant. Such days come first, out of order. */
void
rw_day_refuse_padded(struct rw_day *day);

/* Copies the id without what is around it. */
void
rw_day_trim(const char *id, char meant[RW_FOLLOWER_ID_SIZE]);

/* Fills in date and amount from texts; date of another form, or an amount that
 * is none, go to day->wrong. NULL: the source has none, and member is the name
 * of what is missing. */
void
rw_day_read(struct rw_day *day, const char *date, const char *amount,
	const char *amount_member);

#endif
