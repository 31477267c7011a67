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

static bool
is_complete(const char *text, size_t len, const struct rw_lifecycle *rules)
{
	struct rw_lifecycle_state state;
	struct rw_err err = {0};

	ok(rw_lifecycle_read(text, len, rules, &state, &err), "%s", "read");
	return rw_lifecycle_is_complete(&state);
}

/* Reading must say whether rules lack something, and what is written must lack
 * nothing. */
static void
check(const char *name, const char *rules, bool expected)
{
	char *text = rules == NULL ? NULL : document(rules);
	size_t len = text == NULL ? 0 : strlen(text);
	struct rw_buf out = {0};
	struct rw_err err = {0};

	is_int(is_complete(text, len, &wanted), !expected, "%s", name);
	ok(rw_lifecycle_write(text, len, &wanted, &out, &err), "written");
	ok(is_complete(out.data, out.len, &wanted), "and lacks nothing then");
	ok(strstr(out.data, "<ID>report-worker-reports</ID>") ==
		strstr(out.data, "<ID>report-worker-reports"), "ours once");
	rw_buf_free(&out);
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

	sprintf(both, "%s%s", foreign, ours);
	check("foreign and ours", both, false);
	text = document(both);
	ok(!is_complete(text, strlen(text), &shorter) &&
		rw_lifecycle_write(text, strlen(text), &shorter, &out, &err),
		"ours with other days");
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
	struct rw_lifecycle_state state;
	struct rw_buf out = {0};
	struct rw_err err;
	unsigned days;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		err = (struct rw_err){0};
		ok(!rw_lifecycle_read(cases[i], strlen(cases[i]), &wanted,
			&state, &err), "\"%s\" is refused", cases[i]);
		is_int(err.kind, RW_REFUSED, "as RW_REFUSED");
		ok(!rw_lifecycle_write(cases[i], strlen(cases[i]), &wanted,
			&out, &err), "and nothing is written");
		is_int(rw_lifecycle_fate(cases[i], strlen(cases[i]), &days),
			RW_FATE_UNKNOWN, "and what it does is not known");
	}
	rw_buf_free(&out);
}

/* What a store may not take, and the form of the first version. */
static void
test_less(void)
{
	struct rw_lifecycle less = {.days = 180};
	struct rw_lifecycle_state state;
	struct rw_err err = {0};
	unsigned bits, form;

	for (bits = 0; bits <= RW_RULES_ALL; bits++)
		for (form = 0; form < 2; form++) {
			struct rw_buf out = {0};

			less.lacks = bits;
			less.is_v1 = form == 1;
			ok(rw_lifecycle_write(NULL, 0, &less, &out, &err) &&
				rw_lifecycle_read(out.data, out.len, &less,
				&state, &err), "less %u, form %u", bits, form);
			is_int(state.lacks, bits, "what is missing");
			ok(state.deletes_reports && !state.is_wrong,
				"reports are deleted");
			is_int(rw_lifecycle_is_complete(&state),
				(bits & ~(unsigned)RW_RULES_PARTS) == 0,
				"complete");
			is_int(strstr(out.data, "<Filter>") == NULL, form == 1,
				"the form");
			rw_buf_free(&out);
		}
}

static void
test_forms(void)
{
	static const char v1[] = "<Rule><ID>a</ID><Prefix>a/</Prefix><Status>"
		"Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>";
	static const struct {
		const char *more;
		size_t others;
		bool v1;
	} cases[] = {{"", 1, true}, {foreign, 2, false},
		{"<Rule><ID/><Filter/></Rule>", 2, false}};
	struct rw_lifecycle_state state;
	struct rw_err err = {0};
	char both[2048], *text;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		sprintf(both, "%s%s%s", v1, ours, cases[i].more);
		text = document(both);
		ok(rw_lifecycle_read(text, strlen(text), &wanted, &state,
			&err), "form %zu", i);
		is_int((int64_t)state.others, (int64_t)cases[i].others,
			"rules of others");
		is_int(state.others_are_v1, cases[i].v1, "all of V1");
		free(text);
	}
}

#define ABOUT(filter, what) "<Rule><ID>x</ID>" filter "<Status>Enabled" \
	"</Status>" what "</Rule>"
#define DAYS(n) "<Expiration><Days>" #n "</Days></Expiration>"

static void
test_fate(void)
{
	static const struct {
		const char *rules;	/* NULL: no document */
		enum rw_lifecycle_fate fate;
		unsigned days;
	} cases[] = {
		{NULL, RW_FATE_KEPT, 0},
		{"", RW_FATE_KEPT, 0},
		{ours, RW_FATE_DELETED, 180},
		{foreign, RW_FATE_KEPT, 0},
		{ABOUT("<Prefix>reports/</Prefix>", DAYS(7)),
			RW_FATE_DELETED, 7},
		{ABOUT("<Prefix/>", DAYS(7)), RW_FATE_DELETED, 7},
		{ABOUT("<Filter/>", DAYS(7)), RW_FATE_DELETED, 7},
		{ABOUT("<Filter><Prefix>rep</Prefix></Filter>", DAYS(7)),
			RW_FATE_DELETED, 7},
		{ABOUT("<Filter><And><Prefix>rep</Prefix>"
			"<ObjectSizeGreaterThan>0</ObjectSizeGreaterThan>"
			"</And></Filter>", DAYS(7)), RW_FATE_UNKNOWN, 0},
		{ABOUT("<Filter><Prefix>reports/2025</Prefix></Filter>",
			DAYS(7)), RW_FATE_UNKNOWN, 0},
		{ABOUT("<Filter><Prefix>other/</Prefix></Filter>", DAYS(7)),
			RW_FATE_KEPT, 0},
		{ABOUT("<Filter><Tag><Key>k</Key></Tag></Filter>", DAYS(7)),
			RW_FATE_KEPT, 0},
		{ABOUT("<Filter/>", "<Expiration><Date>2030-01-01T00:00:00Z"
			"</Date></Expiration>"), RW_FATE_DELETED, 0},
		{ABOUT("<Filter/>", "<Expiration><ExpiredObjectDeleteMarker>"
			"true</ExpiredObjectDeleteMarker></Expiration>"),
			RW_FATE_KEPT, 0},
		{ABOUT("<Filter/>", "<AbortIncompleteMultipartUpload>"
			"<DaysAfterInitiation>1</DaysAfterInitiation>"
			"</AbortIncompleteMultipartUpload>"), RW_FATE_KEPT, 0},
		{ABOUT("<Prefix/>", DAYS(70)) ABOUT("<Prefix/>", DAYS(9))
			ABOUT("<Prefix/>", DAYS(80)), RW_FATE_DELETED, 9},
	};
	unsigned days;
	char *text;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		text = cases[i].rules == NULL ? NULL : document(cases[i].rules);
		is_int(rw_lifecycle_fate(text, text == NULL ? 0 : strlen(text),
			&days), cases[i].fate, "fate %zu", i);
		is_int(days, cases[i].fate == RW_FATE_DELETED ? cases[i].days :
			days, "days");
		free(text);
	}
}

/* A store that keeps no ids: ours are known by what they do. */
static void
test_without_ids(void)
{
	char *rules = edit("<ID>report-worker-reports</ID>", ""), *text, *at;

	at = strstr(rules, "<ID>report-worker-markers</ID>");
	memmove(at + 5, at + 30, strlen(at + 30) + 1);
	memcpy(at, "<ID/>", 5);
	text = document(rules);
	ok(is_complete(text, strlen(text), &wanted), "ours without ids");
	free(text);
	free(rules);
}

int
main(void)
{
	test_ours();
	test_foreign();
	test_less();
	test_forms();
	test_fate();
	test_without_ids();
	test_bad();
	return done();
}
