/*
 * What the targets of the farm share: how an invariant is asserted, and how
 * the bytes of an input become arguments. HACKING.md, "The farm", says how to
 * add a target.
 */
#ifndef RW_TESTS_FUZZ_H
#define RW_TESTS_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/text.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process, as a sanitizer does, when the invariant does not hold. */
#define require(holds) \
	((holds) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #holds))

_Noreturn static inline void
fuzz_broken(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, what);
	abort();
}

/* The rest of an input, from which arguments are taken one after the other. */
struct fuzz_input {
	const uint8_t *data;
	size_t size;
};

/* 0 at the end. */
static inline uint8_t
fuzz_byte(struct fuzz_input *input)
{
	if (input->size == 0)
		return 0;
	input->size--;
	return *input->data++;
}

/* Least significant byte first. */
static inline uint64_t
fuzz_number(struct fuzz_input *input, unsigned bytes)
{
	uint64_t number = 0;
	unsigned i;

	for (i = 0; i < bytes; i++)
		number |= (uint64_t)fuzz_byte(input) << 8 * i;
	return number;
}

/* A copy with nothing but a NUL behind it, so that the sanitizer sees who reads
 * further; to be freed. */
static inline char *
fuzz_copy(const void *bytes, size_t len)
{
	char *text = malloc(len + 1);

	require(text != NULL);
	if (len > 0)
		memcpy(text, bytes, len);
	text[len] = '\0';
	return text;
}

/* The text up to the next NUL, or to the end. */
static inline char *
fuzz_text(struct fuzz_input *input)
{
	size_t len = strnlen((const char *)input->data, input->size);
	char *text = fuzz_copy(input->data, len);

	input->data += len;
	input->size -= len;
	fuzz_byte(input);
	return text;
}

/* All that is left, without what follows a NUL. */
static inline char *
fuzz_rest(struct fuzz_input *input)
{
	char *text = fuzz_text(input);

	input->size = 0;
	return text;
}

/* Either a value or an error, never both; err was {0}. The message of an error
 * is there, and is not cut inside a character. */
static inline void
fuzz_outcome(bool good, const struct rw_err *err)
{
	if (good != (err->kind == RW_OK))
		fprintf(stderr, "message: %s\n", err->message);
	require(good == (err->kind == RW_OK));
	require(good == (err->message[0] == '\0'));
	require(rw_text_is_utf8(err->message, strlen(err->message), NULL));
}

static inline bool
fuzz_is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* A file of these bytes that only we can read: its descriptor, and its name in
 * path. */
static inline int
fuzz_file(const void *bytes, size_t len, char path[32])
{
	int fd = memfd_create("fuzz", 0);

	require(fd >= 0 && fchmod(fd, 0600) == 0);
	require(write(fd, bytes, len) == (ssize_t)len);
	require(lseek(fd, 0, SEEK_SET) == 0);
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

#endif
