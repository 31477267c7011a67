#include "checklist.h"

#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 3, 0))) static void
print_line(const char *mark, const char *point, const char *format, va_list args)
{
	printf("%-5s %s: ", mark, point);
	vprintf(format, args);
	putchar('\n');
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
	printf("%-5s %s: %s\n", "FAIL", point, failure->message);
	list->worst = rw_kind_worse(list->worst, failure->kind);
}
