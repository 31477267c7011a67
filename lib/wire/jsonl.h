/*
 * JSON lines: one object on each line. Unchanged members are written byte for
 * byte as they were read.
 *
 * Source: https://jsonlines.org. An object with two members of the same name is
 * refused.
 */
#ifndef RW_WIRE_JSONL_H
#define RW_WIRE_JSONL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "wire/json.h"

/* ---- one line -------------------------------------------------------- */

struct rw_line_member {
	struct rw_json name;	/* original text, with its quotes */
	struct rw_json value;	/* text NULL: removed */
	const char *key;	/* the decoded name; not NUL-terminated */
	size_t key_len;
	uint32_t hash;
};

struct rw_line {
	struct rw_buf text;		/* the original line */
	struct rw_arena arena;		/* decoded and added strings */
	struct rw_line_member *members;	/* in order */
	size_t count, room;
	uint32_t *table;		/* hash table over members */
	size_t table_size;
	struct rw_buf quoted;		/* buffer for a string to set */
	bool changed;
	bool failed;			/* a set found no memory */
};

/* {0} is an empty line. Frees all memory. */
void
rw_line_free(struct rw_line *line);

/* Copies the text and parses it as an object. RW_UNREADABLE names the fault and
 * the byte. The previous contents of line are discarded. */
bool
rw_line_parse(struct rw_line *line, const char *text, size_t len,
	struct rw_err *err);

/* Starts an object without members, for new lines. */
void
rw_line_clear(struct rw_line *line);

/* The member's value; .text is NULL when there is none. Borrowed until the
 * line is parsed, cleared or freed. */
struct rw_json
rw_line_get(const struct rw_line *line, const char *name);

/* Sets a member: in place if it exists, otherwise at the end. Values are
 * copied. json must be valid. */
void
rw_line_set(struct rw_line *line, const char *name, const char *json,
	size_t len);

void
rw_line_set_string(struct rw_line *line, const char *name, const char *text);

void
rw_line_set_int(struct rw_line *line, const char *name, int64_t value);

void
rw_line_set_bool(struct rw_line *line, const char *name, bool value);

void
rw_line_set_null(struct rw_line *line, const char *name);

void
rw_line_remove(struct rw_line *line, const char *name);

/* Appends the line and a newline; an unchanged line is appended byte for
 * byte. */
void
rw_line_add_to(const struct rw_line *line, struct rw_buf *out);

/* ---- many lines ------------------------------------------------------ */

enum rw_read {
	RW_READ_LINE,	/* text and len are set */
	RW_READ_LONG,	/* a line over the maximum: skipped and passed to
			 * spill */
	RW_READ_END,
	RW_READ_WAIT,	/* no whole line yet, and reading would block */
	RW_READ_FAILED,	/* errno of read(2) */
};

struct rw_reader {
	int fd;
	size_t max_line;	/* bytes, without the newline */
	/* Gets the pieces of a line that is too long; NULL: they are
	 * dropped. */
	void (*spill)(void *context, const char *bytes, size_t len);
	void *context;
	uint64_t number;	/* of the line last returned, from 1 */
	/* private */
	char *data;
	size_t start, end, room, scanned;
	bool at_end, skipping, begun;
};

void
rw_reader_init(struct rw_reader *reader, int fd, size_t max_line);

void
rw_reader_free(struct rw_reader *reader);

/* The next line, without its line end (LF or CRLF), and without a byte order
 * mark at the start of the input. Blank lines are skipped but counted. With
 * wait false, returns RW_READ_WAIT instead of blocking. text is borrowed until
 * the next call. */
enum rw_read
rw_reader_next(struct rw_reader *reader, bool wait, const char **text,
	size_t *len);

#endif
