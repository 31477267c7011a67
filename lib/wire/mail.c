#include "wire/mail.h"

#include <string.h>

void
rw_mail_with_lf(const struct rw_mail *mail, struct rw_buf *out)
{
	const char *at = mail->bytes, *end = at + mail->len, *cr;

	rw_buf_reset(out);
	while ((cr = memmem(at, (size_t)(end - at), "\r\n", 2)) != NULL) {
		rw_buf_add(out, at, (size_t)(cr - at));
		at = cr + 1;
	}
	rw_buf_add(out, at, (size_t)(end - at));
}
