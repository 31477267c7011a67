#include "wire/gzip.h"

#include <stdlib.h>

#include <zlib.h>

#include "tap.h"

static void
check(const char *bytes, size_t len, const char *name)
{
	struct rw_buf out = {0}, again = {0};
	struct rw_err err = {0};
	char *back = malloc(len + 1);
	z_stream stream = {0};

	ok(rw_gzip(bytes, len, &out, &err), "%s", name);
	ok(out.len > 18 && memcmp(out.data, "\x1f\x8b", 2) == 0, "is gzip");
	ok(memcmp(out.data + 4, "\0\0\0\0", 4) == 0, "without a time");
	stream.next_in = (Bytef *)out.data;
	stream.avail_in = (uInt)out.len;
	stream.next_out = (Bytef *)back;
	stream.avail_out = (uInt)len + 1;
	inflateInit2(&stream, 15 + 16);
	is_int(inflate(&stream, Z_FINISH), Z_STREAM_END, "inflates");
	ok(stream.total_out == len && memcmp(back, bytes, len) == 0,
		"to the same bytes");
	inflateEnd(&stream);
	ok(rw_gzip(bytes, len, &again, &err) && again.len == out.len &&
		memcmp(again.data, out.data, out.len) == 0,
		"and always to the same");
	rw_buf_free(&out);
	rw_buf_free(&again);
	free(back);
}

int
main(void)
{
	static char zeros[1000000];
	char noise[5000];
	struct rw_buf small = {.max = 10};
	struct rw_err err = {0};
	size_t i;

	for (i = 0; i < sizeof noise; i++)
		noise[i] = (char)(i * i * 2654435761u >> 13);
	check("", 0, "nothing");
	check("abc", 3, "three bytes");
	check(zeros, sizeof zeros, "a million zeros");
	check(noise, sizeof noise, "noise");
	ok(!rw_gzip(zeros, sizeof zeros, &small, &err), "no room");
	is_int(err.kind, RW_BUG, "is RW_BUG");
	return done();
}
