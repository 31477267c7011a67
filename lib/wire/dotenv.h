/*
 * Settings files: NAME=value lines as Python's dotenv reads them, with
 * comments, a leading export, and quotes. Nothing is executed, and $NAME is not
 * expanded.
 *
 * Only the names in the table of wire/settings.h, and the names that the caller
 * adds, are set in the environment, because one file may serve several
 * programs.
 *
 * Errors: RW_CONFIG names the file and the line, and never shows a value.
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
	const char *const *pass;	/* further names to set */
	size_t pass_count;
	struct rw_buf skipped;		/* names of the last file: "A, B" */
	size_t skipped_count;
};

/* Splits one line (without its newline) in place: name and value point into
 * it. */
bool
rw_dotenv_line(char *line, struct rw_setting *setting, struct rw_err *err);

/* RW_USAGE when name is not a valid name, or a file must not set it. */
bool
rw_dotenv_check_pass(const char *name, struct rw_err *err);

/* Sets the file's names in the environment. Variables that already exist keep
 * their values, even empty ones. RW_CONFIG also when other users can write to
 * the file. */
bool
rw_dotenv_export(struct rw_dotenv *settings, const char *path,
	struct rw_err *err);

void
rw_dotenv_free(struct rw_dotenv *settings);

#endif
