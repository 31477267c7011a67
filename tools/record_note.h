/*
 * The entry of a run of rw-report in the history of runs, for rw-record
 * --note-run.
 */
#ifndef RW_TOOLS_RECORD_NOTE_H
#define RW_TOOLS_RECORD_NOTE_H

#include <stdbool.h>

#include "base/err.h"
#include "ledger/ledger.h"
#include "run/run.h"

/* words: "began=SECONDS ended=SECONDS status=N period=YYYY-MM shard=I/N
 * whole=yes finished=yes", separated by blanks; all but began may be missing or
 * empty. RW_USAGE names the word. */
bool
rw_record_note_run(struct rw_ledger *ledger, const struct rw_self *self,
	const char *words, struct rw_err *err);

#endif
