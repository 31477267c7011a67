#include <stdlib.h>

#include "base/buf.h"
#include "wire/pg_target.h"
#include "tap.h"

static const struct {
	const char *url;
	const char *expected;	/* KEYWORD=VALUE ...; NULL: refused */
} cases[] = {
	{"postgresql://h", "host=h"},
	{"postgres://h/", "host=h"},
	{"postgresql://", ""},
	{"postgresql:///db", "dbname=db"},
	{"postgresql://u:p@h:5433/db",
		"user=u password=p host=h port=5433 dbname=db"},
	{"postgresql+asyncpg://u:p@h/db",
		"user=u password=p host=h dbname=db"},
	{"postgres+psycopg2://u@h/db", "user=u host=h dbname=db"},
	{"postgresql://u:@h/db", "user=u password= host=h dbname=db"},
	{"postgresql://:p@h/db", "password=p host=h dbname=db"},
	{"postgresql://a%40b:c%2Fd%3a%25%23@h/d%20b",
		"user=a@b password=c/d:%# host=h dbname=d b"},
	{"postgresql://u:p%3Aq@h/db", "user=u password=p:q host=h dbname=db"},
	{"postgresql://[::1]:5433/db", "host=::1 port=5433 dbname=db"},
	{"postgresql://[2001:db8::1]/db", "host=2001:db8::1 dbname=db"},
	{"postgresql://a:1,b:2/db", "host=a,b port=1,2 dbname=db"},
	{"postgresql://a,b:2/db", "host=a,b port=,2 dbname=db"},
	{"postgresql://a,b/db", "host=a,b dbname=db"},
	{"postgresql:///db?host=/var/run/postgresql&user=u",
		"dbname=db host=/var/run/postgresql user=u"},
	{"postgresql://%2Fvar%2Frun/db", "host=/var/run dbname=db"},
	{"postgresql://h/db?sslmode=require&connect_timeout=5",
		"host=h dbname=db sslmode=require connect_timeout=5"},
	{"postgresql://h/db?", "host=h dbname=db"},
	{"postgresql://h?sslmode=require", "host=h sslmode=require"},
	{"postgresql+asyncpg://h/db?ssl=require",
		"host=h dbname=db sslmode=require"},
	{"postgresql+asyncpg://h/db?ssl=verify-full&x=1",
		"host=h dbname=db sslmode=verify-full x=1"},
	{"postgresql://h/db?ssl=true", "host=h dbname=db sslmode=verify-full"},
	{"postgresql://h/db?ssl=0", "host=h dbname=db sslmode=disable"},
	{"postgresql://h/db?sslmode=a&sslmode=b", "host=h dbname=db sslmode=b"},
	{"postgresql://h/db?options=-c%20search_path%3Dpnl",
		"host=h dbname=db options=-c search_path=pnl"},

	{"", NULL},
	{"h", NULL},
	{"mysql://h", NULL},
	{"sqlite+aiosqlite:///x", NULL},
	{"postgresqlx://h", NULL},
	{"postgresql:/h", NULL},
	{"postgresql+://:@", "password="},
	{" postgresql://h", NULL},
	{"host=h password=SECRET", NULL},
	{"postgresql://u:SECRET@x@h/db", NULL},
	{"postgresql://u:SEC:RET@h/db", NULL},
	{"postgresql://u:SEC/RET@h/db", NULL},
	{"postgresql://u:SEC?RET@h/db", NULL},
	{"postgresql://u:SEC#RET@h/db", NULL},
	{"postgresql://u:SECRET#@h/db", NULL},
	{"postgresql://u:SECRET%@h/db", NULL},
	{"postgresql://u:SECRET%4@h/db", NULL},
	{"postgresql://u:SECRET%zz@h/db", NULL},
	{"postgresql://u:SECRET%00@h/db", NULL},
	{"postgresql://u:SEC RET@h/db", NULL},
	{"postgresql://u:SECRET\n@h/db", NULL},
	{"postgresql://u:SECRET", NULL},
	{"postgresql://u:SECRET/db", NULL},
	{"postgresql://u:9SECRET?x=y", NULL},
	{"postgresql://h:SECRET/db", NULL},
	{"postgresql://u:p@h:123456/db", NULL},
	{"postgresql://u:p@[::1/db", NULL},
	{"postgresql://u:p@[::1]x/db", NULL},
	{"postgresql://u:p@h/db?password=SEC@RET", NULL},
	{"postgresql://u:p@h/db?SECRET", NULL},
	{"postgresql://u:p@h/db?=SECRET", NULL},
	{"postgresql://u:p@h/db?a&password=SECRET", NULL},
};

static void
try_url(const char *url, const char *expected)
{
	struct rw_pg_target target = {.variable = "PNL_DATABASE_URL"};
	struct rw_buf got = {0};
	struct rw_err err = {0};
	size_t i;

	if (!rw_pg_target_read(&target, url, &err)) {
		ok(expected == NULL && err.kind == RW_CONFIG,
			"refused: %s", url[0] == '\0' || strchr(url, '\n') !=
			NULL ? "odd" : url);
		ok(strstr(err.message, "SEC") == NULL &&
			strstr(err.message, "RET") == NULL &&
			strstr(err.message, "PNL_DATABASE_URL") != NULL &&
			strstr(err.message, "expected ") != NULL,
			"the message has no part of it, and says what is "
			"expected");
		rw_pg_target_free(&target);
		return;
	}
	for (i = 0; i < target.count; i++)
		rw_buf_addf(&got, "%s%s=%s", i > 0 ? " " : "",
			target.keywords[i], target.values[i]);
	is(rw_buf_text(&got), expected, "%s", url);
	rw_buf_free(&got);
	rw_pg_target_free(&target);
}

static const struct {
	const char *hosts;
	bool is_local;
} hosts[] = {
	{NULL, true}, {"", true}, {"/var/run/postgresql", true},
	{"@abstract", true}, {"localhost", true}, {"LOCALHOST", true},
	{"127.0.0.1", true}, {"127.1.2.3", true}, {"::1", true},
	{"localhost,127.0.0.1", true}, {"localhost,db1", false},
	{"db1", false}, {"127.example.com", false}, {"127.", false},
	{"127.0.0.1.example.com", false}, {"localhost.example.com", false},
	{"::2", false}, {"10.0.0.1", false}, {",db1", false},
};

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		try_url(cases[i].url, cases[i].expected);
	for (i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		ok(rw_pg_is_local(hosts[i].hosts) == hosts[i].is_local,
			"%s is %slocal", hosts[i].hosts != NULL ?
			hosts[i].hosts : "no host",
			hosts[i].is_local ? "" : "not ");
	return done();
}
