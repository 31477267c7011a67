/*
 * Replaces a file that other users read, such as the metrics.
 */
#ifndef RW_TOOLS_REPLACE_H
#define RW_TOOLS_REPLACE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* Replaces the file by the text, atomically, with mode 0644: a collector of
 * metrics runs as a different user. A symbolic link is replaced, not followed. A
 * device is not replaced: as root, that would remove /dev/null from the whole
 * machine. RW_IO. */
bool
rw_replace_file(const char *path, const struct rw_buf *text,
	struct rw_err *err);

#endif
