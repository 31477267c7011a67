/* Whether a mail fits into its lease. */
#include "tap.h"

#include <string.h>

#include "mail/lease.h"

/* 40 days after the start of this kernel. */
#define NOW_MS INT64_C(3456000000)
#define ONE "11111111-2222-3333-4444-555555555555"
#define TWO "21111111-2222-3333-4444-555555555555"

enum { WALL_S = 1751328600 };

static void
test_allows(void)
{
	static const struct {
		int64_t left_s, dot_s;
		const char *refused;	/* a part of the message; NULL: none */
	} cases[] = {
		{3600, 600, NULL},
		{900, 600, NULL},
		{899, 600, "ends in 14 minutes, but a mail may take up to 15"},
		{0, 600, "ends in 0 minutes"},
		{-3600, 600, "ends in 0 minutes"},
		{900, 1, NULL},
		/* The wait for the last answer and a minute make 15. */
		{900, 840, NULL},
		{900, 841, "but a mail may take up to 16"},
		{901, 841, NULL},
		{3600, 7200, "ends in 60 minutes, but a mail may take up to 121"},
		{7260, 7200, NULL},
	};
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *refused = cases[i].refused;
		bool allowed;

		err = (struct rw_err){.kind = RW_OK};
		allowed = rw_lease_allows(NOW_MS + cases[i].left_s * 1000,
			NOW_MS, cases[i].dot_s * 1000, &err);
		ok(allowed == (refused == NULL) && (allowed ||
			(err.kind == RW_LOCKED && err.retryable &&
			strstr(err.message, refused) != NULL)),
			"%lld s left, %lld s for the last answer: %s",
			(long long)cases[i].left_s, (long long)cases[i].dot_s,
			allowed ? "allowed" : err.message);
	}
}

static void
test_end_by(void)
{
	static const struct {
		int64_t left_s, dot_ms, end_in_ms;
	} cases[] = {
		{900, 600000, 240000},
		{3600, 600000, 2940000},
		{900, 1500, 838500},
		{600, 600000, -60000},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		is_int(rw_lease_end_by_ms(NOW_MS + cases[i].left_s * 1000,
			cases[i].dot_ms) - NOW_MS,
			cases[i].end_in_ms, "%lld s left",
			(long long)cases[i].left_s);
}

static void
test_find_end(void)
{
	static const struct {
		const char *name;
		struct rw_boot_end line;
		const char *here;
		int64_t ends_in_ms;	/* -1: refused */
	} cases[] = {
		{"here", {ONE, NOW_MS + 5000, WALL_S + 5}, ONE, 5000},
		{"here, and the clock was set forward a day",
			{ONE, NOW_MS + 5000, WALL_S - 86395}, ONE, 5000},
		{"here, and the clock was set back a day",
			{ONE, NOW_MS + 5000, WALL_S + 86405}, ONE, 5000},
		{"here, past", {ONE, NOW_MS - 1000, WALL_S + 86405}, ONE, -1000},
		{"elsewhere", {TWO, NOW_MS + 5000, WALL_S + 5}, ONE, -1},
		{"nobody knows where here is", {TWO, NOW_MS + 5000,
			WALL_S + 5}, "", -1},
		{"of release 1.0.0", {NULL, 0, WALL_S + 5}, ONE, 5000},
	};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct rw_lease_now now = {cases[i].here, NOW_MS,
			(int64_t)WALL_S * 1000};
		struct rw_err err = {.kind = RW_OK};
		int64_t end_ms = 0;
		bool found = rw_lease_find_end(&cases[i].line, &now, &end_ms,
			&err);

		if (cases[i].ends_in_ms == -1)
			ok(!found && err.kind == RW_LOCKED && err.retryable,
				"%s: %s", cases[i].name, err.message);
		else
			is_int(end_ms - NOW_MS, cases[i].ends_in_ms, "%s",
				cases[i].name);
	}
}

/* No mail begins that would have to be aborted at once. */
static void
test_together(void)
{
	int64_t dot_s, until;

	for (dot_s = 1; dot_s <= 3600; dot_s += 7) {
		for (until = NOW_MS; !rw_lease_allows(until, NOW_MS,
		    dot_s * 1000, NULL); until += 1000)
			;
		if (rw_lease_end_by_ms(until, dot_s * 1000) < NOW_MS)
			break;
	}
	ok(dot_s > 3600, "what may begin may also end, at once at least");
}

int
main(void)
{
	test_allows();
	test_end_by();
	test_find_end();
	test_together();
	return done();
}
