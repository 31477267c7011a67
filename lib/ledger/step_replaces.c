/*
 * What a correction replaces: the newest revision before it, with the figures
 * and the days that the ledger has of it.
 */
#include "ledger/steps_priv.h"

#include <string.h>


struct search {
	int64_t revision;		/* to be before this one */
	int64_t best, sequence;		/* found so far; best 0: none */
	struct rw_line *line;		/* of it, in parts */
};

/* Members of the entry that the object has as they are. */
static const enum rw_field copied[] = {RW_F_REVISION, RW_F_CURRENCY,
	RW_F_TOTAL_PNL, RW_F_COMMISSION_AMOUNT, RW_F_COMMISSION_PCT,
	RW_F_OPENING_BALANCE, RW_F_ISSUE_DATE, RW_F_DAILY_PNL};

static bool
take_replaced(void *context, const struct rw_entry *entry, struct rw_err *err)
{
	struct search *search = context;
	int64_t revision = rw_entry_number(entry, RW_F_REVISION, 1);
	int64_t sequence = rw_entry_number(entry, RW_F_SEQUENCE, 0);
	size_t i;

	(void)err;
	if (revision >= search->revision || revision < search->best ||
	    (revision == search->best && sequence < search->sequence))
		return true;
	search->best = revision;
	search->sequence = sequence;
	rw_line_clear(search->line);
	rw_line_set_int(search->line, RW_M_REVISION, revision);
	for (i = 0; i < sizeof copied / sizeof *copied; i++)
		rw_entry_to_line(entry, copied[i], search->line);
	return true;
}

static void
set_replaced(struct rw_ledger_item *item, const struct rw_line *line)
{
	struct rw_buf text = {0};

	rw_line_add_to(line, &text);
	while (text.len > 0 && text.data[text.len - 1] == '\n')
		text.len--;
	rw_line_set(&item->record->line, RW_M_REPLACES, rw_buf_text(&text),
		text.len);
	rw_buf_free(&text);
}

/* The entry is that of the revision before, unless this revision was tried, or
 * sent, already: then the history has it. */
bool
rw_ledger_bring_replaced(struct rw_ledger *ledger,
	struct rw_ledger_item *item, int64_t revision, struct rw_err *err)
{
	const char *follower = item->record->follower_id;
	const struct rw_ledger_query query = {.period = item->period,
		.followers = &follower, .follower_count = 1, .history = true};
	struct rw_line line = {0};
	struct search search = {.revision = revision, .line = &line};
	bool good = true;

	if (rw_entry_number(&item->old, RW_F_REVISION, 1) < revision)
		good = take_replaced(&search, &item->old, err);
	else
		good = rw_ledger_each(ledger, &query, take_replaced, &search, err);
	if (good && search.best > 0)
		set_replaced(item, &line);
	rw_line_free(&line);
	return good;
}
