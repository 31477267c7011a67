#include "wire/dotenv.h"

#include <stdlib.h>

#include "tap.h"
#include "wire/settings.h"

#define NAME "expected NAME=value"
#define OPEN "a quote is not closed"
#define AFTER "something follows the closing quote"

static const struct {
	const char *line;
	const char *name, *value;	/* NULL: nothing is set */
	const char *wrong;		/* NULL: nothing is */
} cases[] = {
	{"", NULL, NULL, NULL},
	{" \t", NULL, NULL, NULL},
	{"  # A=1", NULL, NULL, NULL},
	{"A=1", "A", "1", NULL},
	{"A=", "A", "", NULL},
	{"  A_1 \t= 1 \t", "A_1", "1", NULL},
	{"_=x", "_", "x", NULL},
	{"export A=1", "A", "1", NULL},
	{"export\tA=1", "A", "1", NULL},
	{"EXPORT=1", "EXPORT", "1", NULL},
	{"https_proxy=http://h:1", "https_proxy", "http://h:1", NULL},
	{"a=1", "a", "1", NULL},
	{"Ab.c-1=1", "Ab.c-1", "1", NULL},
	/* without quotes */
	{"A=b c  d", "A", "b c  d", NULL},
	{"A=b  # c", "A", "b", NULL},
	{"A=b\t#c", "A", "b", NULL},
	{"A=b#c", "A", "b#c", NULL},
	{"A=b#c #d", "A", "b#c", NULL},
	{"A=#b", "A", "", NULL},
	{"A= # b", "A", "", NULL},
	{"A=it's", "A", "it's", NULL},
	{"A=b\"c\"", "A", "b\"c\"", NULL},
	{"A=$B `c` $(d) \\n", "A", "$B `c` $(d) \\n", NULL},
	{"A=b=c", "A", "b=c", NULL},
	/* with quotes */
	{"A=''", "A", "", NULL},
	{"A='b # c' # d", "A", "b # c", NULL},
	{"A='b \\n \"c\"'", "A", "b \\n \"c\"", NULL},
	{"A=\"\"", "A", "", NULL},
	{"A=\"b\"#c", "A", "b", NULL},
	{"A=\"b \\\"c\\\" \\\\ \\$D\"", "A", "b \"c\" \\ $D", NULL},
	{"A=\"b\\nc\\td\"", "A", "b\nc\td", NULL},
	{"A=\"'\"", "A", "'", NULL},
	/* wrong */
	{"A", NULL, NULL, NAME},
	{"export", NULL, NULL, NAME},
	{"export A", NULL, NULL, NAME},
	{"A B=1", NULL, NULL, NAME},
	{"1A=1", NULL, NULL, NAME},
	{"=1", NULL, NULL, NAME},
	{"_proxy x=1", NULL, NULL, NAME},
	{"$(A)=1", NULL, NULL, NAME},
	{"A='b", NULL, NULL, OPEN},
	{"A=\"b'", NULL, NULL, OPEN},
	{"A=\"b\\\"", NULL, NULL, OPEN},
	{"A=\"b\\", NULL, NULL, OPEN},
	{"A='b'c", NULL, NULL, AFTER},
	{"A=\"b\" \"c\"", NULL, NULL, AFTER},
};

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
		char *line = strdup(cases[i].line);
		struct rw_setting setting;
		struct rw_err err = {0};
		bool good = rw_dotenv_line(line, &setting, &err);

		is(good ? NULL : err.message, cases[i].wrong, "%s",
			cases[i].line);
		if (good) {
			is(setting.name, cases[i].name, "its name");
			is(setting.value, cases[i].value, "its value");
		} else {
			is_int(err.kind, RW_CONFIG, "is a wrong setting");
		}
		free(line);
	}
	test_names();
	return done();
}
