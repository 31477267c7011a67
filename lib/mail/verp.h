/*
 * The sender in the envelope of each mail, to which notifications about it go:
 * RW_ENVELOPE_FROM, and with RW_VERP_KEY an address for each mail (VERP), with
 * which a notification shows that it is about this mail:
 *
 *	bounces+202506.SUM.MAC@example.com
 *
 * SUM is the beginning of the sum in the Message-ID, and MAC an HMAC-SHA-256 of
 * what is between the + and it, with the key. The part before the @ has at most
 * 64 characters (RFC 5321, section 4.5.3.1.1).
 *
 * Errors: RW_CONFIG for the settings; RW_BUG when OpenSSL fails.
 */
#ifndef RW_MAIL_VERP_H
#define RW_MAIL_VERP_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/period.h"
#include "mail/address.h"
#include "wire/digest.h"

enum {
	RW_VERP_SUM = 16,	/* hexadecimal digits, as the next */
	RW_VERP_MAC = 20,
	RW_VERP_KEY_LEAST = 16,	/* characters */
};

struct rw_verp {
	bool has_from;		/* RW_ENVELOPE_FROM is set */
	bool has_key;		/* and RW_VERP_KEY */
	struct rw_address from;
	/* private */
	struct rw_digest digest;
	struct rw_hmac_key key;
};

/* Reads both settings. verp must be {0}, and be closed in either case. */
bool
rw_verp_open(struct rw_verp *verp, struct rw_err *err);

/* Accepts {0}; wipes the key. */
void
rw_verp_close(struct rw_verp *verp);

/* Appends the address for the mail with this Message-ID of rw-mail. Requires a
 * key. */
bool
rw_verp_add(struct rw_verp *verp, const char *message_id, struct rw_buf *out,
	struct rw_err *err);

enum rw_verp_found {
	RW_VERP_NONE,		/* text has no address of this form */
	RW_VERP_FORGED,		/* it has, but none with a valid MAC */
	RW_VERP_VALID,
};

/* Looks in text, a field of a header, for such an address with a valid MAC; its
 * letters may have changed to upper or lower case on the way. Sets period and
 * sum of the first one. Without a key there is none. */
enum rw_verp_found
rw_verp_find(struct rw_verp *verp, const char *text,
	char period[RW_PERIOD_SIZE], char sum[RW_VERP_SUM + 1]);

#endif
