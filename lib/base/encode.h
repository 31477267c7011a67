/*
 * Encodings that write to memory of sufficient size. text.h has the same
 * encodings for a struct rw_buf; secret.c, on which every error message
 * depends, can use only these. Each returns the number of bytes written and
 * adds no NUL.
 */
#ifndef RW_BASE_ENCODE_H
#define RW_BASE_ENCODE_H

#include <stddef.h>

/* The largest number of bytes to which len bytes can grow. */
#define RW_PERCENT_SIZE(len) (3 * (len))
#define RW_BASE64_SIZE(len) (((len) + 2) / 3 * 4)

/* Percent-encodes all characters except the unreserved ones of RFC 3986,
 * section 2.3 (A-Z a-z 0-9 - . _ ~), and the characters in keep. */
size_t
rw_encode_percent(char *out, const char *text, const char *keep);

/* Lower-case hexadecimal, 2 * len bytes. */
size_t
rw_encode_hex(char *out, const unsigned char *bytes, size_t len);

/* Base64 with padding (RFC 4648, section 4), no line breaks. */
size_t
rw_encode_base64(char *out, const unsigned char *bytes, size_t len);

#endif
