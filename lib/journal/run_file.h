/*
 * The file of a run in the journal, STATE/journal/RUN_ID.run: that it began,
 * and the name of every journal in which a mail of its claims may have begun.
 *
 * rw-run makes it before the run can claim anything; rw-mail adds the name of
 * its journal before it begins a mail. So of a dead run whose file is there,
 * and of which no journal that it names is missing, what no journal begins was
 * not sent. When any of these files is missing, for whatever reason, it is
 * unknown what was sent.
 *
 * It is one line (journal/line.h), and is always replaced as a whole. It
 * names its own inode, because a copy says nothing about what came after it
 * was made.
 *
 * Errors: RW_IO.
 */
#ifndef RW_JOURNAL_RUN_FILE_H
#define RW_JOURNAL_RUN_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/boot.h"
#include "base/err.h"

/* In the text of a claim (ledger/claim_text.h): its run has, or had, a file. */
#define RW_CLAIM_HAS_RUN '@'

struct rw_journal_run {
	enum {
		RW_RUN_MISSING,
		RW_RUN_DAMAGED,	/* or a copy; the rest is empty */
		RW_RUN_WHOLE,
	} is;
	char boot_id[RW_BOOT_ID_SIZE];	/* of the kernel that it began on */
	char lock_id[40];	/* of its lock, see struct rw_lock; "": none */
	char **names;		/* owned: of journals */
	size_t count;
};

/* A process that changes or settles the journal in dir holds this lock; *fd,
 * which closes it, is the caller's. */
bool
rw_journal_lock(const char *dir, int *fd, struct rw_err *err);

/* Makes it, on disk when this returns. dir is the journal's directory, which is
 * made too; lock_id may be "". */
bool
rw_journal_run_make(const char *dir, const char *run_id, const char *lock_id,
	struct rw_err *err);

/* run is the caller's to rw_journal_run_free. */
bool
rw_journal_run_read(struct rw_journal_run *run, const char *dir,
	const char *run_id, struct rw_err *err);

void
rw_journal_run_free(struct rw_journal_run *run);

/* Whether it is whole, and all that it names is there. */
bool
rw_journal_run_is_complete(const struct rw_journal_run *run,
	const char *dir);

bool
rw_journal_run_has(const struct rw_journal_run *run, const char *name);

/* Adds the name of a journal; on disk when this returns. RW_IN_DOUBT when the
 * run is not complete: another process may have begun the same mail. */
bool
rw_journal_run_add(const char *dir, const char *run_id, const char *name,
	struct rw_err *err);

/* It is fine when it is gone already. */
bool
rw_journal_run_remove(const char *dir, const char *run_id,
	struct rw_err *err);

/* Whether the claim is one of a run with a file. Accepts NULL. */
bool
rw_journal_run_is_of(const char *claim);

#endif
