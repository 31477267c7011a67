#include "wire/idn.h"

#include <idn2.h>
#include <string.h>
#include <strings.h>

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

static bool
refuse_host(const char *domain, int code, struct rw_err *err)
{
	return rw_fail(err, RW_DATA, "\"%.255s\" is not a domain name: %s",
		domain, idn2_strerror(code));
}

/* An A-label must decode to a label that could have been written, not
 * to control characters, blanks, or a label that looks like another domain. */
static int
check_label(const char *label, size_t len)
{
	char copy[IDN2_LABEL_MAX_LENGTH + 1], *ascii = NULL;
	int code;

	if (len < 4 || strncasecmp(label, "xn--", 4) != 0)
		return IDN2_OK;
	if (len >= sizeof copy)
		return IDN2_TOO_BIG_LABEL;
	memcpy(copy, label, len);
	copy[len] = '\0';
	code = idn2_to_ascii_8z(copy, &ascii,
		IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (code == IDN2_OK)
		idn2_free(ascii);
	return code;
}

bool
rw_idn_check(const char *domain, struct rw_err *err)
{
	const char *label = domain;
	size_t len;
	int code;

	for (;; label += len + 1) {
		len = strcspn(label, ".");
		code = check_label(label, len);
		if (code != IDN2_OK)
			return refuse_host(domain, code, err);
		if (label[len] == '\0')
			return true;
	}
}

bool
rw_idn_to_ascii(const char *domain, struct rw_buf *out, struct rw_err *err)
{
	char *ascii = NULL;
	int code;

	if (is_ascii(domain)) {
		rw_buf_adds(out, domain);
		return rw_idn_check(domain, err);
	}
	code = idn2_to_ascii_8z(domain, &ascii,
		IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (code != IDN2_OK)
		return refuse_host(domain, code, err);
	rw_buf_adds(out, ascii);
	idn2_free(ascii);
	return true;
}
