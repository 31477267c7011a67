#include "store/lifecycle.h"

#include <stdio.h>
#include <string.h>

#include <libxml/tree.h>

#include "store/lifecycle_priv.h"
#include "wire/xml.h"

static const char namespace[] = "http://s3.amazonaws.com/doc/2006-03-01/";

static xmlNode *
add_node(xmlNode *parent, const char *name, const char *text)
{
	return xmlNewTextChild(parent, parent->ns, (const xmlChar *)name,
		(const xmlChar *)text);
}

static void
add_days(xmlNode *rule, const char *action, const char *unit, unsigned days)
{
	char text[32];

	snprintf(text, sizeof text, "%u", days);
	add_node(add_node(rule, action, NULL), unit, text);
}

static xmlNode *
add_rule(xmlNode *root, const char *id, bool is_v1)
{
	xmlNode *rule = add_node(root, "Rule", NULL);

	add_node(rule, "ID", id);
	add_node(is_v1 ? rule : add_node(rule, "Filter", NULL), "Prefix",
		RW_LIFECYCLE_PREFIX);
	add_node(rule, "Status", "Enabled");
	return rule;
}

static void
add_ours(xmlNode *root, const struct rw_lifecycle *wanted)
{
	xmlNode *rule = add_rule(root, RW_LIFECYCLE_ID, wanted->is_v1);

	add_days(rule, "Expiration", "Days", wanted->days);
	if ((wanted->lacks & RW_RULES_NONCURRENT) == 0)
		add_days(rule, "NoncurrentVersionExpiration", "NoncurrentDays",
			wanted->days);
	if ((wanted->lacks & RW_RULES_PARTS) == 0)
		add_days(rule, "AbortIncompleteMultipartUpload",
			"DaysAfterInitiation", 1);
	if ((wanted->lacks & RW_RULES_MARKERS) != 0)
		return;
	rule = add_rule(root, RW_LIFECYCLE_MARKERS_ID, wanted->is_v1);
	add_node(add_node(rule, "Expiration", NULL), "ExpiredObjectDeleteMarker",
		"true");
}

static void
remove_ours(xmlNode *root)
{
	xmlNode *rule = rw_xml_child(root, "Rule"), *next;

	for (; rule != NULL; rule = next) {
		next = rw_xml_next(rule, "Rule");
		if (rw_lifecycle_rule_of(rule) == RW_RULE_OTHER)
			continue;
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

bool
rw_lifecycle_write(const char *current, size_t len,
	const struct rw_lifecycle *wanted, struct rw_buf *out,
	struct rw_err *err)
{
	xmlDoc *document = current == NULL ? new_document() :
		rw_lifecycle_open(current, len, err);
	xmlNode *root;
	xmlChar *text = NULL;
	int size = 0;

	if (document == NULL)
		return false;
	root = xmlDocGetRootElement(document);
	remove_ours(root);
	add_ours(root, wanted);
	xmlDocDumpMemoryEnc(document, &text, &size, "UTF-8");
	rw_buf_add(out, text, (size_t)size);
	xmlFree(text);
	xmlFreeDoc(document);
	return rw_buf_ok(out, "the lifecycle rules", err);
}
