#include "complaints.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* Two complaints that differ only in the place in the line ("byte 17") are the
 * same. */
static bool
is_same_cause(const struct rw_err *a, const struct rw_err *b)
{
	const char *x = a->message, *y = b->message;

	if (a->kind != b->kind)
		return false;
	if (a->kind != RW_UNREADABLE)
		return strcmp(x, y) == 0;
	for (;;) {
		if (isdigit((unsigned char)*x) && isdigit((unsigned char)*y)) {
			x += strspn(x, "0123456789");
			y += strspn(y, "0123456789");
		}
		if (*x != *y)
			return false;
		if (*x == '\0')
			return true;
		x++;
		y++;
	}
}

static struct rw_complaint *
find_known(struct rw_complaints *complaints, const struct rw_err *failure)
{
	size_t i;

	for (i = 0; i < complaints->count; i++)
		if (is_same_cause(&complaints->list[i].failure, failure))
			return &complaints->list[i];
	return NULL;
}

void
rw_complain(struct rw_complaints *complaints, uint64_t line, const char *name,
	const struct rw_err *failure)
{
	struct rw_complaint *known = find_known(complaints, failure);

	if (known == NULL) {
		rw_say_failure(name, failure);
		if (complaints->count == RW_COMPLAINTS)
			return;
		known = &complaints->list[complaints->count++];
		*known = (struct rw_complaint){.failure = *failure,
			.first = line};
		snprintf(known->name, sizeof known->name, "%s", name);
		return;
	}
	rw_note_failure(name, failure);
	if (known->more < RW_COMPLAINTS_NAMED)
		known->names[known->more] = strdup(name);
	known->more++;
}

static void
end_one(struct rw_complaint *c)
{
	size_t i;

	if (c->more > RW_COMPLAINTS_NAMED)
		rw_show_error("%s: the same fault is in %" PRIu64 " more "
			"lines; the first is line %" PRIu64, c->name, c->more,
			c->first);
	for (i = 0; i < RW_COMPLAINTS_NAMED; i++) {
		if (c->more <= RW_COMPLAINTS_NAMED && c->names[i] != NULL)
			rw_show_error("%s: %s", c->names[i],
				c->failure.message);
		free(c->names[i]);
	}
}

void
rw_complaints_end(struct rw_complaints *complaints)
{
	size_t i;

	for (i = 0; i < complaints->count; i++)
		end_one(&complaints->list[i]);
	*complaints = (struct rw_complaints){0};
}
