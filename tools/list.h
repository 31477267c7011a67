/* Declarations that rw-list's files share. */
#ifndef RW_TOOLS_LIST_H
#define RW_TOOLS_LIST_H

#include "cli.h"
#include "followers/gate.h"
#include "followers/selection.h"

struct list {
	struct rw_common common;
	struct rw_selection selection;
	struct rw_list followers;
	const char *select, *shard, *input;
	const char *counts_file;
	const char *pnl_file, *followers_file;	/* instead of the databases */
	bool print_period, print_grants, accept;
	struct rw_period last;		/* the last complete month */
	bool is_over;			/* common.period is */
	bool months_of_selection;	/* in place of common.period */
	/* Reports of the whole month, judged when gates_file is given. */
	const char *gates_file;
	bool gates_warn;
	struct rw_option_count expect_min, expect_days;
	struct rw_gate_options gate_options;
	struct rw_gate gate;
	uint64_t repeated;	/* lines of a report that came before */
	enum rw_kind worst;
};

/* Lists the reports due from the databases; with --check, describes the
 * contents of the databases. */
bool
rw_list_platform(struct list *list, struct rw_err *err);

/* Sets common.period and is_over. */
void
rw_list_set_month(struct list *list, struct rw_period month);

/* Reads the settings of the gates; call when the selection is known. */
bool
rw_list_gates_open(struct list *list, struct rw_err *err);

/* Reports which gates are closed, and writes them to gates_file. due: the
 * number of reports of this run. */
bool
rw_list_gates_close(struct list *list, uint64_t due, struct rw_err *err);

/* For --check: the days that were counted. */
void
rw_list_tell_days(const struct list *list);

/* Prints the SQL that grants a role the rights that rw-list needs. */
bool
rw_list_print_grants(struct list *list, struct rw_err *err);

#endif
