#include "wire/deflate.h"

#include <libdeflate.h>
#include <stdlib.h>

struct rw_deflater {
	struct libdeflate_compressor *compressor;
};

struct form {
	size_t (*bound)(struct libdeflate_compressor *compressor, size_t len);
	size_t (*compress)(struct libdeflate_compressor *compressor,
		const void *bytes, size_t len, void *out, size_t room);
};

static const struct form forms[] = {
	[RW_DEFLATE_RAW] = {libdeflate_deflate_compress_bound,
		libdeflate_deflate_compress},
	[RW_DEFLATE_ZLIB] = {libdeflate_zlib_compress_bound,
		libdeflate_zlib_compress},
	[RW_DEFLATE_GZIP] = {libdeflate_gzip_compress_bound,
		libdeflate_gzip_compress},
};

struct rw_deflater *
rw_deflater_new(int level, struct rw_err *err)
{
	struct rw_deflater *deflater = calloc(1, sizeof *deflater);

	if (deflater != NULL)
		deflater->compressor = libdeflate_alloc_compressor(level);
	if (deflater != NULL && deflater->compressor != NULL)
		return deflater;
	free(deflater);
	rw_fail(err, RW_IO, "cannot set up compression at level %d", level);
	return NULL;
}

void
rw_deflater_delete(struct rw_deflater *deflater)
{
	if (deflater == NULL)
		return;
	libdeflate_free_compressor(deflater->compressor);
	free(deflater);
}

bool
rw_deflate(struct rw_deflater *deflater, enum rw_deflate_form form,
	const void *bytes, size_t len, struct rw_buf *out, struct rw_err *err)
{
	size_t bound = forms[form].bound(deflater->compressor, len), packed;
	char *room = rw_buf_room(out, bound);

	packed = room == NULL ? 0 : forms[form].compress(deflater->compressor,
		bytes, len, room, bound);
	if (packed == 0)
		return rw_fail(err, RW_BUG, "no room to compress %zu bytes",
			len);
	rw_buf_grown(out, packed);
	return true;
}

static bool
decompress(struct libdeflate_decompressor *decompressor,
	enum rw_deflate_form form, const void *bytes, size_t len, char *room,
	size_t max, size_t *restored)
{
	enum libdeflate_result (*const ways[])(
		struct libdeflate_decompressor *, const void *, size_t, void *,
		size_t, size_t *, size_t *) = {
		[RW_DEFLATE_RAW] = libdeflate_deflate_decompress_ex,
		[RW_DEFLATE_ZLIB] = libdeflate_zlib_decompress_ex,
		[RW_DEFLATE_GZIP] = libdeflate_gzip_decompress_ex,
	};
	size_t used;

	return ways[form](decompressor, bytes, len, room, max, &used,
		restored) == LIBDEFLATE_SUCCESS;
}

bool
rw_inflate(enum rw_deflate_form form, const void *bytes, size_t len,
	size_t max, struct rw_buf *out)
{
	struct libdeflate_decompressor *decompressor =
		libdeflate_alloc_decompressor();
	char *room = decompressor == NULL ? NULL : rw_buf_room(out, max);
	size_t restored = 0;
	bool good = room != NULL && decompress(decompressor, form, bytes, len,
		room, max, &restored);

	libdeflate_free_decompressor(decompressor);
	if (good)
		rw_buf_grown(out, restored);
	return good;
}

uint32_t
rw_crc32(const void *bytes, size_t len)
{
	return libdeflate_crc32(0, bytes, len);
}
