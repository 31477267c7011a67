/*
 * Files that somebody else has named, in directories that others may write: a
 * log, a file of rejects. And the one directory that must be ours alone.
 */
#ifndef RW_BASE_OUTPUT_H
#define RW_BASE_OUTPUT_H

#include "base/buf.h"
#include "base/err.h"

enum rw_output {
	RW_OUTPUT_LOG,		/* appended to; 0640 when it is made */
	RW_OUTPUT_PRIVATE,	/* emptied; 0600 in any case */
};

/* Opens path for writing; what names it in messages ("RW_LOG_FILE"). Nobody is
 * waited for: it is a regular file without another name, or a character device
 * such as /dev/null, and the last part of the path no symbolic link. In a
 * directory that everybody may write it belongs to us or to root. What others
 * may write they may no longer. "/dev/stderr", and "/dev/fd/N" as the shell's
 * >(...) makes it, are the descriptors that they name; standard output is
 * refused, since it carries records.
 *
 * Errors: RW_CONFIG when path is something else, RW_IO when it cannot be
 * opened. *fd is closed on exec. */
bool
rw_output_open(const char *what, const char *path, enum rw_output kind,
	int *fd, struct rw_err *err);

#endif
