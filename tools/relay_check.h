/*
 * What goes from one command of rw-relay to the next: only lines that are
 * proved to be those that the command was given.
 */
#ifndef RW_TOOLS_RELAY_CHECK_H
#define RW_TOOLS_RELAY_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "relay_lines.h"
#include "relay_stage.h"
#include "splice_lines.h"

struct rw_relay {
	struct rw_relay_stage stages[RW_RELAY_STAGES];
	const struct rw_period *period;		/* NULL: none was asked for */
	size_t batch;				/* lines of GIVEN */
	struct rw_splice_lines given;
	struct rw_relay_lines lines;
	struct rw_record record;		/* the line at hand */
	struct rw_buf block;		/* claims whose batch is not complete */
	size_t block_lines;		/* lines of GIVEN in it */
	bool given_ended, is_cut;	/* no claim goes on any more */
	uint64_t passed;		/* claims that rw-mail may send */
	int done;			/* the file; -1: closed */
	const char *done_path;
	struct rw_err bug;		/* .kind RW_OK: none */
	struct rw_err io;		/* the same of the file */
	/* private: "follower\nmonth\n" of the claim at hand */
	struct rw_buf key;
};

/* Opens the file with the lines that --claim reads. RW_IO, RW_CONFIG. */
bool
rw_relay_begin(struct rw_relay *relay, const char *given, struct rw_err *err);

/* A line that a command wrote, without its newline; NULL: too long. */
void
rw_relay_take(struct rw_relay *relay, enum rw_relay_name from,
	const char *text, size_t len);

/* Call when a command is over. Of --claim: what it left of the last batch goes
 * on, with an error when it is not whole. */
void
rw_relay_end(struct rw_relay *relay, enum rw_relay_name which);

/* Puts an error on the claims of the batch at hand, and passes them on: no
 * claim behind them goes on. */
void
rw_relay_cut(struct rw_relay *relay, const char *why);

#endif
