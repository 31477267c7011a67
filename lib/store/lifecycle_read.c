#include "store/lifecycle_priv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "store/lifecycle.h"
#include "wire/xml.h"

/* ---- elements ---------------------------------------------------------- */

static bool
has_text(struct _xmlNode *node, const char *expected)
{
	char *text = rw_xml_text(node);
	bool same = text != NULL && strcmp(text, expected) == 0;

	free(text);
	return same;
}

/* The number in an element of an action: "Expiration", "Days". 0: none. */
static unsigned
days_of(const struct _xmlNode *rule, const char *action, const char *unit)
{
	char *text = rw_xml_text(rw_xml_child(rw_xml_child(rule, action),
		unit));
	uint64_t days = 0;

	if (text == NULL || !rw_text_to_u64(text, 1000000, &days))
		days = 0;
	free(text);
	return (unsigned)days;
}

static bool
is_enabled(const struct _xmlNode *rule)
{
	return has_text(rw_xml_child(rule, "Status"), "Enabled");
}

static bool
deletes_markers(const struct _xmlNode *rule)
{
	return has_text(rw_xml_child(rw_xml_child(rule, "Expiration"),
		"ExpiredObjectDeleteMarker"), "true");
}

/* The prefix of a rule; "" when the rule has none. The caller frees it with
 * free(). */
static char *
prefix_of(const struct _xmlNode *rule)
{
	struct _xmlNode *filter = rw_xml_child(rule, "Filter"), *prefix;
	char *text;

	prefix = rw_xml_child(rw_xml_child(filter, "And"), "Prefix");
	if (prefix == NULL)
		prefix = rw_xml_child(filter, "Prefix");
	/* V1; some stores also return an empty Filter. */
	if (prefix == NULL)
		prefix = rw_xml_child(rule, "Prefix");
	text = rw_xml_text(prefix);
	return text != NULL ? text : strdup("");
}

static bool
has_condition(const struct _xmlNode *rule, const char *name)
{
	struct _xmlNode *filter = rw_xml_child(rule, "Filter");

	return rw_xml_child(filter, name) != NULL ||
		rw_xml_child(rw_xml_child(filter, "And"), name) != NULL;
}

static bool
has_size(const struct _xmlNode *rule)
{
	return has_condition(rule, "ObjectSizeGreaterThan") ||
		has_condition(rule, "ObjectSizeLessThan");
}

/* True when the rule applies to all reports and to nothing else. */
static bool
is_about_reports(const struct _xmlNode *rule)
{
	char *prefix = prefix_of(rule);
	bool yes = prefix != NULL && strcmp(prefix, RW_LIFECYCLE_PREFIX) == 0 &&
		!has_condition(rule, "Tag") && !has_size(rule);

	free(prefix);
	return yes;
}

enum rw_lifecycle_rule
rw_lifecycle_rule_of(const struct _xmlNode *rule)
{
	struct _xmlNode *id = rw_xml_child(rule, "ID");

	if (has_text(id, RW_LIFECYCLE_ID))
		return RW_RULE_REPORTS;
	if (has_text(id, RW_LIFECYCLE_MARKERS_ID))
		return RW_RULE_MARKERS;
	if ((id != NULL && !has_text(id, "")) || !is_about_reports(rule))
		return RW_RULE_OTHER;
	return deletes_markers(rule) ? RW_RULE_MARKERS :
		days_of(rule, "Expiration", "Days") > 0 ? RW_RULE_REPORTS :
		RW_RULE_OTHER;
}

struct _xmlDoc *
rw_lifecycle_open(const char *text, size_t len, struct rw_err *err)
{
	enum rw_xml_fault fault;
	struct _xmlDoc *document = rw_xml_read(text, len, &fault);
	struct _xmlNode *root = rw_xml_root(document);

	if (root != NULL && rw_xml_is(root, "LifecycleConfiguration"))
		return document;
	rw_fail(err, RW_REFUSED, "the store's lifecycle rules cannot be "
		"read: they are %s; expected a LifecycleConfiguration",
		root != NULL ? "a different document" :
		rw_xml_fault_words(fault));
	rw_xml_free(document);
	return NULL;
}

/* ---- ours -------------------------------------------------------------- */

/* Compares the number of an action with the wanted one. If the action is
 * missing, its bit stays set in state->lacks. */
static void
compare_rules(const struct _xmlNode *rule, const char *action, const char *unit,
	unsigned wanted, unsigned bit, struct rw_lifecycle_state *state)
{
	if (rw_xml_child(rule, action) == NULL)
		return;
	if (days_of(rule, action, unit) == wanted)
		state->lacks &= ~bit;
	else
		state->is_wrong = true;
}

static void
look_at(struct _xmlNode *rule, const struct rw_lifecycle *wanted,
	struct rw_lifecycle_state *state, size_t *v1)
{
	enum rw_lifecycle_rule which = rw_lifecycle_rule_of(rule);
	bool is_ours = which != RW_RULE_OTHER;

	if (!is_ours) {
		state->others++;
		*v1 += rw_xml_child(rule, "Filter") == NULL &&
			rw_xml_child(rule, "Prefix") != NULL;
		return;
	}
	if (!is_enabled(rule) || !is_about_reports(rule) ||
	    (which == RW_RULE_MARKERS && !deletes_markers(rule))) {
		state->is_wrong = true;
		return;
	}
	if (which == RW_RULE_MARKERS) {
		state->lacks &= ~(unsigned)RW_RULES_MARKERS;
		return;
	}
	state->deletes_reports = days_of(rule, "Expiration", "Days") ==
		wanted->days;
	compare_rules(rule, "NoncurrentVersionExpiration", "NoncurrentDays",
		wanted->days, RW_RULES_NONCURRENT, state);
	compare_rules(rule, "AbortIncompleteMultipartUpload", "DaysAfterInitiation",
		1, RW_RULES_PARTS, state);
}

static struct _xmlNode *
first_rule(struct _xmlDoc *document)
{
	return rw_xml_child(rw_xml_root(document), "Rule");
}

bool
rw_lifecycle_read(const char *current, size_t len,
	const struct rw_lifecycle *wanted, struct rw_lifecycle_state *state,
	struct rw_err *err)
{
	struct _xmlDoc *document;
	struct _xmlNode *rule;
	size_t v1 = 0;

	*state = (struct rw_lifecycle_state){.lacks = RW_RULES_ALL};
	if (current == NULL)
		return true;
	document = rw_lifecycle_open(current, len, err);
	if (document == NULL)
		return false;
	for (rule = first_rule(document); rule != NULL;
	    rule = rw_xml_next(rule, "Rule"))
		look_at(rule, wanted, state, &v1);
	state->others_are_v1 = v1 > 0 && v1 == state->others;
	rw_xml_free(document);
	return true;
}

bool
rw_lifecycle_is_complete(const struct rw_lifecycle_state *state)
{
	return state->deletes_reports && !state->is_wrong &&
		(state->lacks & ~(unsigned)RW_RULES_PARTS) == 0;
}

void
rw_lifecycle_add_words(unsigned bits, struct rw_buf *out)
{
	static const struct {
		unsigned bit;
		const char *words;
	} words[] = {{RW_RULES_NONCURRENT, "replaced versions"},
		{RW_RULES_MARKERS, "delete markers"},
		{RW_RULES_PARTS, "parts of incomplete uploads"}};
	const char *between = "";
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++) {
		if ((bits & words[i].bit) == 0)
			continue;
		rw_buf_addf(out, "%s%s", between, words[i].words);
		between = ", ";
	}
}

/* ---- rules of others --------------------------------------------------- */

/* What one rule does with reports. No report fulfils a condition on tags. */
static enum rw_lifecycle_fate
fate_of(const struct _xmlNode *rule, unsigned *days)
{
	struct _xmlNode *action = rw_xml_child(rule, "Expiration");
	size_t len = strlen(RW_LIFECYCLE_PREFIX), n;
	char *prefix;
	bool is_part, is_all;

	*days = days_of(rule, "Expiration", "Days");
	if (!is_enabled(rule) || has_condition(rule, "Tag") ||
	    (*days == 0 && rw_xml_child(action, "Date") == NULL))
		return RW_FATE_KEPT;
	prefix = prefix_of(rule);
	n = prefix != NULL ? strlen(prefix) : 0;
	is_all = prefix != NULL && n <= len &&
		strncmp(prefix, RW_LIFECYCLE_PREFIX, n) == 0;
	is_part = prefix != NULL && n > len &&
		strncmp(prefix, RW_LIFECYCLE_PREFIX, len) == 0;
	free(prefix);
	return is_part || (is_all && has_size(rule)) ? RW_FATE_UNKNOWN :
		is_all ? RW_FATE_DELETED : RW_FATE_KEPT;
}

enum rw_lifecycle_fate
rw_lifecycle_fate(const char *current, size_t len, unsigned *days)
{
	enum rw_lifecycle_fate fate = RW_FATE_KEPT, one;
	struct _xmlDoc *document;
	struct _xmlNode *rule;
	unsigned life;

	*days = 0;
	if (current == NULL)
		return RW_FATE_KEPT;
	document = rw_lifecycle_open(current, len, NULL);
	if (document == NULL)
		return RW_FATE_UNKNOWN;
	for (rule = first_rule(document); rule != NULL;
	    rule = rw_xml_next(rule, "Rule")) {
		one = fate_of(rule, &life);
		if (one == RW_FATE_DELETED && life > 0 &&
		    (*days == 0 || life < *days))
			*days = life;
		if (one == RW_FATE_DELETED || (one == RW_FATE_UNKNOWN &&
		    fate == RW_FATE_KEPT))
			fate = one;
	}
	rw_xml_free(document);
	return fate;
}
