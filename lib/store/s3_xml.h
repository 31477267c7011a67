/*
 * The few documents of S3 that are read whole: what an answer holds, as text.
 */
#ifndef RW_STORE_S3_XML_H
#define RW_STORE_S3_XML_H

#include <stdbool.h>
#include <stddef.h>

/* The text of the first element called name, anywhere, for the caller to
 * free(); NULL when there is none or text is no XML. */
char *
rw_s3_xml_first(const char *text, size_t len, const char *name);

/* Calls each(context, key, upload_id) for every Upload in the answer to
 * ListMultipartUploads. False when text is no XML. */
bool
rw_s3_xml_uploads(const char *text, size_t len,
	void (*each)(void *context, const char *key, const char *upload_id),
	void *context);

#endif
