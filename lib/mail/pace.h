/*
 * How fast mails to each domain start: RW_RATE_DOMAINS, and what servers ask
 * for. A server that answers 421 or 450 to a mail (RFC 5321, section 4.2.2)
 * slows the domain of its recipient down: the next mail to this domain waits,
 * longer after each such answer, and shorter again after each mail that was
 * accepted. Other domains do not wait. After RW_PACE_WAITS such waits in a row,
 * the domain is given up for this run.
 *
 * Times are microseconds of one clock that never goes back. Errors: RW_CONFIG.
 */
#ifndef RW_MAIL_PACE_H
#define RW_MAIL_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
	RW_PACE_WAITS = 6,
	RW_PACE_TRIES = 4,	/* of one mail */
	RW_PACE_FIRST_MS = 1000,	/* the first wait; then twice as long */
	RW_PACE_MOST_MS = 60000,
};

struct rw_pace_domain {
	char *name;		/* owned; lower case */
	int64_t interval_us;	/* of RW_RATE_DOMAINS; 0: no limit */
	int64_t learned_us;	/* that a server asked for; 0: none */
	int64_t next_us;	/* when the next mail may start */
	int64_t waits_until_us;	/* after the last such answer */
	unsigned in_row;	/* waits since the last accepted mail */
	struct rw_err last;	/* of them */
};

/* {0} has no limits. */
struct rw_pace {
	struct rw_pace_domain *domains;
	size_t n, room;
};

/* "5/s", "300/m", "1000/h" of len bytes, to microseconds between two. */
bool
rw_pace_parse_rate(const char *rate, size_t len, int64_t *interval_us);

/* text: RW_RATE_DOMAINS, "gmail.com=5/s,example.com=100/m"; NULL: no limits.
 * pace must be {0}, and be freed in either case. */
bool
rw_pace_parse(struct rw_pace *pace, const char *text, struct rw_err *err);

/* Accepts {0}. */
void
rw_pace_free(struct rw_pace *pace);

/* True when a mail to the recipient may start now, or its domain was given up;
 * else *next_us is when to ask again. */
bool
rw_pace_allows(const struct rw_pace *pace, const char *recipient,
	int64_t now_us, int64_t *next_us);

/* False when the domain was given up: why is retryable. */
bool
rw_pace_is_open(const struct rw_pace *pace, const char *recipient,
	struct rw_err *why);

/* A mail starts. */
void
rw_pace_start(struct rw_pace *pace, const char *recipient, int64_t now_us);

/* A server has accepted a mail to the recipient. */
void
rw_pace_accept(struct rw_pace *pace, const char *recipient);

/* A server has answered 421 or 450 to a mail to the recipient: answer. */
void
rw_pace_defer(struct rw_pace *pace, const char *recipient, int64_t now_us,
	const struct rw_err *answer);

#endif
