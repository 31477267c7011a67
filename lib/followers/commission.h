/*
 * The platform's own figures of a follower's month: a row of its table
 * commission_monthly. A fault of a row is reported in the row itself.
 */
#ifndef RW_FOLLOWERS_COMMISSION_H
#define RW_FOLLOWERS_COMMISSION_H

#include "followers/followers.h"

struct rw_commission {
	char id[RW_FOLLOWER_ID_SIZE];	/* "": unknown */
	bool has_total, has_amount, has_rate;	/* false: null */
	int64_t total, amount;		/* base/money.h */
	int64_t rate;			/* percent: 20 percent is 200000 */
	char currency[8], iban[64], email[330];	/* "": null or blank */
	char paid_on[RW_DATE_SIZE];	/* "": not paid */
	char reference[420];
	struct rw_err wrong;		/* RW_OK, or why the row cannot be
					 * used */
};

/* A source of rows, in byte order of the follower's id. */
struct rw_commissions {
	void *self;
	bool (*next)(void *self, struct rw_commission *row, bool *found,
		struct rw_err *err);	/* NULL: there is no such table */
	void (*close)(void *self);
};

/* Reads the rows in parallel with the followers. Initialise it with {.source =
 * ...}. */
struct rw_commission_reader {
	struct rw_commissions source;
	struct rw_commission now, ahead;
	bool has_ahead, ended;
	uint64_t rows;
};

/* Moves to the row of the follower; ids must come in ascending order. *row is
 * NULL when there is none. A second, equal row is ignored; a different one is
 * an error in (*row)->wrong. */
bool
rw_commission_find(struct rw_commission_reader *reader, const char *id,
	const struct rw_commission **row, struct rw_err *err);

/* Sets the members expected_* and commission_* of the record, and currency when
 * it has none. RW_DATA names the differences between the record and the row:
 * currency, IBAN (ignoring blanks and case) or address (ignoring the case of
 * the domain), if both have one. It also reports a fault of the row. */
bool
rw_commission_apply(const struct rw_commission *row, struct rw_record *record,
	struct rw_err *err);

#endif
