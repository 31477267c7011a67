/*
 * Files that are either complete under their final name or do not exist.
 */
#ifndef RW_BASE_FILE_H
#define RW_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"

/* What rw_file_commit waits for. */
enum rw_file_sync {
	RW_SYNC_ALL,	/* the file and its name are on the disk */
	RW_SYNC_BYTES,	/* the file; another one's commit, in the same
			 * directory, sees to the name */
	RW_SYNC_NONE,	/* nothing: it need not outlive the machine */
};

struct rw_file {
	int fd;		/* for writing; -1 when closed */
	char *path;	/* the final name */
	char *temp;	/* the name until then, in the same directory */
};

/* A new file that appears under path when it is committed. Mode 0600. */
bool
rw_file_create(struct rw_file *file, const char *path, struct rw_err *err);

/* Syncs, closes, renames, syncs the directory. file is closed in either case; on
 * failure no file remains. */
bool
rw_file_commit(struct rw_file *file, enum rw_file_sync sync,
	struct rw_err *err);

/* Closes and removes what was not committed. Safe to call at any time after
 * rw_file_create, and on {.fd = -1}. */
void
rw_file_discard(struct rw_file *file);

/* The three above for bytes that are at hand. */
bool
rw_file_write(const char *path, const void *bytes, size_t len,
	enum rw_file_sync sync, struct rw_err *err);

/* Appends the whole file; RW_IO also when it is longer than buf may hold. */
bool
rw_file_read(const char *path, struct rw_buf *buf, struct rw_err *err);

/* The same of an open file, from its offset; name is for messages. */
bool
rw_file_read_fd(int fd, const char *name, struct rw_buf *buf,
	struct rw_err *err);

/* Opens a regular file for reading, by a name that another program has chosen;
 * never blocks, not even on a FIFO. None of the last real parts of the path
 * may be a symbolic link. RW_DATA when one is, or when it is not a regular
 * file; RW_IO when it cannot be opened; *fd is -1 then. */
bool
rw_file_open(const char *path, size_t real, int *fd, struct stat *st,
	struct rw_err *err);

/* As rw_file_read, for a file that has settings or a secret: RW_CONFIG when it
 * cannot be read, or when a user other than its reader and root can write to
 * it. A file that is not a regular one (a pipe, as <(...) makes one) is not
 * checked. */
bool
rw_file_read_trusted(const char *path, struct rw_buf *buf,
	struct rw_err *err);

/* Writes all of it, over short writes and interrupts. name is for the
 * message. */
bool
rw_file_write_all(int fd, const void *bytes, size_t len, const char *name,
	struct rw_err *err);

/* The directory and those above it, each new one with mode 0700. */
bool
rw_file_mkdirs(const char *path, struct rw_err *err);

/* Makes durable what was created, renamed or removed in the directory that
 * path is in. */
bool
rw_file_sync_dir(const char *path, struct rw_err *err);

/* RW_STATE_DIR, else $XDG_STATE_HOME/report-worker, else
 * ~/.local/state/report-worker, into out; not made. RW_CONFIG when none of
 * them is set. */
bool
rw_file_state_dir(struct rw_buf *out, struct rw_err *err);

#endif
