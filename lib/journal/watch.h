/*
 * What other rw-mail processes add to their journals while this one works.
 *
 * Whoever has its own begin on disk, and then finds no other begin of the same
 * claim here, is the one that may send: of two that begin at the same time one
 * at least finds the other's.
 *
 * Errors: RW_IO, and RW_CONFIG when there is no place for state.
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

/* Reads what is new. own (NULL: none) is the path of our journal. watch is {0}
 * at first. */
bool
rw_journal_watch(struct rw_journal_watch *watch, const char *own,
	struct rw_err *err);

void
rw_journal_watch_free(struct rw_journal_watch *watch);

#endif
