#include "statement/report_place.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "record/report_name.h"

static bool
make_path(const char *dir, const struct rw_statement_input *in,
	enum rw_report_file file, struct rw_buf *path, struct rw_err *err)
{
	rw_buf_reset(path);
	rw_buf_addf(path, "%s/", dir);
	rw_report_add_name(path, in->period, in->follower_id, in->revision,
		file);
	return rw_buf_ok(path, "the path of a report", err);
}

static bool
is_real(const char *path, struct rw_err *err)
{
	struct stat st;

	return lstat(path, &st) != 0 || S_ISDIR(st.st_mode) ||
		rw_fail(err, RW_IO, "%s is not a real directory: "
			"remove it", path);
}

/* Both files are in one directory, MONTH/FOLLOWER of --out. If MONTH or
 * FOLLOWER were a symbolic link, the files could be written to any
 * directory. */
bool
rw_report_make_place(struct rw_buf *path, struct rw_err *err)
{
	char *slash = strrchr(path->data, '/'), *above;
	bool good;

	*slash = '\0';
	above = strrchr(path->data, '/');
	*above = '\0';
	good = is_real(path->data, err);
	*above = '/';
	good = good && is_real(path->data, err) &&
		rw_file_mkdirs(path->data, err);
	*slash = '/';
	return good;
}

bool
rw_report_place(const char *dir, const struct rw_statement_input *in,
	struct rw_buf *pdf_path, struct rw_buf *excel_path, struct rw_err *err)
{
	return make_path(dir, in, RW_REPORT_PDF, pdf_path, err) &&
		make_path(dir, in, RW_REPORT_EXCEL, excel_path, err);
}
