/*
 * Secrets of ours are shown to nobody, not even when a server repeats them.
 *
 * Where a secret enters the process it is made known here. Every message of an
 * rw_err and every line of the log is searched for what is known, so that the
 * words of servers and libraries may be quoted. A copy of each secret is kept
 * until the process ends; rw_harden keeps it in this process.
 *
 * What is found becomes "***": a secret of 8 bytes or more wherever 8 bytes of
 * it follow each other, a shorter one as a whole word; each as it is, in base64
 * and percent-encoded.
 */
#ifndef RW_BASE_SECRET_H
#define RW_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Makes a secret known. Of a URL its password alone, and user and password
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

/* Hides in text, in its place, what is known. It gets no longer. */
void
rw_secret_hide(char *text);

/* The same for the words of a server or a library, which may repeat what has
 * been derived from a secret: also the user part of URLs, signatures, and what
 * follows Basic and Bearer. Call before the text is cut. */
void
rw_secret_hide_foreign(char *text);

#endif
