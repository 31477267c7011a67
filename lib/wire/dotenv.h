/*
 * Settings files: NAME=value lines, as Python's dotenv reads them, with
 * comments, an export in front, and quotes. Nothing is executed, no $NAME
 * expanded.
 *
 * Of what a file sets only the names that wire/settings.h knows as ours, and
 * those that the caller passes, go into the environment: one file serves
 * several programs.
 *
 * Errors: RW_CONFIG names the file and the line, and never holds a value.
 */
#ifndef RW_WIRE_DOTENV_H
#define RW_WIRE_DOTENV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

struct rw_setting {
	char *name;	/* NULL: the line sets nothing */
	char *value;
};

struct rw_dotenv {
	const char *const *pass;	/* names to take besides ours */
	size_t pass_count;
	struct rw_buf skipped;		/* of the last file: "A, B" */
	size_t skipped_count;
};

/* Takes one line apart, in place, without its newline: name and value point
 * into it. */
bool
rw_dotenv_line(char *line, struct rw_setting *setting, struct rw_err *err);

/* RW_USAGE when no file may set name, or it is none. */
bool
rw_dotenv_check_pass(const char *name, struct rw_err *err);

/* Puts what the file sets into the environment. What is there already stays,
 * an empty value too. RW_CONFIG also when others may write the file. */
bool
rw_dotenv_export(struct rw_dotenv *settings, const char *path,
	struct rw_err *err);

void
rw_dotenv_free(struct rw_dotenv *settings);

#endif
