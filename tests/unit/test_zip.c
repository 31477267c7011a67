/*
 * Zip archives through minizip's interface, as libxlsxwriter calls it. That
 * the archives are right is what unzip(1) and LibreOffice say of workbooks in
 * gen.bats; here: that they do not depend on what was packed before.
 */
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "wire/zip.h"

void *
zipOpen(const char *path, int append);

int
zipOpenNewFileInZip4_64(void *file, const char *name, const void *info,
	const void *extra_local, uInt extra_local_len,
	const void *extra_global, uInt extra_global_len, const char *comment,
	int method, int level, int raw, int window_bits, int memory_level,
	int strategy, const char *password, uLong password_crc,
	uLong version, uLong flags, int zip64);

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
write_archive(struct rw_zip *zip, const char *path, const char *a,
	const char *b, struct rw_err *err)
{
	void *file;
	bool good;

	rw_zip_use(zip);
	file = zipOpen(path, 0);
	good = file != NULL && add(file, "a.xml", a) && add(file, "b.xml", b);
	if (file != NULL)
		zipClose(file, NULL);
	return rw_zip_done(zip, err) && good;
}

static bool
is_same(const char *one, const char *two)
{
	struct rw_buf a = {0}, b = {0};
	struct rw_err err;
	bool same = rw_file_read(one, &a, &err) &&
		rw_file_read(two, &b, &err) && a.len == b.len &&
		memcmp(a.data, b.data, a.len) == 0;

	rw_buf_free(&a);
	rw_buf_free(&b);
	return same;
}

int
main(void)
{
	char dir[] = "/tmp/rw-test-zip.XXXXXX", fresh[64], used[64];
	struct rw_zip *zip = rw_zip_new(), *other = rw_zip_new();
	struct rw_err err = {0};

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(fresh, sizeof fresh, "%s/fresh", dir);
	snprintf(used, sizeof used, "%s/used", dir);
	ok(write_archive(zip, used, "<one/>", "<two/>", &err),
		"an archive is written %s", err.message);
	ok(write_archive(zip, used, "<one/>", "<three/>", &err),
		"and another, with a part that it shares");
	ok(write_archive(other, fresh, "<one/>", "<three/>", &err),
		"the same from the beginning");
	ok(is_same(used, fresh), "has the same bytes");
	ok(write_archive(zip, used, "<two/>", "<one/>", &err) &&
		write_archive(other, fresh, "<two/>", "<one/>", &err) &&
		is_same(used, fresh), "parts that changed places");
	ok(!write_archive(zip, "/nowhere/zip", "<a/>", "<b/>", &err),
		"a path that cannot be written");
	ok(err.kind == RW_IO && strstr(err.message, "/nowhere/zip") != NULL,
		"is an error: %s", err.message);
	ok(write_archive(zip, used, "<a/>", "<b/>", &err),
		"after which it works again");
	ok(!write_archive(zip, used, "", "<b/>", &err),
		"a part of nothing is refused");
	unlink(fresh);
	unlink(used);
	rmdir(dir);
	rw_zip_delete(zip);
	rw_zip_delete(other);
	rw_zip_delete(NULL);
	return done();
}
