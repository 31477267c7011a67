/*
 * Files that are either complete under their final name or absent.
 */
#ifndef RW_BASE_FILE_H
#define RW_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* What rw_file_commit syncs. */
enum rw_file_sync {
	RW_SYNC_ALL,	/* the file and its name are on the disk */
	RW_SYNC_BYTES,	/* the file; the commit of a later file in the same
			 * directory syncs the name */
	RW_SYNC_NONE,	/* nothing: the file need not survive a crash of the
			 * machine */
};

struct rw_file {
	int fd;		/* for writing; -1 when closed */
	char *path;	/* the final name */
	char *temp;	/* the name until then, in the same directory */
};

/* A new file that appears under path when it is committed. Mode 0600. */
bool
rw_file_create(struct rw_file *file, const char *path, struct rw_err *err);

/* Syncs, closes and renames the file, and syncs the directory. file is always
 * closed afterwards; on failure no file remains. */
bool
rw_file_commit(struct rw_file *file, enum rw_file_sync sync,
	struct rw_err *err);

/* Closes and removes a file that was not committed. Safe at any time after
 * rw_file_create, and on {.fd = -1}. */
void
rw_file_discard(struct rw_file *file);

/* The three functions above in one, for bytes in memory. */
bool
rw_file_write(const char *path, const void *bytes, size_t len,
	enum rw_file_sync sync, struct rw_err *err);

/* Appends the whole file to buf. RW_IO also when it exceeds the maximum of
 * buf. */
bool
rw_file_read(const char *path, struct rw_buf *buf, struct rw_err *err);

/* The same for an open file, from its offset; name is for messages. */
bool
rw_file_read_fd(int fd, const char *name, struct rw_buf *buf,
	struct rw_err *err);

/* Opens a regular file for reading, by a name that a different program has
 * chosen. Never blocks, not even on a FIFO. None of the last "real" components
 * of path may be a symbolic link. RW_DATA when one of them is a symbolic link,
 * or when the file is not a regular file; RW_IO when it cannot be opened. *fd
 * is -1 after an error. */
bool
rw_file_open(const char *path, size_t real, int *fd, struct stat *st,
	struct rw_err *err);

/* As rw_file_read, for a file that contains settings or a secret: RW_CONFIG
 * when it cannot be read, or when a user other than its reader and root can
 * write to it. Only regular files are checked, not pipes such as <(...). A FIFO
 * that no process writes to is RW_CONFIG at once. */
bool
rw_file_read_trusted(const char *path, struct rw_buf *buf,
	struct rw_err *err);

/* Writes all bytes, in several calls if necessary. name is for the message. */
bool
rw_file_write_all(int fd, const void *bytes, size_t len, const char *name,
	struct rw_err *err);

/* Makes the directory and its missing parents, each with mode 0700. */
bool
rw_file_mkdirs(const char *path, struct rw_err *err);

/* Syncs the directory that contains path, so that its created, renamed and
 * removed files are durable. */
bool
rw_file_sync_dir(const char *path, struct rw_err *err);

/* Appends the name of the state directory to out: RW_STATE_DIR, otherwise
 * $XDG_STATE_HOME/report-worker, otherwise ~/.local/state/report-worker. Does
 * not make it. RW_CONFIG when none of the variables is set. */
bool
rw_file_state_dir(struct rw_buf *out, struct rw_err *err);

#endif
