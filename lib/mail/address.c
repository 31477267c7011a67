#include "mail/address.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/unicode.h"
#include "wire/idn.h"

enum { LOCAL_MAX = 64, LABEL_MAX = 63, DOMAIN_MAX = 255, ADDRESS_MAX = 254,
	HIDDEN_SIZE = 96 };

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9');
}

/* atext of RFC 5322, and all characters outside ASCII, as in RFC 6531. */
static bool
is_atext(char c)
{
	return is_alnum(c) || (unsigned char)c >= 0x80 ||
		(c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool
is_dot_string(const char *local, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		bool edge = i == 0 || i + 1 == len || local[i - 1] == '.';

		if (local[i] == '.' ? edge : !is_atext(local[i]))
			return false;
	}
	return len > 0;
}

/* The caller has rejected control characters. */
static bool
is_quoted_string(const char *local, size_t len)
{
	size_t i;

	if (len < 2 || local[0] != '"' || local[len - 1] != '"')
		return false;
	for (i = 1; i < len - 1; i++) {
		if (local[i] == '"')
			return false;
		if (local[i] == '\\' && ++i == len - 1)
			return false;
	}
	return true;
}

static bool
is_label(const char *label, size_t len)
{
	size_t i;

	if (len == 0 || len > LABEL_MAX || label[0] == '-' ||
	    label[len - 1] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (!is_alnum(label[i]) && label[i] != '-')
			return false;
	return true;
}

static bool
is_domain(const char *domain)
{
	const char *dot;

	if (strlen(domain) > DOMAIN_MAX)
		return false;
	for (; (dot = strchr(domain, '.')) != NULL; domain = dot + 1)
		if (!is_label(domain, (size_t)(dot - domain)))
			return false;
	return is_label(domain, strlen(domain));
}

/* [192.0.2.1] or [IPv6:2001:db8::1] */
static bool
is_literal(const char *domain)
{
	size_t len = strlen(domain);
	unsigned char binary[16];
	char inner[64];

	if (len < 3 || len >= sizeof inner || domain[0] != '[' ||
	    domain[len - 1] != ']')
		return false;
	memcpy(inner, domain + 1, len - 2);
	inner[len - 2] = '\0';
	if (strncasecmp(inner, "IPv6:", 5) == 0)
		return inet_pton(AF_INET6, inner + 5, binary) == 1;
	return inet_pton(AF_INET, inner, binary) == 1;
}

static bool
is_ascii(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x80)
			return false;
	return true;
}

/* Returns the fault, or NULL. */
static const char *
address_fault(struct rw_address *address, const char *text)
{
	const char *at = strrchr(text, '@');
	size_t local = at == NULL ? 0 : (size_t)(at - text);

	if (at == NULL)
		return "it has no @";
	if (local > LOCAL_MAX)
		return "the part before the @ is longer than 64 bytes";
	if (!is_dot_string(text, local) && !is_quoted_string(text, local))
		return "the part before the @ is malformed";
	address->needs_utf8 = !is_ascii(text, local);
	rw_buf_add(&address->text, text, local + 1);
	if (at[1] == '[' && is_literal(at + 1))
		rw_buf_adds(&address->text, at + 1);
	else if (!rw_idn_to_ascii(at + 1, &address->text, NULL) ||
	    !is_domain(rw_buf_text(&address->text) + local + 1))
		return "the domain is malformed";
	if (address->text.len > ADDRESS_MAX)
		return "it is longer than 254 bytes";
	address->domain = rw_buf_text(&address->text) + local + 1;
	return NULL;
}

/* Nobody sees it in an address, so that two addresses would look the same. */
static bool
is_hidden(uint32_t c)
{
	return c > 0x9f && (rw_char_is_invisible(c) ||
		rw_char_is_noncharacter(c));
}

/* 0: the text has no hidden character. */
static uint32_t
first_hidden(const char *text)
{
	uint32_t c;

	while ((c = rw_text_next(&text)) != 0 && !is_hidden(c))
		continue;
	return c;
}

static const char *
describe_hidden(uint32_t c, char words[HIDDEN_SIZE])
{
	const char *name = rw_char_name(c);

	snprintf(words, HIDDEN_SIZE, "it has U+%04X%s%s%s, which is %s",
		(unsigned)c, name != NULL ? " (" : "",
		name != NULL ? name : "", name != NULL ? ")" : "",
		rw_char_is_noncharacter(c) ? "not a character" : "invisible");
	return words;
}

/* Hidden characters would be invisible in the message, too. */
static void
show_address(struct rw_buf *out, const char *text)
{
	struct rw_buf shown = {.max = 400};
	uint32_t c;

	while ((c = rw_text_next(&text)) != 0)
		if (is_hidden(c))
			rw_buf_addf(&shown, "<U+%04X>", (unsigned)c);
		else
			rw_text_add_char(&shown, c);
	rw_text_add_printable(out, rw_buf_text(&shown));
	rw_buf_free(&shown);
}

bool
rw_address_parse(struct rw_address *address, const char *what,
	const char *text, struct rw_err *err)
{
	struct rw_buf shown = {.max = 400};
	char words[HIDDEN_SIZE];
	const char *why;

	rw_buf_reset(&address->text);
	address->needs_utf8 = false;
	if (!rw_text_is_utf8(text, strlen(text), NULL))
		why = "it is not UTF-8";
	else if (first_hidden(text) != 0)
		why = describe_hidden(first_hidden(text), words);
	else if (rw_text_has_control(text))
		why = "it has a control character";
	else
		why = address_fault(address, text);
	if (why == NULL && rw_buf_ok(&address->text, what, err))
		return true;
	show_address(&shown, text);
	rw_fail(err, RW_DATA, "%s \"%s\" is not a valid mail address: %s", what,
		rw_buf_text(&shown), why != NULL ? why : "it is too long");
	rw_buf_free(&shown);
	return false;
}

const char *
rw_address_text(const struct rw_address *address)
{
	return rw_buf_text(&address->text);
}

void
rw_address_free(struct rw_address *address)
{
	rw_buf_free(&address->text);
}
