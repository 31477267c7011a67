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
	bool shows_progress;	/* only this command has the terminal */
	bool ignores_signals;	/* it records the results of the others */
	struct rw_buf err_path, outcome_path;

	pid_t pid;		/* 0: not begun, or ended */
	bool has_ended;
	int status;		/* as a shell reports it, after the end */
	bool was_judged;	/* rw_relay_end has checked it */
	bool was_cut;		/* we closed its output before its end */
	bool is_late;		/* it was stopped because nothing moved */
	int64_t ended_at_ms;
	int64_t kill_at_ms;	/* 0: it is not to be killed */

	int in;			/* our end of its input; -1: closed */
	struct rw_buf to;	/* what it is to read */
	size_t taken;		/* bytes of to that it has read */
	uint64_t given_sum;	/* rw_hash64 of all bytes put into to */
	struct rw_reader from;	/* its output; .fd -1: at the end */
	uint64_t wrote_sum;	/* of the complete lines read from it */
	uint64_t owed;		/* given lines that it has not written yet */
};

/* After either result, call rw_relay_stage_free. dir is the directory of
 * NAME.err and NAME.outcome. */
void
rw_relay_stage_init(struct rw_relay_stage *stage, const char *dir);

void
rw_relay_stage_free(struct rw_relay_stage *stage);

/* Starts the command. input: the descriptor of a file that it reads, which is
 * closed here; -1: a pipe from this process. RW_IO, RW_CONFIG (RW_MAX_LINE). */
bool
rw_relay_stage_start(struct rw_relay_stage *stage, int input,
	struct rw_err *err);

/* Updates the stage when the command has ended. */
void
rw_relay_stage_reap(struct rw_relay_stage *stage);

/* Sends the command a signal to end, and sets the time at which it is
 * killed. */
void
rw_relay_stage_stop(struct rw_relay_stage *stage, int64_t kill_at_ms);

/* Adds a line, given without its newline, to the command's input. */
void
rw_relay_stage_give(struct rw_relay_stage *stage, const char *text,
	size_t len);

/* Writes as much as the pipe takes. Sets *moved when it took anything. Drops
 * the rest of the input of a command that has ended. */
void
rw_relay_stage_write(struct rw_relay_stage *stage, bool *moved);

void
rw_relay_stage_close_in(struct rw_relay_stage *stage);

void
rw_relay_stage_close_out(struct rw_relay_stage *stage);

/* True when the command has ended and all of its output has been read. */
bool
rw_relay_stage_is_over(const struct rw_relay_stage *stage);

/* True when its exit status says that it read its input to the end and wrote
 * all lines. */
bool
rw_relay_stage_is_whole(const struct rw_relay_stage *stage);

/* True when the command's outcome says that it read exactly the lines given,
 * and wrote exactly the lines that were read from it. RW_BUG. */
bool
rw_relay_stage_agrees(const struct rw_relay_stage *stage, struct rw_err *err);

#endif
