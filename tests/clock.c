/*
 * A wall clock that is wrong: LD_PRELOAD this, and it is RW_TEST_CLOCK seconds
 * ahead (negative: behind), or stands at the Unix time T when that is "@T".
 * libfaketime can do more, but leaves a semaphore
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

static void
set_wrong(struct timespec *ts)
{
	const char *text = getenv("RW_TEST_CLOCK");

	if (text == NULL)
		return;
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
