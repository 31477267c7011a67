/*
 * One command of the three that rw-relay runs: its process, its pipes, and how
 * it is ended.
 */
#ifndef RW_TOOLS_RELAY_STAGE_H
#define RW_TOOLS_RELAY_STAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "wire/jsonl.h"

enum rw_relay_name { RW_RELAY_CLAIM, RW_RELAY_MAIL, RW_RELAY_RESULT,
	RW_RELAY_STAGES };

struct rw_relay_stage {
	const char *name;	/* "claim": of its files */
	const char *who;	/* "rw-record --claim": in messages */
	char *const *command;	/* borrowed; ends with NULL */
	bool shows_progress;	/* the one that has the terminal */
	bool ignores_signals;	/* it records what the others have done */
	struct rw_buf err_path, outcome_path;

	pid_t pid;		/* 0: not begun, or ended */
	bool has_ended;
	int status;		/* as a shell has it; when it has ended */
	bool was_judged;	/* rw_relay_end had it */
	bool was_cut;		/* we closed its output before its end */
	bool is_late;		/* it was stopped because nothing moved */
	int64_t ended_at_ms;
	int64_t kill_at_ms;	/* 0: it is not to be killed */

	int in;			/* our end of its input; -1: closed */
	struct rw_buf to;	/* what it is to read */
	size_t taken;		/* bytes of that which it has */
	uint64_t given_sum;	/* rw_hash64 of all that was put there */
	struct rw_reader from;	/* its output; .fd -1: at the end */
	uint64_t wrote_sum;	/* of the whole lines read there */
	uint64_t owed;		/* lines given that did not come out */
};

/* Both are followed by rw_relay_stage_free. dir is of NAME.err and
 * NAME.outcome. */
void
rw_relay_stage_init(struct rw_relay_stage *stage, const char *dir);

void
rw_relay_stage_free(struct rw_relay_stage *stage);

/* Starts the command. input: a file that it reads, which is closed here; -1: a
 * pipe from us. RW_IO, RW_CONFIG (RW_MAX_LINE). */
bool
rw_relay_stage_start(struct rw_relay_stage *stage, int input,
	struct rw_err *err);

/* Notes whether it has ended. */
void
rw_relay_stage_reap(struct rw_relay_stage *stage);

/* Asks it to end, and sets the time at which it is killed. */
void
rw_relay_stage_stop(struct rw_relay_stage *stage, int64_t kill_at_ms);

/* Adds a line, without its newline, to what it is to read. */
void
rw_relay_stage_give(struct rw_relay_stage *stage, const char *text,
	size_t len);

/* Writes what the pipe takes. *moved is set when that is anything. What a
 * command that has ended did not read is dropped. */
void
rw_relay_stage_write(struct rw_relay_stage *stage, bool *moved);

void
rw_relay_stage_close_in(struct rw_relay_stage *stage);

void
rw_relay_stage_close_out(struct rw_relay_stage *stage);

/* Has it ended, and has all that it wrote been read? */
bool
rw_relay_stage_is_over(const struct rw_relay_stage *stage);

/* Its status says that it read its input to the end and wrote all lines. */
bool
rw_relay_stage_is_whole(const struct rw_relay_stage *stage);

/* Whether its own outcome says that it read what we gave, and wrote what we
 * read. RW_BUG. */
bool
rw_relay_stage_agrees(const struct rw_relay_stage *stage, struct rw_err *err);

#endif
