/*
 * Keeps our secrets out of all messages, even if a server repeats them.
 *
 * A secret is registered here when it enters the process. Every message of an
 * rw_err and every line of the log is searched for registered secrets, so that
 * messages of servers and libraries can be quoted. A copy of each secret is
 * kept until the process ends; rw_harden keeps it in this process.
 *
 * "***" replaces any 8 consecutive bytes of a secret of 8 bytes or more, and a
 * shorter secret as a whole word, in each case as plain text, in base64 and
 * percent-encoded.
 */
#ifndef RW_BASE_SECRET_H
#define RW_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Registers a secret; for a URL, the password, and user and password together.
 * Call before any thread is created. False: no memory. */
bool
rw_secret_know(const char *secret);

/* Registers bytes that are only sent in base64, as in AUTH PLAIN. */
bool
rw_secret_know_bytes(const void *bytes, size_t len);

/* Registers the passwords in the URLs of proxies, which libraries read directly
 * from the environment. */
bool
rw_secret_know_proxies(void);

/* Hides registered secrets in text, in place; text does not grow. */
void
rw_secret_hide(char *text);

/* Hides secrets in the message of a server or a library, which may also contain
 * values derived from a secret. Also hides the user part of URLs, signatures,
 * and the word after Basic and Bearer. Call before the text is truncated. */
void
rw_secret_hide_foreign(char *text);

#endif
