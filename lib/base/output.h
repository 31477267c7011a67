/*
 * Output files whose names the user chooses, such as the log and the file of
 * rejects. Other users may be able to write to their directories.
 */
#ifndef RW_BASE_OUTPUT_H
#define RW_BASE_OUTPUT_H

#include "base/buf.h"
#include "base/err.h"

enum rw_output {
	RW_OUTPUT_LOG,		/* appended to; a new file gets mode 0640 */
	RW_OUTPUT_PRIVATE,	/* emptied; always gets mode 0600 */
};

/* Opens path for writing; messages call it by "what" ("RW_LOG_FILE"). Never
 * blocks. path must be a regular file without further hard links, or a
 * character device such as /dev/null, and its last component must not be a
 * symbolic link. In a directory that every user can write to, the file must
 * belong to our user or to root. Write permission of other users is removed.
 * "/dev/stderr", and "/dev/fd/N" as in the shell's >(...), mean these
 * descriptors. Standard output is refused, because it carries records.
 *
 * Errors: RW_CONFIG when path breaks one of these rules; RW_IO when it cannot
 * be opened. *fd is closed on exec. */
bool
rw_output_open(const char *what, const char *path, enum rw_output kind,
	int *fd, struct rw_err *err);

#endif
