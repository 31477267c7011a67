#include "mail/message.h"

#include <gmime/gmime.h>
#include <string.h>

#include "base/text.h"
#include "wire/digest.h"
#include "wire/mime.h"

void
rw_message_init(void)
{
	g_mime_init();
}

/* ---- header fields: GMime encodes and folds them ------------------------- */

struct writer {
	struct rw_buf *out;
	GMimeFormatOptions *options;
	char boundary[33];	/* derived from the Message-ID, so that the
				 * bytes are reproducible */
};

/* Appends a whole field with its line end, and frees it. */
static void
add_field(struct writer *w, GString *field)
{
	rw_buf_add(w->out, field->str, field->len);
	g_string_free(field, TRUE);
}

/* GMime ends the lines of a folded text with LF, whatever its options. */
static void
add_crlf(struct rw_buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '\n')
			rw_buf_adds(out, "\r\n");
		else if (*text != '\r')
			rw_buf_addc(out, *text);
}

static void
add_body_text(struct writer *w, const char *name, const char *text)
{
	char *encoded = g_mime_utils_header_encode_text(w->options, text,
		"utf-8");
	char *field = g_strconcat(name, ": ", encoded, NULL);
	char *folded = g_mime_utils_unstructured_header_fold(NULL, w->options,
		field);

	add_crlf(w->out, folded);
	g_free(folded);
	g_free(field);
	g_free(encoded);
}

/* address: one address, or, without a name, several separated by ", ". */
static void
add_address(struct writer *w, const char *field, const char *name,
	const char *address)
{
	InternetAddressList *list;
	InternetAddress *mailbox;
	GString *text;
	char **each, **at;

	if (address == NULL)
		return;
	list = internet_address_list_new();
	each = g_strsplit(address, ", ", name == NULL ? -1 : 1);
	for (at = each; *at != NULL; at++) {
		mailbox = internet_address_mailbox_new(name, *at);
		internet_address_set_charset(mailbox, "utf-8");
		internet_address_list_add(list, mailbox);
		g_object_unref(mailbox);
	}
	g_strfreev(each);
	text = g_string_new(field);
	g_string_append(text, ": ");
	internet_address_list_encode(list, w->options, text);
	g_object_unref(list);
	add_field(w, text);
}

static void
add_date(struct writer *w, int64_t seconds)
{
	GDateTime *date = g_date_time_new_from_unix_utc(seconds);
	char *text = g_mime_utils_header_format_date(date);

	rw_buf_addf(w->out, "Date: %s\r\n", text);
	g_free(text);
	g_date_time_unref(date);
}

/* Writes "Content-Disposition: attachment; filename=...", with the encoding
 * that a name outside ASCII requires. */
static void
add_named(struct writer *w, const char *field, const char *parameter,
	const char *value)
{
	GMimeParamList *params = g_mime_param_list_new();
	GString *text = g_string_new(field);

	g_mime_param_list_set_parameter(params, parameter, value);
	g_mime_param_set_charset(g_mime_param_list_get_parameter(params,
		parameter), "utf-8");
	g_mime_param_list_encode(params, w->options, TRUE, text);
	g_object_unref(params);
	add_field(w, text);
}

/* Exchange and Outlook send automatic answers unless these fields forbid it. */
static void
add_headers(struct writer *w, const struct rw_message *m)
{
	add_date(w, m->date);
	add_address(w, "From", m->from_name, m->from);
	add_address(w, "Reply-To", NULL, m->reply_to);
	add_address(w, "To", m->to_name, m->to);
	add_address(w, "Cc", NULL, m->cc);
	add_body_text(w, "Subject", m->subject);
	rw_buf_addf(w->out, "Message-ID: <%s>\r\n", m->message_id);
	rw_buf_adds(w->out, "Auto-Submitted: auto-generated\r\n"
		"X-Auto-Response-Suppress: All\r\n");
	if (m->original_to != NULL)
		add_body_text(w, "X-Original-To", m->original_to);
	rw_buf_adds(w->out, "MIME-Version: 1.0\r\n");
}

/* ---- parts ------------------------------------------------------------- */

/* The Content-Type field of a multipart. No part can contain its boundary,
 * because neither encoding produces "=_". */
static void
add_multipart(struct writer *w, const char *subtype)
{
	rw_buf_addf(w->out, "Content-Type: multipart/%s;\r\n"
		"\tboundary=\"=_%s_%s\"\r\n\r\n", subtype, subtype,
		w->boundary);
}

static void
add_boundary(struct writer *w, const char *subtype, const char *end)
{
	rw_buf_addf(w->out, "--=_%s_%s%s\r\n", subtype, w->boundary, end);
}

static void
add_text_part(struct writer *w, const char *subtype, const char *text)
{
	rw_buf_addf(w->out, "Content-Type: text/%s; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n",
		subtype);
	rw_mime_add_quoted(w->out, text, strlen(text));
}

static void
add_texts(struct writer *w, const struct rw_message *m)
{
	if (m->html == NULL) {
		add_text_part(w, "plain", m->text);
		return;
	}
	add_multipart(w, "alternative");
	add_boundary(w, "alternative", "");
	add_text_part(w, "plain", m->text);
	rw_buf_adds(w->out, "\r\n");
	add_boundary(w, "alternative", "");
	add_text_part(w, "html", m->html);
	rw_buf_adds(w->out, "\r\n");
	add_boundary(w, "alternative", "--");
}

/* The type is on a line of its own, because the type of a workbook is long. */
static void
add_attachment(struct writer *w, const struct rw_attachment *attachment)
{
	char *field = g_strconcat("Content-Type:\r\n\t", attachment->type,
		NULL);

	add_named(w, field, "name", attachment->name);
	g_free(field);
	add_named(w, "Content-Disposition: attachment", "filename",
		attachment->name);
	rw_buf_adds(w->out, "Content-Transfer-Encoding: base64\r\n\r\n");
	rw_mime_add_base64(w->out, attachment->bytes, attachment->len);
}

static void
add_body(struct writer *w, const struct rw_message *m)
{
	size_t i;

	if (m->attachment_count == 0) {
		add_texts(w, m);
		return;
	}
	add_multipart(w, "mixed");
	add_boundary(w, "mixed", "");
	add_texts(w, m);
	for (i = 0; i < m->attachment_count; i++) {
		rw_buf_adds(w->out, "\r\n");
		add_boundary(w, "mixed", "");
		add_attachment(w, &m->attachments[i]);
	}
	rw_buf_adds(w->out, "\r\n");
	add_boundary(w, "mixed", "--");
}

/* The values were checked when they were read. They are all checked again here,
 * because a line end would add a field to the header. */
static bool
check_headers(const struct rw_message *m, struct rw_err *err)
{
	const char *const fields[] = {m->from_name, m->from, m->reply_to,
		m->to_name, m->to, m->cc, m->subject, m->message_id,
		m->original_to};
	size_t n = sizeof fields / sizeof *fields, i;

	for (i = 0; i < n + m->attachment_count; i++) {
		const char *text = i < n ? fields[i] :
			m->attachments[i - n].name;

		if (text != NULL && (rw_text_has_control(text) ||
		    !rw_text_is_utf8(text, strlen(text), NULL)))
			return rw_fail(err, RW_DATA, "a field of the mail's "
				"header has a control character, or is not "
				"UTF-8");
	}
	return true;
}

bool
rw_message_compose(const struct rw_message *message, struct rw_buf *out,
	struct rw_err *err)
{
	struct writer w = {.out = out};
	char sum[RW_SHA256_HEX];

	if (!check_headers(message, err) ||
	    !rw_sha256_hex(message->message_id, strlen(message->message_id),
	    sum, err))
		return false;
	memcpy(w.boundary, sum, sizeof w.boundary - 1);
	w.options = g_mime_format_options_new();
	g_mime_format_options_set_newline_format(w.options,
		GMIME_NEWLINE_FORMAT_DOS);
	add_headers(&w, message);
	add_body(&w, message);
	g_mime_format_options_free(w.options);
	return rw_buf_ok(out, "the message", err);
}
