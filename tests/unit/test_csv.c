#include "wire/csv.h"
#include "tap.h"

static const struct {
	const char *text;
	char delimiter;
	const char *expected;	/* [FIELD] or <null> each; NULL: refused */
} cases[] = {
	{"a,b,c", ',', "[a][b][c]"},
	{"", ',', "<null>"},
	{",", ',', "<null><null>"},
	{"a,,c", ',', "[a]<null>[c]"},
	{"a,\"\",c", ',', "[a][][c]"},
	{"\"a,b\",c", ',', "[a,b][c]"},
	{"\"a\"\"b\",\"\"\"\"", ',', "[a\"b][\"]"},
	{"a;b,c", ';', "[a][b,c]"},
	{"a\tb", '\t', "[a][b]"},
	{"a\"b,c", ',', "[a\"b][c]"},
	{" a , b ", ',', "[ a ][ b ]"},
	{"\"a\nb\",c", ',', "[a\nb][c]"},
	{"\"a\"b,c", ',', NULL},
	{"\"a,c", ',', NULL},
	{"\"a\"\"", ',', NULL},
	{"\"", ',', NULL},
};

static const struct {
	const char *text;
	bool is_open;
} open_cases[] = {
	{"a,b", false}, {"a,\"b", true}, {"a,\"b\"", false},
	{"\"a", true}, {"\"a\"\"", true}, {"\"a\"\"\"", false},
	{"a\"b,c", false}, {"\"a,b", true}, {"\"\"", false}, {"x\"\"", false},
	{"x\"\",\"", true}, {"\"", true},
};

int
main(void)
{
	char text[64], got[128], long_one[RW_CSV_FIELDS + 1];
	struct rw_csv csv;
	size_t i, k;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool good;

		strcpy(text, cases[i].text);
		good = rw_csv_split(&csv, text, cases[i].delimiter);
		got[0] = '\0';
		for (k = 0; good && k < csv.count; k++)
			snprintf(got + strlen(got), sizeof got - strlen(got),
				csv.fields[k] != NULL ? "[%s]" : "<null>",
				csv.fields[k]);
		is(good ? got : NULL, cases[i].expected, "record %zu", i + 1);
	}
	for (i = 0; i < sizeof open_cases / sizeof open_cases[0]; i++)
		ok(rw_csv_is_open(open_cases[i].text,
			strlen(open_cases[i].text), ',') ==
			open_cases[i].is_open, "open %zu", i + 1);
	memset(long_one, ',', RW_CSV_FIELDS);
	long_one[RW_CSV_FIELDS - 1] = '\0';
	ok(rw_csv_split(&csv, long_one, ',') && csv.count == RW_CSV_FIELDS,
		"as many fields as there is room for");
	memset(long_one, ',', RW_CSV_FIELDS);
	long_one[RW_CSV_FIELDS] = '\0';
	ok(!rw_csv_split(&csv, long_one, ','), "one more");
	return done();
}
