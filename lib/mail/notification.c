#include "mail/notification.h"

#include <gmime/gmime.h>
#include <stdio.h>
#include <string.h>

#include "mail/address.h"

void
rw_notification_init(void)
{
	g_mime_init();
}

void
rw_notification_free(struct rw_notification *notification)
{
	rw_buf_free(&notification->to);
}

/* ---- fields ------------------------------------------------------------ */

/* bytes up to the first blank line, as a header. The caller unrefs it. */
static GMimeObject *
parse_fields(const char *bytes, size_t len)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeObject *fields = g_mime_parser_construct_part(parser, NULL);

	g_object_unref(parser);
	g_object_unref(stream);
	return fields;
}

/* "rfc822; anna@example.com": what is behind the type, or all; "": no field. */
static const char *
value_of(GMimeObject *fields, const char *name)
{
	const char *text = g_mime_object_get_header(fields, name);
	const char *semicolon = text != NULL ? strchr(text, ';') : NULL;

	if (semicolon != NULL)
		text = semicolon + 1;
	return text == NULL ? "" : text + strspn(text, " \t\r\n");
}

static void
read_recipient(GMimeObject *fields, const char *name, char sum[RW_SHA256_HEX])
{
	const char *text = value_of(fields, name);
	struct rw_address address = {0};
	struct rw_buf plain = {0};

	text += *text == '<';
	rw_buf_add(&plain, text, strcspn(text, ">, \t\r\n"));
	if (!rw_address_parse(&address, name, rw_buf_text(&plain), NULL) ||
	    !rw_recipient_sum(rw_address_text(&address), sum, NULL))
		sum[0] = '\0';
	rw_address_free(&address);
	rw_buf_free(&plain);
}

/* "5.1.1 (unknown user)"; without it, the answer of a server: "550 ...". */
static void
read_code(GMimeObject *fields, char code[RW_BOUNCE_CODE_SIZE])
{
	unsigned class = 0, subject = 0, detail = 0;
	const char *answer;

	if (sscanf(value_of(fields, "Status"), "%1u.%3u.%3u", &class,
	    &subject, &detail) != 3) {
		answer = value_of(fields, "Diagnostic-Code");
		class = strspn(answer, "0123456789") == 3 ?
			(unsigned)(answer[0] - '0') : 0;
		subject = detail = 0;
	}
	snprintf(code, RW_BOUNCE_CODE_SIZE, "%u.%u.%u", class, subject,
		detail);
}

static enum rw_notified
judge_action(GMimeObject *fields, const char *code)
{
	static const struct {
		const char *action;
		enum rw_notified what;
	} actions[] = {
		{"delivered", RW_NOTIFIED_DELIVERED},
		{"relayed", RW_NOTIFIED_DELIVERED},
		{"expanded", RW_NOTIFIED_DELIVERED},
		{"delayed", RW_NOTIFIED_DELAYED},
		{"failed", RW_NOTIFIED_FAILED},
	};
	const char *action = value_of(fields, "Action");
	size_t len = strspn(action, "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"), i;

	for (i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (len == strlen(actions[i].action) && g_ascii_strncasecmp(
		    action, actions[i].action, len) == 0)
			break;
	if (i == sizeof actions / sizeof actions[0] ||
	    (actions[i].what == RW_NOTIFIED_FAILED && code[0] != '5' &&
	    code[0] != '4'))
		return RW_NOTIFIED_UNCLEAR;
	return actions[i].what;
}

/* A group of fields without a recipient is the one about the message. */
static void
read_group(struct rw_notification *notification, const char *bytes, size_t len)
{
	GMimeObject *fields = parse_fields(bytes, len);
	struct rw_notified_recipient *recipient;

	if (fields == NULL)
		return;
	if (g_mime_object_get_header(fields, "Final-Recipient") != NULL &&
	    notification->count < RW_NOTIFICATION_RECIPIENTS) {
		recipient = &notification->recipients[notification->count++];
		read_recipient(fields, "Final-Recipient", recipient->sums[0]);
		read_recipient(fields, "Original-Recipient",
			recipient->sums[1]);
		read_code(fields, recipient->code);
		recipient->what = judge_action(fields, recipient->code);
	}
	g_object_unref(fields);
}

/* The end of the group of fields that begins at text: a line of blanks. */
static const char *
end_of_group(const char *text)
{
	const char *line = text, *next;

	for (; *line != '\0'; line = next) {
		next = line + strcspn(line, "\n");
		next += *next == '\n';
		if (line[strspn(line, " \t\r")] == '\n')
			return line;
	}
	return line;
}

static void
read_status(struct rw_notification *notification, const char *text)
{
	const char *end;

	while (*text != '\0' &&
	    notification->count < RW_NOTIFICATION_RECIPIENTS) {
		text += strspn(text, "\r\n \t");
		end = end_of_group(text);
		if (end > text)
			read_group(notification, text, (size_t)(end - text));
		text = end;
	}
}

/* ---- parts ------------------------------------------------------------- */

static bool
is_type(GMimeObject *part, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(
		g_mime_object_get_content_type(part), type, subtype);
}

/* The decoded content, which ends with a NUL; to be unreffed. */
static GByteArray *
content_of(GMimeObject *part)
{
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *bytes = g_byte_array_new();
	GMimeDataWrapper *content;

	g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), bytes);
	content = GMIME_IS_PART(part) ?
		g_mime_part_get_content(GMIME_PART(part)) : NULL;
	if (content != NULL)
		g_mime_data_wrapper_write_to_stream(content, stream);
	g_object_unref(stream);
	g_byte_array_append(bytes, (const guint8 *)"", 1);
	return bytes;
}

static void
take_id(struct rw_notification *notification, const char *id)
{
	if (id != NULL && notification->sum[0] == '\0' && !rw_message_id_parse(
	    id + strspn(id, " \t"), notification->period, notification->sum))
		notification->sum[0] = notification->period[0] = '\0';
}

/* The header alone of the mail that it is about. */
static void
read_header_part(struct rw_notification *notification, GMimeObject *part)
{
	GByteArray *bytes = content_of(part);
	GMimeObject *fields = parse_fields((const char *)bytes->data,
		bytes->len - 1);

	if (fields != NULL) {
		take_id(notification, g_mime_object_get_header(fields,
			"Message-ID"));
		g_object_unref(fields);
	}
	g_byte_array_unref(bytes);
}

static void
read_part(struct rw_notification *notification, GMimeObject *part)
{
	GMimeMessage *message;
	GByteArray *bytes;

	if (is_type(part, "message", "delivery-status") ||
	    is_type(part, "message", "global-delivery-status")) {
		bytes = content_of(part);
		read_status(notification, (const char *)bytes->data);
		g_byte_array_unref(bytes);
	} else if (is_type(part, "text", "rfc822-headers") ||
	    is_type(part, "message", "global-headers")) {
		read_header_part(notification, part);
	} else if (GMIME_IS_MESSAGE_PART(part)) {
		message = g_mime_message_part_get_message(
			GMIME_MESSAGE_PART(part));
		if (message != NULL)
			take_id(notification,
				g_mime_message_get_message_id(message));
	}
}

static void
read_parts(struct rw_notification *notification, GMimeMultipart *report)
{
	int i, n = g_mime_multipart_get_count(report);

	for (i = 0; i < n; i++)
		read_part(notification, g_mime_multipart_get_part(report, i));
}

static void
read_header(struct rw_notification *notification, GMimeMessage *message)
{
	static const char *const names[] = {"To", "Delivered-To",
		"X-Original-To", "Envelope-To", "X-Envelope-To"};
	GMimeHeaderList *list = g_mime_object_get_header_list(
		GMIME_OBJECT(message));
	GDateTime *date = g_mime_message_get_date(message);
	int i, n = g_mime_header_list_get_count(list);
	GMimeHeader *header;
	size_t j;

	notification->date = date != NULL ? g_date_time_to_unix(date) : -1;
	for (i = 0; i < n; i++) {
		header = g_mime_header_list_get_header_at(list, i);
		for (j = 0; j < sizeof names / sizeof names[0]; j++)
			if (g_ascii_strcasecmp(g_mime_header_get_name(header),
			    names[j]) == 0) {
				rw_buf_adds(&notification->to,
					g_mime_header_get_raw_value(header));
				rw_buf_addc(&notification->to, '\n');
			}
	}
}

static bool
is_report(GMimeObject *root)
{
	const char *type;

	if (root == NULL || !GMIME_IS_MULTIPART(root) ||
	    !is_type(root, "multipart", "report"))
		return false;
	type = g_mime_object_get_content_type_parameter(root, "report-type");
	return type != NULL &&
		g_ascii_strcasecmp(type, "delivery-status") == 0;
}

static bool
read_message(struct rw_notification *notification, GMimeMessage *message,
	struct rw_err *why)
{
	GMimeObject *root = g_mime_message_get_mime_part(message);

	if (!is_report(root))
		return rw_fail(why, RW_DATA, "not a delivery status "
			"notification");
	read_header(notification, message);
	read_parts(notification, GMIME_MULTIPART(root));
	return rw_buf_ok(&notification->to, "a notification", why);
}

bool
rw_notification_parse(struct rw_notification *notification, const char *bytes,
	size_t len, struct rw_err *why)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	bool ok;

	rw_buf_reset(&notification->to);
	notification->count = 0;
	notification->date = -1;
	notification->period[0] = notification->sum[0] = '\0';
	ok = message != NULL ? read_message(notification, message, why) :
		rw_fail(why, RW_DATA, "not a mail");
	if (message != NULL)
		g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(stream);
	return ok;
}
