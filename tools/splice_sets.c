#include "splice_priv.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The most names that a readable message can have. */
enum { NAMES = 10 };

struct names {
	char **items;
	size_t n, room;
};

static bool
add_name(struct names *names, const char *name, struct rw_err *err)
{
	size_t room = names->room == 0 ? 256 : 2 * names->room;
	char **items;

	if (names->n == names->room) {
		items = realloc(names->items, room * sizeof *items);
		if (items == NULL)
			return rw_fail_memory(err, "the names of reports");
		names->items = items;
		names->room = room;
	}
	names->items[names->n] = strdup(name);
	return names->items[names->n++] != NULL ||
		rw_fail_memory(err, "the names of reports");
}

static void
free_names(struct names *names)
{
	while (names->n > 0)
		free(names->items[--names->n]);
	free(names->items);
}

static int
compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* True for a line that, according to rw-mail, would be sent or was sent to
 * --to. */
static bool
is_rehearsed(struct rw_record *record)
{
	const char *state = NULL;

	return rw_record_optional_string(record, RW_M_STATE, NULL, &state,
		NULL) && state != NULL && strcmp(state, "rehearsed") == 0 &&
		rw_record_may_be_mailed(record);
}

static bool
load(struct rw_splice *s, struct names *names, struct rw_err *err)
{
	bool found = true;

	while (rw_splice_next_wrote(s, &found, err) && found)
		if (s->wrote.readable && is_rehearsed(&s->wrote.record) &&
		    !add_name(names, s->wrote.key, err))
			return false;
	if (names->n > 0)
		qsort(names->items, names->n, sizeof *names->items,
			compare_names);
	return !found;
}

static bool
look(struct rw_splice *s, const struct names *names, struct rw_err *err)
{
	struct rw_buf missing = {0};
	uint64_t n = 0;
	bool more = true;

	while (rw_splice_next_given(s, &more, err) && more) {
		if (s->given.readable && names->n > 0 && bsearch(&s->given.key,
		    names->items, names->n, sizeof *names->items,
		    compare_names) != NULL)
			continue;
		if (n++ < NAMES)
			rw_buf_addf(&missing, "%s%s", n > 1 ? ", " : "",
				rw_record_label(&s->given.record));
	}
	if (!more && n > 0)
		rw_fail(err, RW_DATA, "%" PRIu64 " of %" PRIu64 " would not "
			"be sent: %s%s", n, s->given.count,
			rw_buf_text(&missing), n > NAMES ? ", ..." : "");
	rw_buf_free(&missing);
	return !more && n == 0;
}

bool
rw_splice_compare_sets(struct rw_splice *s, struct rw_err *err)
{
	struct names names = {0};
	bool good = load(s, &names, err) && look(s, &names, err);

	free_names(&names);
	return good;
}
