#include "splice_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "record/members.h"
#include "wire/config.h"

static bool
count_newlines(int fd, uint64_t *count, struct rw_err *err)
{
	char bytes[65536];
	const char *at;
	ssize_t n;

	while ((n = read(fd, bytes, sizeof bytes)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return rw_fail_errno(err, RW_IO, "cannot read");
		for (at = bytes; (at = memchr(at, '\n', (size_t)(bytes + n -
		    at))) != NULL; at++)
			++*count;
	}
	return lseek(fd, 0, SEEK_SET) == 0 ||
		rw_fail_errno(err, RW_IO, "cannot read it again");
}

bool
rw_splice_lines_open(struct rw_splice_lines *lines, const char *path,
	bool torn_counts, const struct rw_period *period, struct rw_err *err)
{
	uint64_t max_line;
	int fd;

	*lines = (struct rw_splice_lines){.path = path, .period = period,
		.torn_counts = torn_counts, .reader = {.fd = -1},
		.sum = RW_HASH64_START};
	if (!rw_config_u64("RW_MAX_LINE", 4194304, 64, 1u << 30, &max_line,
	    err))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return rw_fail_errno(err, RW_IO, "cannot open %s", path);
	rw_reader_init(&lines->reader, fd, (size_t)max_line);
	return torn_counts || count_newlines(fd, &lines->whole, err) ||
		rw_err_prefix(err, "%s", path);
}

void
rw_splice_lines_close(struct rw_splice_lines *lines)
{
	if (lines->path == NULL)
		return;
	if (lines->reader.fd >= 0)
		close(lines->reader.fd);
	rw_reader_free(&lines->reader);
	rw_record_free(&lines->record);
	rw_buf_free(&lines->made);
}

/* Strings are equal regardless of their escapes. All other values must have the
 * same bytes. */
static void
add_member(struct rw_line *line, const char *name, struct rw_buf *out)
{
	struct rw_json value = rw_line_get(line, name);
	const char *text = rw_json_type(value) != RW_JSON_STRING ? NULL :
		rw_json_string(value, &line->arena, NULL);

	if (text != NULL) {
		rw_buf_addc(out, '"');
		rw_buf_adds(out, text);
	} else if (value.text != NULL) {
		rw_buf_add(out, value.text, value.len);
	}
	rw_buf_addc(out, '\n');
}

void
rw_splice_add_key(struct rw_record *record, struct rw_buf *out)
{
	add_member(&record->line, RW_M_FOLLOWER_ID, out);
	add_member(&record->line, RW_M_REPORT_PERIOD, out);
}

static bool
has_same(const struct rw_line *one, const struct rw_line *other,
	const char *name)
{
	struct rw_json a = rw_line_get(one, name);
	struct rw_json b = rw_line_get(other, name);

	return (a.text == NULL) == (b.text == NULL) && (a.text == NULL ||
		(a.len == b.len && memcmp(a.text, b.text, a.len) == 0));
}

/* What the ledger adds to a line that has none. */
static bool
is_added(const struct rw_line *given, const char *name)
{
	return (strcmp(name, RW_M_HIGH_WATER_MARK) == 0 ||
		strcmp(name, RW_M_ISSUE_DATE) == 0) &&
		rw_line_get(given, name).text == NULL;
}

const char *
rw_splice_changed(const struct rw_line *given, const struct rw_line *wrote,
	unsigned groups, bool looks_up)
{
	const struct rw_member *m = rw_record_members, *end;

	for (end = m + rw_record_member_count; m < end; m++)
		if ((groups & RW_GROUP(m->group)) != 0 &&
		    strcmp(m->name, RW_M_FOLLOWER_ID) != 0 &&
		    strcmp(m->name, RW_M_REPORT_PERIOD) != 0 &&
		    !(looks_up && is_added(given, m->name)) &&
		    !has_same(given, wrote, m->name))
			return m->name;
	return NULL;
}

static bool
may_change(const struct rw_line_member *member)
{
	size_t i;

	for (i = 0; i < rw_record_member_count; i++) {
		const struct rw_member *m = &rw_record_members[i];

		if (strlen(m->name) != member->key_len ||
		    memcmp(m->name, member->key, member->key_len) != 0)
			continue;
		return m->group == RW_G_DELIVERY || m->group == RW_G_ERROR ||
			strcmp(m->name, RW_M_STATE) == 0;
	}
	return false;
}

uint64_t
rw_splice_identity(const struct rw_line *line)
{
	const struct rw_line_member *m, *end = line->members + line->count;
	uint64_t sum = 0, hash;

	for (m = line->members; m < end; m++) {
		if (m->value.text == NULL || may_change(m))
			continue;
		hash = rw_hash64(RW_HASH64_START, m->key, m->key_len);
		hash = rw_hash64(hash, ":", 1);
		sum += rw_hash64(hash, m->value.text, m->value.len);
	}
	return sum;
}

static void
read_key(struct rw_splice_lines *lines)
{
	struct rw_err err;

	lines->readable = lines->text != NULL &&
		(rw_record_parse(&lines->record, lines->text, lines->len,
		lines->period, &err) || err.kind != RW_UNREADABLE);
	rw_buf_reset(&lines->made);
	if (!lines->readable)
		return;
	rw_splice_add_key(&lines->record, &lines->made);
	lines->key = rw_buf_text(&lines->made);
}

bool
rw_splice_lines_next(struct rw_splice_lines *lines, bool *found,
	struct rw_err *err)
{
	struct rw_reader *reader = &lines->reader;
	enum rw_read read = rw_reader_next(reader, true, &lines->text,
		&lines->len);

	if (read == RW_READ_FAILED)
		return rw_fail_errno(err, RW_IO, "cannot read %s",
			lines->path);
	*found = read != RW_READ_END &&
		(lines->torn_counts || reader->number <= lines->whole);
	if (!*found)
		return true;
	if (read == RW_READ_LONG)
		lines->text = NULL;
	lines->count++;
	if (lines->text != NULL)
		lines->sum = rw_hash64(rw_hash64(lines->sum, lines->text,
			lines->len), "\n", 1);
	lines->record.number = reader->number;
	read_key(lines);
	return rw_buf_ok(&lines->made, "a report's name", err) &&
		(!lines->record.line.failed ||
		rw_fail_memory(err, "a line"));
}
