#include "outcome_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

void
rw_outcome_file_open(struct rw_outcome_file *file, const char *path)
{
	struct rw_err err;

	*file = (struct rw_outcome_file){0};
	if (!rw_file_read(path, &file->text, &err))
		rw_buf_reset(&file->text);
}

void
rw_outcome_file_close(struct rw_outcome_file *file)
{
	rw_line_free(&file->line);
	rw_buf_free(&file->text);
}

/* ---- values ---------------------------------------------------------------- */

static const char *
string_of(struct rw_outcome_file *file, struct rw_json value)
{
	return rw_json_type(value) != RW_JSON_STRING ? NULL :
		rw_json_string(value, &file->line.arena, NULL);
}

static uint64_t
number_of(struct rw_json value)
{
	char digits[24];
	uint64_t number = 0;

	if (value.text == NULL || value.len >= sizeof digits)
		return 0;
	memcpy(digits, value.text, value.len);
	digits[value.len] = '\0';
	return rw_text_to_u64(digits, UINT64_MAX, &number) ? number : 0;
}

static bool
is_named(struct rw_json name, const char *text)
{
	return name.len == strlen(text) + 2 &&
		memcmp(name.text + 1, text, name.len - 2) == 0;
}

/* ---- outcomes -------------------------------------------------------------- */

static void
take_members(struct rw_outcome_file *file)
{
	const struct rw_line *line = &file->line;

	file->tool = string_of(file, rw_line_get(line, "tool"));
	if (file->tool == NULL)
		file->tool = "";
	file->reader_gone = rw_json_type(rw_line_get(line, "reader_gone")) ==
		RW_JSON_TRUE;
	file->would_send = number_of(rw_line_get(line, "would_send"));
	file->more = number_of(rw_line_get(line, "more"));
	file->read = number_of(rw_line_get(line, "read"));
	file->passed = number_of(rw_line_get(line, "passed"));
	file->failed = number_of(rw_line_get(line, "failed"));
	file->dropped = number_of(rw_line_get(line, "dropped"));
	file->unreadable = number_of(rw_line_get(line, "unreadable"));
	file->without_follower = number_of(rw_line_get(line,
		"without_follower"));
	file->has_without_follower = rw_line_get(line,
		"without_follower").text != NULL;
	file->period = string_of(file, rw_line_get(line, "period"));
	file->read_sum = string_of(file, rw_line_get(line, "read_sum"));
	file->written_sum = string_of(file, rw_line_get(line, "written_sum"));
}

bool
rw_outcome_file_next(struct rw_outcome_file *file)
{
	while (file->at < file->text.len) {
		const char *start = file->text.data + file->at;
		const char *end = memchr(start, '\n',
			file->text.len - file->at);
		size_t len = end == NULL ? file->text.len - file->at :
			(size_t)(end - start);
		struct rw_err err;

		file->at += len + 1;
		if (rw_line_parse(&file->line, start, len, &err)) {
			take_members(file);
			return true;
		}
	}
	return false;
}

bool
rw_outcome_file_cause(struct rw_outcome_file *file, size_t *at,
	struct rw_outcome_cause *cause)
{
	struct rw_json value, name, member;
	size_t within = 0;

	*cause = (struct rw_outcome_cause){.level = "error", .message = ""};
	if (!rw_json_item(rw_line_get(&file->line, "causes"), at, &value))
		return false;
	while (rw_json_next(value, &within, &name, &member)) {
		const char *text = string_of(file, member);

		if (is_named(name, "count"))
			cause->count = number_of(member);
		else if (is_named(name, "subject"))
			cause->subject = text;
		else if (is_named(name, "level") && text != NULL)
			cause->level = text;
		else if (is_named(name, "message") && text != NULL)
			cause->message = text;
	}
	return true;
}

static bool
is_sum(const char *text, uint64_t sum)
{
	char own[24];

	snprintf(own, sizeof own, "%016" PRIx64, sum);
	return text != NULL && strcmp(text, own) == 0;
}

bool
rw_outcome_file_agrees(const char *path, uint64_t read_sum,
	uint64_t written_sum, struct rw_err *err)
{
	struct rw_outcome_file file;
	bool found = false, has_read = false, has_written = false;

	rw_outcome_file_open(&file, path);
	while (rw_outcome_file_next(&file)) {
		found = true;
		has_read = is_sum(file.read_sum, read_sum);
		has_written = is_sum(file.written_sum, written_sum);
	}
	rw_outcome_file_close(&file);
	if (!found)
		return rw_fail(err, RW_BUG, "it wrote no outcome");
	if (!has_read)
		return rw_fail(err, RW_BUG, "its outcome does not match its "
			"input");
	return has_written || rw_fail(err, RW_BUG, "its outcome does not match "
		"its output");
}
