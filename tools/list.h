/* What rw-list's files share. */
#ifndef RW_TOOLS_LIST_H
#define RW_TOOLS_LIST_H

#include "cli.h"
#include "followers/selection.h"

struct list {
	struct rw_common common;
	struct rw_selection selection;
	struct rw_list followers;
	const char *select, *shard, *input;
	const char *counts_file;
	const char *pnl_file, *followers_file;	/* in place of databases */
	bool print_period, print_grants, accept;
	bool is_over;			/* common.period is */
	enum rw_kind worst;
};

/* The reports due, from the databases; with --check what there is in them. */
bool
rw_list_platform(struct list *list, struct rw_err *err);

/* The SQL that gives a role what it needs. */
bool
rw_list_print_grants(struct list *list, struct rw_err *err);

#endif
