/*
 * Texts with placeholders: "Report for {report_period}".
 *
 * A placeholder is a name of lower-case letters, digits and underscores in
 * braces. Any other brace is literal, so that style sheets need no quoting.
 * Values are escaped as the text requires (enum rw_escape). The text between
 * {?name} and {/name} is left out when the value is empty.
 */
#ifndef RW_MAIL_TEMPLATE_H
#define RW_MAIL_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

enum rw_escape {
	RW_ESCAPE_NOT,		/* plain text */
	RW_ESCAPE_HTML,		/* HTML text or a quoted attribute */
};

struct rw_template_piece;

struct rw_template {
	char *text;		/* owned */
	enum rw_escape escape;
	struct rw_template_piece *pieces;	/* owned */
	size_t count;
};

/* Parses a copy of the text. names, ended by NULL, are the known placeholders.
 * RW_CONFIG for an unknown placeholder: the message has what (the file's name),
 * the line and the known names. */
bool
rw_template_parse(struct rw_template *template, const char *what,
	const char *text, enum rw_escape escape, const char *const *names,
	struct rw_err *err);

/* Appends the text with its placeholders replaced. values are in the order of
 * names. */
void
rw_template_fill(const struct rw_template *template,
	const char *const *values, struct rw_buf *out);

/* Accepts {0}. */
void
rw_template_free(struct rw_template *template);

#endif
