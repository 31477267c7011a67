/*
 * Messages to people, on stderr and in the log.
 *
 * rw_say is for the person who typed the command, rw_log_event for lines that
 * operators look for in the log. Each log line is one write(2), so that tools
 * which share a file do not mix their lines. Callers never pass a secret or a
 * signed URL.
 */
#ifndef RW_BASE_LOG_H
#define RW_BASE_LOG_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/said.h"

enum rw_level {
	RW_ERROR,
	RW_WARNING,
	RW_NOTICE,	/* shown to a terminal, and with --verbose */
	RW_INFO,	/* shown with --verbose */
};

struct rw_log_options {
	const char *program;	/* borrowed for the life of the process */
	const char *file;	/* append here; NULL or "": no file */
	bool syslog;		/* facility daemon */
	bool json;		/* one JSON object a line instead of text */
	bool quiet;		/* stderr: errors only */
	bool verbose;		/* stderr: everything */
	bool keep;		/* errors and warnings, for rw_log_said */
	int progress_fd;	/* the terminal of the progress line; 0:
				 * stderr */
};

/* Call once, before any thread is made. RW_IO when the file cannot be opened
 * for appending. Before this call, messages go to stderr under the name
 * "report-worker". */
bool
rw_log_open(const struct rw_log_options *options, struct rw_err *err);

void
rw_log_close(void);

/* "rw-put: warning: ..." on stderr, and in the log. */
void
rw_say(enum rw_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The same with "SUBJECT: " before the message, about a report or a line of the
 * input. */
void
rw_say_about(enum rw_level level, const char *subject, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As rw_say(RW_ERROR, ...), for a failure. subject NULL: it concerns the whole
 * run. */
void
rw_say_failure(const char *subject, const struct rw_err *failure);

/* As rw_say_failure, but not on stderr: the caller shows it later, or reports
 * that it applies to many records. */
void
rw_note_failure(const char *subject, const struct rw_err *failure);

/* On stderr only. */
void
rw_show_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As rw_say(RW_ERROR, ...), but without keeping it for rw_log_said. */
void
rw_say_aside(const char *text);

/* All errors and warnings so far, if rw_log_open was called with keep. Not to
 * be called while other threads log. Borrowed until rw_log_close. */
const struct rw_said *
rw_log_said(void);

/* As rw_say(RW_INFO): stderr only with --verbose, the log always. */
void
rw_log_event(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* One line in the log only, under the name of a different process. */
void
rw_log_as(const char *program, pid_t pid, enum rw_level level,
	const char *text);

/* A progress line, which replaces itself; "" erases it. Only on a terminal and
 * without quiet, and never logged. */
void
rw_log_progress(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

#endif
