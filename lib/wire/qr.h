/*
 * QR codes of text in UTF-8, with error correction level M. A text that is not
 * ASCII is marked as UTF-8 (ECI 26), because readers guess differently.
 *
 * Errors: RW_DATA for more bytes than a code has room for.
 * Source: ISO/IEC 18004; https://fukuchi.org/works/qrencode/manual/
 */
#ifndef RW_WIRE_QR_H
#define RW_WIRE_QR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct rw_qr {
	size_t side;		/* modules in a row, 21 to 177 */
	unsigned char *modules;	/* row by row; not 0: dark; owned */
};

/* The quiet zone on each side of a code, in modules. */
enum { RW_QR_QUIET = 4 };

/* Encodes len bytes of text, in the smallest code that has room. */
bool
rw_qr_encode(struct rw_qr *qr, const char *text, size_t len,
	struct rw_err *err);

/* Accepts {0}. */
void
rw_qr_free(struct rw_qr *qr);

#endif
