#include "followers/selection.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "record/record.h"

enum { MAX_LINE = 4 * 1024 * 1024 };

void
rw_selection_free(struct rw_selection *selection)
{
	size_t i;

	for (i = 0; i < selection->count; i++)
		free(selection->ids[i].id);
	free(selection->ids);
	*selection = (struct rw_selection){0};
}

static bool
add_id(struct rw_selection *selection, const char *id, const char *month,
	struct rw_err *err)
{
	struct rw_selected *ids = selection->ids;
	size_t room = selection->room;

	if (!rw_record_is_id(id))
		return rw_fail(err, RW_USAGE, "\"%.140s\" is not a valid "
			"follower_id", id);
	if (selection->count == room) {
		room = room == 0 ? 64 : 2 * room;
		ids = reallocarray(ids, room, sizeof *ids);
		if (ids == NULL)
			return rw_fail_memory(err, "%zu ids", room);
		selection->ids = ids;
		selection->room = room;
	}
	ids[selection->count].seen = false;
	strcpy(ids[selection->count].month, month);
	ids[selection->count].id = strdup(id);
	if (ids[selection->count].id == NULL)
		return rw_fail_memory(err, "an id");
	selection->count++;
	selection->named = true;
	selection->sorted = false;
	return true;
}

bool
rw_selection_add(struct rw_selection *selection, const char *id,
	struct rw_err *err)
{
	return add_id(selection, id, "", err);
}

/* ---- from a file ------------------------------------------------------- */

/* of is the line's month. */
static bool
add_of_month(struct rw_selection *selection, const char *id, const char *of,
	const struct rw_period *period, struct rw_err *err)
{
	char month[RW_PERIOD_SIZE];
	struct rw_period named;

	if (period != NULL) {
		rw_period_text(month, *period);
		if (strcmp(of, month) == 0)
			return add_id(selection, id, "", err);
		selection->other_months++;
		return true;
	}
	if (!rw_period_parse(of, &named, err))
		return false;
	rw_period_text(month, named);
	return add_id(selection, id, month, err);
}

static bool
add_json(struct rw_selection *selection, const char *text, size_t len,
	const struct rw_period *period, struct rw_err *err)
{
	const char *id = NULL, *of = NULL;
	struct rw_record record = {0};
	bool good;

	/* rw_record_parse must not check the month here. */
	good = rw_line_parse(&record.line, text, len, err) &&
		rw_record_string(&record, RW_M_FOLLOWER_ID, &id, err) &&
		rw_record_optional_string(&record, RW_M_REPORT_PERIOD, NULL,
		&of, err) && (of != NULL ?
		add_of_month(selection, id, of, period, err) :
		add_id(selection, id, "", err));
	rw_record_free(&record);
	return good;
}

static bool
add_line(struct rw_selection *selection, const char *text, size_t len,
	const struct rw_period *period, struct rw_err *err)
{
	char id[160];

	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	if (len > 0 && text[0] == '{')
		return add_json(selection, text, len, period, err);
	snprintf(id, sizeof id, "%.*s", len < 150 ? (int)len : 150, text);
	return rw_selection_add(selection, id, err);
}

static bool
read_lines(struct rw_selection *selection, struct rw_reader *reader,
	const char *path, const struct rw_period *period, struct rw_err *err)
{
	const char *text;
	size_t len;

	for (;;) {
		switch (rw_reader_next(reader, true, &text, &len)) {
		case RW_READ_LINE:
			if (add_line(selection, text, len, period, err))
				continue;
			if (err->kind != RW_BUG)
				err->kind = RW_UNREADABLE;
			return rw_err_prefix(err, "%s, line %" PRIu64, path,
				reader->number);
		case RW_READ_LONG:
			return rw_fail(err, RW_UNREADABLE, "%s, line %" PRIu64
				": too long", path, reader->number);
		case RW_READ_END:
			return true;
		case RW_READ_WAIT:
		case RW_READ_FAILED:
			return rw_fail_errno(err, RW_IO, "cannot read %s",
				path);
		}
	}
}

bool
rw_selection_read(struct rw_selection *selection, const char *path,
	const struct rw_period *period, struct rw_err *err)
{
	struct rw_reader reader;
	int fd = STDIN_FILENO;
	bool good;

	if (strcmp(path, "-") != 0)
		fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return rw_fail_errno(err, RW_IO, "cannot open %s", path);
	/* A file without ids selects no followers. */
	selection->named = true;
	rw_reader_init(&reader, fd, MAX_LINE);
	good = read_lines(selection, &reader, path, period, err);
	rw_reader_free(&reader);
	if (fd != STDIN_FILENO)
		close(fd);
	return good;
}

/* ---- shards ------------------------------------------------------------ */

bool
rw_selection_shard(struct rw_selection *selection, const char *text,
	struct rw_err *err)
{
	char first[8];
	size_t len = strcspn(text, "/");

	if (len < sizeof first && text[len] == '/') {
		memcpy(first, text, len);
		first[len] = '\0';
		if (rw_text_to_u64(text + len + 1, 10000,
		    &selection->shards) && rw_text_to_u64(first,
		    selection->shards, &selection->shard) &&
		    selection->shard > 0)
			return true;
	}
	return rw_fail(err, RW_USAGE, "--shard is \"%.40s\": expected I/N with "
		"I from 1 to N, as 1/4", text);
}

static bool
is_in_shard(const struct rw_selection *selection, const char *id)
{
	return selection->shards == 0 ||
		rw_text_hash(id) % selection->shards == selection->shard - 1;
}

/* ---- months ------------------------------------------------------------ */

void
rw_selection_set_month(struct rw_selection *selection, struct rw_period period)
{
	size_t i;

	for (i = 0; i < selection->count; i++)
		if (selection->ids[i].month[0] == '\0')
			rw_period_text(selection->ids[i].month, period);
}

bool
rw_selection_next_month(const struct rw_selection *selection,
	struct rw_period *period)
{
	char now[RW_PERIOD_SIZE] = "";
	const char *next = NULL;
	struct rw_err ignored;
	size_t i;

	if (period->year > 0)
		rw_period_text(now, *period);
	for (i = 0; i < selection->count; i++) {
		const char *month = selection->ids[i].month;

		if (strcmp(month, now) > 0 && (next == NULL ||
		    strcmp(month, next) < 0))
			next = month;
	}
	return next != NULL && rw_period_parse(next, period, &ignored);
}

/* ---- asking ------------------------------------------------------------ */

static int
compare_names(const void *a, const void *b)
{
	const struct rw_selected *x = a, *y = b;

	return strcmp(x->id, y->id);
}

/* The first entry with this id, if there is one. */
static size_t
find_name(struct rw_selection *selection, const char *id)
{
	struct rw_selected *first = selection->ids;
	size_t low = 0, high = selection->count, middle;

	if (!selection->sorted && selection->count > 0)
		qsort(first, selection->count, sizeof *first, compare_names);
	selection->sorted = true;
	while (low < high) {
		middle = low + (high - low) / 2;
		if (strcmp(first[middle].id, id) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool
rw_selection_names(struct rw_selection *selection, const char *id)
{
	size_t at;

	if (!is_in_shard(selection, id) || !selection->named)
		return is_in_shard(selection, id);
	at = find_name(selection, id);
	return at < selection->count &&
		strcmp(selection->ids[at].id, id) == 0;
}

bool
rw_selection_has(struct rw_selection *selection, const char *id,
	struct rw_period period)
{
	struct rw_selected *first = selection->ids;
	char month[RW_PERIOD_SIZE];
	bool has = false;
	size_t low;

	if (!is_in_shard(selection, id))
		return false;
	if (!selection->named)
		return true;
	low = find_name(selection, id);
	rw_period_text(month, period);
	for (; low < selection->count && strcmp(first[low].id, id) == 0; low++)
		if (first[low].month[0] == '\0' ||
		    strcmp(first[low].month, month) == 0)
			has = first[low].seen = true;
	return has;
}

const char *
rw_selection_missing(struct rw_selection *selection, size_t *at)
{
	const struct rw_selected *selected;

	while (*at < selection->count) {
		selected = &selection->ids[(*at)++];
		if (!selected->seen && is_in_shard(selection, selected->id))
			return selected->id;
	}
	return NULL;
}
