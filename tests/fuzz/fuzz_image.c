/*
 * Any bytes as an image. What is taken has bounds and the pixels that it says,
 * and its file is an image of the same size.
 */
#include "fuzz.h"

#include "wire/deflate.h"
#include "wire/image.h"

enum { IMAGE_MAX = RW_IMAGE_SIDE * RW_IMAGE_SIDE };

static void
require_pixels(const struct rw_image *image)
{
	size_t row = (size_t)(image->width * image->channels) + 1;
	struct rw_buf rows = {0};

	rows.max = (size_t)4 * IMAGE_MAX;
	if (image->jpeg) {
		require(image->data.len > 4);
		return;
	}
	require(rw_inflate(RW_DEFLATE_ZLIB, image->data.data, image->data.len,
		rows.max, &rows));
	require(rows.len == row * (size_t)image->height);
	rw_buf_free(&rows);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rw_image image = {0}, again = {0};
	struct rw_err err = {0};
	bool good = rw_image_load(&image, data, size, &err);

	fuzz_outcome(good, &err);
	require(good || err.kind == RW_DATA);
	if (good) {
		require(image.width > 0 && image.width <= RW_IMAGE_SIDE);
		require(image.height > 0 && image.height <= RW_IMAGE_SIDE);
		require(image.channels == 1 || image.channels == 3);
		require(image.orientation >= 1 && image.orientation <= 8);
		require_pixels(&image);
		require(rw_image_load(&again, image.file.data, image.file.len,
			&err));
		require((long)again.width * again.height ==
			(long)image.width * image.height);
	}
	rw_image_free(&image);
	rw_image_free(&again);
	return 0;
}
