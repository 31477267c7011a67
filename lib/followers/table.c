#include "followers/table.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

enum { MAX_LINE = 4 * 1024 * 1024 };

bool
rw_table_open(struct rw_table *table, const char *path, struct rw_err *err)
{
	int fd = STDIN_FILENO;

	*table = (struct rw_table){.path = path};
	if (strcmp(path, "-") != 0)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return rw_fail_errno(err, RW_IO, "cannot open %s", path);
	rw_reader_init(&table->reader, fd, MAX_LINE);
	table->is_open = true;
	return true;
}

void
rw_table_close(struct rw_table *table)
{
	if (table->is_open && table->reader.fd != STDIN_FILENO)
		close(table->reader.fd);
	if (table->is_open)
		rw_reader_free(&table->reader);
	rw_buf_free(&table->header);
	rw_buf_free(&table->text);
	rw_line_free(&table->line);
	table->is_open = false;
}

bool
rw_table_fail(const struct rw_table *table, const char *why,
	struct rw_err *err)
{
	return rw_fail(err, RW_UNREADABLE, "%s, line %" PRIu64 ": %s",
		table->path, table->reader.number, why);
}

/* ---- lines -------------------------------------------------------------- */

static bool
read_line(struct rw_table *table, const char **text, size_t *len, bool *found,
	struct rw_err *err)
{
	*found = false;
	switch (rw_reader_next(&table->reader, true, text, len)) {
	case RW_READ_LINE:
		*found = true;
		return true;
	case RW_READ_END:
		return true;
	case RW_READ_LONG:
		return rw_table_fail(table, "too long", err);
	case RW_READ_WAIT:
	case RW_READ_FAILED:
		break;
	}
	return rw_fail_errno(err, RW_IO, "cannot read %s", table->path);
}

/* Reads further lines while a quoted field continues. */
static bool
take_record(struct rw_table *table, struct rw_buf *record, const char *text,
	size_t len, struct rw_err *err)
{
	bool found;

	rw_buf_reset(record);
	rw_buf_add(record, text, len);
	while (rw_csv_is_open(rw_buf_text(record), record->len,
	    table->delimiter)) {
		if (!read_line(table, &text, &len, &found, err))
			return false;
		if (!found)
			return rw_table_fail(table, "a quote is not closed",
				err);
		rw_buf_addc(record, '\n');
		rw_buf_add(record, text, len);
	}
	if (strlen(rw_buf_text(record)) != record->len)
		return rw_table_fail(table, "it has a NUL", err);
	if (!rw_text_is_utf8(rw_buf_text(record), record->len, NULL))
		return rw_table_fail(table, "it is not UTF-8", err);
	return rw_buf_ok(record, "a line", err);
}

static bool
split_row(struct rw_table *table, struct rw_buf *record, struct rw_csv *fields,
	struct rw_err *err)
{
	return rw_csv_split(fields, record->data, table->delimiter) ||
		rw_table_fail(table, "it is not valid CSV: a quote is in the "
			"wrong place, or there are more than 64 fields", err);
}

static bool
read_header(struct rw_table *table, const char *text, size_t len,
	struct rw_err *err)
{
	size_t i;

	table->delimiter = ',';
	for (i = 0; i < len; i++)
		if (strchr(",;\t", text[i]) != NULL && text[i] != '\0') {
			table->delimiter = text[i];
			break;
		}
	return take_record(table, &table->header, text, len, err) &&
		split_row(table, &table->header, &table->names, err);
}

static bool
read_row(struct rw_table *table, const char *text, size_t len,
	struct rw_err *err)
{
	struct rw_err why;

	if (!table->is_csv)
		return rw_line_parse(&table->line, text, len, &why) ||
			rw_table_fail(table, why.message, err);
	if (!take_record(table, &table->text, text, len, err) ||
	    !split_row(table, &table->text, &table->row, err))
		return false;
	return table->row.count == table->names.count ||
		rw_table_fail(table, "its number of fields differs from "
			"the header", err);
}

bool
rw_table_next(struct rw_table *table, bool *found, struct rw_err *err)
{
	const char *text;
	size_t len;

	if (!read_line(table, &text, &len, found, err))
		return false;
	if (*found && !table->is_begun) {
		table->is_begun = true;
		table->is_csv = text[0] != '{';
		if (table->is_csv && (!read_header(table, text, len, err) ||
		    !read_line(table, &text, &len, found, err)))
			return false;
	}
	return !*found || read_row(table, text, len, err);
}

/* ---- values ------------------------------------------------------------- */

struct rw_json
rw_table_json(const struct rw_table *table, const char *name)
{
	return table->is_csv ? (struct rw_json){0} :
		rw_line_get(&table->line, name);
}

static bool
json_text(struct rw_table *table, const char *name, const char **text,
	struct rw_err *err)
{
	struct rw_json value = rw_line_get(&table->line, name);
	struct rw_err why;

	switch (rw_json_type(value)) {
	case RW_JSON_NONE:
	case RW_JSON_NULL:
		return true;
	case RW_JSON_STRING:
		*text = rw_json_string(value, &table->line.arena, &why);
		return *text != NULL ||
			rw_table_fail(table, why.message, err);
	case RW_JSON_FALSE:
	case RW_JSON_TRUE:
	case RW_JSON_NUMBER:
		*text = rw_arena_copy(&table->line.arena, value.text,
			value.len);
		return *text != NULL ||
			rw_fail_memory(err, "a value");
	case RW_JSON_ARRAY:
	case RW_JSON_OBJECT:
		break;
	}
	rw_table_fail(table, rw_json_type_words(value), err);
	return rw_err_prefix(err, "%s", name);
}

bool
rw_table_text(struct rw_table *table, const char *name, const char **text,
	struct rw_err *err)
{
	size_t i;

	*text = NULL;
	if (!table->is_csv)
		return json_text(table, name, text, err);
	for (i = 0; i < table->names.count; i++)
		if (table->names.fields[i] != NULL &&
		    strcmp(table->names.fields[i], name) == 0) {
			*text = table->row.fields[i];
			return true;
		}
	return true;
}
