#include "followers/due_stray.h"

#include <stdlib.h>
#include <string.h>

enum { NAMED = 10, STRAYS_MAX = 10000 };

static const char blanks[] = " \t\r\n\v\f";

bool
rw_due_names(const struct rw_due_options *options, uint64_t n)
{
	return options->names_all || n <= NAMED;
}

bool
rw_due_ignores(const struct rw_due_options *options, const char *id)
{
	const char *at = options->ignored;
	size_t len;

	for (at = at != NULL ? at : ""; *at != '\0'; at += len) {
		at += strspn(at, ", \t\n");
		len = strcspn(at, ", \t\n");
		if (len == strlen(id) && memcmp(at, id, len) == 0)
			return true;
	}
	return false;
}

/* ---- whose it may be ---------------------------------------------------- */

/* The id without the blanks around it; "" when it has none. */
static void
find_meant(const struct rw_day *day, char meant[RW_FOLLOWER_ID_SIZE])
{
	rw_day_trim(day->id, meant);
	if (strcmp(meant, day->id) == 0)
		meant[0] = '\0';
}

static bool
remember(struct rw_strays *strays, const char *meant,
	const struct rw_err *why, struct rw_err *err)
{
	size_t room = strays->room == 0 ? 16 : 2 * strays->room;
	struct rw_stray *items = strays->items;
	const char *copy, *words;

	if (rw_strays_of(strays, meant) != NULL)
		return true;
	if (strays->count == STRAYS_MAX)
		return rw_fail(err, RW_CONFIG, "more than %d followers have "
			"days of an unexpected form; the last one: %s",
			STRAYS_MAX, why->message);
	if (strays->count == strays->room) {
		items = reallocarray(items, room, sizeof *items);
		if (items == NULL)
			return rw_fail_memory(err, "%zu days", room);
		strays->items = items;
		strays->room = room;
	}
	copy = rw_arena_copy(&strays->arena, meant, strlen(meant));
	words = rw_arena_copy(&strays->arena, why->message,
		strlen(why->message));
	if (copy == NULL || words == NULL)
		return rw_fail_memory(err, "an id");
	items[strays->count++] = (struct rw_stray){copy, words};
	return true;
}

const char *
rw_strays_of(const struct rw_strays *strays, const char *id)
{
	size_t i;

	for (i = 0; i < strays->count; i++)
		if (strcmp(strays->items[i].meant, id) == 0)
			return strays->items[i].why;
	return NULL;
}

void
rw_strays_free(struct rw_strays *strays)
{
	rw_arena_free(&strays->arena);
	free(strays->items);
	*strays = (struct rw_strays){0};
}

/* ---- passing over ------------------------------------------------------- */

/* A missing or malformed id is always an error. */
static bool
pass_malformed(struct rw_strays *strays, const struct rw_due_options *options,
	const struct rw_day *day, const char *meant, struct rw_err *err)
{
	const char *table = options->days.table;
	struct rw_err why;

	if (meant[0] != '\0' && (!rw_selection_names(options->selection,
	    meant) || rw_due_ignores(options, meant)))
		return true;
	if (day->id[0] != '\0')
		rw_fail(&why, RW_DATA, "%s, a day of %.20s: follower_id is "
			"\"%.140s\": expected it without blanks around it",
			table, day->date, day->id);
	else if (meant[0] == '\0')
		rw_fail(&why, RW_DATA, "%s, a day of %.20s: %s", table,
			day->date, day->wrong.message);
	else
		rw_fail(&why, RW_DATA, "%s of %.140s, %.20s: %s", table,
			meant, day->date, day->wrong.message);
	options->say(options->context, RW_ERROR, &why);
	return meant[0] == '\0' || remember(strays, meant, &why, err);
}

bool
rw_strays_pass(struct rw_strays *strays, const struct rw_due_options *options,
	const struct rw_day *day, struct rw_due_counts *counts,
	struct rw_err *err)
{
	char blank_free[RW_FOLLOWER_ID_SIZE];
	const char *meant = day->meant;
	struct rw_err why;

	if (meant[0] == '\0') {
		find_meant(day, blank_free);
		meant = blank_free;
	}
	if (day->id[0] == '\0' || meant[0] != '\0' ||
	    day->id[strspn(day->id, blanks)] == '\0')
		return pass_malformed(strays, options, day, meant, err);
	if (strcmp(day->id, strays->last) == 0)
		return true;
	memcpy(strays->last, day->id, sizeof strays->last);
	if (!rw_selection_names(options->selection, day->id) ||
	    rw_due_ignores(options, day->id))
		return true;
	if (!rw_due_names(options, ++counts->without_follower))
		return true;
	rw_fail(&why, RW_DATA, "%s has days of %.140s, who is not among the "
		"followers", options->days.table, day->id);
	options->say(options->context, RW_WARNING, &why);
	return true;
}
