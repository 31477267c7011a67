/*
 * Operands of the form WORD... -- COMMAND [ARG...], for tools that prepare the
 * environment of one command, and then execute it. Errors: RW_USAGE, RW_IO.
 */
#ifndef RW_TOOLS_COMMAND_H
#define RW_TOOLS_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Counts the words before the "--"; the command is words + *n + 1. word is the
 * placeholder of these words in messages: "NAME". */
bool
rw_command_find(char *const *words, const char *word, size_t *n,
	struct rw_err *err);

/* Executes the command; returns only on failure. */
bool
rw_command_become(char *const *command, struct rw_err *err);

#endif
