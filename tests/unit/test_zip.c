/*
 * Zip archives in memory. gen-documents.bats checks workbooks with unzip(1) and
 * LibreOffice. This test proves that an archive does not depend on earlier
 * ones.
 */
#include "tap.h"

#include "base/buf.h"
#include "wire/zip.h"

static bool
add(struct rw_zip *zip, const char *name, const char *text)
{
	size_t half = strlen(text) / 2;

	return rw_zip_begin_part(zip, name) && rw_zip_add(zip, text, half) &&
		rw_zip_add(zip, text + half, strlen(text) - half) &&
		rw_zip_end_part(zip);
}

/* Writes a.xml and b.xml; false when that fails. */
static bool
write_archive(struct rw_zip *zip, struct rw_buf *out, const char *a,
	const char *b)
{
	struct rw_err err;

	rw_buf_reset(out);
	rw_zip_begin(zip);
	return add(zip, "a.xml", a) && add(zip, "b.xml", b) &&
		rw_zip_end(zip, out, &err);
}

static bool
is_same(const struct rw_buf *a, const struct rw_buf *b)
{
	return a->len > 0 && a->len == b->len &&
		memcmp(a->data, b->data, a->len) == 0;
}

int
main(void)
{
	struct rw_err err = {0};
	struct rw_zip *zip = rw_zip_new(&err), *other = rw_zip_new(&err);
	struct rw_buf used = {0}, fresh = {0}, small = {.max = 10};

	ok(write_archive(zip, &used, "<one/>", "<two/>"),
		"an archive is written");
	ok(write_archive(zip, &used, "<one/>", "<three/>"),
		"and another, with a part that it shares");
	ok(write_archive(other, &fresh, "<one/>", "<three/>"),
		"the same from the beginning");
	ok(is_same(&used, &fresh), "has the same bytes");
	ok(write_archive(zip, &used, "<two/>", "<one/>") &&
		write_archive(other, &fresh, "<two/>", "<one/>") &&
		is_same(&used, &fresh), "parts that changed places");
	ok(!write_archive(zip, &small, "<a/>", "<b/>"), "no room for it");
	ok(!write_archive(zip, &used, "", "<b/>"),
		"a part of nothing is refused");
	ok(write_archive(zip, &used, "<a/>", "<b/>"),
		"after which it works again");
	rw_buf_free(&used);
	rw_buf_free(&fresh);
	rw_zip_delete(zip);
	rw_zip_delete(other);
	rw_zip_delete(NULL);
	return done();
}
