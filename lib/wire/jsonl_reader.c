#include "wire/jsonl.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_SIZE = 65536 };

void
rw_reader_init(struct rw_reader *reader, int fd, size_t max_line)
{
	*reader = (struct rw_reader){.fd = fd, .max_line = max_line};
}

void
rw_reader_free(struct rw_reader *reader)
{
	free(reader->data);
	rw_reader_init(reader, reader->fd, reader->max_line);
}

static bool
would_block(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) == 0;
}

/* Room for one more read after end. */
static bool
make_room(struct rw_reader *r)
{
	size_t used = r->end - r->start, room = r->room;
	char *data;

	if (r->data != NULL && r->start > 0 && used > 0)
		memmove(r->data, r->data + r->start, used);
	r->start = 0;
	r->end = used;
	if (room - used >= READ_SIZE)
		return true;
	while (room - used < READ_SIZE)
		room = room == 0 ? (size_t)2 * READ_SIZE : room * 2;
	data = realloc(r->data, room);
	if (data == NULL) {
		errno = ENOMEM;
		return false;
	}
	r->data = data;
	r->room = room;
	return true;
}

static bool
fill_buffer(struct rw_reader *r)
{
	ssize_t n;

	if (!make_room(r))
		return false;
	do
		n = read(r->fd, r->data + r->end, READ_SIZE);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return false;
	r->at_end = n == 0;
	r->end += (size_t)n;
	return true;
}

static void
spill(struct rw_reader *r, size_t len)
{
	if (r->spill != NULL && len > 0)
		r->spill(r->context, r->data + r->start, len);
	r->start += len;
	r->scanned = 0;
}

/* Removes the line of len bytes, and its newline if any, from the buffer. */
static void
take(struct rw_reader *r, bool newline, const char **text, size_t *len)
{
	static const char bom[] = {'\xef', '\xbb', '\xbf'};

	*text = r->data + r->start;
	r->start += *len + (newline ? 1 : 0);
	r->scanned = 0;
	r->number++;
	if (!r->begun && *len >= sizeof bom &&
	    memcmp(*text, bom, sizeof bom) == 0) {
		*text += sizeof bom;
		*len -= sizeof bom;
	}
	r->begun = true;
	if (*len > 0 && (*text)[*len - 1] == '\r')
		(*len)--;
}

static bool
is_blank_line(const char *text, size_t len)
{
	while (len > 0 && (*text == ' ' || *text == '\t')) {
		text++;
		len--;
	}
	return len == 0;
}

/* Passes on the rest of a line that is too long. True at its end. */
static bool
skip_long_line(struct rw_reader *r)
{
	size_t used = r->end - r->start;
	const char *newline = used == 0 ? NULL :
		memchr(r->data + r->start, '\n', used);

	if (newline == NULL) {
		spill(r, used);
		if (!r->at_end)
			return false;
	} else {
		spill(r, (size_t)(newline + 1 - (r->data + r->start)));
	}
	r->skipping = false;
	r->begun = true;
	r->number++;
	return true;
}

/* Looks for a complete line in the buffer: RW_READ_WAIT when there is none
 * yet. */
static enum rw_read
search_line(struct rw_reader *r, const char **text, size_t *len)
{
	size_t used = r->end - r->start;
	const char *from, *newline;

	if (r->skipping)
		return skip_long_line(r) ? RW_READ_LONG : RW_READ_WAIT;
	from = r->data + r->start;
	newline = used == 0 ? NULL :
		memchr(from + r->scanned, '\n', used - r->scanned);
	*len = newline != NULL ? (size_t)(newline - from) : used;
	if (*len > r->max_line) {
		r->skipping = true;
		return skip_long_line(r) ? RW_READ_LONG : RW_READ_WAIT;
	}
	if (newline == NULL && !r->at_end) {
		r->scanned = used;
		return RW_READ_WAIT;
	}
	if (newline == NULL && used == 0)
		return RW_READ_END;
	take(r, newline != NULL, text, len);
	return RW_READ_LINE;
}

enum rw_read
rw_reader_next(struct rw_reader *r, bool wait, const char **text, size_t *len)
{
	enum rw_read found;

	for (;;) {
		found = r->data != NULL ? search_line(r, text, len) : RW_READ_WAIT;
		if (found == RW_READ_LINE && is_blank_line(*text, *len))
			continue;
		if (found != RW_READ_WAIT)
			return found;
		if (!wait && would_block(r->fd))
			return RW_READ_WAIT;
		if (!fill_buffer(r))
			return RW_READ_FAILED;
	}
}
