#include "mail/pace.h"

#include <stdlib.h>

#include "tap.h"

#define MS INT64_C(1000)

static const struct {
	const char *text;
	int64_t interval_us;	/* of gmail.com; -1: refused */
} settings[] = {
	{"gmail.com=5/s", 200000},
	{"GMail.com=60/m", 1000000},
	{"gmail.com=3600/h,", 1000000},
	{"a.example=1/s, gmail.com=10/s b.example=1/h", 100000},
	{"", 0},
	{"gmail.com", -1},
	{"gmail.com=", -1},
	{"gmail.com=5", -1},
	{"gmail.com=5/d", -1},
	{"gmail.com=0/s", -1},
	{"gmail.com=-5/s", -1},
	{"gmail.com=5.5/s", -1},
	{"gmail.com=5/ss", -1},
	{"gmail.com=1000001/s", -1},
	{"=5/s", -1},
	{"gmail..com=5/s", -1},
	{"a@gmail.com=5/s", -1},
	{"gmail.com=5/s,GMAIL.COM=6/s", -1},
	{"gmail.com=5/s;other.example=6/s", -1},
};

static void
test_settings(void)
{
	const struct rw_err none = {.kind = RW_OK};
	int64_t next_us;
	size_t i;

	for (i = 0; i < sizeof settings / sizeof settings[0]; i++) {
		struct rw_pace pace = {0};
		struct rw_err err = none;
		bool good = rw_pace_parse(&pace, settings[i].text, &err);

		ok(good == (settings[i].interval_us >= 0), "\"%s\"",
			settings[i].text);
		ok(good || (err.kind == RW_CONFIG &&
			strstr(err.message, "RW_RATE_DOMAINS") != NULL),
			"%s", good ? "no error" : err.message);
		rw_pace_start(&pace, "anna@gmail.COM", 5000);
		next_us = 5000;
		if (good)
			ok(rw_pace_allows(&pace, "bert@gmail.com", 5000,
				&next_us) == (settings[i].interval_us == 0) &&
				next_us == 5000 + settings[i].interval_us,
				"the next one starts in time");
		ok(rw_pace_allows(&pace, "anna@example.com", 5000, &next_us),
			"others may start");
		rw_pace_free(&pace);
	}
}

static const char slow[] = "anna@slow.example", other[] = "x@other.example";

static int64_t
wait_of(const struct rw_pace *pace, int64_t now_us)
{
	int64_t next_us = now_us;

	rw_pace_allows(pace, slow, now_us, &next_us);
	return (next_us - now_us) / MS;
}

static void
test_answers(void)
{
	static const int64_t waits_ms[] = {1000, 2000, 4000, 8000, 16000};
	struct rw_err answer, why, err;
	struct rw_pace pace = {0};
	int64_t now = 1, next_us;
	size_t i;

	rw_fail(&answer, RW_REFUSED, "the server answered to RCPT: 450 later");
	ok(rw_pace_parse(&pace, NULL, &err), "no setting");
	for (i = 0; i < 5; i++) {
		rw_pace_defer(&pace, slow, now, &answer);
		rw_pace_defer(&pace, slow, now, &answer);
		ok(wait_of(&pace, now) == waits_ms[i], "wait %zu: %lld ms", i,
			(long long)wait_of(&pace, now));
		ok(rw_pace_allows(&pace, other, now, &next_us), "others go on");
		now += waits_ms[i] * MS;
		ok(wait_of(&pace, now) == 0, "then it may start");
		ok(rw_pace_is_open(&pace, slow, &why), "and is not given up");
	}
	rw_pace_defer(&pace, slow, now, &answer);
	ok(!rw_pace_is_open(&pace, slow, &why) && why.kind == RW_REFUSED &&
		why.retryable, "given up: %s", why.message);
	ok(wait_of(&pace, now) == 0, "without a wait");
	ok(rw_pace_is_open(&pace, other, &why), "others are not");
	rw_pace_free(&pace);
}

static void
test_recovery(void)
{
	struct rw_pace pace = {0};
	struct rw_err answer;
	int64_t now = 1, waits = 0;
	size_t i;

	rw_fail(&answer, RW_REFUSED, "the server answered to RCPT: 450 later");
	rw_pace_defer(&pace, slow, now, &answer);
	now += wait_of(&pace, now) * MS;
	for (i = 0; i < 10; i++) {
		rw_pace_start(&pace, slow, now);
		rw_pace_accept(&pace, slow);
		waits += wait_of(&pace, now);
		now += wait_of(&pace, now) * MS;
	}
	ok(wait_of(&pace, now) == 0 && waits >= 1000 && waits < 3000,
		"accepted mails end the waits (%lld ms)", (long long)waits);
	for (i = 0; i < 20; i++) {
		rw_pace_defer(&pace, slow, now, &answer);
		now += wait_of(&pace, now) * MS;
		rw_pace_accept(&pace, slow);
	}
	ok(rw_pace_is_open(&pace, slow, &answer),
		"a limit that is kept is no reason to give up");
	rw_pace_free(&pace);
}

int
main(void)
{
	test_settings();
	test_answers();
	test_recovery();
	return done();
}
