#include "mail/message.h"

#include <string.h>

#include "base/text.h"
#include "mail/message_first_priv.h"
#include "record/mail_edition.h"
#include "wire/digest.h"
#include "wire/mime.h"
#include "wire/mime_header.h"

struct writer {
	struct rw_buf *out;
	bool is_first;		/* the first edition */
	char boundary[33];	/* derived from the Message-ID, so that the
				 * bytes are reproducible */
};

/* ---- fields of the header ------------------------------------------------ */

static void
add_body_text(struct writer *w, const char *name, const char *text)
{
	if (w->is_first)
		rw_message_first_add_text(w->out, name, text);
	else
		rw_mime_add_text_field(w->out, name, text);
}

static void
add_address_field(struct writer *w, const char *field, const char *name,
	const char *address)
{
	if (address == NULL)
		return;
	if (w->is_first)
		rw_message_first_add_address(w->out, field, name, address);
	else
		rw_mime_add_address_field(w->out, field, name, address);
}

/* Exchange and Outlook send automatic answers unless these fields forbid it. */
static void
add_headers(struct writer *w, const struct rw_message *m)
{
	rw_mime_add_date_field(w->out, m->date);
	add_address_field(w, "From", m->from_name, m->from);
	add_address_field(w, "Reply-To", NULL, m->reply_to);
	add_address_field(w, "To", m->to_name, m->to);
	add_address_field(w, "Cc", NULL, m->cc);
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

/* Two fields with the name of the file: RFC 2231 knows how a name outside ASCII
 * is written, and older readers look for encoded words in the name of the type.
 * The type is on a separate line: that of a workbook is long. */
static void
add_names(struct writer *w, const struct rw_attachment *attachment)
{
	rw_buf_addf(w->out, "Content-Type:\r\n\t%s", attachment->type);
	rw_mime_add_old_parameter(w->out, "name", attachment->name);
	rw_buf_adds(w->out, "\r\nContent-Disposition: attachment");
	rw_mime_add_parameter(w->out, "filename", attachment->name);
	rw_buf_adds(w->out, "\r\n");
}

static void
add_first_names(struct writer *w, const struct rw_attachment *attachment)
{
	struct rw_buf type = {0};

	rw_buf_addf(&type, "Content-Type:\r\n\t%s", attachment->type);
	rw_message_first_add_named(w->out, rw_buf_text(&type), "name",
		attachment->name);
	rw_message_first_add_named(w->out, "Content-Disposition: attachment",
		"filename", attachment->name);
	rw_buf_free(&type);
}

static void
add_attachment(struct writer *w, const struct rw_attachment *attachment)
{
	if (w->is_first)
		add_first_names(w, attachment);
	else
		add_names(w, attachment);
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
	struct writer w = {.out = out,
		.is_first = message->edition == RW_MAIL_FIRST};
	char sum[RW_SHA256_HEX];

	if (!check_headers(message, err) ||
	    !rw_sha256_hex(message->message_id, strlen(message->message_id),
	    sum, err))
		return false;
	memcpy(w.boundary, sum, sizeof w.boundary - 1);
	add_headers(&w, message);
	add_body(&w, message);
	return rw_buf_ok(out, "the message", err);
}
