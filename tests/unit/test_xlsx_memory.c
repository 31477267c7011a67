/*
 * The functions that replace functions of libxlsxwriter and minizip: the
 * installed library calls them, and a library that also calls other functions
 * is detected and does not crash.
 */
#include "tap.h"

#include <minizip/zip.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/buf.h"
#include "base/file.h"
#include "wire/xlsx_archive.h"

static char path[] = "/tmp/rw-test-xlsx.XXXXXX";

static int
open_part(zipFile file, const char *name)
{
	return zipOpenNewFileInZip4_64(file, name, NULL, NULL, 0, NULL, 0,
		NULL, Z_DEFLATED, 6, 0, -MAX_WBITS, DEF_MEM_LEVEL, 0, NULL, 0,
		20, 0, 0);
}

/* The installed library. */
static void
test_library(struct rw_xlsx_archive *archive)
{
	lxw_workbook *workbook = workbook_new(path);
	struct rw_buf out = {0};
	struct rw_err err = {0};
	int failure;

	workbook_add_worksheet(workbook, "Sheet");
	rw_xlsx_archive_begin(archive);
	failure = (int)workbook_close(workbook);
	ok(failure == 0 && !rw_xlsx_archive_is_lost(archive, failure != 0),
		"the library closes a workbook");
	is(rw_xlsx_archive_place(archive), "memory", "it is in memory");
	ok(rw_xlsx_archive_end(archive, "/nowhere", &out, &err) &&
		out.len > 1000 && memcmp(out.data, "PK", 2) == 0,
		"and is an archive %s", err.message);
	rw_buf_free(&out);
}

/* Without an archive that was begun, minizip does its own work. */
static void
test_elsewhere(struct rw_xlsx_archive *archive)
{
	struct rw_buf out = {0};
	struct rw_err err = {0};
	zipFile file = zipOpen(path, APPEND_STATUS_CREATE);

	ok(file != NULL && open_part(file, "a") == ZIP_OK &&
		zipWriteInFileInZip(file, "text", 4) == ZIP_OK &&
		zipCloseFileInZip(file) == ZIP_OK &&
		zipClose(file, NULL) == ZIP_OK, "minizip writes a file");
	rw_xlsx_archive_begin(archive);
	ok(!rw_xlsx_archive_is_lost(archive, false) &&
		rw_xlsx_archive_end(archive, path, &out, &err) &&
		out.len > 4 && memcmp(out.data, "PK", 2) == 0,
		"an archive that was written elsewhere is read from its file");
	unlink(path);
	rw_xlsx_archive_begin(archive);
	ok(!rw_xlsx_archive_end(archive, path, &out, &err) &&
		err.kind == RW_IO && strstr(err.message, path) != NULL,
		"without one it is an error: %s", err.message);
	rw_buf_free(&out);
}

/* What a library may do with the handle that no function of ours knows. */
enum strange {
	OTHER_OPEN, OTHER_CLOSE, STORED, ENCRYPTED, WITH_COMMENT, TWICE,
	LEFT_OPEN, FAILED, STRANGE
};

static const char *const strange_names[STRANGE] = {
	"a part by another function", "a part closed by another function",
	"a part that is stored", "an encrypted part", "a comment",
	"two archives", "an archive that is not closed",
	"a library that reports a failure"};

static void
write_strangely(enum strange how)
{
	zipFile file = zipOpen(path, APPEND_STATUS_CREATE);

	if (how == TWICE) {
		zipClose(file, NULL);
		file = zipOpen(path, APPEND_STATUS_CREATE);
	}
	if (how == OTHER_OPEN)
		zipOpenNewFileInZip3_64(file, "a", NULL, NULL, 0, NULL, 0,
			NULL, Z_DEFLATED, 6, 0, -MAX_WBITS, DEF_MEM_LEVEL, 0,
			NULL, 0, 0);
	else if (how == STORED)
		zipOpenNewFileInZip4_64(file, "a", NULL, NULL, 0, NULL, 0,
			NULL, 0, 0, 0, -MAX_WBITS, DEF_MEM_LEVEL, 0, NULL, 0,
			20, 0, 0);
	else if (how == ENCRYPTED)
		zipOpenNewFileInZip4_64(file, "a", NULL, NULL, 0, NULL, 0,
			NULL, Z_DEFLATED, 6, 0, -MAX_WBITS, DEF_MEM_LEVEL, 0,
			"password", 1, 20, 0, 0);
	else
		open_part(file, "a");
	zipWriteInFileInZip(file, "text", 4);
	if (how == OTHER_CLOSE)
		zipCloseFileInZipRaw64(file, 4, 0);
	else
		zipCloseFileInZip(file);
	if (how != LEFT_OPEN)
		zipClose(file, how == WITH_COMMENT ? "comment" : NULL);
}

/* In a process of its own, since what is found out is true of all of it: a
 * second workbook is written into a file at once. minizip's other ways to begin
 * a part may come by the function that is replaced; then nothing is lost. */
static _Noreturn void
try_strange(enum strange how)
{
	struct rw_err err = {0};
	struct rw_xlsx_archive *archive = rw_xlsx_archive_new(&err);
	bool failed = how == FAILED || how == OTHER_CLOSE || how == LEFT_OPEN;
	struct rw_buf out = {0};
	bool good;

	rw_xlsx_archive_begin(archive);
	write_strangely(how);
	if (rw_xlsx_archive_is_lost(archive, failed)) {
		rw_xlsx_archive_begin(archive);
		write_strangely(how);
		good = strcmp(rw_xlsx_archive_place(archive), "file") == 0;
	} else {
		good = how == OTHER_OPEN && rw_xlsx_archive_end(archive,
			path, &out, &err) && out.len > 100;
	}
	_exit(good ? 0 : 1);
}

static void
test_strange(enum strange how)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		try_strange(how);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		status = -1;
	ok(status == 0, "%s: nothing is lost (status %d)", strange_names[how], status);
}

int
main(void)
{
	struct rw_err err = {0};
	struct rw_xlsx_archive *archive = rw_xlsx_archive_new(&err);
	int how, fd = mkstemp(path);

	close(fd);
	test_library(archive);
	test_elsewhere(archive);
	for (how = 0; how < STRANGE; how++)
		test_strange((enum strange)how);
	rw_xlsx_archive_delete(archive);
	unlink(path);
	return done();
}
