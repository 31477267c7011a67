#include "stop.h"

#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "wire/config.h"

enum { GRACE_S = 20, OUTLIVE_S = 5, SAME_MS = 1000 };

static volatile sig_atomic_t stop_signal, is_urgent;
static volatile int64_t signal_ms;
static int64_t grace_ms;

/* clock_gettime(2) may be called from here. */
static void
note_signal(int number)
{
	int64_t now = rw_clock_monotonic_ms();

	if (stop_signal == 0) {
		signal_ms = now;
		stop_signal = number;
	} else if (now - signal_ms >= SAME_MS) {
		is_urgent = 1;
	}
}

static bool
read_grace(struct rw_err *err)
{
	uint64_t seconds;

	if (!rw_config_seconds("RW_GRACE", GRACE_S, &seconds, err))
		return false;
	grace_ms = (int64_t)seconds * 1000;
	return true;
}

/* The signals block each other: a handler may not have noted the time yet. */
static void
catch_with(void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	sigemptyset(&action.sa_mask);
	sigaddset(&action.sa_mask, SIGTERM);
	sigaddset(&action.sa_mask, SIGINT);
	sigaddset(&action.sa_mask, SIGHUP);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

bool
rw_stop_catch(struct rw_err *err)
{
	if (!read_grace(err))
		return false;
	/* No SA_RESTART: a blocking call must return. */
	catch_with(note_signal, 0);
	return true;
}

/* ---- outliving others -------------------------------------------------- */

static const char *last_words;

static void
start_clock(int number)
{
	if (stop_signal == 0) {
		stop_signal = number;
		alarm((unsigned)(grace_ms / 1000) + OUTLIVE_S);
	}
}

static void
end_by_signal(int unused)
{
	ssize_t written = write(STDERR_FILENO, last_words, strlen(last_words));

	(void)unused;
	(void)written;
	signal(stop_signal, SIG_DFL);
	raise(stop_signal);
}

bool
rw_stop_outlive(const char *words, struct rw_err *err)
{
	struct sigaction action = {.sa_handler = end_by_signal,
		.sa_flags = SA_NODEFER};

	if (!read_grace(err))
		return false;
	last_words = words;
	sigemptyset(&action.sa_mask);
	sigaction(SIGALRM, &action, NULL);
	catch_with(start_clock, SA_RESTART);
	return true;
}

/* ------------------------------------------------------------------------ */

const volatile sig_atomic_t *
rw_stop_flag(void)
{
	return &stop_signal;
}

int64_t
rw_stop_grace_ms(void)
{
	int64_t left;

	if (stop_signal == 0)
		return -1;
	left = is_urgent ? 0 : signal_ms + grace_ms - rw_clock_monotonic_ms();
	return left > 0 ? left : 0;
}

void
rw_stop_obey(void)
{
	if (stop_signal == 0)
		return;
	rw_say(RW_WARNING, "stopped by a signal; work in progress was %s",
		rw_stop_grace_ms() > 0 ? "finished" :
		"given up when the grace period expired");
	rw_log_close();
	signal(stop_signal, SIG_DFL);
	raise(stop_signal);
}
