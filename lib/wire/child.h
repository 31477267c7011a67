/*
 * Child processes: what they get of our environment, and one line of the output
 * of a command.
 */
#ifndef RW_WIRE_CHILD_H
#define RW_WIRE_CHILD_H

#include <stdbool.h>

#include "base/err.h"

/* The environment of a child: PATH, HOME and a few others. The rest holds the
 * secrets of the store and the databases. The caller frees it. */
char **
rw_child_environment(const char *program, struct rw_err *err);

/* Accepts NULL. */
void
rw_child_environment_free(char **environment);

/* Runs command with /bin/sh, in a group of its own, with the descriptors 0 (empty)
 * to 2, for at most 30 seconds. *line is the first line of what it prints, which
 * must not be empty; the caller frees it with rw_config_forget, since it may be
 * a secret. name is what errors call the command, whose text they do not show.
 * RW_CONFIG when it cannot be run or prints nothing, RW_UNREACHABLE when it fails
 * otherwise. */
bool
rw_child_line(const char *name, const char *command, char **line,
	struct rw_err *err);

#endif
