#include "store/s3_file.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/encode.h"
#include "base/file.h"
#include "wire/deflate.h"
#include "wire/http_call.h"
#include "record/report_name.h"

enum { BLOCK = 65536, MD5_SIZE = 16, KEEP_BYTES = 4 * RW_HTTP_SHORT_BODY,
	GZIP_LEVEL = 6 };

bool
rw_s3_reader_open(struct rw_s3_reader *reader, bool gzip, struct rw_err *err)
{
	*reader = (struct rw_s3_reader){0};
	if (gzip && (reader->gzip = rw_deflater_new(GZIP_LEVEL, err)) == NULL)
		return false;
	return rw_digest_open(&reader->md5, RW_MD5, err) &&
		rw_digest_open(&reader->sha256, RW_SHA256, err);
}

void
rw_s3_reader_close(struct rw_s3_reader *reader)
{
	rw_digest_close(&reader->md5);
	rw_digest_close(&reader->sha256);
	rw_deflater_delete(reader->gzip);
	*reader = (struct rw_s3_reader){0};
}

void
rw_s3_file_close(struct rw_s3_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	file->fd = -1;
}

void
rw_s3_file_free(struct rw_s3_file *file)
{
	rw_s3_file_close(file);
	rw_buf_free(&file->bytes);
}

bool
rw_s3_file_open(struct rw_s3_file *file, struct rw_err *err)
{
	struct stat st;

	if (!rw_file_open(file->path, file->is_own ? RW_REPORT_NAME_PARTS : 0,
	    &file->fd, &st, err))
		return false;
	file->size = (uint64_t)st.st_size;
	return true;
}

/* Computes the requested digests in one pass. The bytes are appended to keep,
 * which may be NULL. */
static bool
digest_file(struct rw_s3_file *file, struct rw_s3_reader *reader,
	bool with_sha256, struct rw_buf *keep,
	unsigned char md5[RW_DIGEST_SIZE], struct rw_err *err)
{
	unsigned char sha256[RW_DIGEST_SIZE];
	char block[BLOCK], *place = block;
	uint64_t at = 0;
	ssize_t n;

	rw_digest_start(&reader->md5);
	rw_digest_start(&reader->sha256);
	while (at < file->size) {
		if (keep != NULL)
			place = rw_buf_room(keep, sizeof block);
		if (place == NULL)
			return rw_buf_ok(keep, file->path, err);
		n = pread(file->fd, place, sizeof block, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return rw_fail_errno(err, RW_IO, "cannot read %s",
				file->path);
		if (n == 0)
			return rw_fail(err, RW_IO, "%s became shorter while "
				"it was read", file->path);
		rw_digest_add(&reader->md5, place, (size_t)n);
		if (with_sha256)
			rw_digest_add(&reader->sha256, place, (size_t)n);
		if (keep != NULL)
			rw_buf_grown(keep, (size_t)n);
		at += (uint64_t)n;
	}
	if (!rw_digest_end(&reader->md5, md5, err) ||
	    !rw_digest_end(&reader->sha256, sha256, err))
		return false;
	if (with_sha256)
		rw_digest_hex(sha256, reader->sha256.size, file->sha256);
	else
		memcpy(file->sha256, file->expected_sha256,
			sizeof file->sha256);
	return true;
}

static void
set_md5(struct rw_s3_file *file, const unsigned char md5[RW_DIGEST_SIZE])
{
	size_t n = rw_encode_base64(file->md5_base64, md5, MD5_SIZE);

	file->md5_base64[n] = '\0';
	rw_digest_hex(md5, MD5_SIZE, file->md5_hex);
}

static bool
digest_bytes(struct rw_s3_file *file, struct rw_s3_reader *reader,
	unsigned char md5[RW_DIGEST_SIZE], struct rw_err *err)
{
	unsigned char sha256[RW_DIGEST_SIZE];

	rw_digest_start(&reader->md5);
	rw_digest_add(&reader->md5, file->bytes.data, file->bytes.len);
	rw_digest_start(&reader->sha256);
	rw_digest_add(&reader->sha256, file->bytes.data, file->bytes.len);
	if (!rw_digest_end(&reader->md5, md5, err) ||
	    !rw_digest_end(&reader->sha256, sha256, err))
		return false;
	rw_digest_hex(sha256, reader->sha256.size, file->body_sha256);
	return true;
}

/* Compresses the bytes when this saves enough. */
static bool
compress(struct rw_s3_file *file, struct rw_s3_reader *reader,
	unsigned char md5[RW_DIGEST_SIZE], struct rw_err *err)
{
	struct rw_buf out = {.max = 2 * RW_BUF_MAX};
	size_t plain = file->bytes.len;

	if (!rw_deflate(reader->gzip, RW_DEFLATE_GZIP,
	    rw_buf_text(&file->bytes), plain, &out, err)) {
		rw_buf_free(&out);
		return false;
	}
	file->is_compressed = out.len <= plain / 100 * (100 - RW_S3_GZIP_GAIN);
	if (!file->is_compressed) {
		rw_buf_free(&out);
		return true;
	}
	rw_buf_free(&file->bytes);
	file->bytes = out;
	return digest_bytes(file, reader, md5, err);
}

static bool
is_sha256(const char *text)
{
	return strlen(text) == RW_SHA256_HEX - 1 &&
		strspn(text, "0123456789abcdef") == RW_SHA256_HEX - 1;
}

/* The store compares the bytes that it receives with the signed checksum.
 * Therefore the checksum from the time when the file was made can be sent
 * without reading the file again. This does not apply to compressed bytes, or
 * to parts, which have their own checksums. */
static bool
can_be_left_to_store(const struct rw_s3_file *file, bool zip, bool in_parts)
{
	return !zip && !file->is_own && !in_parts &&
		file->expected_sha256 != NULL &&
		is_sha256(file->expected_sha256);
}

static bool
is_other(const struct rw_s3_file *file, const char *sha256, struct rw_err *err)
{
	return rw_fail(err, RW_DATA, "%s was changed after it was made: its "
		"SHA-256 is %s and the record says %s", file->path, sha256,
		file->expected_sha256);
}

bool
rw_s3_file_is_other(const struct rw_s3_file *file, struct rw_err *err)
{
	char sha256[RW_SHA256_HEX];
	struct rw_err failure;

	if (file->expected_sha256 == NULL ||
	    !rw_sha256_file(file->path, sha256, NULL, &failure) ||
	    strcasecmp(file->expected_sha256, sha256) == 0)
		return false;
	is_other(file, sha256, err);
	return true;
}

bool
rw_s3_file_read(struct rw_s3_file *file, struct rw_s3_reader *reader,
	bool in_parts, struct rw_err *err)
{
	bool zip = reader->gzip != NULL && !in_parts && file->size > 0;
	bool is_short = file->size < RW_HTTP_SHORT_BODY;
	unsigned char md5[RW_DIGEST_SIZE];

	if (file->bytes.cap > KEEP_BYTES)
		rw_buf_free(&file->bytes);
	rw_buf_reset(&file->bytes);
	file->bytes.max = RW_BUF_MAX + BLOCK;
	file->is_compressed = false;
	if (!digest_file(file, reader,
	    !can_be_left_to_store(file, zip, in_parts),
	    is_short || zip ? &file->bytes : NULL, md5, err))
		return false;
	memcpy(file->body_sha256, file->sha256, sizeof file->sha256);
	if (file->expected_sha256 != NULL &&
	    strcasecmp(file->expected_sha256, file->sha256) != 0)
		return is_other(file, file->sha256, err);
	if (zip && !compress(file, reader, md5, err))
		return false;
	if (!is_short && !file->is_compressed)
		rw_buf_free(&file->bytes);
	set_md5(file, md5);
	return true;
}
