/*
 * The messages of rw-record at its end, about the lines that it read.
 */
#ifndef RW_TOOLS_RECORD_WORDS_H
#define RW_TOOLS_RECORD_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/period.h"
#include "ledger/ledger.h"

#define RW_IN_JOURNAL "the journal has those of rw-mail, and the next " \
	"rw-record --claim records them"

/* The names of the reports that a message is about, up to its length. */
struct rw_record_names {
	struct rw_buf names;
	uint64_t n;
};

struct rw_record_tally {
	uint64_t lines;
	uint64_t fates[RW_FATE_COUNT];
	uint64_t not_written;		/* the ledger was unreachable */
	char period[RW_PERIOD_SIZE];	/* of the reports that were withheld */
	const char *done;		/* for a dry run: "claimed" */
	bool revise;
	struct rw_record_names resent, bounced;
};

void
rw_record_name(struct rw_record_names *names, const char *label);

/* "N of LINES WHAT: NAMES and M more". */
void
rw_record_say_names(enum rw_level level, const struct rw_record_names *names,
	uint64_t lines, const char *what);

void
rw_record_explain(const struct rw_record_tally *tally, bool dry_run);

void
rw_record_explain_later(const struct rw_record_tally *tally,
	const struct rw_later *later);

void
rw_record_explain_replay(const struct rw_replayed *outcome);

#endif
