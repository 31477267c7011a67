/*
 * The few documents of S3 that are read whole: what an answer holds, as text.
 * They are read by wire/xml.h, within its bounds.
 */
#ifndef RW_STORE_S3_XML_H
#define RW_STORE_S3_XML_H

#include <stdbool.h>
#include <stddef.h>

/* The text of the first element called name, anywhere in a document whose
 * outermost element is called root (NULL: whatever it is), for the caller to
 * free(); NULL when there is none or text is no such document. */
char *
rw_s3_xml_first(const char *text, size_t len, const char *root,
	const char *name);

/* The outermost element is called root (NULL: whatever it is). */
bool
rw_s3_xml_is(const char *text, size_t len, const char *root);

/* An upload that was begun and not ended. */
struct rw_s3_upload {
	const char *key, *id;
	const char *initiated;	/* RFC 3339; "" when the store does not say */
};

/* Calls each(context, upload) for every Upload in the answer to
 * ListMultipartUploads that has a key and an id. False when text is no such
 * document. */
bool
rw_s3_xml_uploads(const char *text, size_t len,
	void (*each)(void *context, const struct rw_s3_upload *upload),
	void *context);

#endif
