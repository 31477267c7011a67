/*
 * Checks the lines that go from one command of rw-relay to the next: only lines
 * that the command was given are passed on.
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
	const struct rw_period *period;		/* NULL: no month was
						 * requested */
	size_t batch;				/* lines of GIVEN */
	struct rw_splice_lines given;
	struct rw_relay_lines lines;
	struct rw_record record;		/* the current line */
	struct rw_buf block;		/* claims whose batch is not complete */
	size_t block_lines;		/* lines of GIVEN in block */
	bool given_ended, is_cut;	/* no more claims are passed on */
	uint64_t passed;		/* claims that rw-mail may send */
	int done;			/* the file DIR/done; -1: closed */
	const char *done_path;
	struct rw_err bug;		/* .kind RW_OK: none */
	struct rw_err io;		/* the failure of the file, if any */
	/* private: "follower\nmonth\n" of the current claim */
	struct rw_buf key;
};

/* Opens the file with the lines that --claim reads. RW_IO, RW_CONFIG. */
bool
rw_relay_begin(struct rw_relay *relay, const char *given, struct rw_err *err);

/* A line that a command wrote, without its newline; NULL: too long. */
void
rw_relay_take(struct rw_relay *relay, enum rw_relay_name from,
	const char *text, size_t len);

/* Call when a command has ended. For --claim: the rest of the last batch is
 * passed on, with an error when the batch is incomplete. */
void
rw_relay_end(struct rw_relay *relay, enum rw_relay_name which);

/* Puts an error on the claims of the current batch, and passes them on. No
 * later claim is passed on. */
void
rw_relay_cut(struct rw_relay *relay, const char *why);

#endif
