/*
 * Parameters of queries to the trading platform's PostgreSQL.
 */
#ifndef RW_FOLLOWERS_POSTGRES_H
#define RW_FOLLOWERS_POSTGRES_H

#include <stdbool.h>

#include "base/period.h"
#include "followers/selection.h"

struct rw_buf;

/* SQL: follower_id in the order of its bytes, and the same without the blanks
 * and other characters around it that no id begins or ends with. */
#define RW_PG_ID "follower_id::text COLLATE \"C\""
#define RW_PG_MEANT_ID "regexp_replace(" RW_PG_ID ", " \
	"'^[^A-Za-z0-9._-]+|[^A-Za-z0-9._-]+$', '', 'g')"

/* The ids in selection as an array literal of PostgreSQL; false when no ids are
 * named, or too many for a query. */
bool
rw_postgres_ids(const struct rw_selection *selection, struct rw_buf *array);

/* "2025-06-01" and "2025-07-01" for June. */
void
rw_postgres_month(struct rw_period period, char first[RW_DATE_SIZE],
	char end[RW_DATE_SIZE]);

#endif
