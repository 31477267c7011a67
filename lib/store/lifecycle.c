#include "store/lifecycle.h"

#include <stdio.h>
#include <string.h>

#include <libxml/tree.h>

#include "wire/xml.h"

static const char namespace[] = "http://s3.amazonaws.com/doc/2006-03-01/";

/* ---- reading ----------------------------------------------------------- */

static bool
is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE &&
		strcmp((const char *)node->name, name) == 0;
}

static xmlNode *
child(const xmlNode *parent, const char *name)
{
	xmlNode *node = parent == NULL ? NULL : parent->children;

	while (node != NULL && !is_named(node, name))
		node = node->next;
	return node;
}

/* The text of a node, cut to fit; "" when there is no node. */
static const char *
text_of(xmlNode *node, char *out, size_t size)
{
	xmlChar *text = node == NULL ? NULL : xmlNodeGetContent(node);

	snprintf(out, size, "%s", text == NULL ? "" : (const char *)text);
	xmlFree(text);
	return out;
}

static bool
has_text(xmlNode *node, const char *expected)
{
	char text[256];

	return strcmp(text_of(node, text, sizeof text), expected) == 0;
}

/* The path of a number: "Expiration", "Days". */
static bool
has_days(const xmlNode *rule, const char *action, const char *unit,
	unsigned expected)
{
	char text[32], wanted[32];

	snprintf(wanted, sizeof wanted, "%u", expected);
	return strcmp(text_of(child(child(rule, action), unit), text,
		sizeof text), wanted) == 0;
}

static bool
has_prefix(const xmlNode *rule)
{
	xmlNode *filter = child(rule, "Filter");

	/* Old servers answer with the prefix directly below the rule. */
	return has_text(child(filter != NULL ? filter : rule, "Prefix"),
		RW_LIFECYCLE_PREFIX) && child(filter, "Tag") == NULL &&
		child(filter, "And") == NULL;
}

static xmlNode *
rule_of(const xmlNode *root, const char *id)
{
	xmlNode *rule;

	for (rule = root == NULL ? NULL : root->children; rule != NULL;
	    rule = rule->next)
		if (is_named(rule, "Rule") && has_text(child(rule, "ID"), id))
			return rule;
	return NULL;
}

/* If the rule for abandoned parts is missing, the store has dropped it, because
 * we always write it: MinIO does so. */
static bool
is_as_wanted(const xmlNode *root, const struct rw_lifecycle *wanted)
{
	const xmlNode *main_rule = rule_of(root, RW_LIFECYCLE_ID);
	const xmlNode *markers = rule_of(root, RW_LIFECYCLE_MARKERS_ID);

	return main_rule != NULL && markers != NULL &&
		has_text(child(main_rule, "Status"), "Enabled") &&
		has_text(child(markers, "Status"), "Enabled") &&
		has_prefix(main_rule) && has_prefix(markers) &&
		has_days(main_rule, "Expiration", "Days", wanted->days) &&
		has_days(main_rule, "NoncurrentVersionExpiration",
			"NoncurrentDays", wanted->days) &&
		(child(main_rule, "AbortIncompleteMultipartUpload") == NULL ||
			has_days(main_rule, "AbortIncompleteMultipartUpload",
			"DaysAfterInitiation", 1)) &&
		has_text(child(child(markers, "Expiration"),
			"ExpiredObjectDeleteMarker"), "true");
}

/* ---- writing ----------------------------------------------------------- */

static xmlNode *
add(xmlNode *parent, const char *name, const char *text)
{
	return xmlNewTextChild(parent, parent->ns, (const xmlChar *)name,
		(const xmlChar *)text);
}

static void
add_days(xmlNode *rule, const char *action, const char *unit, unsigned days)
{
	char text[32];

	snprintf(text, sizeof text, "%u", days);
	add(add(rule, action, NULL), unit, text);
}

static xmlNode *
add_rule(xmlNode *root, const char *id)
{
	xmlNode *rule = add(root, "Rule", NULL);

	add(rule, "ID", id);
	add(add(rule, "Filter", NULL), "Prefix", RW_LIFECYCLE_PREFIX);
	add(rule, "Status", "Enabled");
	return rule;
}

static void
add_ours(xmlNode *root, const struct rw_lifecycle *wanted)
{
	xmlNode *rule = add_rule(root, RW_LIFECYCLE_ID);

	add_days(rule, "Expiration", "Days", wanted->days);
	add_days(rule, "NoncurrentVersionExpiration", "NoncurrentDays",
		wanted->days);
	if (!wanted->keeps_parts)
		add_days(rule, "AbortIncompleteMultipartUpload",
			"DaysAfterInitiation", 1);
	rule = add_rule(root, RW_LIFECYCLE_MARKERS_ID);
	add(add(rule, "Expiration", NULL), "ExpiredObjectDeleteMarker",
		"true");
}

static void
remove_rule(xmlNode *root, const char *id)
{
	xmlNode *rule;

	while ((rule = rule_of(root, id)) != NULL) {
		xmlUnlinkNode(rule);
		xmlFreeNode(rule);
	}
}

static xmlDoc *
new_document(void)
{
	xmlDoc *document = xmlNewDoc((const xmlChar *)"1.0");
	xmlNode *root = xmlNewDocNode(document, NULL,
		(const xmlChar *)"LifecycleConfiguration", NULL);

	xmlSetNs(root, xmlNewNs(root, (const xmlChar *)namespace, NULL));
	xmlDocSetRootElement(document, root);
	return document;
}

static xmlDoc *
read_document(const char *text, size_t len, struct rw_err *err)
{
	enum rw_xml_fault fault;
	xmlDoc *document = rw_xml_read(text, len, &fault);
	xmlNode *root = rw_xml_root(document);

	if (root != NULL && is_named(root, "LifecycleConfiguration"))
		return document;
	rw_fail(err, RW_REFUSED, "the store's lifecycle rules cannot be "
		"read: they are %s; expected a LifecycleConfiguration",
		root != NULL ? "another document" : rw_xml_fault_words(fault));
	xmlFreeDoc(document);
	return NULL;
}

bool
rw_lifecycle_merge(const char *current, size_t len,
	const struct rw_lifecycle *wanted, struct rw_buf *out, bool *changed,
	struct rw_err *err)
{
	xmlDoc *document = current == NULL ? new_document() :
		read_document(current, len, err);
	xmlNode *root;
	xmlChar *text = NULL;
	int size = 0;

	if (document == NULL)
		return false;
	root = xmlDocGetRootElement(document);
	*changed = !is_as_wanted(root, wanted);
	if (*changed) {
		remove_rule(root, RW_LIFECYCLE_ID);
		remove_rule(root, RW_LIFECYCLE_MARKERS_ID);
		add_ours(root, wanted);
		xmlDocDumpMemoryEnc(document, &text, &size, "UTF-8");
		rw_buf_add(out, text, (size_t)size);
		xmlFree(text);
	}
	xmlFreeDoc(document);
	return rw_buf_ok(out, "the lifecycle rules", err);
}
