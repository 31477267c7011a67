#include "mail/message_first_priv.h"

#include <gmime/gmime.h>

/* The first call initialises the library, every other one does nothing. */
static GMimeFormatOptions *
new_options(void)
{
	GMimeFormatOptions *options;

	g_mime_init();
	options = g_mime_format_options_new();
	g_mime_format_options_set_newline_format(options,
		GMIME_NEWLINE_FORMAT_DOS);
	return options;
}

/* Takes a whole field with its line end. */
static void
add_field(struct rw_buf *out, GString *field)
{
	rw_buf_add(out, field->str, field->len);
	g_string_free(field, TRUE);
}

/* GMime ends a folded text with LF, despite its options. */
static void
add_crlf(struct rw_buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (*text == '\n')
			rw_buf_adds(out, "\r\n");
		else if (*text != '\r')
			rw_buf_addc(out, *text);
}

void
rw_message_first_add_text(struct rw_buf *out, const char *field,
	const char *text)
{
	GMimeFormatOptions *options = new_options();
	char *encoded = g_mime_utils_header_encode_text(options, text,
		"utf-8");
	char *whole = g_strconcat(field, ": ", encoded, NULL);
	char *folded = g_mime_utils_unstructured_header_fold(NULL, options,
		whole);

	add_crlf(out, folded);
	g_free(folded);
	g_free(whole);
	g_free(encoded);
	g_mime_format_options_free(options);
}

static InternetAddressList *
new_list(const char *name, const char *address)
{
	InternetAddressList *list = internet_address_list_new();
	char **each = g_strsplit(address, ", ", name == NULL ? -1 : 1), **at;

	for (at = each; *at != NULL; at++) {
		InternetAddress *mailbox = internet_address_mailbox_new(name,
			*at);

		internet_address_set_charset(mailbox, "utf-8");
		internet_address_list_add(list, mailbox);
		g_object_unref(mailbox);
	}
	g_strfreev(each);
	return list;
}

void
rw_message_first_add_address(struct rw_buf *out, const char *field,
	const char *name, const char *address)
{
	GMimeFormatOptions *options = new_options();
	InternetAddressList *list = new_list(name, address);
	GString *text = g_string_new(field);

	g_string_append(text, ": ");
	internet_address_list_encode(list, options, text);
	g_object_unref(list);
	g_mime_format_options_free(options);
	add_field(out, text);
}

void
rw_message_first_add_named(struct rw_buf *out, const char *field,
	const char *parameter, const char *value)
{
	GMimeFormatOptions *options = new_options();
	GMimeParamList *params = g_mime_param_list_new();
	GString *text = g_string_new(field);

	g_mime_param_list_set_parameter(params, parameter, value);
	g_mime_param_set_charset(g_mime_param_list_get_parameter(params,
		parameter), "utf-8");
	g_mime_param_list_encode(params, options, TRUE, text);
	g_object_unref(params);
	g_mime_format_options_free(options);
	add_field(out, text);
}
