#include "base/encode.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool
is_unreserved(unsigned char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		(c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
		c == '~';
}

size_t
rw_encode_percent(char *out, const char *text, const char *keep)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t n = 0;

	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (is_unreserved(c) || strchr(keep, c) != NULL) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '%';
		out[n++] = digits[c >> 4];
		out[n++] = digits[c & 15];
	}
	return n;
}

size_t
rw_encode_hex(char *out, const unsigned char *bytes, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < len; i++) {
		out[2 * i] = digits[bytes[i] >> 4];
		out[2 * i + 1] = digits[bytes[i] & 15];
	}
	return 2 * len;
}

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	"abcdefghijklmnopqrstuvwxyz0123456789+/";

/* The last one or two bytes, with padding. */
static char *
end_base64(char *out, const unsigned char *bytes, size_t len)
{
	unsigned second = len > 1 ? bytes[1] : 0;

	*out++ = base64[bytes[0] >> 2];
	*out++ = base64[(bytes[0] << 4 & 63) | second >> 4];
	*out++ = len > 1 ? base64[second << 2 & 63] : '=';
	*out++ = '=';
	return out;
}

size_t
rw_encode_base64(char *out, const unsigned char *bytes, size_t len)
{
	char *to = out;

	for (; len >= 3; bytes += 3, len -= 3) {
		uint32_t v = (uint32_t)bytes[0] << 16 |
			(uint32_t)bytes[1] << 8 | bytes[2];

		*to++ = base64[v >> 18];
		*to++ = base64[v >> 12 & 63];
		*to++ = base64[v >> 6 & 63];
		*to++ = base64[v & 63];
	}
	if (len > 0)
		to = end_base64(to, bytes, len);
	return (size_t)(to - out);
}
