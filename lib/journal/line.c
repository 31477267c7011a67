#include "journal/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crc.h"
#include "base/text.h"
#include "wire/jsonl.h"

#define HEX "0123456789abcdef"
#define BEGINNING "{\"journal\":\""
#define CRC_MEMBER ",\"crc32c\":\""

enum { DIGITS = 8 };

static const char *const kinds[] = {
	[RW_JOURNAL_OPEN] = "open",
	[RW_JOURNAL_RUN] = "run",
	[RW_JOURNAL_BEGIN] = "begin",
	[RW_JOURNAL_SENT] = "sent",
	[RW_JOURNAL_FAILED] = "failed",
	[RW_JOURNAL_IN_DOUBT] = "in_doubt",
};

/* The checksum of a line without its eight digits. */
static uint32_t
checksum(const char *name, const char *before, size_t before_len,
	const char *behind, size_t behind_len)
{
	uint32_t crc = rw_crc32c(0, name, strlen(name));

	crc = rw_crc32c(crc, "\n", 1);
	crc = rw_crc32c(crc, before, before_len);
	return rw_crc32c(crc, behind, behind_len);
}

void
rw_journal_line_add(struct rw_buf *out, const char *name,
	enum rw_journal_kind kind, uint64_t n, const char *members,
	size_t len)
{
	struct rw_buf before = {0}, behind = {0};

	rw_buf_addf(&before, BEGINNING "%s\",\"n\":%" PRIu64 CRC_MEMBER,
		kinds[kind], n);
	rw_buf_adds(&behind, "\",");
	rw_buf_add(&behind, members, len);
	if (before.failed || behind.failed)
		out->failed = true;
	else
		rw_buf_addf(out, "%s%08" PRIx32, rw_buf_text(&before),
			checksum(name, before.data, before.len, behind.data,
			behind.len));
	rw_buf_add(out, rw_buf_text(&behind), behind.len);
	rw_buf_addc(out, '\n');
	rw_buf_free(&before);
	rw_buf_free(&behind);
}

/* ---- reading ----------------------------------------------------------- */

/* Advances *at past word; the text ends at end. */
static bool
take(const char **at, const char *end, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(end - *at) < len || memcmp(*at, word, len) != 0)
		return false;
	*at += len;
	return true;
}

static bool
take_kind(struct rw_journal_line *line, const char **at, const char *end)
{
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *then = *at;

		if (!take(&then, end, kinds[i]) || !take(&then, end, "\","))
			continue;
		line->kind = (enum rw_journal_kind)i;
		*at = then;
		return true;
	}
	return false;
}

static bool
take_number(uint64_t *n, const char **at, const char *end)
{
	const char *start = *at;

	*n = 0;
	while (*at < end && **at >= '0' && **at <= '9' && *at - start < 18)
		*n = *n * 10 + (uint64_t)(*(*at)++ - '0');
	return *at > start && *start != '0';
}

static bool
take_digits(uint32_t *crc, const char **at, const char *end)
{
	size_t i;

	*crc = 0;
	for (i = 0; i < DIGITS; i++, (*at)++) {
		const char *digit = *at < end && **at != '\0' ?
			strchr(HEX, **at) : NULL;

		if (digit == NULL)
			return false;
		*crc = *crc << 4 | (uint32_t)(digit - HEX);
	}
	return true;
}

bool
rw_journal_line_parse(struct rw_journal_line *line, const char *name,
	const char *text, size_t len)
{
	const char *at = text, *end = text + len, *then, *digits;
	uint32_t crc;

	*line = (struct rw_journal_line){0};
	if (!take(&at, end, BEGINNING) || !take_kind(line, &at, end))
		return false;
	then = at;
	if (take(&then, end, "\"n\":") && take_number(&line->n, &then, end) &&
	    take(&then, end, CRC_MEMBER)) {
		digits = then;
		if (!take_digits(&crc, &then, end) || crc != checksum(name,
		    text, (size_t)(digits - text), then,
		    (size_t)(end - then)) || !take(&then, end, "\","))
			return false;
		at = then;
	} else {
		line->n = 0;
	}
	line->members = at;
	line->len = (size_t)(end - at);
	return true;
}

void
rw_journal_line_object(const struct rw_journal_line *line, struct rw_buf *out)
{
	rw_buf_addc(out, '{');
	rw_buf_add(out, line->members, line->len);
}

/* RUN.PID.TIME.jXXXXXXXX.jsonl; in release 1.0.0, names end in TIME.jsonl. */
bool
rw_journal_is_checked(const char *name)
{
	size_t len = strlen(name), suffix = strlen(".j.jsonl") + DIGITS;
	const char *mark = name + len - suffix;

	return len > suffix && strncmp(mark, ".j", 2) == 0 &&
		strspn(mark + 2, HEX) == DIGITS &&
		strcmp(mark + 2 + DIGITS, ".jsonl") == 0;
}

/* ---- the first line ---------------------------------------------------- */

void
rw_journal_head_add(struct rw_buf *out, const char *name, const char *host,
	const struct rw_journal_head *head)
{
	char lease[RW_RFC3339_SIZE];
	struct rw_buf members = {0};

	rw_rfc3339(lease, head->lease_until);
	rw_buf_adds(&members, "\"name\":");
	rw_text_add_json(&members, name);
	rw_buf_adds(&members, ",\"host\":");
	rw_text_add_json(&members, host);
	rw_buf_addf(&members, ",\"boot_id\":\"%s\",\"inode\":\"%" PRIu64
		"\",\"lease_until\":\"%s\",\"lines\":\"%010" PRIu64 "\"}",
		head->boot_id, head->inode, lease, head->lines);
	rw_journal_line_add(out, name, RW_JOURNAL_OPEN, 1,
		rw_buf_text(&members), members.len);
	out->failed = out->failed || members.failed;
	rw_buf_free(&members);
}

/* A string without escapes. */
static bool
get_text(const struct rw_line *line, const char *member, char *out,
	size_t size)
{
	struct rw_json value = rw_line_get(line, member);

	if (rw_json_type(value) != RW_JSON_STRING || value.len - 2 >= size)
		return false;
	memcpy(out, value.text + 1, value.len - 2);
	out[value.len - 2] = '\0';
	return true;
}

static bool
read_head(struct rw_journal_head *head, const struct rw_line *line)
{
	char inode[24], lease[RW_RFC3339_SIZE], lines[24];

	return get_text(line, "boot_id", head->boot_id,
		sizeof head->boot_id) &&
		get_text(line, "inode", inode, sizeof inode) &&
		get_text(line, "lease_until", lease, sizeof lease) &&
		get_text(line, "lines", lines, sizeof lines) &&
		rw_text_to_u64(inode, UINT64_MAX, &head->inode) &&
		rw_text_to_u64(lines, UINT64_MAX, &head->lines) &&
		rw_rfc3339_parse(lease, &head->lease_until);
}

bool
rw_journal_head_parse(struct rw_journal_head *head,
	const struct rw_journal_line *line)
{
	struct rw_line parsed = {0};
	struct rw_buf object = {0};
	bool good;

	rw_journal_line_object(line, &object);
	good = !object.failed && rw_line_parse(&parsed, object.data,
		object.len, NULL) && read_head(head, &parsed);
	rw_line_free(&parsed);
	rw_buf_free(&object);
	return good;
}
