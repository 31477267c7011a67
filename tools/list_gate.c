/* rw-list: the gates and their messages. */
#include "list.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

bool
rw_list_gates_open(struct list *list, struct rw_err *err)
{
	struct rw_gate_options *options = &list->gate_options;

	if (list->gates_file == NULL)
		return true;
	options->selected = list->selection.named;
	options->expect_min = list->expect_min.n;
	options->expect_days = list->expect_days.n;
	return rw_gate_read_settings(options, rw_clock_now_ms() / 1000, err);
}

/* One line for each gate. The script reports the contents of gates_file. */
static void
say_lines(const struct list *list, const struct rw_buf *why)
{
	const char *at = rw_buf_text(why);
	char line[512];
	size_t len;

	for (; *at != '\0'; at += len + 1) {
		len = strcspn(at, "\n");
		snprintf(line, sizeof line, "%.*s", (int)len, at);
		if (list->gates_warn)
			rw_say(RW_WARNING, "%s", line);
		else if (list->common.check)
			rw_say(RW_ERROR, "%s", line);
		else
			rw_say_aside(line);
	}
}

bool
rw_list_gates_close(struct list *list, uint64_t due, struct rw_err *err)
{
	bool is_warning = list->gates_warn, good;
	struct rw_buf why = {0};

	if (list->gates_file == NULL)
		return true;
	rw_gate_judge(&list->gate, &list->gate_options, due, &why);
	good = rw_buf_ok(&why, "what the gates say", err);
	if (good && why.len > 0) {
		say_lines(list, &why);
		if (!is_warning)
			list->worst = rw_kind_worse(list->worst, RW_DATA);
	}
	if (good && !list->common.check)
		good = rw_file_write(list->gates_file, why.data,
			is_warning ? 0 : why.len, RW_SYNC_NONE, err);
	rw_buf_free(&why);
	return good;
}

void
rw_list_tell_days(const struct list *list)
{
	const struct rw_gate_month *month;
	char name[RW_PERIOD_SIZE];
	unsigned days;
	size_t i;

	for (i = 0; i < list->gate.count; i++) {
		month = &list->gate.months[i];
		rw_period_text(name, month->period);
		days = rw_gate_day_count(month->days);
		printf("%s has P&L on %u days", name, days);
		if (days > 0)
			printf(", the newest one is %s-%02d", name,
				31 - __builtin_clz(month->days));
		printf("; %" PRIu64 " of %" PRIu64 " followers have none\n",
			month->empty, month->due);
	}
}
