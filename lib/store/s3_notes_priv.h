/*
 * A list of multipart uploads, and its form as lines of text: "begin STORE KEY
 * ID" and "end ID", percent-encoded. Pure. For store/s3_uploads.c alone.
 */
#ifndef RW_STORE_S3_NOTES_PRIV_H
#define RW_STORE_S3_NOTES_PRIV_H

#include <stdbool.h>

#include "base/buf.h"

struct rw_s3_note {
	char *key, *id;
	bool is_dead;		/* begun by a dead process, and not yet
				 * aborted */
	struct rw_s3_note *next;
};

/* Puts an upload first in the list; NULL when there is no memory. */
struct rw_s3_note *
rw_s3_notes_add(struct rw_s3_note **list, const char *key, const char *id);

/* False when the list has no such upload. */
bool
rw_s3_notes_remove(struct rw_s3_note **list, const char *id);

/* Accepts an empty list. */
void
rw_s3_notes_free(struct rw_s3_note **list);

/* store is percent-encoded. */
void
rw_s3_notes_begin_line(struct rw_buf *out, const char *store, const char *key,
	const char *id);

void
rw_s3_notes_end_line(struct rw_buf *out, const char *id);

/* Adds the unfinished uploads to this store from the lines of text, which is
 * modified. Ignores malformed lines. False when the text has unfinished uploads
 * to a different store. */
bool
rw_s3_notes_read(struct rw_s3_note **list, const char *store, char *text);

#endif
