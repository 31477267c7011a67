/*
 * When memory runs out, the process ends with a message and exit status 74.
 *
 * Half of the libraries abort or crash when malloc(3) returns NULL (GLib and
 * libbson by design, libxlsxwriter and GnuTLS by mistake); others report a
 * different error, such as an unreadable line or a wrong key. None of them can
 * be configured. Therefore this file replaces malloc and its relatives, for the
 * libraries as well; they return NULL only for sizes larger than any memory.
 * The rest of the code expects that the process can end at any moment anyway,
 * as by SIGKILL.
 *
 * Source: the GNU C Library manual, "Replacing malloc". The sanitizers have
 * their own malloc.
 */
#include "base/memory.h"

#include <errno.h>
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
	__has_feature(memory_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

enum { STATUS = 74, STACK = 256 * 1024 };

_Noreturn static void
end_process(void)
{
	static const char words[] = ": error: out of memory\n";
	const char *name = program_invocation_short_name;

	if (write(STDERR_FILENO, name, strlen(name)) < 0 ||
	    write(STDERR_FILENO, words, sizeof words - 1) < 0)
		_exit(STATUS);
	_exit(STATUS);
}

/* Called for its stack frame only. */
__attribute__((noinline)) static void
touch_stack(void)
{
	volatile char stack[STACK];
	size_t i;

	for (i = sizeof stack; i >= 4096; i -= 4096)
		stack[i - 1] = 0;
}

/* The stack of the main thread grows when it is used. If no memory is left at
 * that time, the kernel can only send SIGSEGV. */
void
rw_memory_init(void)
{
	void *room = mmap(NULL, 2 * STACK, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (room == MAP_FAILED)
		end_process();
	munmap(room, 2 * STACK);
	touch_stack();
}

#if defined(__GLIBC__) && !defined(IS_SANITIZED)

/* NOLINTBEGIN(*-reserved-identifier,cert-dcl*): the C library's own names. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
/* NOLINTEND(*-reserved-identifier,cert-dcl*) */

static void *
checked(void *got, size_t size)
{
	if (got == NULL && size != 0 && size <= PTRDIFF_MAX)
		end_process();
	return got;
}

void *
malloc(size_t size)
{
	return checked(__libc_malloc(size), size);
}

void *
calloc(size_t count, size_t size)
{
	size_t all;

	if (__builtin_mul_overflow(count, size, &all)) {
		errno = ENOMEM;
		return NULL;
	}
	return checked(__libc_calloc(count, size), all);
}

void *
realloc(void *old, size_t size)
{
	return checked(__libc_realloc(old, size), size);
}

void *
memalign(size_t alignment, size_t size)
{
	return checked(__libc_memalign(alignment, size), size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int
posix_memalign(void **out, size_t alignment, size_t size)
{
	if (alignment == 0 || alignment % sizeof(void *) != 0 ||
	    (alignment & (alignment - 1)) != 0)
		return EINVAL;
	*out = memalign(alignment, size);
	return *out != NULL || size == 0 ? 0 : ENOMEM;
}

#endif
