/*
 * Converts the body of an HTTP answer to text, although a server, a gateway or
 * a proxy may have compressed it, encoded it differently, or surrounded it with
 * blanks. Pure.
 *
 * Only the bytes decide, not the header fields: a gateway may compress without
 * declaring it, and declare it without compressing.
 *
 * Sources: RFC 1950 to 1952; Unicode 15, section 23.8 (the byte order mark);
 * XML 1.0, appendix F (how an encoding is recognised without one).
 */
#ifndef RW_WIRE_BODY_TEXT_H
#define RW_WIRE_BODY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* In bytes. A longer text is refused, before or after decompression. */
enum { RW_BODY_TEXT_MAX = 1024 * 1024 };

/* Replaces the body in out by its text: decompresses gzip, zlib and raw
 * deflate, at most twice; converts UTF-16 and UTF-32 to UTF-8; removes a byte
 * order mark, and blanks and NULs at both ends. Leaves other encodings
 * unchanged. False with an empty out when the text is longer than
 * RW_BODY_TEXT_MAX or cannot be decompressed. */
bool
rw_body_text(const char *bytes, size_t len, struct rw_buf *out);

#endif
