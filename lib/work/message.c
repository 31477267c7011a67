#include "work/message.h"

#include <gmime/gmime.h>
#include <string.h>

#include "wire/digest.h"

void
rw_message_init(void)
{
	g_mime_init();
}

size_t
rw_message_encoded_size(size_t len)
{
	size_t encoded = (len + 2) / 3 * 4;

	return encoded + (encoded + 75) / 76 * 2;
}

/* A stream over bytes that stay the caller's. */
static GMimeStream *
stream_over(GByteArray *array, const void *bytes, size_t len)
{
	union {
		const void *borrowed;
		guint8 *data;
	} pun = {.borrowed = bytes};
	GMimeStream *stream;

	*array = (GByteArray){pun.data, (guint)len};
	stream = g_mime_stream_mem_new_with_byte_array(array);
	g_mime_stream_mem_set_owner((GMimeStreamMem *)stream, FALSE);
	return stream;
}

static void
set_content(GMimePart *part, GByteArray *array, const void *bytes, size_t len,
	GMimeContentEncoding encoding)
{
	GMimeStream *stream = stream_over(array, bytes, len);
	GMimeDataWrapper *content = g_mime_data_wrapper_new_with_stream(
		stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, encoding);
	g_object_unref(content);
	g_object_unref(stream);
}

static GMimeObject *
text_part(const char *subtype, GByteArray *array, const char *text)
{
	GMimePart *part = g_mime_part_new_with_type("text", subtype);

	g_mime_object_set_content_type_parameter((GMimeObject *)part,
		"charset", "utf-8");
	set_content(part, array, text, strlen(text),
		GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	return (GMimeObject *)part;
}

/* Otherwise each name gets the smallest character set that it fits. */
static void
name_in_utf8(GMimeParamList *params, const char *name)
{
	GMimeParam *param = g_mime_param_list_get_parameter(params, name);

	if (param != NULL)
		g_mime_param_set_charset(param, "utf-8");
}

static void
set_file_name(GMimePart *part, const char *name)
{
	GMimeObject *object = (GMimeObject *)part;

	g_mime_object_set_disposition(object, "attachment");
	g_mime_part_set_filename(part, name);
	name_in_utf8(g_mime_content_disposition_get_parameters(
		g_mime_object_get_content_disposition(object)), "filename");
	name_in_utf8(g_mime_content_type_get_parameters(
		g_mime_object_get_content_type(object)), "name");
}

static GMimeObject *
attachment_part(const struct rw_attachment *attachment, GByteArray *array)
{
	const char *slash = strchr(attachment->type, '/');
	char *type = g_strndup(attachment->type,
		(gsize)(slash - attachment->type));
	GMimePart *part = g_mime_part_new_with_type(type, slash + 1);

	g_free(type);
	set_file_name(part, attachment->name);
	set_content(part, array, attachment->bytes, attachment->len,
		GMIME_CONTENT_ENCODING_BASE64);
	return (GMimeObject *)part;
}

/* A boundary that no part can contain: none of our encodings leaves "=_" in
 * a line. It derives from the Message-ID, so that bytes repeat. */
static GMimeMultipart *
multipart(const char *subtype, const char *message_id)
{
	GMimeMultipart *multi = g_mime_multipart_new_with_subtype(subtype);
	char digest[RW_SHA256_HEX] = "";
	char boundary[64];

	rw_sha256_hex(message_id, strlen(message_id), digest, NULL);
	g_snprintf(boundary, sizeof boundary, "=_%s_%.32s", subtype, digest);
	g_mime_multipart_set_boundary(multi, boundary);
	return multi;
}

static void
add_part(GMimeMultipart *multi, GMimeObject *part)
{
	g_mime_multipart_add(multi, part);
	g_object_unref(part);
}

struct bodies {
	GByteArray text, html, attachments[2];
};

static GMimeObject *
body_of(const struct rw_message *m, struct bodies *bodies)
{
	GMimeObject *body = text_part("plain", &bodies->text, m->text);
	GMimeMultipart *multi;
	size_t i;

	if (m->html != NULL) {
		multi = multipart("alternative", m->message_id);
		add_part(multi, body);
		add_part(multi, text_part("html", &bodies->html, m->html));
		body = (GMimeObject *)multi;
	}
	if (m->attachment_count == 0)
		return body;
	multi = multipart("mixed", m->message_id);
	add_part(multi, body);
	for (i = 0; i < m->attachment_count; i++)
		add_part(multi, attachment_part(&m->attachments[i],
			&bodies->attachments[i]));
	return (GMimeObject *)multi;
}

static void
add_address(GMimeMessage *mail, GMimeAddressType type, const char *name,
	const char *address)
{
	InternetAddress *mailbox;

	if (address == NULL)
		return;
	mailbox = internet_address_mailbox_new(name, address);
	internet_address_set_charset(mailbox, "utf-8");
	internet_address_list_add(g_mime_message_get_addresses(mail, type),
		mailbox);
	g_object_unref(mailbox);
}

static void
add_headers(GMimeMessage *mail, const struct rw_message *m)
{
	GMimeObject *object = (GMimeObject *)mail;
	GDateTime *date = g_date_time_new_from_unix_utc(m->date);

	g_mime_message_set_date(mail, date);
	g_date_time_unref(date);
	add_address(mail, GMIME_ADDRESS_TYPE_FROM, m->from_name, m->from);
	add_address(mail, GMIME_ADDRESS_TYPE_REPLY_TO, NULL, m->reply_to);
	add_address(mail, GMIME_ADDRESS_TYPE_TO, m->to_name, m->to);
	add_address(mail, GMIME_ADDRESS_TYPE_CC, NULL, m->cc);
	g_mime_message_set_subject(mail, m->subject, "utf-8");
	g_mime_message_set_message_id(mail, m->message_id);
	g_mime_object_append_header(object, "Auto-Submitted",
		"auto-generated", NULL);
	/* Exchange and Outlook answer on their own unless asked not to. */
	g_mime_object_append_header(object, "X-Auto-Response-Suppress",
		"All", NULL);
	if (m->original_to != NULL)
		g_mime_object_append_header(object, "X-Original-To",
			m->original_to, "utf-8");
}

static bool
write_out(GMimeMessage *mail, struct rw_buf *out, struct rw_err *err)
{
	GMimeFormatOptions *options = g_mime_format_options_new();
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *bytes;
	bool ok;

	g_mime_format_options_set_newline_format(options,
		GMIME_NEWLINE_FORMAT_DOS);
	ok = g_mime_object_write_to_stream((GMimeObject *)mail, options,
		stream) >= 0;
	bytes = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)stream);
	if (ok)
		rw_buf_add(out, bytes->data, bytes->len);
	g_object_unref(stream);
	g_mime_format_options_free(options);
	if (!ok)
		return rw_fail(err, RW_BUG, "cannot compose the message");
	return rw_buf_ok(out, "the message", err);
}

bool
rw_message_compose(const struct rw_message *message, struct rw_buf *out,
	struct rw_err *err)
{
	GMimeMessage *mail = g_mime_message_new(TRUE);
	struct bodies bodies;
	GMimeObject *body = body_of(message, &bodies);
	bool ok;

	add_headers(mail, message);
	g_mime_message_set_mime_part(mail, body);
	g_object_unref(body);
	ok = write_out(mail, out, err);
	g_object_unref(mail);
	return ok;
}
