#include "store/s3_xml.h"

#include <string.h>

#include <libxml/parser.h>
#include <libxml/tree.h>

enum { XML_MAX = 16 * 1024 * 1024 };

static xmlDoc *
read_document(const char *text, size_t len)
{
	if (len == 0 || len > XML_MAX)
		return NULL;
	return xmlReadMemory(text, (int)len, NULL, NULL, XML_PARSE_NONET |
		XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

static bool
is_named(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE &&
		strcmp((const char *)node->name, name) == 0;
}

static xmlNode *
find(xmlNode *node, const char *name)
{
	xmlNode *found;

	for (; node != NULL; node = node->next) {
		if (is_named(node, name))
			return node;
		found = find(node->children, name);
		if (found != NULL)
			return found;
	}
	return NULL;
}

char *
rw_s3_xml_first(const char *text, size_t len, const char *name)
{
	xmlDoc *document = read_document(text, len);
	xmlNode *node = document == NULL ? NULL :
		find(xmlDocGetRootElement(document), name);
	xmlChar *content = node == NULL ? NULL : xmlNodeGetContent(node);
	char *copy = content == NULL ? NULL : strdup((const char *)content);

	xmlFree(content);
	xmlFreeDoc(document);
	return copy;
}

bool
rw_s3_xml_uploads(const char *text, size_t len,
	void (*each)(void *context, const char *key, const char *upload_id),
	void *context)
{
	xmlDoc *document = read_document(text, len);
	xmlNode *root = document == NULL ? NULL :
		xmlDocGetRootElement(document);
	xmlNode *node, *key, *id;
	xmlChar *key_text, *id_text;

	for (node = root == NULL ? NULL : root->children; node != NULL;
	    node = node->next) {
		if (!is_named(node, "Upload"))
			continue;
		key = find(node->children, "Key");
		id = find(node->children, "UploadId");
		key_text = key == NULL ? NULL : xmlNodeGetContent(key);
		id_text = id == NULL ? NULL : xmlNodeGetContent(id);
		if (key_text != NULL && id_text != NULL)
			each(context, (const char *)key_text,
				(const char *)id_text);
		xmlFree(key_text);
		xmlFree(id_text);
	}
	xmlFreeDoc(document);
	return root != NULL;
}
