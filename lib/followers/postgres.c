#include "followers/postgres.h"

#include "base/buf.h"

enum { NAMES_IN_QUERY = 1000 };	/* for more names, the caller filters */

bool
rw_postgres_ids(const struct rw_selection *selection, struct rw_buf *array)
{
	size_t i;

	if (!selection->named || selection->count > NAMES_IN_QUERY)
		return false;
	rw_buf_addc(array, '{');
	for (i = 0; i < selection->count; i++)
		/* Ids have no characters that require a backslash. */
		rw_buf_addf(array, "%s\"%s\"", i > 0 ? "," : "",
			selection->ids[i].id);
	rw_buf_addc(array, '}');
	return true;
}

void
rw_postgres_month(struct rw_period period, char first[RW_DATE_SIZE],
	char end[RW_DATE_SIZE])
{
	struct rw_date date = {period.year, period.month, 1};

	rw_date_text(first, date);
	date.year += date.month == 12;
	date.month = date.month % 12 + 1;
	rw_date_text(end, date);
}
