/*
 * Text: UTF-8, numbers, durations, and the encodings that several protocols
 * share. All functions are pure.
 */
#ifndef RW_BASE_TEXT_H
#define RW_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* True when the bytes are UTF-8 (RFC 3629: no surrogates, no overlong forms,
 * nothing above U+10FFFF). Otherwise *bad, if not NULL, is the offset of the
 * first invalid byte. */
bool
rw_text_is_utf8(const char *bytes, size_t len, size_t *bad);

/* Returns the character at *text, and advances *text past it. 0 at the end;
 * U+FFFD for a byte that does not begin a character. */
uint32_t
rw_text_next(const char **text);

/* Appends a character as UTF-8. */
void
rw_text_add_char(struct rw_buf *out, uint32_t c);

/* True for a control character (below U+0020, U+007F, U+0080 to U+009F), a
 * separator of lines or paragraphs (U+2028, U+2029), and a character that
 * reorders the text around it (U+202A to U+202E, U+2066 to U+2069). */
bool
rw_text_is_control(uint32_t c);

/* True when text contains such a character. A mail header field, for example,
 * must not. */
bool
rw_text_has_control(const char *text);

/* Reads a decimal number from 0 to max, and nothing else. */
bool
rw_text_to_u64(const char *text, uint64_t max, uint64_t *value);

/* Converts "30d", "12h", "15m", "90s" or a number of seconds to seconds; at
 * most ten years. RW_USAGE names the text and the valid forms. */
bool
rw_text_to_seconds(const char *text, uint64_t *seconds, struct rw_err *err);

/* Reads "true", "yes", "on", "1" and their opposites, in upper or lower case. */
bool
rw_text_to_bool(const char *text, bool *value);

/* A hash that must never change, because the shares of rw_selection_shard
 * depend on it. All its bits are equally good. */
uint64_t
rw_text_hash(const char *text);

/* Appends text as a JSON string with its quotes. A byte that is not UTF-8
 * becomes U+FFFD: otherwise the line could not be read, and its report would be
 * lost. */
void
rw_text_add_json(struct rw_buf *out, const char *text);

/* Appends text with control characters as \n or \x1b, so that no input can
 * control a terminal or forge a log line. */
void
rw_text_add_printable(struct rw_buf *out, const char *text);

/* Appends text escaped for HTML and for quoted attributes. */
void
rw_text_add_html(struct rw_buf *out, const char *text);

/* Appends bytes percent-encoded, except the unreserved characters of RFC 3986,
 * section 2.3 (A-Z a-z 0-9 - . _ ~), and the characters in keep. */
void
rw_text_add_percent(struct rw_buf *out, const char *text, const char *keep);

/* Appends "30 days", "1 hour": in the largest unit that divides the seconds. */
void
rw_text_add_duration(struct rw_buf *out, uint64_t seconds);

/* Appends bytes in lower-case hexadecimal. */
void
rw_text_add_hex(struct rw_buf *out, const unsigned char *bytes, size_t len);

/* Appends bytes in base64 with padding (RFC 4648, section 4), without line
 * ends. */
void
rw_text_add_base64(struct rw_buf *out, const unsigned char *bytes, size_t len);

#endif
