/*
 * Keeps our secrets out of all messages, even when a server repeats them.
 *
 * A secret is registered here when it enters the process. Every message of an
 * rw_err and every line of the log is searched for registered secrets, so that
 * messages of servers and libraries can be quoted. A copy of each secret is
 * kept until the process ends; rw_harden keeps it in this process.
 *
 * "***" replaces any 8 consecutive bytes of a secret of 8 bytes or more, and a
 * shorter secret as a whole word; each as it is, in base64 and
 * percent-encoded.
 */
#ifndef RW_BASE_SECRET_H
#define RW_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Registers a secret; of a URL its password alone, and user and password
 * together. Call before any thread is made. False: no memory. */
bool
rw_secret_know(const char *secret);

/* The same for bytes that are sent in base64 alone, as AUTH PLAIN sends
 * them. */
bool
rw_secret_know_bytes(const void *bytes, size_t len);

/* The passwords in URLs of proxies, which libraries read from the environment
 * by themselves. */
bool
rw_secret_know_proxies(void);

/* Hides registered secrets in text, in place. The text never grows. */
void
rw_secret_hide(char *text);

/* The same for the message of a server or a library, which may repeat a value
 * derived from a secret: also the user part of URLs, signatures, and what
 * follows Basic and Bearer. Call before the text is cut. */
void
rw_secret_hide_foreign(char *text);

#endif
