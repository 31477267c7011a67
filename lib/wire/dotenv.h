/*
 * Settings files, read as python-dotenv 1.2 reads them
 * (https://saurabh-kumar.com/python-dotenv/): NAME=value lines with comments, a
 * leading export, quotes that may span lines, and references to other values,
 * ${NAME} and ${NAME:-default}. Nothing is executed. The last of two equal
 * names wins. A statement that python-dotenv skips with a warning is an error
 * here, because a run must not begin without one of its settings.
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
	char *name;	/* NULL: the rest of the text sets nothing */
	char *value;	/* NULL: a name without "=", which sets nothing */
	unsigned line;	/* where it begins, from 1 */
};

struct rw_dotenv {
	const char *const *pass;	/* further names to set */
	size_t pass_count;
	struct rw_buf skipped;		/* names of the last file: "A, B" */
	size_t skipped_count;
	unsigned bare_line;		/* the first name without "="; 0: none */
};

/* A text that is read statement by statement. */
struct rw_dotenv_reader {
	char *at;
	unsigned line;
};

/* Prepares text for the reader, in place: removes a BOM, and makes each CRLF
 * or CR a newline. The text must end with a NUL. */
void
rw_dotenv_begin(struct rw_dotenv_reader *reader, char *text);

/* Reads the next statement. Name and value, without references replaced, point
 * into the text. After an error, setting->line is the line of the statement. */
bool
rw_dotenv_next(struct rw_dotenv_reader *reader, struct rw_setting *setting,
	struct rw_err *err);

/* The value of a name, for references; NULL: the name is not set. */
typedef const char *
rw_dotenv_value(const void *context, const char *name, size_t len);

/* Appends value to out, with each reference replaced. A reference to a name
 * that is not set is its default, or empty. */
void
rw_dotenv_expand(struct rw_buf *out, const char *value,
	rw_dotenv_value *value_of, const void *context);

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
