/*
 * Watches what other rw-mail processes add to their journals.
 *
 * A process may send a mail if it has its "begin" on disk, and then finds no
 * other "begin" with the same claim here. If two processes begin at the same
 * time, at least one of them finds the other's "begin".
 *
 * Errors: RW_IO, and RW_CONFIG when no state directory is known.
 */
#ifndef RW_JOURNAL_WATCH_H
#define RW_JOURNAL_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "journal/used.h"

struct rw_journal_watch {
	struct rw_watched {
		char *name;
		size_t read;	/* bytes, whole lines */
		bool is_torn;	/* one of them could not be read */
	} *files;
	size_t count, room;
	struct rw_journal_used used;	/* by others */
};

/* Reads the new lines. own (NULL: none) is the path of our journal. watch is
 * {0} before the first call. */
bool
rw_journal_watch(struct rw_journal_watch *watch, const char *own,
	struct rw_err *err);

void
rw_journal_watch_free(struct rw_journal_watch *watch);

#endif
