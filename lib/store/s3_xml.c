#include "store/s3_xml.h"

#include <stdlib.h>
#include <string.h>

#include "wire/xml.h"

char *
rw_s3_xml_first(const char *text, size_t len, const char *root,
	const char *name)
{
	struct _xmlDoc *document = rw_xml_read(text, len, NULL);
	struct _xmlNode *top = rw_xml_root(document);
	char *found = NULL;

	if (top != NULL && (root == NULL || rw_xml_is(top, root)))
		found = rw_xml_text(rw_xml_find(top, name));
	rw_xml_free(document);
	return found;
}

bool
rw_s3_xml_is(const char *text, size_t len, const char *root)
{
	struct _xmlDoc *document = rw_xml_read(text, len, NULL);
	struct _xmlNode *top = rw_xml_root(document);
	bool yes = top != NULL && (root == NULL || rw_xml_is(top, root));

	rw_xml_free(document);
	return yes;
}

static void
tell_fault(const struct _xmlNode *node,
	void (*each)(void *context, const struct rw_s3_upload *upload),
	void *context)
{
	char *key = rw_xml_text(rw_xml_child(node, "Key"));
	char *id = rw_xml_text(rw_xml_child(node, "UploadId"));
	char *initiated = rw_xml_text(rw_xml_child(node, "Initiated"));

	if (key != NULL && id != NULL && *id != '\0')
		each(context, &(struct rw_s3_upload){.key = key, .id = id,
			.initiated = initiated != NULL ? initiated : ""});
	free(key);
	free(id);
	free(initiated);
}

bool
rw_s3_xml_uploads(const char *text, size_t len,
	void (*each)(void *context, const struct rw_s3_upload *upload),
	void *context)
{
	struct _xmlDoc *document = rw_xml_read(text, len, NULL);
	struct _xmlNode *root = rw_xml_root(document), *node;
	bool good = root != NULL &&
		rw_xml_is(root, "ListMultipartUploadsResult");

	for (node = good ? rw_xml_child(root, "Upload") : NULL; node != NULL;
	    node = rw_xml_next(node, "Upload"))
		tell_fault(node, each, context);
	rw_xml_free(document);
	return good;
}
