/* rw-list: the month at hand. */
#include "list.h"

void
rw_list_set_month(struct list *list, struct rw_period month)
{
	list->common.period = month;
	list->is_over = month.year < list->last.year ||
		(month.year == list->last.year &&
		month.month <= list->last.month);
}
