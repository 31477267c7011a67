#include "store/lifecycle.h"

#include <stdlib.h>

#include "tap.h"

static const struct rw_lifecycle wanted = {.days = 180};

static const char ours[] =
	"<Rule><ID>report-worker-reports</ID><Filter><Prefix>reports/</Prefix>"
	"</Filter><Status>Enabled</Status><Expiration><Days>180</Days>"
	"</Expiration><NoncurrentVersionExpiration><NoncurrentDays>180"
	"</NoncurrentDays></NoncurrentVersionExpiration>"
	"<AbortIncompleteMultipartUpload><DaysAfterInitiation>1"
	"</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>"
	"<Rule><ID>report-worker-markers</ID><Filter><Prefix>reports/</Prefix>"
	"</Filter><Status>Enabled</Status><Expiration>"
	"<ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>"
	"</Expiration></Rule>";
static const char foreign[] =
	"<Rule><ID>o &amp; co</ID><Filter><And><Prefix>logs/</Prefix><Tag>"
	"<Key>k</Key><Value>v</Value></Tag></And></Filter><Status>Disabled"
	"</Status><Transition><Days>30</Days><StorageClass>COLD</StorageClass>"
	"</Transition></Rule>";

/* What ours is with one text for another. */
static char *
edit(const char *from, const char *to)
{
	const char *at = strstr(ours, from);
	char *out = malloc(sizeof ours + strlen(to) + 1);

	sprintf(out, "%.*s%s%s", (int)(at - ours), ours, to,
		at + strlen(from));
	return out;
}

static char *
document(const char *rules)
{
	static const char form[] = "<?xml version=\"1.0\"?>"
		"<LifecycleConfiguration xmlns=\"http://s3.amazonaws.com/doc/"
		"2006-03-01/\">%s</LifecycleConfiguration>";
	char *out = malloc(sizeof form + strlen(rules));

	sprintf(out, form, rules);
	return out;
}

/* Merging must say whether rules lack something, and what comes out must lack
 * nothing. */
static void
check(const char *name, const char *rules, bool expected)
{
	char *text = rules == NULL ? NULL : document(rules);
	struct rw_buf out = {0}, again = {0};
	struct rw_err err = {0};
	bool changed = !expected;

	ok(rw_lifecycle_merge(text, text == NULL ? 0 : strlen(text), &wanted,
		&out, &changed, &err), "%s", name);
	is_int(changed, expected, "%s", expected ? "is changed" :
		"stays as it is");
	if (!expected) {
		is_int((int64_t)out.len, 0, "and nothing is to be written");
	} else {
		ok(rw_lifecycle_merge(out.data, out.len, &wanted, &again,
			&changed, &err), "read again");
		ok(!changed, "and lacks nothing then");
		ok(strstr(out.data, "<ID>report-worker-reports</ID>") ==
			strstr(out.data, "<ID>report-worker-reports"),
			"ours once");
	}
	rw_buf_free(&out);
	rw_buf_free(&again);
	free(text);
}

static void
test_ours(void)
{
	static const struct {
		const char *name, *from, *to;
		bool changed;
	} cases[] = {
		{"other days", "<Days>180<", "<Days>90<", true},
		{"other days of versions", "<NoncurrentDays>180",
			"<NoncurrentDays>1", true},
		{"switched off", "<Status>Enabled", "<Status>Disabled", true},
		{"another prefix", "<Prefix>reports/", "<Prefix>", true},
		{"an old form of prefix", "<Filter><Prefix>reports/</Prefix>"
			"</Filter>", "<Prefix>reports/</Prefix>", false},
		{"limited to a tag", "<Filter>", "<Filter><Tag><Key>a</Key>"
			"<Value>b</Value></Tag>", true},
		{"no markers", "<ExpiredObjectDeleteMarker>true",
			"<ExpiredObjectDeleteMarker>false", true},
		{"another id", "<ID>report-worker-markers",
			"<ID>report-worker-marker", true},
		{"another time for parts", "<DaysAfterInitiation>1",
			"<DaysAfterInitiation>7", true},
		{"the rule for parts dropped by the store",
			"<AbortIncompleteMultipartUpload><DaysAfterInitiation>"
			"1</DaysAfterInitiation>"
			"</AbortIncompleteMultipartUpload>", "", false},
	};
	char *rules;
	size_t i;

	check("no rules", NULL, true);
	check("an empty document", "", true);
	check("ours alone", ours, false);
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		rules = edit(cases[i].from, cases[i].to);
		check(cases[i].name, rules, cases[i].changed);
		free(rules);
	}
}

static void
test_foreign(void)
{
	struct rw_lifecycle shorter = {.days = 7};
	struct rw_buf out = {0};
	struct rw_err err = {0};
	char *both = malloc(sizeof ours + sizeof foreign), *text;
	bool changed;

	sprintf(both, "%s%s", foreign, ours);
	check("foreign and ours", both, false);
	text = document(both);
	ok(rw_lifecycle_merge(text, strlen(text), &shorter, &out, &changed,
		&err) && changed, "ours with other days");
	ok(strstr(rw_buf_text(&out), foreign) != NULL,
		"the foreign rule is the same byte for byte");
	ok(strstr(rw_buf_text(&out), "180") == NULL, "ours is replaced");
	ok(strstr(rw_buf_text(&out), "<Days>7<") != NULL, "by the new one");
	rw_buf_free(&out);
	free(text);
	free(both);
}

static void
test_bad(void)
{
	static const char *const cases[] = {"", "no XML", "<a/>", "<Rule/>",
		"<LifecycleConfiguration>"};
	struct rw_buf out = {0};
	struct rw_err err;
	bool changed;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		err = (struct rw_err){0};
		ok(!rw_lifecycle_merge(cases[i], strlen(cases[i]), &wanted,
			&out, &changed, &err), "\"%s\" is refused", cases[i]);
		is_int(err.kind, RW_REFUSED, "as RW_REFUSED");
	}
	rw_buf_free(&out);
}

int
main(void)
{
	test_ours();
	test_foreign();
	test_bad();
	return done();
}
