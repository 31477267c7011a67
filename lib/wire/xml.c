#include "wire/xml.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/buf.h"
#include "base/text.h"
#include "wire/body_text.h"

/* ---- reading ----------------------------------------------------------- */

struct progress {
	enum rw_xml_fault fault;
	int depth, nodes, namespaces;
};

static void
stop(xmlParserCtxt *parser, enum rw_xml_fault fault)
{
	struct progress *progress = parser->_private;

	progress->fault = fault;
	xmlStopParser(parser);
}

static void
on_dtd(void *context, const xmlChar *name, const xmlChar *external,
	const xmlChar *system)
{
	(void)name;
	(void)external;
	(void)system;
	stop(context, RW_XML_DTD);
}

static void
on_start(void *context, const xmlChar *name, const xmlChar *prefix,
	const xmlChar *uri, int namespace_count, const xmlChar **namespaces,
	int attribute_count, int default_count, const xmlChar **attributes)
{
	xmlParserCtxt *parser = context;
	struct progress *progress = parser->_private;

	progress->depth++;
	progress->nodes += 1 + namespace_count + attribute_count;
	progress->namespaces += namespace_count;
	if (progress->depth > RW_XML_DEPTH_MAX ||
	    progress->nodes > RW_XML_NODES_MAX ||
	    progress->namespaces > RW_XML_NAMESPACES_MAX)
		stop(parser, RW_XML_LARGE);
	else
		xmlSAX2StartElementNs(context, name, prefix, uri,
			namespace_count, namespaces, attribute_count,
			default_count, attributes);
}

static void
on_end(void *context, const xmlChar *name, const xmlChar *prefix,
	const xmlChar *uri)
{
	xmlParserCtxt *parser = context;
	struct progress *progress = parser->_private;

	progress->depth--;
	xmlSAX2EndElementNs(context, name, prefix, uri);
}

static xmlDoc *
parse(const char *text, size_t len, const char *encoding,
	enum rw_xml_fault *fault)
{
	struct progress progress = {.fault = RW_XML_GOOD};
	xmlParserCtxt *parser = xmlNewParserCtxt();
	xmlDoc *document = NULL;

	if (parser != NULL) {
		parser->_private = &progress;
		parser->sax->internalSubset = on_dtd;
		parser->sax->startElementNs = on_start;
		parser->sax->endElementNs = on_end;
		document = xmlCtxtReadMemory(parser, text, (int)len, NULL,
			encoding, XML_PARSE_NONET | XML_PARSE_NOERROR |
			XML_PARSE_NOWARNING);
	}
	xmlFreeParserCtxt(parser);
	if (document == NULL && progress.fault == RW_XML_GOOD)
		progress.fault = RW_XML_BROKEN;
	/* libxml2 returns an incomplete document when it is stopped. */
	if (document != NULL && progress.fault == RW_XML_GOOD &&
	    (document->intSubset != NULL || document->extSubset != NULL))
		progress.fault = RW_XML_DTD;
	*fault = progress.fault;
	if (*fault == RW_XML_GOOD)
		return document;
	xmlFreeDoc(document);
	return NULL;
}

static bool
starts(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* Some servers send the declaration and blanks at once, to keep the connection
 * alive, and later a complete document with a second declaration. Only the last
 * declaration counts. */
static const char *
last_declaration(const char *text)
{
	const char *end, *next;

	while (starts(text, "<?xml") && (end = strstr(text, "?>")) != NULL) {
		next = end + 2 + strspn(end + 2, " \t\r\n");
		if (!starts(next, "<?xml"))
			break;
		text = next;
	}
	return text;
}

/* Counts in the text, because libxml2 compares all attributes of an element
 * with each other before they can be counted. A "<" ends any tag. */
static bool
has_many_attributes(const char *text, size_t len)
{
	size_t i, count = 0;

	for (i = 0; i < len && count <= RW_XML_ATTRIBUTES_MAX; i++)
		count = text[i] == '<' ? 0 : count + (text[i] == '=');
	return count > RW_XML_ATTRIBUTES_MAX;
}

static xmlDoc *
read_xml_text(const char *text, size_t len, enum rw_xml_fault *fault)
{
	*fault = RW_XML_LARGE;
	return has_many_attributes(text, len) ? NULL : parse(text, len,
		rw_text_is_utf8(text, len, NULL) ? "UTF-8" : "ISO-8859-1",
		fault);
}

struct _xmlDoc *
rw_xml_read(const char *bytes, size_t len, enum rw_xml_fault *fault)
{
	struct rw_buf text = {.max = RW_BODY_TEXT_MAX};
	enum rw_xml_fault ignored = RW_XML_EMPTY;
	xmlDoc *document = NULL;
	const char *start;

	fault = fault != NULL ? fault : &ignored;
	if (!rw_body_text(bytes, len, &text)) {
		*fault = RW_XML_LARGE;
	} else if (text.len == 0) {
		*fault = RW_XML_EMPTY;
	} else {
		start = last_declaration(rw_buf_text(&text));
		document = read_xml_text(start, text.len -
			(size_t)(start - rw_buf_text(&text)), fault);
	}
	rw_buf_free(&text);
	return document;
}

void
rw_xml_free(struct _xmlDoc *document)
{
	xmlFreeDoc(document);
}

const char *
rw_xml_fault_words(enum rw_xml_fault fault)
{
	static const char *const words[] = {
		[RW_XML_GOOD] = "XML",
		[RW_XML_EMPTY] = "an empty document",
		[RW_XML_BROKEN] = "not valid XML",
		[RW_XML_DTD] = "XML with a DTD",
		[RW_XML_LARGE] = "too large, too deep, or badly compressed",
	};

	return words[fault];
}

/* ---- elements ---------------------------------------------------------- */

struct _xmlNode *
rw_xml_root(struct _xmlDoc *document)
{
	return document == NULL ? NULL : xmlDocGetRootElement(document);
}

/* An undeclared prefix remains part of the name. */
const char *
rw_xml_name(const struct _xmlNode *node)
{
	const char *name = (const char *)node->name;
	const char *colon = strrchr(name, ':');

	return colon != NULL ? colon + 1 : name;
}

bool
rw_xml_is(const struct _xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE &&
		strcasecmp(rw_xml_name(node), name) == 0;
}

static struct _xmlNode *
first_of(struct _xmlNode *node, const char *name)
{
	while (node != NULL && !rw_xml_is(node, name))
		node = node->next;
	return node;
}

struct _xmlNode *
rw_xml_child(const struct _xmlNode *parent, const char *name)
{
	return parent == NULL ? NULL : first_of(parent->children, name);
}

struct _xmlNode *
rw_xml_next(const struct _xmlNode *node, const char *name)
{
	return first_of(node->next, name);
}

struct _xmlNode *
rw_xml_find(struct _xmlNode *node, const char *name)
{
	struct _xmlNode *child, *found;

	if (node == NULL || rw_xml_is(node, name))
		return node;
	for (child = node->children; child != NULL; child = child->next) {
		found = child->type != XML_ELEMENT_NODE ? NULL :
			rw_xml_find(child, name);
		if (found != NULL)
			return found;
	}
	return NULL;
}

char *
rw_xml_text(struct _xmlNode *node)
{
	static const char blanks[] = " \t\r\n";
	xmlChar *content = node == NULL ? NULL : xmlNodeGetContent(node);
	const char *text = (const char *)content;
	size_t len;
	char *copy;

	if (text == NULL)
		return NULL;
	text += strspn(text, blanks);
	len = strlen(text);
	while (len > 0 && strchr(blanks, text[len - 1]) != NULL)
		len--;
	copy = strndup(text, len);
	xmlFree(content);
	return copy;
}
