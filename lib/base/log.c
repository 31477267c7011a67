#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/cut.h"
#include "base/output.h"
#include "base/secret.h"
#include "base/text.h"

static struct rw_log_options options = {.program = "report-worker",
	.progress_fd = STDERR_FILENO};
static int log_fd = -1;
static bool progress_shown;
static pid_t writer;
static struct rw_said said;
static pthread_mutex_t said_lock = PTHREAD_MUTEX_INITIALIZER;

static const char *const level_names[] = {
	[RW_ERROR] = "error",
	[RW_WARNING] = "warning",
	[RW_NOTICE] = "notice",
	[RW_INFO] = "info",
};

bool
rw_log_open(const struct rw_log_options *wanted, struct rw_err *err)
{
	options = *wanted;
	if (options.progress_fd == 0)
		options.progress_fd = STDERR_FILENO;
	else
		fcntl(options.progress_fd, F_SETFD, FD_CLOEXEC);
	writer = getpid();
	if (options.syslog)
		openlog(options.program, LOG_PID, LOG_DAEMON);
	if (options.file == NULL || options.file[0] == '\0')
		return true;
	return rw_output_open("RW_LOG_FILE", options.file, RW_OUTPUT_LOG, &log_fd,
		err);
}

void
rw_log_close(void)
{
	if (log_fd >= 0)
		close(log_fd);
	log_fd = -1;
	if (options.syslog)
		closelog();
	rw_said_free(&said);
}

/* A failure to write the log must not stop a run; the message is on stderr as
 * well. */
static void
write_line(int fd, const struct rw_buf *line)
{
	ssize_t n;

	if (line->len == 0)
		return;
	do
		n = write(fd, line->data, line->len);
	while (n < 0 && errno == EINTR);
}

static void
compose_log_line(struct rw_buf *line, enum rw_level level, const char *text)
{
	char now[RW_RFC3339_SIZE];

	rw_rfc3339(now, rw_clock_now_ms() / 1000);
	if (options.json) {
		rw_buf_addf(line, "{\"time\":\"%s\",\"level\":\"%s\","
			"\"program\":\"%s\",\"pid\":%ld,\"message\":", now,
			level_names[level], options.program, (long)writer);
		rw_text_add_json(line, text);
		rw_buf_adds(line, "}\n");
	} else {
		rw_buf_addf(line, "%s %s[%ld]: %s%s", now, options.program,
			(long)writer, level >= RW_NOTICE ? "" :
			level_names[level], level >= RW_NOTICE ? "" : ": ");
		rw_text_add_printable(line, text);
		rw_buf_addc(line, '\n');
	}
}

static void
write_log(enum rw_level level, const char *text)
{
	static const int priorities[] = {
		[RW_ERROR] = LOG_ERR,
		[RW_WARNING] = LOG_WARNING,
		[RW_NOTICE] = LOG_NOTICE,
		[RW_INFO] = LOG_INFO,
	};
	struct rw_buf line = {0};

	if (options.syslog) {
		rw_text_add_printable(&line, text);
		syslog(priorities[level], "%s", rw_buf_text(&line));
		rw_buf_reset(&line);
	}
	if (log_fd < 0) {
		rw_buf_free(&line);
		return;
	}
	compose_log_line(&line, level, text);
	write_line(log_fd, &line);
	rw_buf_free(&line);
}

static void
write_stderr(enum rw_level level, const char *text)
{
	struct rw_buf line = {0};

	if (level == RW_INFO && !options.verbose)
		return;
	if (level == RW_NOTICE && !options.verbose &&
	    isatty(STDERR_FILENO) == 0)
		return;
	if (level >= RW_WARNING && options.quiet)
		return;
	rw_log_progress("%s", "");
	rw_buf_addf(&line, "%s: %s%s", options.program, level >= RW_NOTICE ? "" :
		level_names[level], level >= RW_NOTICE ? "" : ": ");
	rw_text_add_printable(&line, text);
	rw_buf_addc(&line, '\n');
	write_line(STDERR_FILENO, &line);
	rw_buf_free(&line);
}

static void
keep_said(enum rw_level level, const char *kind, const char *subject,
	const char *message)
{
	if (!options.keep || level > RW_WARNING)
		return;
	pthread_mutex_lock(&said_lock);
	rw_said_add(&said, level_names[level], kind, subject, message);
	pthread_mutex_unlock(&said_lock);
}

static void
write_text(enum rw_level level, const char *text)
{
	write_log(level, text);
	write_stderr(level, text);
}

static void
write_about(enum rw_level level, const char *subject, const char *text)
{
	struct rw_buf line = {0};

	if (subject != NULL)
		rw_buf_addf(&line, "%s: ", subject);
	rw_buf_adds(&line, text);
	write_text(level, rw_buf_text(&line));
	rw_buf_free(&line);
}

/* A precision in the format may have cut a character. */
static void
tidy(char *text)
{
	rw_secret_hide(text);
	rw_cut_drop(text);
}

__attribute__((format(printf, 2, 0))) static void
say_line(enum rw_level level, const char *format, va_list args)
{
	char *text = NULL;

	if (vasprintf(&text, format, args) < 0)
		return;
	tidy(text);
	keep_said(level, NULL, NULL, text);
	write_text(level, text);
	free(text);
}

void
rw_say(enum rw_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_line(level, format, args);
	va_end(args);
}

/* rw_fail has hidden the secrets. */
static void
keep_failure(const char *subject, const struct rw_err *failure)
{
	const char *cause = failure->message;

	if (failure->given_up &&
	    strncmp(cause, RW_GIVEN_UP, strlen(RW_GIVEN_UP)) == 0)
		cause += strlen(RW_GIVEN_UP);
	keep_said(RW_ERROR, rw_kind_name(failure->kind), subject, cause);
}

void
rw_say_failure(const char *subject, const struct rw_err *failure)
{
	keep_failure(subject, failure);
	write_about(RW_ERROR, subject, failure->message);
}

void
rw_note_failure(const char *subject, const struct rw_err *failure)
{
	struct rw_buf line = {0};

	keep_failure(subject, failure);
	rw_buf_addf(&line, "%s: %s", subject, failure->message);
	write_log(RW_ERROR, rw_buf_text(&line));
	rw_buf_free(&line);
}

void
rw_show_error(const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		return;
	rw_secret_hide(text);
	write_stderr(RW_ERROR, text);
	free(text);
}

void
rw_say_about(enum rw_level level, const char *subject, const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		return;
	tidy(text);
	keep_said(level, NULL, subject, text);
	write_about(level, subject, text);
	free(text);
}

void
rw_say_aside(const char *text)
{
	write_text(RW_ERROR, text);
}

const struct rw_said *
rw_log_said(void)
{
	return &said;
}

void
rw_log_event(const char *format, ...)
{
	va_list args;

	/* Most runs have no log, and some tools log an event for every line. */
	if (!options.verbose && log_fd < 0 && !options.syslog)
		return;
	va_start(args, format);
	say_line(RW_INFO, format, args);
	va_end(args);
}

void
rw_log_as(const char *program, pid_t pid, enum rw_level level,
	const char *text)
{
	static char name[80];

	options.program = program;
	writer = pid;
	if (options.syslog) {
		closelog();
		snprintf(name, sizeof name, "%s[%ld]", program, (long)pid);
		openlog(name, 0, LOG_DAEMON);
	}
	write_log(level, text);
}

void
rw_log_progress(const char *format, ...)
{
	struct rw_buf line = {0};
	char text[256];
	va_list args;

	if (options.quiet || isatty(options.progress_fd) == 0)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (text[0] == '\0' && !progress_shown)
		return;
	progress_shown = text[0] != '\0';
	rw_buf_addf(&line, "\r\033[K%s", text);
	write_line(options.progress_fd, &line);
	rw_buf_free(&line);
}
