/*
 * Settings files: NAME=value lines, as Python's dotenv reads them, with
 * comments, an export in front, and quotes. Nothing is executed, no $NAME
 * expanded.
 *
 * Names are in capitals, or end in _proxy. Those that decide how programs are
 * found and loaded (PATH, IFS, ENV, LD_*) cannot be set.
 *
 * Errors: RW_CONFIG names the file and the line, and never holds a value.
 */
#ifndef RW_WIRE_DOTENV_H
#define RW_WIRE_DOTENV_H

#include <stdbool.h>

#include "base/err.h"

struct rw_setting {
	char *name;	/* NULL: the line sets nothing */
	char *value;
};

/* Takes one line apart, in place, without its newline: name and value point
 * into it. */
bool
rw_dotenv_line(char *line, struct rw_setting *setting, struct rw_err *err);

/* Puts what the file sets into the environment. What is there already stays,
 * an empty value too. */
bool
rw_dotenv_export(const char *path, struct rw_err *err);

#endif
