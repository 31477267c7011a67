/*
 * What identifies a mail of a report, and whom it went to, as short sums: the
 * part of its Message-ID before the @, and a sum of the address. The ledger and
 * a notification about the mail are compared by them.
 *
 * Errors: RW_CONFIG and RW_BUG, as in wire/digest.h.
 */
#ifndef RW_MAIL_MESSAGE_ID_H
#define RW_MAIL_MESSAGE_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/period.h"
#include "wire/digest.h"

#define RW_MESSAGE_SUM 24	/* hexadecimal digits */
#define RW_MESSAGE_SUM_SIZE (RW_MESSAGE_SUM + 1)

/* The sum in "<2025-06.SUM@example.com>", of a report's sending. only_to: the
 * address of --to, whose mail is a different message; "": none. */
bool
rw_message_sum(const char *follower_id, const char *period, int64_t revision,
	int64_t sequence, const char *only_to, char sum[RW_MESSAGE_SUM_SIZE],
	struct rw_err *err);

/* Takes "<2025-06.SUM@example.com>" apart, with or without the brackets. False:
 * it is not a Message-ID of rw-mail. */
bool
rw_message_id_parse(const char *id, char period[RW_PERIOD_SIZE],
	char sum[RW_MESSAGE_SUM_SIZE]);

/* The SHA-256 of an address, in which the case of letters does not count. */
bool
rw_recipient_sum(const char *address, char sum[RW_SHA256_HEX],
	struct rw_err *err);

#endif
