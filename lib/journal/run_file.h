/*
 * The file of a run in the journal, STATE/journal/RUN_ID.run. It says that the
 * run began, and names every journal in which a mail for one of its claims may
 * have begun.
 *
 * rw-run makes it before the run can claim anything, and rw-mail adds the name
 * of its journal before it begins a mail. When a run is dead, and its file and
 * all journals that it names exist, a claim without a "begin" in them was not
 * sent. When any of these files is missing, for whatever reason, it is unknown
 * what was sent.
 *
 * It is one line (journal/line.h), and is always replaced as a whole. It names
 * its own inode, because a copy lacks everything that was added later.
 *
 * Errors: RW_IO.
 */
#ifndef RW_JOURNAL_RUN_FILE_H
#define RW_JOURNAL_RUN_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/boot.h"
#include "base/err.h"

/* Part of the text of a claim (ledger/claim_text.h): its run has, or had, a
 * file. */
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

/* Takes the lock that a process holds while it changes or settles the journal
 * in dir. The caller releases it by closing *fd. */
bool
rw_journal_lock(const char *dir, int *fd, struct rw_err *err);

/* Makes the file; it is on disk when this returns. dir is the directory of the
 * journal, which is made if necessary; lock_id may be "". */
bool
rw_journal_run_make(const char *dir, const char *run_id, const char *lock_id,
	struct rw_err *err);

/* The caller frees run with rw_journal_run_free. */
bool
rw_journal_run_read(struct rw_journal_run *run, const char *dir,
	const char *run_id, struct rw_err *err);

void
rw_journal_run_free(struct rw_journal_run *run);

/* True when the file is undamaged, and all journals that it names exist. */
bool
rw_journal_run_is_complete(const struct rw_journal_run *run,
	const char *dir);

bool
rw_journal_run_has(const struct rw_journal_run *run, const char *name);

/* Adds the name of a journal, which is on disk when this returns. RW_IN_DOUBT
 * when a file is missing: another process may have begun the same mail. */
bool
rw_journal_run_add(const char *dir, const char *run_id, const char *name,
	struct rw_err *err);

/* Removes the file. A missing file is not an error. */
bool
rw_journal_run_remove(const char *dir, const char *run_id,
	struct rw_err *err);

/* True for a claim of a run that has a file. Accepts NULL. */
bool
rw_journal_run_is_of(const char *claim);

#endif
