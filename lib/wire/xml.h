/*
 * Reads XML from servers, with one set of bounds.
 *
 * A document with a DTD is refused at the DTD's first byte. S3 never sends one,
 * and all dangerous features of XML (entities that multiply, refer to each
 * other, or name files) are declared in a DTD. The length, the depth and the
 * numbers of elements and attributes are bounded. Nothing is ever fetched. Text
 * that is neither UTF-8 nor in an encoding that wire/body_text.h converts is
 * read as ISO-8859-1, regardless of its declaration, because codes are ASCII.
 *
 * Elements are identified by their names without a prefix, in any namespace,
 * because stores use different ones.
 *
 * Sources: http://gnome.pages.gitlab.gnome.org/libxml2/devhelp/ (parser.h,
 * tree.h); XML 1.0.
 */
#ifndef RW_WIRE_XML_H
#define RW_WIRE_XML_H

#include <stdbool.h>
#include <stddef.h>

enum {
	RW_XML_DEPTH_MAX = 32,		/* nested elements */
	RW_XML_NODES_MAX = 50000,	/* elements and attributes */
	/* Their cost in libxml2 grows with the square of their number. */
	RW_XML_ATTRIBUTES_MAX = 100,	/* of one element */
	RW_XML_NAMESPACES_MAX = 1000,	/* declared in a document */
};

enum rw_xml_fault {
	RW_XML_GOOD,
	RW_XML_EMPTY,	/* nothing but blanks */
	RW_XML_BROKEN,	/* not XML, or incomplete */
	RW_XML_DTD,
	RW_XML_LARGE,	/* beyond RW_BODY_TEXT_MAX, or the bounds above */
};

/* A type of libxml2. */
struct _xmlDoc;
struct _xmlNode;

/* Parses the bytes of an answer, in any form that wire/body_text.h accepts.
 * NULL on failure, with the reason in *fault (may be NULL). Free the result
 * with rw_xml_free. */
struct _xmlDoc *
rw_xml_read(const char *bytes, size_t len, enum rw_xml_fault *fault);

/* Accepts NULL. */
void
rw_xml_free(struct _xmlDoc *document);

/* "an empty document", "not valid XML", ...: for messages. */
const char *
rw_xml_fault_words(enum rw_xml_fault fault);

/* The outermost element. Accepts NULL. */
struct _xmlNode *
rw_xml_root(struct _xmlDoc *document);

/* True when node is an element of this name, ignoring ASCII case. */
bool
rw_xml_is(const struct _xmlNode *node, const char *name);

/* The element's name, without a prefix; borrowed. */
const char *
rw_xml_name(const struct _xmlNode *node);

/* The first element of this name, or NULL: rw_xml_child looks at the direct
 * children of parent, rw_xml_find at node and everything inside it. Both accept
 * NULL. */
struct _xmlNode *
rw_xml_child(const struct _xmlNode *parent, const char *name);

struct _xmlNode *
rw_xml_find(struct _xmlNode *node, const char *name);

/* The next sibling of node with this name; NULL when there is none. */
struct _xmlNode *
rw_xml_next(const struct _xmlNode *node, const char *name);

/* The text in node, without the blanks at its ends. The caller frees it with
 * free(). NULL when node is NULL. */
char *
rw_xml_text(struct _xmlNode *node);

#endif
