/*
 * Compression, read back by zlib, which is a different implementation.
 */
#include "wire/deflate.h"

#include <stdlib.h>

#include <zlib.h>

#include "tap.h"

static const struct {
	const char *name;
	int window;		/* as zlib's inflate names the form */
} forms[] = {
	[RW_DEFLATE_RAW] = {"raw", -15},
	[RW_DEFLATE_ZLIB] = {"zlib", 15},
	[RW_DEFLATE_GZIP] = {"gzip", 15 + 16},
};

static void
check(struct rw_deflater *deflater, int form, const char *bytes, size_t len,
	const char *what)
{
	struct rw_buf out = {0};
	struct rw_err err = {0};
	char *back = malloc(len + 1);
	z_stream stream = {0};

	ok(rw_deflate(deflater, (enum rw_deflate_form)form, bytes, len, &out,
		&err), "%s, %s", what, forms[form].name);
	stream.next_in = (Bytef *)out.data;
	stream.avail_in = (uInt)out.len;
	stream.next_out = (Bytef *)back;
	stream.avail_out = (uInt)len + 1;
	inflateInit2(&stream, forms[form].window);
	is_int(inflate(&stream, Z_FINISH), Z_STREAM_END, "inflates");
	ok(stream.total_out == len && memcmp(back, bytes, len) == 0,
		"to the same bytes");
	is_int(stream.avail_in, 0, "and to its end");
	inflateEnd(&stream);
	if (form == RW_DEFLATE_GZIP)
		ok(memcmp(out.data + 4, "\0\0\0\0", 4) == 0, "without a time");
	rw_buf_free(&out);
	free(back);
}

/* What one made of other bytes before does not show. */
static void
test_same(const char *bytes, size_t len)
{
	struct rw_err err = {0};
	struct rw_deflater *used = rw_deflater_new(1, &err);
	struct rw_deflater *fresh = rw_deflater_new(1, &err);
	struct rw_buf one = {0}, other = {0};

	rw_deflate(used, RW_DEFLATE_RAW, bytes + len / 2, len / 2, &one, &err);
	rw_buf_reset(&one);
	ok(rw_deflate(used, RW_DEFLATE_RAW, bytes, len, &one, &err) &&
		rw_deflate(fresh, RW_DEFLATE_RAW, bytes, len, &other, &err) &&
		one.len == other.len && memcmp(one.data, other.data,
		one.len) == 0, "the same bytes give the same");
	rw_buf_free(&one);
	rw_buf_free(&other);
	rw_deflater_delete(used);
	rw_deflater_delete(fresh);
}

int
main(void)
{
	static char zeros[1000000];
	char noise[5000];
	struct rw_buf small = {.max = 10};
	struct rw_err err = {0};
	struct rw_deflater *deflater;
	int level, form;
	size_t i;

	for (i = 0; i < sizeof noise; i++)
		noise[i] = (char)(i * i * 2654435761u >> 13);
	for (level = 1; level <= 6; level += 5) {
		deflater = rw_deflater_new(level, &err);
		for (form = RW_DEFLATE_RAW; form <= RW_DEFLATE_GZIP; form++) {
			check(deflater, form, "", 0, "nothing");
			check(deflater, form, "abc", 3, "three bytes");
			check(deflater, form, zeros, sizeof zeros, "zeros");
			check(deflater, form, noise, sizeof noise, "noise");
		}
		rw_deflater_delete(deflater);
	}
	test_same(noise, sizeof noise);
	deflater = rw_deflater_new(1, &err);
	ok(!rw_deflate(deflater, RW_DEFLATE_GZIP, zeros, sizeof zeros, &small,
		&err), "no room");
	is_int(err.kind, RW_BUG, "is RW_BUG");
	rw_deflater_delete(deflater);
	ok(rw_deflater_new(99, &err) == NULL, "no such level");
	is_int(err.kind, RW_IO, "is told");
	rw_deflater_delete(NULL);
	/* The check value of CRC-32, as every catalogue of CRCs has it. */
	is_int(rw_crc32("123456789", 9), 0xcbf43926, "the checksum");
	return done();
}
