/*
 * Operands of the form WORD... -- COMMAND [ARG...]: tools that prepare the
 * environment for one command, and become it. Errors: RW_USAGE, RW_IO.
 */
#ifndef RW_TOOLS_COMMAND_H
#define RW_TOOLS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* How many words stand before the "--"; the command is words + *n + 1. word
 * is what the message calls one: "NAME". */
bool
rw_command_find(char *const *words, const char *word, size_t *n,
	struct rw_err *err);

/* Does not return when all is well. */
bool
rw_command_become(char *const *command, struct rw_err *err);

#endif
