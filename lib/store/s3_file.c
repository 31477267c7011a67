#include "store/s3_file_priv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "wire/deflate.h"
#include "record/report_name.h"

enum { BLOCK = 65536, MD5_SIZE = 16 };

bool
rw_s3_file_open(struct rw_s3_put *put, struct rw_err *err)
{
	struct stat st;

	if (!rw_file_open(put->path, put->is_own ? RW_REPORT_NAME_PARTS : 0,
	    &put->fd, &st, err))
		return false;
	put->size = (uint64_t)st.st_size;
	return true;
}

/* The digests that are wanted in one pass; keep (NULL: nothing) gets the
 * bytes. */
static bool
digest_file(struct rw_s3_put *put, bool with_sha256, struct rw_buf *keep,
	unsigned char md5[RW_DIGEST_SIZE], struct rw_err *err)
{
	struct rw_s3_putter *p = put->putter;
	unsigned char sha256[RW_DIGEST_SIZE];
	char block[BLOCK], *place = block;
	uint64_t at = 0;
	ssize_t n;

	rw_digest_start(&p->md5);
	rw_digest_start(&p->sha256);
	while (at < put->size) {
		if (keep != NULL)
			place = rw_buf_room(keep, sizeof block);
		if (place == NULL)
			return rw_buf_ok(keep, put->path, err);
		n = pread(put->fd, place, sizeof block, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return rw_fail_errno(err, RW_IO, "cannot read %s",
				put->path);
		if (n == 0)
			return rw_fail(err, RW_IO, "%s became shorter while "
				"it was read", put->path);
		rw_digest_add(&p->md5, place, (size_t)n);
		if (with_sha256)
			rw_digest_add(&p->sha256, place, (size_t)n);
		if (keep != NULL)
			rw_buf_grown(keep, (size_t)n);
		at += (uint64_t)n;
	}
	if (!rw_digest_end(&p->md5, md5, err) ||
	    !rw_digest_end(&p->sha256, sha256, err))
		return false;
	if (with_sha256)
		rw_digest_hex(sha256, p->sha256.size, put->sha256);
	else
		memcpy(put->sha256, put->expected_sha256,
			sizeof put->sha256);
	return true;
}

static void
set_md5(struct rw_s3_put *put, const unsigned char md5[RW_DIGEST_SIZE])
{
	struct rw_buf text = {0};

	rw_digest_hex(md5, MD5_SIZE, put->md5_hex);
	rw_text_add_base64(&text, md5, MD5_SIZE);
	snprintf(put->md5_base64, sizeof put->md5_base64, "%s",
		rw_buf_text(&text));
	rw_buf_free(&text);
}

static bool
digest_bytes(struct rw_s3_put *put, unsigned char md5[RW_DIGEST_SIZE],
	struct rw_err *err)
{
	struct rw_s3_putter *p = put->putter;
	unsigned char sha256[RW_DIGEST_SIZE];

	rw_digest_start(&p->md5);
	rw_digest_add(&p->md5, put->bytes.data, put->bytes.len);
	rw_digest_start(&p->sha256);
	rw_digest_add(&p->sha256, put->bytes.data, put->bytes.len);
	if (!rw_digest_end(&p->md5, md5, err) ||
	    !rw_digest_end(&p->sha256, sha256, err))
		return false;
	rw_digest_hex(sha256, p->sha256.size, put->body_sha256);
	return true;
}

/* Compresses the bytes when that is worth it. */
static bool
compress(struct rw_s3_put *put, unsigned char md5[RW_DIGEST_SIZE],
	struct rw_err *err)
{
	struct rw_buf out = {.max = 2 * RW_BUF_MAX};
	size_t plain = put->bytes.len;

	if (!rw_deflate(put->putter->gzip, RW_DEFLATE_GZIP,
	    rw_buf_text(&put->bytes), plain, &out, err)) {
		rw_buf_free(&out);
		return false;
	}
	put->is_compressed = out.len <= plain / 100 * (100 - RW_S3_GZIP_GAIN);
	if (!put->is_compressed) {
		rw_buf_free(&out);
		return true;
	}
	rw_buf_free(&put->bytes);
	put->bytes = out;
	return digest_bytes(put, md5, err);
}

static bool
is_sha256(const char *text)
{
	return strlen(text) == RW_SHA256_HEX - 1 &&
		strspn(text, "0123456789abcdef") == RW_SHA256_HEX - 1;
}

/* The store compares the bytes that it gets with the signed checksum, so that
 * the one that was taken when the file was made can stand there as it is. Not
 * so with other bytes, or with parts, each of which has its own. */
static bool
can_be_left_to_store(const struct rw_s3_put *put, bool zip)
{
	return !zip && !put->is_own && !rw_s3_put_is_large(put) &&
		put->expected_sha256 != NULL &&
		is_sha256(put->expected_sha256);
}

static bool
is_other(const struct rw_s3_put *put, const char *sha256, struct rw_err *err)
{
	return rw_fail(err, RW_DATA, "%s was changed after it was made: its "
		"SHA-256 is %s and the record says %s", put->path, sha256,
		put->expected_sha256);
}

bool
rw_s3_file_is_other(const struct rw_s3_put *put, struct rw_err *err)
{
	char sha256[RW_SHA256_HEX];
	struct rw_err failure;

	if (put->expected_sha256 == NULL ||
	    !rw_sha256_file(put->path, sha256, NULL, &failure) ||
	    strcasecmp(put->expected_sha256, sha256) == 0)
		return false;
	is_other(put, sha256, err);
	return true;
}

bool
rw_s3_file_read(struct rw_s3_put *put, bool zip, struct rw_err *err)
{
	bool is_short = put->size < RW_HTTP_SHORT_BODY;
	unsigned char md5[RW_DIGEST_SIZE];

	put->bytes.max = RW_BUF_MAX + BLOCK;
	if (!digest_file(put, !can_be_left_to_store(put, zip),
	    is_short || zip ? &put->bytes : NULL, md5, err))
		return false;
	memcpy(put->body_sha256, put->sha256, sizeof put->sha256);
	if (put->expected_sha256 != NULL &&
	    strcasecmp(put->expected_sha256, put->sha256) != 0)
		return is_other(put, put->sha256, err);
	if (zip && !compress(put, md5, err))
		return false;
	if (!is_short && !put->is_compressed)
		rw_buf_free(&put->bytes);
	set_md5(put, md5);
	return true;
}
