/*
 * Shared by the files that write the fields of a mail's header: a line that is
 * being filled, and encoded words. mime_header.h has the sources.
 */
#ifndef RW_WIRE_MIME_HEADER_PRIV_H
#define RW_WIRE_MIME_HEADER_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum {
	RW_MIME_WORD = 75,		/* an encoded word, at most */
	RW_MIME_WORD_LEAST = 24,	/* with the longest character */
	RW_MIME_PLAIN = 60,		/* a name or a value in one piece */
};

struct rw_mime_line {
	struct rw_buf *out;
	size_t column;
	size_t limit;		/* of its columns */
};

void
rw_mime_put(struct rw_mime_line *line, const char *text, size_t len);

void
rw_mime_puts(struct rw_mime_line *line, const char *text);

/* A blank; or a new line, when len characters have no room. */
void
rw_mime_put_blank(struct rw_mime_line *line, size_t len);

/* In quotes. */
void
rw_mime_put_quoted(struct rw_mime_line *line, const char *text);

/* As encoded words, with line ends between them that a reader removes. */
void
rw_mime_put_words(struct rw_mime_line *line, const char *text, size_t len);

bool
rw_mime_is_alnum(char c);

bool
rw_mime_is_one_of(char c, const char *set);

bool
rw_mime_is_ascii(const char *text, size_t len);

/* A reader could take some of it for an encoded word. */
bool
rw_mime_looks_encoded(const char *text, size_t len);

/* Bytes of the character that begins here. */
size_t
rw_mime_char_len(const char *at, const char *end);

#endif
