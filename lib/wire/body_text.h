/*
 * The body of an HTTP answer as text, whatever a server, a gateway or a proxy
 * made of it: compressed, in another encoding, between blanks. Pure.
 *
 * The bytes decide, not the head: a gateway may compress without saying so, and
 * say so without compressing.
 *
 * Sources: RFC 1950 to 1952; Unicode 15, section 23.8 (the byte order mark);
 * XML 1.0, appendix F (how an encoding is recognised without one).
 */
#ifndef RW_WIRE_BODY_TEXT_H
#define RW_WIRE_BODY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Bytes: a longer text is not read, and a compressed one is restored no
 * further. */
enum { RW_BODY_TEXT_MAX = 1024 * 1024 };

/* Replaces what is in out by the text: gzip, zlib and raw deflate restored, at
 * most twice; UTF-16 and UTF-32 converted to UTF-8; no byte order mark, and no
 * blanks and NULs at either end. Any other encoding stays as it is. False, and
 * out is empty, when the text is longer than RW_BODY_TEXT_MAX or cannot be
 * restored. */
bool
rw_body_text(const char *bytes, size_t len, struct rw_buf *out);

#endif
