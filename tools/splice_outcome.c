#include "splice_priv.h"

#include <inttypes.h>
#include <string.h>

#include "base/file.h"

bool
rw_splice_next_given(struct rw_splice *s, bool *more, struct rw_err *err)
{
	if (!rw_splice_lines_next(&s->given, more, err))
		return false;
	s->unreadable += *more && !s->given.readable;
	return true;
}

bool
rw_splice_next_wrote(struct rw_splice *s, bool *found, struct rw_err *err)
{
	char month[RW_PERIOD_SIZE] = "";

	if (!rw_splice_lines_next(&s->wrote, found, err))
		return false;
	if (!*found || !s->wrote.readable || s->wrote.record.period.year == 0)
		return true;
	rw_period_text(month, s->wrote.record.period);
	s->months_differ = s->months_differ ||
		(s->month[0] != '\0' && strcmp(s->month, month) != 0);
	memcpy(s->month, month, sizeof month);
	return true;
}

/* The tool's own counts of its lines. */
struct counts {
	int64_t read, passed, failed, dropped, unreadable;
};

static bool
read_outcome(const char *path, struct counts *c, struct rw_err *err)
{
	const struct {
		const char *name;
		int64_t *count;
	} members[] = {{"read", &c->read}, {"passed", &c->passed},
		{"failed", &c->failed}, {"dropped", &c->dropped},
		{"unreadable", &c->unreadable}};
	struct rw_record outcome = {0};
	struct rw_buf text = {0};
	bool good = rw_file_read(path, &text, err) &&
		rw_line_parse(&outcome.line, rw_buf_text(&text), text.len,
		err);
	size_t i;

	for (i = 0; good && i < sizeof members / sizeof *members; i++)
		good = rw_record_optional_int(&outcome, members[i].name, -1,
			members[i].count, err) && (*members[i].count >= 0 ||
			rw_fail(err, RW_BUG, "a count is missing"));
	rw_buf_free(&text);
	rw_record_free(&outcome);
	return good;
}

/* A tool that lowers one count must raise another. */
bool
rw_splice_check_outcome(const struct rw_splice *s, struct rw_err *err)
{
	struct counts c = {0};

	if (s->outcome == NULL)
		return true;
	if (!read_outcome(s->outcome, &c, err)) {
		err->kind = RW_BUG;
		return rw_err_prefix(err, "%s", s->outcome);
	}
	if ((uint64_t)c.read != s->given.count ||
	    (uint64_t)c.passed + (uint64_t)c.failed != s->wrote.count)
		return rw_fail(err, RW_BUG, "the tool counted %" PRId64
			" lines read and %" PRId64 " written; %s has %" PRIu64
			" and %s has %" PRIu64, c.read, c.passed + c.failed,
			s->given.path, s->given.count, s->wrote.path,
			s->wrote.count);
	return c.read == c.passed + c.failed + c.dropped + c.unreadable ||
		rw_fail(err, RW_BUG, "the tool counted %" PRId64 " lines read "
		"and %" PRId64 " passed, failed, dropped or unreadable",
		c.read, c.passed + c.failed + c.dropped + c.unreadable);
}
