/*
 * XML from outside, read by one reader with one set of bounds.
 *
 * A document with a DTD is refused, at its first byte: S3 has none, and all that
 * makes XML dangerous (entities that multiply, refer to each other, or name
 * files) is declared in one. The text, the depth and the numbers of elements and
 * attributes have bounds. Nothing is ever fetched. A text that is not UTF-8, nor
 * one of the encodings that wire/body_text.h converts, is read as ISO-8859-1,
 * whatever it says: codes are ASCII.
 *
 * Elements are known by their names without a prefix, whatever the namespace:
 * stores disagree about it.
 *
 * Sources: http://gnome.pages.gitlab.gnome.org/libxml2/devhelp/ (parser.h,
 * tree.h); XML 1.0.
 */
#ifndef RW_WIRE_XML_H
#define RW_WIRE_XML_H

#include <stdbool.h>
#include <stddef.h>

enum {
	RW_XML_DEPTH_MAX = 32,		/* elements within each other */
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

/* libxml2's. */
struct _xmlDoc;
struct _xmlNode;

/* bytes are those of an answer; see wire/body_text.h for what they may be
 * wrapped in. NULL, and *fault (unless that is NULL) says why; else free with
 * rw_xml_free. */
struct _xmlDoc *
rw_xml_read(const char *bytes, size_t len, enum rw_xml_fault *fault);

/* Accepts NULL. */
void
rw_xml_free(struct _xmlDoc *document);

/* "an empty text", "no complete XML", ...: for messages. */
const char *
rw_xml_fault_words(enum rw_xml_fault fault);

/* The outermost element. Accepts NULL. */
struct _xmlNode *
rw_xml_root(struct _xmlDoc *document);

/* True when node is an element of this name, in any case of ASCII. */
bool
rw_xml_is(const struct _xmlNode *node, const char *name);

/* The element's name, without a prefix; borrowed. */
const char *
rw_xml_name(const struct _xmlNode *node);

/* The first element of this name, or NULL: among the elements directly in
 * parent; and in node, or anywhere within it. Both accept NULL. */
struct _xmlNode *
rw_xml_child(const struct _xmlNode *parent, const char *name);

struct _xmlNode *
rw_xml_find(struct _xmlNode *node, const char *name);

/* The next element of this name beside node; NULL when there is none. */
struct _xmlNode *
rw_xml_next(const struct _xmlNode *node, const char *name);

/* The text in it, without the blanks at its ends, for the caller to free().
 * NULL when node is NULL. */
char *
rw_xml_text(struct _xmlNode *node);

#endif
