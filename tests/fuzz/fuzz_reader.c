/*
 * Any bytes as lines: those that come in small pieces are the same as those that
 * come at once, none is longer than allowed, and all are there.
 */
#include "fuzz.h"

#include <fcntl.h>

#include "wire/jsonl.h"

enum { LONGEST = 40, PIPE = 60000 };

static void
spill(void *context, const char *bytes, size_t len)
{
	rw_buf_add(context, bytes, len);
}

static void
take(struct rw_reader *reader, struct rw_buf *all, enum rw_read last)
{
	const char *text = NULL;
	size_t len = 0;
	enum rw_read read;

	for (;;) {
		read = rw_reader_next(reader, false, &text, &len);
		if (read == last)
			break;
		require(read == RW_READ_LINE || read == RW_READ_LONG);
		if (read == RW_READ_LINE) {
			require(len > 0 && len <= LONGEST);
			require(memchr(text, '\n', len) == NULL);
			rw_buf_add(all, text, len);
		}
		rw_buf_addf(all, "\n%d %d\n", (int)read, (int)reader->number);
	}
}

/* Writes pieces of so many bytes, and reads what is there between them. */
static void
read_pieces(const uint8_t *data, size_t size, size_t piece,
	struct rw_buf *all)
{
	struct rw_reader reader;
	int ends[2];
	size_t at, len;

	require(pipe2(ends, O_NONBLOCK) == 0);
	rw_reader_init(&reader, ends[0], LONGEST);
	reader.spill = spill;
	reader.context = all;
	for (at = 0; at < size; at += len) {
		len = size - at < piece ? size - at : piece;
		require(write(ends[1], data + at, len) == (ssize_t)len);
		take(&reader, all, RW_READ_WAIT);
	}
	close(ends[1]);
	take(&reader, all, RW_READ_END);
	rw_reader_free(&reader);
	close(ends[0]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rw_buf at_once = {0}, pieces = {0};

	if (size > PIPE)
		return 0;
	read_pieces(data, size, PIPE, &at_once);
	read_pieces(data, size, 1 + size % 13, &pieces);
	require(at_once.len == pieces.len);
	require(pieces.len == 0 || memcmp(at_once.data, pieces.data,
		pieces.len) == 0);
	rw_buf_free(&at_once);
	rw_buf_free(&pieces);
	return 0;
}
