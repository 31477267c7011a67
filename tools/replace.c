#include "replace.h"

#include <sys/stat.h>

#include "base/file.h"

static bool
is_device(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 &&
		(S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode));
}

bool
rw_replace_file(const char *path, const struct rw_buf *text,
	struct rw_err *err)
{
	struct rw_file file = {.fd = -1};

	if (is_device(path))
		return rw_fail(err, RW_IO, "%s is a device, and is not "
			"replaced by a file", path);
	if (!rw_file_create(&file, path, err))
		return false;
	if (!rw_file_write_all(file.fd, rw_buf_text(text), text->len, path,
	    err) || (fchmod(file.fd, 0644) != 0 && !rw_fail_errno(err, RW_IO,
	    "cannot set the mode of %s", path))) {
		rw_file_discard(&file);
		return false;
	}
	return rw_file_commit(&file, RW_SYNC_NONE, err);
}
