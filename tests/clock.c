/*
 * Simulates a different kernel and wrong clocks. LD_PRELOAD this library, and
 * set:
 *
 * 	RW_TEST_CLOCK	seconds that the wall clock is ahead (negative: behind),
 * 			or "@T": it stands at the Unix time T; or the name of a
 * 			file, with a slash, that holds either, and may change
 * 	RW_TEST_UPTIME	seconds that CLOCK_BOOTTIME is ahead
 * 	RW_TEST_BOOT_ID	the kernel's boot id
 * 	RW_TEST_FS	the type of every file system, as statfs(2) has it, in
 * 			hexadecimal
 * 	RW_TEST_BLIND	file locks can always be had, as those of another
 * 			machine can be on some shared volumes
 *
 * libfaketime can do more, but leaves a semaphore behind for every process that
 * is killed, on which the next process of the same number hangs.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

/* The library's declarations forbid NULL where callers do pass it. */
int gettimeofday(struct timeval *tv, void *zone);

static const char *
read_word(const char *path, char *word, size_t size)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY);
	ssize_t n = fd >= 0 ? read(fd, word, size - 1) : -1;

	if (fd >= 0)
		close(fd);
	word[n > 0 ? n : 0] = '\0';
	return word;
}

static void
set_wrong(struct timespec *ts)
{
	const char *text = getenv("RW_TEST_CLOCK");
	char word[32];

	if (text == NULL)
		return;
	if (strchr(text, '/') != NULL)
		text = read_word(text, word, sizeof word);
	if (text[0] == '@')
		*ts = (struct timespec){.tv_sec = atol(text + 1)};
	else
		ts->tv_sec += atol(text);
}

int
clock_gettime(clockid_t id, struct timespec *ts)
{
	int result = (int)syscall(SYS_clock_gettime, id, ts);

	if (result == 0 && (id == CLOCK_REALTIME ||
	    id == CLOCK_REALTIME_COARSE))
		set_wrong(ts);
	if (result == 0 && id == CLOCK_BOOTTIME &&
	    getenv("RW_TEST_UPTIME") != NULL)
		ts->tv_sec += atol(getenv("RW_TEST_UPTIME"));
	return result;
}

time_t
time(time_t *seconds)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (seconds != NULL)
		*seconds = ts.tv_sec;
	return ts.tv_sec;
}

int
gettimeofday(struct timeval *tv, void *zone)
{
	struct timespec ts;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &ts);
	tv->tv_sec = ts.tv_sec;
	tv->tv_usec = ts.tv_nsec / 1000;
	return 0;
}

static int
open_boot_id(const char *id)
{
	int fd = memfd_create("boot_id", MFD_CLOEXEC);

	if (fd >= 0 && (write(fd, id, strlen(id)) < 0 ||
	    lseek(fd, 0, SEEK_SET) != 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int
open(const char *path, int flags, ...)
{
	const char *id = getenv("RW_TEST_BOOT_ID");
	va_list more;
	mode_t mode = 0;

	va_start(more, flags);
	if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE)
		mode = va_arg(more, mode_t);
	va_end(more);
	if (id != NULL &&
	    strcmp(path, "/proc/sys/kernel/random/boot_id") == 0)
		return open_boot_id(id);
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int
statfs(const char *path, struct statfs *fs)
{
	const char *type = getenv("RW_TEST_FS");
	int result = (int)syscall(SYS_statfs, path, fs);

	if (result == 0 && type != NULL)
		fs->f_type = strtol(type, NULL, 16);
	return result;
}

int
flock(int fd, int operation)
{
	if (getenv("RW_TEST_BLIND") != NULL)
		return 0;
	return (int)syscall(SYS_flock, fd, operation);
}
