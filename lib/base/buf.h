/*
 * A growing string of bytes with a declared maximum.
 *
 * Appending never fails at the call. A buffer that would exceed its maximum, or
 * for which there is no memory, is emptied and marked as failed, and ignores
 * what is appended later. Callers check once, at the end (rw_buf_ok). data is
 * NUL-terminated unless it is NULL.
 */
#ifndef RW_BASE_BUF_H
#define RW_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* {0} is an empty buffer. */
struct rw_buf {
	char *data;	/* owned; NULL until something is added */
	size_t len;	/* bytes, without the NUL */
	size_t cap;
	size_t max;	/* bytes; 0: RW_BUF_MAX */
	bool failed;
	bool lacks_memory;	/* why it failed */
};

#define RW_BUF_MAX ((size_t)64 * 1024 * 1024)

/* Frees the memory; the buffer can be used again. */
void
rw_buf_free(struct rw_buf *buf);

/* Empties the buffer and clears a failure, but keeps the memory. */
void
rw_buf_reset(struct rw_buf *buf);

void
rw_buf_add(struct rw_buf *buf, const void *bytes, size_t len);

void
rw_buf_adds(struct rw_buf *buf, const char *text);

void
rw_buf_addc(struct rw_buf *buf, char c);

void
rw_buf_addf(struct rw_buf *buf, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Reserves len more bytes and returns where to write them, or NULL when the
 * buffer has failed. Call rw_buf_grown afterwards. */
char *
rw_buf_room(struct rw_buf *buf, size_t len);

void
rw_buf_grown(struct rw_buf *buf, size_t len);

/* True when nothing was lost. Otherwise RW_DATA: WHAT is longer than the
 * maximum; or RW_IO: there was no memory. */
bool
rw_buf_ok(const struct rw_buf *buf, const char *what, struct rw_err *err);

/* The text, "" when empty; borrowed until the next call on buf. */
const char *
rw_buf_text(const struct rw_buf *buf);

/* The text, which the caller frees with free(); the buffer is empty afterwards.
 * NULL when the buffer has failed. */
char *
rw_buf_take(struct rw_buf *buf);

#endif
