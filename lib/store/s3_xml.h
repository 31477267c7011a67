/*
 * Reads S3's small documents and returns their contents as text. wire/xml.h
 * parses them, within its bounds.
 */
#ifndef RW_STORE_S3_XML_H
#define RW_STORE_S3_XML_H

#include <stdbool.h>
#include <stddef.h>

/* The text of the first element called name, anywhere in a document whose
 * outermost element is called root (NULL: any name). The caller frees it with
 * free(). NULL when there is no such element, or text is not such a
 * document. */
char *
rw_s3_xml_first(const char *text, size_t len, const char *root,
	const char *name);

/* True when the outermost element is called root (NULL: any name). */
bool
rw_s3_xml_is(const char *text, size_t len, const char *root);

/* An unfinished upload. */
struct rw_s3_upload {
	const char *key, *id;
	const char *initiated;	/* RFC 3339; "" when the store does not say */
};

/* Calls each(context, upload) for every Upload in the answer to
 * ListMultipartUploads that has a key and an id. False when text is not such a
 * document. */
bool
rw_s3_xml_uploads(const char *text, size_t len,
	void (*each)(void *context, const struct rw_s3_upload *upload),
	void *context);

#endif
