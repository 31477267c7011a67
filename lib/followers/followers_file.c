#include "followers/followers_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/money.h"
#include "base/text.h"
#include "followers/table.h"

struct row {
	const char *id, *line;		/* in the arena; line as JSON */
	const char *left_out, *wrong;	/* in the arena, or NULL */
};

struct source {
	const char *path;
	struct rw_arena arena;
	struct row *rows;
	size_t count, room, at;
	struct rw_follower follower;	/* the current row */
	struct rw_buf text;
};

static void
close_source(void *self)
{
	struct source *source = self;

	rw_arena_free(&source->arena);
	rw_follower_free(&source->follower);
	rw_buf_free(&source->text);
	free(source->rows);
	free(source);
}

/* ---- one row ------------------------------------------------------------ */

/* follower_id, _id, or mongoexport's {"_id":{"$oid":"..."}}. */
static bool
read_id(struct rw_table *table, const char **id, struct rw_err *err)
{
	struct rw_json oid = rw_table_json(table, "_id"), name, value;
	size_t at = 0;

	if (!rw_table_text(table, RW_M_FOLLOWER_ID, id, err))
		return false;
	if (*id == NULL && rw_json_type(oid) == RW_JSON_OBJECT) {
		if (rw_json_next(oid, &at, &name, &value) &&
		    name.len == 6 && memcmp(name.text, "\"$oid\"", 6) == 0)
			*id = rw_json_string(value, &table->line.arena, NULL);
	} else if (*id == NULL && !rw_table_text(table, "_id", id, err)) {
		return false;
	}
	return (*id != NULL && **id != '\0') || rw_table_fail(table,
		"it has no follower_id", err);
}

static bool
read_enabled(struct rw_table *table, bool *there, bool *enabled,
	struct rw_follower *follower, struct rw_err *err)
{
	const char *text;

	if (!rw_table_text(table, "enabled", &text, err))
		return false;
	*there = text != NULL;
	if (text == NULL || rw_text_to_bool(text, enabled))
		return true;
	*enabled = strcmp(text, "t") == 0;
	if (!*enabled && strcmp(text, "f") != 0)
		rw_fail(&follower->wrong, RW_DATA, "enabled is neither true "
			"nor false");
	return true;
}

static bool
judge(struct rw_table *table, struct rw_follower *follower,
	struct rw_err *err)
{
	struct rw_follower_standing standing = {0};
	bool enabled, there;

	if (!read_enabled(table, &there, &enabled, follower, err) ||
	    !rw_table_text(table, "state", &standing.state, err) ||
	    !rw_table_text(table, "status", &standing.status, err))
		return false;
	standing.enabled = there ? &enabled : NULL;
	if ((there || standing.status != NULL) &&
	    follower->wrong.kind == RW_OK)
		rw_follower_judge(follower, &standing);
	return true;
}

static bool
set_amount(struct rw_follower *follower, const char *member, const char *text)
{
	struct rw_err why;
	int64_t amount;

	if (!rw_money_parse(text, strlen(text), &amount, &why)) {
		follower->wrong = why;
		rw_err_prefix(&follower->wrong, "%s", member);
		return false;
	}
	rw_line_set_string(&follower->record.line, member, text);
	return true;
}

/* For JSON, the unchanged value; for CSV, the words of the field. */
static bool
set_cc(struct source *source, struct rw_table *table, struct rw_err *err)
{
	struct rw_json json = rw_table_json(table, RW_M_CC);
	struct rw_line *line = &source->follower.record.line;
	const char *text;
	char word[256];
	size_t len, n = 0;

	if (rw_json_type(json) == RW_JSON_ARRAY) {
		rw_line_set(line, RW_M_CC, json.text, json.len);
		return true;
	}
	if (!rw_table_text(table, RW_M_CC, &text, err))
		return false;
	if (text == NULL)
		return true;
	rw_buf_reset(&source->text);
	rw_buf_addc(&source->text, '[');
	for (text += strspn(text, ", ;"); *text != '\0'; text += len +
	    strspn(text + len, ", ;")) {
		len = strcspn(text, ", ;");
		if (len >= sizeof word)
			return rw_table_fail(table, "cc has a word of more "
				"than 255 bytes", err);
		memcpy(word, text, len);
		word[len] = '\0';
		rw_buf_adds(&source->text, n++ > 0 ? "," : "");
		rw_text_add_json(&source->text, word);
	}
	rw_buf_addc(&source->text, ']');
	rw_line_set(line, RW_M_CC, rw_buf_text(&source->text),
		source->text.len);
	return rw_buf_ok(&source->text, "cc", err);
}

static bool
fill(struct source *source, struct rw_table *table, struct rw_err *err)
{
	static const struct {
		const char *member;
		bool is_amount;
	} members[] = {
		{RW_M_EMAIL, false}, {RW_M_NAME, false}, {RW_M_IBAN, false},
		{RW_M_CURRENCY, false}, {RW_M_COMMISSION_PCT, true},
		{RW_M_LOCALE, false}, {RW_M_HIGH_WATER_MARK, true},
		{RW_M_OPENING_BALANCE, true},
	};
	struct rw_follower *follower = &source->follower;
	const char *id, *text;
	size_t i;

	if (!read_id(table, &id, err))
		return false;
	rw_follower_begin(follower, id);
	if (!judge(table, follower, err))
		return false;
	for (i = 0; i < sizeof members / sizeof members[0]; i++) {
		if (!rw_table_text(table, members[i].member, &text, err))
			return false;
		if (text == NULL || *text == '\0')
			continue;
		if (!members[i].is_amount)
			rw_line_set_string(&follower->record.line,
				members[i].member, text);
		else if (!set_amount(follower, members[i].member, text))
			break;
	}
	return set_cc(source, table, err);
}

/* ---- all rows ----------------------------------------------------------- */

static const char *
keep(struct source *source, const char *text)
{
	return rw_arena_copy(&source->arena, text, strlen(text));
}

static bool
keep_row(struct source *source, struct rw_err *err)
{
	const struct rw_follower *follower = &source->follower;
	size_t room = source->room == 0 ? 256 : 2 * source->room;
	struct row *rows = source->rows, *row;

	if (source->count == source->room) {
		rows = reallocarray(rows, room, sizeof *rows);
		if (rows == NULL)
			return rw_fail_memory(err, "%zu followers", room);
		source->rows = rows;
		source->room = room;
	}
	row = &rows[source->count++];
	rw_buf_reset(&source->text);
	rw_line_add_to(&follower->record.line, &source->text);
	*row = (struct row){.id = keep(source, follower->id),
		.line = keep(source, rw_buf_text(&source->text))};
	if (follower->left_out[0] != '\0')
		row->left_out = keep(source, follower->left_out);
	if (follower->wrong.kind != RW_OK)
		row->wrong = keep(source, follower->wrong.message);
	return (row->id != NULL && row->line != NULL &&
		!follower->record.line.failed &&
		rw_buf_ok(&source->text, "a line", NULL)) ||
		rw_fail_memory(err, "a follower");
}

static int
compare_followers(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return strcmp(x->id, y->id);
}

static bool
next_follower(void *self, struct rw_follower *follower, bool *found,
	struct rw_err *err)
{
	struct source *source = self;
	const struct row *row;

	*found = source->at < source->count;
	if (!*found)
		return true;
	row = &source->rows[source->at++];
	rw_follower_begin(follower, row->id);
	if (row->left_out != NULL)
		snprintf(follower->left_out, sizeof follower->left_out, "%s",
			row->left_out);
	if (row->wrong != NULL)
		rw_fail(&follower->wrong, RW_DATA, "%s", row->wrong);
	return rw_line_parse(&follower->record.line, row->line,
		strcspn(row->line, "\n"), err);
}

bool
rw_followers_file_open(struct rw_followers *followers, const char *path,
	struct rw_err *err)
{
	struct source *source = calloc(1, sizeof *source);
	struct rw_table table;
	bool good, found;

	if (source == NULL)
		return rw_fail_memory(err, "a file");
	source->path = strcmp(path, "-") == 0 ? "standard input" : path;
	good = rw_table_open(&table, path, err);
	while (good && (good = rw_table_next(&table, &found, err)) && found)
		good = fill(source, &table, err) && keep_row(source, err);
	rw_table_close(&table);
	if (!good) {
		close_source(source);
		return false;
	}
	if (source->count > 0)
		qsort(source->rows, source->count, sizeof *source->rows,
			compare_followers);
	*followers = (struct rw_followers){source, source->path,
		next_follower, close_source};
	return true;
}
