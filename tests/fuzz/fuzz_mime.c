/*
 * Any bytes as quoted-printable and base64: decoded here, they are what they
 * were.
 */
#include "fuzz.h"

#include "wire/mime.h"

static int
digit_of(char c, const char *digits)
{
	const char *at = c == '\0' ? NULL : strchr(digits, c);

	return at == NULL ? -1 : (int)(at - digits);
}

/* RFC 2045, section 6.7; CRLF becomes LF. */
static void
unquote(const struct rw_buf *in, struct rw_buf *out)
{
	static const char hex[] = "0123456789ABCDEF";
	const char *c = rw_buf_text(in), *end = c + in->len;

	for (; c < end; c++) {
		if (c[0] == '\r' && c[1] == '\n')
			continue;
		if (c[0] != '=') {
			rw_buf_addc(out, *c);
		} else if (c[1] == '\r' && c[2] == '\n') {
			c += 2;
		} else {
			require(digit_of(c[1], hex) >= 0);
			require(digit_of(c[2], hex) >= 0);
			rw_buf_addc(out, (char)(digit_of(c[1], hex) * 16 +
				digit_of(c[2], hex)));
			c += 2;
		}
	}
}

static void
unbase(const struct rw_buf *in, struct rw_buf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *c = rw_buf_text(in);
	unsigned bits = 0, held = 0;

	for (; *c != '\0'; c++) {
		if (digit_of(*c, digits) < 0) {
			require(strchr("=\r\n", *c) != NULL);
			continue;
		}
		held = held << 6 | (unsigned)digit_of(*c, digits);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			rw_buf_addc(out, (char)(held >> bits & 0xff));
		}
	}
}

static void
require_short(const struct rw_buf *out)
{
	const char *line = rw_buf_text(out), *end;

	for (; *line != '\0'; line = end + 2) {
		end = strstr(line, "\r\n");
		require((end == NULL ? strlen(line) : (size_t)(end - line)) <=
			RW_MIME_LINE);
		if (end == NULL)
			break;
	}
	require(fuzz_is_ascii(rw_buf_text(out)));
	require(strlen(rw_buf_text(out)) == out->len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rw_buf encoded = {0}, decoded = {0};

	rw_mime_add_quoted(&encoded, (const char *)data, size);
	require_short(&encoded);
	unquote(&encoded, &decoded);
	require(decoded.len == size);
	require(size == 0 || memcmp(decoded.data, data, size) == 0);
	rw_buf_reset(&encoded);
	rw_buf_reset(&decoded);
	rw_mime_add_base64(&encoded, data, size);
	require_short(&encoded);
	unbase(&encoded, &decoded);
	require(decoded.len == size);
	require(size == 0 || memcmp(decoded.data, data, size) == 0);
	rw_buf_free(&encoded);
	rw_buf_free(&decoded);
	return 0;
}
