/*
 * A wall clock that is wrong: LD_PRELOAD this, and it is RW_TEST_CLOCK seconds
 * ahead (negative: behind). libfaketime can do more, but leaves a semaphore
 * behind for every process that is killed, on which the next process of the
 * same number hangs.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* The library's declarations forbid NULL where callers do pass it. */
int gettimeofday(struct timeval *tv, void *zone);

static long
offset(void)
{
	const char *text = getenv("RW_TEST_CLOCK");

	return text != NULL ? atol(text) : 0;
}

int
clock_gettime(clockid_t id, struct timespec *ts)
{
	int result = (int)syscall(SYS_clock_gettime, id, ts);

	if (result == 0 && (id == CLOCK_REALTIME ||
	    id == CLOCK_REALTIME_COARSE))
		ts->tv_sec += offset();
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
