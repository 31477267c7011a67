#include "checklist.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/log.h"
#include "base/text.h"

/* The text of a setting or of a server must not look like a further line. */
static void
print_text(const char *mark, const char *point, const char *text)
{
	struct rw_buf line = {0};

	rw_buf_addf(&line, "%-5s %s: ", mark, point);
	rw_text_add_printable(&line, text);
	puts(rw_buf_text(&line));
	rw_buf_free(&line);
}

__attribute__((format(printf, 3, 0))) static void
print_line(const char *mark, const char *point, const char *format, va_list args)
{
	char text[1024];

	vsnprintf(text, sizeof text, format, args);
	print_text(mark, point, text);
}

void
rw_checklist_good(const char *point, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line("ok", point, format, args);
	va_end(args);
}

void
rw_checklist_warn(const char *point, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line("warn", point, format, args);
	va_end(args);
}

void
rw_checklist_fail(struct rw_checklist *list, const char *point,
	const struct rw_err *failure)
{
	print_text("FAIL", point, failure->message);
	rw_note_failure(point, failure);
	list->worst = rw_kind_worse(list->worst, failure->kind);
}
