/*
 * Child processes: their environment, and the first line of a command's output.
 */
#ifndef RW_WIRE_CHILD_H
#define RW_WIRE_CHILD_H

#include <stdbool.h>

#include "base/err.h"

/* The environment of a child: PATH, HOME and a few other variables. The
 * remaining variables contain the secrets of the store and the databases. The
 * caller frees it. */
char **
rw_child_environment(const char *program, struct rw_err *err);

/* Accepts NULL. */
void
rw_child_environment_free(char **environment);

/* Runs command with /bin/sh in its own process group, with descriptors 0
 * (empty) to 2, for at most 30 seconds. *line is the first line of its output,
 * which must not be empty; the caller frees it with rw_config_forget, because
 * it may be a secret. Errors call the command by name, and never show its text.
 * RW_CONFIG when it cannot be run or prints nothing; RW_UNREACHABLE when it
 * fails otherwise. */
bool
rw_child_line(const char *name, const char *command, char **line,
	struct rw_err *err);

#endif
