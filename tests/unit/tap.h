/*
 * TAP (https://testanything.org) for the unit tests: a test program calls ok
 * and is, and ends with return done().
 */
#ifndef RW_TESTS_TAP_H
#define RW_TESTS_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_run, tap_failed;

__attribute__((format(printf, 2, 3), unused)) static bool
ok(bool good, const char *format, ...)
{
	va_list args;

	printf("%sok %d - ", good ? "" : "not ", ++tap_run);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	if (!good)
		tap_failed++;
	return good;
}

__attribute__((format(printf, 3, 4), unused)) static bool
is(const char *got, const char *expected, const char *format, ...)
{
	bool good = got == NULL || expected == NULL ? got == expected :
		strcmp(got, expected) == 0;
	char name[256];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof name, format, args);
	va_end(args);
	ok(good, "%s", name);
	if (!good)
		printf("#      got: %s\n# expected: %s\n",
			got == NULL ? "NULL" : got,
			expected == NULL ? "NULL" : expected);
	return good;
}

__attribute__((format(printf, 3, 4), unused)) static bool
is_int(int64_t got, int64_t expected, const char *format, ...)
{
	char name[256];
	va_list args;

	va_start(args, format);
	vsnprintf(name, sizeof name, format, args);
	va_end(args);
	ok(got == expected, "%s", name);
	if (got != expected)
		printf("#      got: %" PRId64 "\n# expected: %" PRId64 "\n",
			got, expected);
	return got == expected;
}

__attribute__((unused)) static int
done(void)
{
	printf("1..%d\n", tap_run);
	return tap_failed > 0;
}

#endif
