#include "wire/dotenv.h"

#include <stdlib.h>

#include "tap.h"
#include "wire/settings.h"

#define NAME "expected NAME=value"
#define OPEN "a quote is not closed"
#define AFTER "something follows the closing quote"

/* One statement; tests/env.bats compares many more with python-dotenv. */
static const struct {
	const char *text;
	const char *name, *value;	/* NULL: nothing is set */
	const char *wrong;		/* NULL: nothing is */
} cases[] = {
	{"", NULL, NULL, NULL},
	{" \t\n\f\n", NULL, NULL, NULL},
	{"  # A=1", NULL, NULL, NULL},
	{"# x\n\n#y\nA=1", "A", "1", NULL},
	{"\357\273\277A=1\r\nB=2", "A", "1", NULL},
	{"A=1", "A", "1", NULL},
	{"A=1\rB=2", "A", "1", NULL},
	{"A=", "A", "", NULL},
	{"A=\nB=1", "A", "", NULL},
	{"  A_1 \t= 1 \t", "A_1", "1", NULL},
	{"A\302\240=\302\2401\302\240\342\200\203", "A", "1", NULL},
	{"export A=1", "A", "1", NULL},
	{"export\tA=1", "A", "1", NULL},
	{"export # c\nA=1", "A", "1", NULL},
	{"EXPORT=1", "EXPORT", "1", NULL},
	{"export=1", "export", "1", NULL},
	{"https_proxy=http://h:1", "https_proxy", "http://h:1", NULL},
	{"Ab.c-1=1", "Ab.c-1", "1", NULL},
	{"1A=1", "1A", "1", NULL},
	{"$(A)=1", "$(A)", "1", NULL},
	{"'A B'=1", "A B", "1", NULL},
	/* a name alone */
	{"A", "A", NULL, NULL},
	{"export A # c", "A", NULL, NULL},
	{"A#c", "A", NULL, NULL},
	{"export", "export", NULL, NULL},
	/* without quotes */
	{"A=b c  d", "A", "b c  d", NULL},
	{"A=b  # c", "A", "b", NULL},
	{"A=b\t#c", "A", "b", NULL},
	{"A=b#c", "A", "b#c", NULL},
	{"A=b#c #d", "A", "b#c", NULL},
	{"A=#b", "A", "#b", NULL},
	{"A= # b", "A", "", NULL},
	{"A= #b\nB=1", "A", "", NULL},
	{"A=it's", "A", "it's", NULL},
	{"A=b\"c\"", "A", "b\"c\"", NULL},
	{"A=$B `c` $(d) \\n", "A", "$B `c` $(d) \\n", NULL},
	{"A=b=c", "A", "b=c", NULL},
	/* with quotes */
	{"A=''", "A", "", NULL},
	{"A='b # c' # d", "A", "b # c", NULL},
	{"A='b \\n \"c\"'", "A", "b \\n \"c\"", NULL},
	{"A='b\\'c\\\\'", "A", "b'c\\", NULL},
	{"A=\"\"", "A", "", NULL},
	{"A=\"b\"#c", "A", "b", NULL},
	{"A=\"b \\\"c\\\" \\\\ \\$D\"", "A", "b \"c\" \\ \\$D", NULL},
	{"A=\"b\\nc\\td\\a\\q\"", "A", "b\nc\td\a\\q", NULL},
	{"A=\"'\"", "A", "'", NULL},
	{"A='b\n#c\nd' # e\nB=1", "A", "b\n#c\nd", NULL},
	{"A=\"b\r\nc\\\nd\"", "A", "b\nc\\\nd", NULL},
	/* wrong */
	{"A B=1", NULL, NULL, NAME},
	{"=1", NULL, NULL, NAME},
	{"export =1", NULL, NULL, NAME},
	{"export \nA=1", NULL, NULL, NAME},
	{"''=1", NULL, NULL, NAME},
	{"'A=1", NULL, NULL, NAME},
	{"A='b", NULL, NULL, OPEN},
	{"A=\"b'", NULL, NULL, OPEN},
	{"A=\"b\\\"", NULL, NULL, OPEN},
	{"A=\"b\\", NULL, NULL, OPEN},
	{"A='b'c", NULL, NULL, AFTER},
	{"A=\"b\" \"c\"", NULL, NULL, AFTER},
};

/* B is "b", E is "", and other names are not set. */
static const struct {
	const char *value, *expanded;
} references[] = {
	{"${B}", "b"},
	{"a${B}c${B}", "abcb"},
	{"$B ${} ${ B} $${B}", "$B   $b"},
	{"${X}|${E}|${X:-d}|${E:-d}|${B:-d}|${X:-}", "||d||b|"},
	{"${X:-a:-b}${X:-${B}}", "a:-b${B}"},
	{"${X:d} ${B ${X:-", "${X:d} ${B ${X:-"},
	{"${X${B}|${B:${B}", "|${B:b"},
	{"${", "${"},
};

static const char *
value_of(const void *context, const char *name, size_t len)
{
	(void)context;
	return len != 1 ? NULL : *name == 'B' ? "b" : *name == 'E' ? "" : NULL;
}

static void
test_references(void)
{
	size_t i;

	for (i = 0; i < sizeof references / sizeof *references; i++) {
		struct rw_buf out = {0};

		rw_dotenv_expand(&out, references[i].value, value_of, NULL);
		is(rw_buf_text(&out), references[i].expanded, "%s",
			references[i].value);
		rw_buf_free(&out);
	}
}

static void
test_lines(void)
{
	static const unsigned lines[] = {2, 3, 7, 9};
	char text[] = "\nA=1\nB='2\n\n'\n# c\n\tC # d\n\nD=\"x";
	struct rw_dotenv_reader reader;
	struct rw_setting setting;
	struct rw_err err = {0};
	size_t i;

	rw_dotenv_begin(&reader, text);
	for (i = 0; i < 4; i++) {
		ok(rw_dotenv_next(&reader, &setting, &err) == (i < 3),
			"statement %zu", i);
		is_int(setting.line, lines[i], "begins in this line");
	}
}

static const struct {
	const char *name;
	enum rw_setting_kind kind;
} names[] = {
	{"MINIO_SECRET_KEY", RW_SETTING_OURS},
	{"MINIO_SECRET_KEY_FILE", RW_SETTING_OURS},
	{"RW_LEDGER", RW_SETTING_OURS},
	{"PGSSLMODE", RW_SETTING_OURS},
	{"https_proxy", RW_SETTING_OURS},
	{"TZ", RW_SETTING_OURS},
	{"TZ_FILE", RW_SETTING_OTHER},
	{"TZD", RW_SETTING_OTHER},
	{"MINIO_SECRET", RW_SETTING_OTHER},
	{"MINIO_SECRET_KEY_", RW_SETTING_OTHER},
	{"minio_secret_key", RW_SETTING_OTHER},
	{"PG", RW_SETTING_OTHER},
	{"RW_RUN_ID", RW_SETTING_OTHER},
	{"RW_ENV_FILE", RW_SETTING_OTHER},
	{"RW_FAULT", RW_SETTING_OTHER},
	{"RW_TEST_CLOCK", RW_SETTING_OTHER},
	{"JWT_SECRET", RW_SETTING_OTHER},
	{"_FILE", RW_SETTING_OTHER},
	{"", RW_SETTING_OTHER},
	{"PATH", RW_SETTING_CODE},
	{"IFS", RW_SETTING_CODE},
	{"ENV", RW_SETTING_CODE},
	{"LD_PRELOAD", RW_SETTING_CODE},
	{"LD_AUDIT", RW_SETTING_CODE},
	{"GCONV_PATH", RW_SETTING_CODE},
	{"OPENSSL_CONF", RW_SETTING_CODE},
	{"OPENSSL_MODULES", RW_SETTING_CODE},
	{"OPENSSL_ENGINES", RW_SETTING_CODE},
	{"BASH_ENV", RW_SETTING_CODE},
	{"BASH_FUNC_printf%%", RW_SETTING_CODE},
	{"PYTHONPATH", RW_SETTING_CODE},
	{"PERL5LIB", RW_SETTING_CODE},
	{"SASL_PATH", RW_SETTING_CODE},
	{"NODE_OPTIONS", RW_SETTING_CODE},
	{"SHELLOPTS", RW_SETTING_CODE},
	{"GLIBC_TUNABLES", RW_SETTING_CODE},
	{"RW_BUILD", RW_SETTING_CODE},
};

static void
test_names(void)
{
	struct rw_err err;
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		enum rw_setting_kind kind = names[i].kind;
		bool passes = names[i].name[0] != '\0' &&
			kind != RW_SETTING_CODE;

		is_int(rw_setting_kind(names[i].name), kind, "the kind of %s",
			names[i].name);
		ok(rw_dotenv_check_pass(names[i].name, &err) == passes,
			"--pass %s", names[i].name);
		ok(passes || err.kind == RW_USAGE, "is wrong usage");
	}
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text = strdup(cases[i].text);
		struct rw_dotenv_reader reader;
		struct rw_setting setting;
		struct rw_err err = {0};
		bool good;

		rw_dotenv_begin(&reader, text);
		good = rw_dotenv_next(&reader, &setting, &err);
		is(good ? NULL : err.message, cases[i].wrong, "%s",
			cases[i].text);
		if (good) {
			is(setting.name, cases[i].name, "its name");
			is(setting.value, cases[i].value, "its value");
		} else {
			is_int(err.kind, RW_CONFIG, "is a wrong setting");
		}
		free(text);
	}
	test_references();
	test_lines();
	test_names();
	return done();
}
