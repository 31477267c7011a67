#include "status_follower.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sending {
	char order[64];		/* month, revision, sequence */
	char *row;
};

struct sendings {
	const struct rw_status_view *view;
	struct sending *items;
	size_t n, room;
};

static int
compare_sendings(const void *a, const void *b)
{
	const struct sending *x = a, *y = b;

	return strcmp(x->order, y->order);
}

/* Want of memory ends the process (base/memory.c). */
static bool
take_sending(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	struct sendings *all = context;
	struct rw_buf row = {0};
	struct sending *item;

	if (all->n == all->room) {
		all->room = all->room == 0 ? 32 : 2 * all->room;
		all->items = reallocarray(all->items, all->room,
			sizeof *all->items);
	}
	item = &all->items[all->n];
	snprintf(item->order, sizeof item->order, "%.16s/%012" PRId64
		"/%012" PRId64, rw_entry_text(entry, RW_F_REPORT_PERIOD),
		rw_entry_number(entry, RW_F_REVISION, 1),
		rw_entry_number(entry, RW_F_SEQUENCE, 0));
	rw_status_add_row(&row, entry, all->view);
	item->row = rw_buf_take(&row);
	if (item->row == NULL)
		return rw_fail_memory(err, "a row");
	all->n++;
	return true;
}

bool
rw_status_add_history(struct rw_buf *out, struct rw_ledger *ledger,
	const struct rw_ledger_query *query, const struct rw_status_view *view,
	struct rw_err *err)
{
	struct sendings all = {.view = view};
	struct rw_ledger_query before = *query;
	bool good;
	size_t i;

	before.history = true;
	good = rw_ledger_each(ledger, query, take_sending, &all, err) &&
		rw_ledger_each(ledger, &before, take_sending, &all, err);
	if (good && all.n > 0) {
		qsort(all.items, all.n, sizeof *all.items, compare_sendings);
		rw_status_add_header(out, true);
	}
	for (i = 0; i < all.n; i++) {
		rw_buf_adds(out, good ? all.items[i].row : "");
		free(all.items[i].row);
	}
	free(all.items);
	return good;
}
