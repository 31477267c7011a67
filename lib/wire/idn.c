#include "wire/idn.h"

#include <idn2.h>

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

bool
rw_idn_to_ascii(const char *domain, struct rw_buf *out, struct rw_err *err)
{
	char *ascii = NULL;
	int code;

	if (is_ascii(domain)) {
		rw_buf_adds(out, domain);
		return true;
	}
	code = idn2_to_ascii_8z(domain, &ascii,
		IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (code != IDN2_OK)
		return rw_fail(err, RW_DATA, "\"%s\" is no domain name: %s",
			domain, idn2_strerror(code));
	rw_buf_adds(out, ascii);
	idn2_free(ascii);
	return true;
}
