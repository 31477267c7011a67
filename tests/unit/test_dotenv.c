#include "wire/dotenv.h"

#include <stdlib.h>

#include "tap.h"

#define NAME "expected NAME=value, with NAME in capitals"
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
	{"a=1", NULL, NULL, NAME},
	{"Ab=1", NULL, NULL, NAME},
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
	{"PATH=/x", NULL, NULL, "PATH cannot be set here"},
	{"IFS=x", NULL, NULL, "IFS cannot be set here"},
	{"export ENV=x", NULL, NULL, "ENV cannot be set here"},
	{"LD_PRELOAD=x", NULL, NULL, "LD_PRELOAD cannot be set here"},
};

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
	return done();
}
