/*
 * Output files whose names the user chooses, in directories that other users
 * may be able to write to: the log, a file of rejects.
 */
#ifndef RW_BASE_OUTPUT_H
#define RW_BASE_OUTPUT_H

#include "base/buf.h"
#include "base/err.h"

enum rw_output {
	RW_OUTPUT_LOG,		/* appended to; 0640 when it is made */
	RW_OUTPUT_PRIVATE,	/* emptied; 0600 in any case */
};

/* Opens path for writing; messages call it by "what" ("RW_LOG_FILE"). Never
 * blocks. path must be a regular file without further hard links, or a
 * character device such as /dev/null, and its last component must not be a
 * symbolic link. In a directory that every user can write to, the file must
 * belong to our user or to root. Write permission of other users is removed.
 * "/dev/stderr", and "/dev/fd/N" as the shell's >(...) makes it, mean these
 * descriptors. Standard output is refused, because it carries records.
 *
 * Errors: RW_CONFIG when path is something else, RW_IO when it cannot be
 * opened. *fd is closed on exec. */
bool
rw_output_open(const char *what, const char *path, enum rw_output kind,
	int *fd, struct rw_err *err);

#endif
