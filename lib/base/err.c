#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/cut.h"
#include "base/secret.h"

static const struct {
	const char *name;
	int status;
} kinds[] = {
	[RW_OK] = {"ok", 0},
	[RW_DATA] = {"data", 1},
	[RW_REFUSED] = {"refused", 1},
	[RW_IN_DOUBT] = {"in_doubt", 1},
	[RW_UNREADABLE] = {"unreadable", 65},
	[RW_LOCKED] = {"locked", 75},
	[RW_UNREACHABLE] = {"unreachable", 69},
	[RW_IO] = {"io", 74},
	[RW_USAGE] = {"usage", 64},
	[RW_CONFIG] = {"config", 78},
	[RW_BUG] = {"bug", 70},
};

/* Hides secrets first, then truncates the message. With an incomplete
 * character, the next tool could not read the record that contains the
 * message. */
static void
keep_text(struct rw_err *err, char *text)
{
	rw_secret_hide(text);
	if (strlen(text) >= sizeof err->message)
		text[sizeof err->message - 1] = '\0';
	rw_cut_drop(text);
	strcpy(err->message, text);
}

static void __attribute__((format(printf, 3, 0)))
fill_err(struct rw_err *err, enum rw_kind kind, const char *format,
	va_list args)
{
	char text[4 * sizeof err->message];
	int n;

	if (err == NULL)
		return;
	err->kind = kind;
	err->given_up = false;
	err->retryable = kind == RW_UNREACHABLE || kind == RW_LOCKED;
	n = vsnprintf(text, sizeof text, format, args);
	if (n < 0)
		strcpy(text, "cannot format the error message");
	keep_text(err, text);
}

bool
rw_fail(struct rw_err *err, enum rw_kind kind, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fill_err(err, kind, format, args);
	va_end(args);
	return false;
}

bool
rw_fail_errno(struct rw_err *err, enum rw_kind kind, const char *format, ...)
{
	int saved = errno;
	va_list args;
	size_t n;

	if (err == NULL)
		return false;
	va_start(args, format);
	fill_err(err, kind, format, args);
	va_end(args);
	n = strlen(err->message);
	snprintf(err->message + n, sizeof err->message - n, ": %s",
		strerror(saved));
	errno = saved;
	return false;
}

bool
rw_fail_memory(struct rw_err *err, const char *what, ...)
{
	char text[256];
	va_list args;

	va_start(args, what);
	if (vsnprintf(text, sizeof text, what, args) < 0)
		text[0] = '\0';
	va_end(args);
	return rw_fail(err, RW_IO, "no memory for %s", text);
}

bool
rw_err_prefix(struct rw_err *err, const char *format, ...)
{
	char joined[2 * sizeof err->message];
	va_list args;
	int n;

	if (err == NULL)
		return false;
	va_start(args, format);
	n = vsnprintf(joined, sizeof err->message, format, args);
	va_end(args);
	if (n < 0)
		return false;
	n = (int)strlen(joined);
	snprintf(joined + n, sizeof joined - (size_t)n, ": %s", err->message);
	keep_text(err, joined);
	return false;
}

void
rw_err_give_up(struct rw_err *err)
{
	rw_err_prefix(err, "given up");
	err->given_up = true;
}

const char *
rw_kind_name(enum rw_kind kind)
{
	return kinds[kind].name;
}

int
rw_kind_status(enum rw_kind kind)
{
	return kinds[kind].status;
}

enum rw_kind
rw_kind_worse(enum rw_kind a, enum rw_kind b)
{
	return a > b ? a : b;
}
