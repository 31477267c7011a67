#include "relay_lines.h"

#include <stdlib.h>
#include <string.h>

#include "splice_lines.h"


enum { NAMES = 10, FIRST_ROOM = 64 };

/* ---- the table ------------------------------------------------------------- */

/* The slot of a line with this identity that has not arrived yet, or an empty
 * slot: at least half of the slots are empty. */
static uint32_t *
find_slot(const struct rw_relay_lines *lines, uint64_t identity)
{
	size_t mask = lines->slot_count - 1, i = (size_t)identity & mask;

	for (; lines->slots[i] != 0; i = (i + 1) & mask) {
		const struct rw_relay_line *line =
			&lines->lines[lines->slots[i] - 1];

		if (line->identity == identity && !line->has_come)
			break;
	}
	return &lines->slots[i];
}

/* After all lines with this identity. */
static void
place(struct rw_relay_lines *lines, size_t index)
{
	size_t mask = lines->slot_count - 1;
	size_t i = (size_t)lines->lines[index].identity & mask;

	while (lines->slots[i] != 0)
		i = (i + 1) & mask;
	lines->slots[i] = (uint32_t)index + 1;
}

/* Exhausted memory ends the process (base/memory.c). */
static void
grow(struct rw_relay_lines *lines)
{
	size_t i;

	lines->room = lines->room == 0 ? FIRST_ROOM : 2 * lines->room;
	lines->lines = reallocarray(lines->lines, lines->room,
		sizeof *lines->lines);
	lines->order = reallocarray(lines->order, lines->room,
		sizeof *lines->order);
	free(lines->slots);
	lines->slot_count = 2 * lines->room;
	lines->slots = calloc(lines->slot_count, sizeof *lines->slots);
	if (lines->lines == NULL || lines->order == NULL ||
	    lines->slots == NULL)
		abort();
	for (i = 0; i < lines->count; i++)
		place(lines, i);
}

void
rw_relay_lines_add(struct rw_relay_lines *lines, struct rw_record *record)
{
	if (lines->count == lines->room)
		grow(lines);
	lines->lines[lines->count] = (struct rw_relay_line){
		.identity = rw_splice_identity(&record->line),
		.label = strdup(rw_record_label(record))};
	place(lines, lines->count++);
}

bool
rw_relay_lines_come(struct rw_relay_lines *lines, uint64_t identity)
{
	uint32_t found = lines->slot_count == 0 ? 0 :
		*find_slot(lines, identity);

	if (found == 0)
		return false;
	lines->lines[found - 1].has_come = true;
	lines->order[lines->come++] = found - 1;
	return true;
}

bool
rw_relay_lines_recorded(struct rw_relay_lines *lines, uint64_t identity)
{
	if (lines->recorded == lines->come ||
	    lines->lines[lines->order[lines->recorded]].identity != identity)
		return false;
	lines->recorded++;
	return true;
}

static void
add_name(struct rw_buf *names, size_t n, const struct rw_relay_line *line)
{
	if (n < NAMES)
		rw_buf_addf(names, "%s%s", n > 0 ? ", " : "",
			line->label != NULL ? line->label : "");
	else if (n == NAMES)
		rw_buf_adds(names, ", ...");
}

size_t
rw_relay_lines_missing(const struct rw_relay_lines *lines, bool results,
	struct rw_buf *names)
{
	size_t i, n = 0;

	if (results) {
		for (i = lines->recorded; i < lines->come; i++)
			add_name(names, n++, &lines->lines[lines->order[i]]);
		return n;
	}
	for (i = 0; i < lines->count; i++)
		if (!lines->lines[i].has_come)
			add_name(names, n++, &lines->lines[i]);
	return n;
}

void
rw_relay_lines_free(struct rw_relay_lines *lines)
{
	while (lines->count > 0)
		free(lines->lines[--lines->count].label);
	free(lines->lines);
	free(lines->slots);
	free(lines->order);
	*lines = (struct rw_relay_lines){0};
}
