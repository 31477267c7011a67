#include "mail/letter_correction.h"

#include <string.h>

enum { CELLS = 3, WIDTH = 16 };

/* The columns of figures end at the same place in a font of equal widths. */
static void
add_cell(struct rw_buf *out, size_t column, const char *text)
{
	size_t len = 0, i;

	for (i = 0; text[i] != '\0'; i++)
		len += ((unsigned char)text[i] & 0xc0) != 0x80;
	if (column == 0)
		rw_buf_adds(out, text);
	for (; len < WIDTH; len++)
		rw_buf_addc(out, ' ');
	if (column > 0)
		rw_buf_adds(out, text);
}

/* False for a row that is not three strings. */
static bool
add_row(struct rw_buf *out, struct rw_json row, struct rw_record *record)
{
	struct rw_json cell;
	const char *text;
	size_t at = 0, column = 0;

	rw_buf_addc(out, '\n');
	for (; rw_json_item(row, &at, &cell); column++) {
		text = rw_json_string(cell, &record->line.arena, NULL);
		if (text == NULL || column == CELLS)
			return false;
		add_cell(out, column, text);
	}
	return column == CELLS;
}

static bool
fail(struct rw_err *err)
{
	return rw_fail(err, RW_DATA, "correction has a form that rw-gen does "
		"not write");
}

bool
rw_letter_add_correction(struct rw_buf *out, struct rw_record *record,
	struct rw_err *err)
{
	struct rw_json object, name, value, row;
	size_t at = 0, next;
	const char *text;

	if (!rw_record_has(record, RW_M_CORRECTION))
		return true;
	object = rw_line_get(&record->line, RW_M_CORRECTION);
	while (rw_json_next(object, &at, &name, &value)) {
		if (rw_json_type(value) == RW_JSON_STRING) {
			text = rw_json_string(value, &record->line.arena,
				NULL);
			if (text == NULL)
				return fail(err);
			rw_buf_addf(out, "%s\n", text);
		}
		for (next = 0; rw_json_item(value, &next, &row);)
			if (!add_row(out, row, record))
				return fail(err);
	}
	return out->len > 0 || fail(err);
}
