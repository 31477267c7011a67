/*
 * Any bytes, compressed and restored; and any bytes as compressed ones, which
 * are restored within their bound or not at all.
 */
#include "fuzz.h"

#include "wire/body_text.h"
#include "wire/deflate.h"

enum { MOST = 5000 };

static void
restore(enum rw_deflate_form form, const uint8_t *data, size_t size)
{
	struct rw_buf out = {0};
	bool good = rw_inflate(form, data, size, MOST, &out);

	require(good ? out.len <= MOST : out.len == 0);
	rw_buf_free(&out);
}

static void
compress_and_restore(enum rw_deflate_form form, const uint8_t *data,
	size_t size)
{
	struct rw_deflater *deflater;
	struct rw_buf small = {0}, again = {0};
	struct rw_err err = {0};

	deflater = rw_deflater_new(1 + (int)(size % 12), &err);
	require(deflater != NULL);
	require(rw_deflate(deflater, form, data, size, &small, &err));
	require(rw_inflate(form, small.data, small.len, size, &again));
	require(again.len == size);
	require(size == 0 || memcmp(again.data, data, size) == 0);
	rw_buf_reset(&again);
	require(size == 0 || !rw_inflate(form, small.data, small.len, size - 1,
		&again));
	rw_deflater_delete(deflater);
	rw_buf_free(&small);
	rw_buf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum rw_deflate_form form = (enum rw_deflate_form)(size % 3);
	struct rw_buf text = {0};
	bool good;

	restore(form, data, size);
	compress_and_restore(form, data, size);
	good = rw_body_text((const char *)data, size, &text);
	require(good ? text.len <= RW_BODY_TEXT_MAX : text.len == 0);
	rw_buf_free(&text);
	return 0;
}
