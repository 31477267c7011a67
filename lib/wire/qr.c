#include "wire/qr.h"

#include <qrencode.h>
#include <stdlib.h>

/* Bit 0 of a module is its colour. */
static bool
take_modules(struct rw_qr *qr, const QRcode *code, struct rw_err *err)
{
	size_t side = (size_t)code->width, i;

	qr->side = side;
	qr->modules = malloc(side * side);
	if (qr->modules == NULL)
		return rw_fail_memory(err, "a QR code");
	for (i = 0; i < side * side; i++)
		qr->modules[i] = code->data[i] & 1;
	return true;
}

static bool
is_ascii(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

/* NULL when the text does not fit. */
static QRcode *
encode_utf8(const char *text, int len)
{
	QRinput *input = QRinput_new2(0, QR_ECLEVEL_M);
	QRcode *code = NULL;

	if (input != NULL && (is_ascii(text, (size_t)len) ||
	    QRinput_appendECIheader(input, 26) == 0) &&
	    QRinput_append(input, QR_MODE_8, len,
	    (const unsigned char *)text) == 0)
		code = QRcode_encodeInput(input);
	QRinput_free(input);
	return code;
}

bool
rw_qr_encode(struct rw_qr *qr, const char *text, size_t len,
	struct rw_err *err)
{
	QRcode *code = len > 4096 ? NULL : encode_utf8(text, (int)len);
	bool good;

	*qr = (struct rw_qr){0};
	if (code == NULL)
		return rw_fail(err, RW_DATA, "%zu bytes do not fit into a QR "
			"code", len);
	good = take_modules(qr, code, err);
	QRcode_free(code);
	return good;
}

void
rw_qr_free(struct rw_qr *qr)
{
	free(qr->modules);
	*qr = (struct rw_qr){0};
}
