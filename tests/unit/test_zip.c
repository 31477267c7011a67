/*
 * Zip archives through minizip's interface, as libxlsxwriter calls it. That
 * the archives are right is what unzip(1) and LibreOffice say of workbooks in
 * gen-documents.bats; here: that they do not depend on what was packed before.
 */
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "wire/zip.h"

void *
zipOpen(const char *path, int append);

int
zipOpenNewFileInZip4_64(void *file, const char *name, const void *info,
	const void *extra_local, unsigned extra_local_len,
	const void *extra_global, unsigned extra_global_len, const char *comment,
	int method, int level, int raw, int window_bits, int memory_level,
	int strategy, const char *password, unsigned long password_crc,
	unsigned long version, unsigned long flags, int zip64);

int
zipWriteInFileInZip(void *file, const void *bytes, unsigned len);

int
zipCloseFileInZip(void *file);

int
zipClose(void *file, const char *comment);

static bool
add(void *file, const char *name, const char *text)
{
	size_t half = strlen(text) / 2;

	return zipOpenNewFileInZip4_64(file, name, NULL, NULL, 0, NULL, 0,
		NULL, 8, 6, 0, -15, 8, 0, NULL, 0, 20, 0, 0) == 0 &&
		zipWriteInFileInZip(file, text, (unsigned)half) == 0 &&
		zipWriteInFileInZip(file, text + half,
			(unsigned)(strlen(text) - half)) == 0 &&
		zipCloseFileInZip(file) == 0;
}

/* Writes a.xml and b.xml; false when that fails. */
static bool
write_archive(struct rw_zip *zip, struct rw_buf *out, const char *a,
	const char *b)
{
	struct rw_err err;
	void *file;
	bool good;

	rw_buf_reset(out);
	rw_zip_use(zip);
	file = zipOpen("/nowhere/zip", 0);
	good = file != NULL && add(file, "a.xml", a) && add(file, "b.xml", b);
	if (file != NULL)
		zipClose(file, NULL);
	return rw_zip_done(zip, "/nowhere/zip", out, &err) && good;
}

static bool
is_same(const struct rw_buf *a, const struct rw_buf *b)
{
	return a->len > 0 && a->len == b->len &&
		memcmp(a->data, b->data, a->len) == 0;
}

/* What libxlsxwriter's own minizip wrote. */
static void
test_elsewhere(struct rw_zip *zip)
{
	char path[] = "/tmp/rw-test-zip.XXXXXX";
	int fd = mkstemp(path);
	struct rw_buf out = {0};
	struct rw_err err = {0};

	ok(fd >= 0 && rw_file_write_all(fd, "PK", 2, path, &err), "a file");
	rw_zip_use(zip);
	ok(rw_zip_done(zip, path, &out, &err), "an archive that was written "
		"elsewhere");
	is(rw_buf_text(&out), "PK", "is read from its file");
	close(fd);
	unlink(path);
	rw_zip_use(zip);
	ok(!rw_zip_done(zip, path, &out, &err), "without one");
	ok(err.kind == RW_IO && strstr(err.message, path) != NULL,
		"it is an error: %s", err.message);
	ok(zipOpen(path, 0) == NULL, "and no archive is opened afterwards");
	rw_buf_free(&out);
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
	test_elsewhere(zip);
	rw_buf_free(&used);
	rw_buf_free(&fresh);
	rw_zip_delete(zip);
	rw_zip_delete(other);
	rw_zip_delete(NULL);
	return done();
}
