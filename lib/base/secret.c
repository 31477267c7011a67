#include "base/secret.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/encode.h"

enum { RUN = 8, GRAM = 3 };

struct form {
	char *text;
	size_t len;
};

static struct form *forms;
static size_t form_count;
/* The groups of three bytes that occur in forms of at least RUN bytes. Most
 * messages contain none of these groups, and need no further search. */
static uint64_t grams[1024];

/* ---- registering ------------------------------------------------------- */

static unsigned
gram_at(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	return (p[0] * 2654435761u ^ p[1] * 40503u ^ p[2] * 257u) & 0xffff;
}

static bool
is_known_form(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < form_count; i++)
		if (forms[i].len == len &&
		    memcmp(forms[i].text, text, len) == 0)
			return true;
	return false;
}

static bool
add_form(const char *text, size_t len)
{
	struct form *more;
	size_t i;

	if (len == 0 || is_known_form(text, len))
		return true;
	more = realloc(forms, (form_count + 1) * sizeof *forms);
	if (more == NULL)
		return false;
	forms = more;
	forms[form_count].text = strndup(text, len);
	if (forms[form_count].text == NULL)
		return false;
	forms[form_count++].len = len;
	for (i = 0; len >= RUN && i + GRAM <= len; i++) {
		unsigned gram = gram_at(text + i);

		grams[gram >> 6] |= UINT64_C(1) << (gram & 63);
	}
	return true;
}

static void
erase(char *text, size_t size)
{
	if (text != NULL)
		explicit_bzero(text, size);
	free(text);
}

/* Without padding, because not every program writes it. */
static bool
add_base64(const void *bytes, size_t len)
{
	size_t size = RW_BASE64_SIZE(len) + 1, n;
	char *out = malloc(size);
	bool good = out != NULL;

	if (good) {
		n = rw_encode_base64(out, bytes, len);
		good = add_form(out, n - (len % 3 == 0 ? 0 : 3 - len % 3));
	}
	erase(out, size);
	return good;
}

static bool
add_percent(const char *text)
{
	size_t size = RW_PERCENT_SIZE(strlen(text)) + 1;
	char *out = malloc(size);
	bool good = out != NULL &&
		add_form(out, rw_encode_percent(out, text, ""));

	erase(out, size);
	return good;
}

static bool
add_all(const char *text)
{
	size_t len = strlen(text);

	return len == 0 || (add_form(text, len) && add_base64(text, len) &&
		add_percent(text));
}

static int
digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' &&
		(c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

static void
decode_percent(char *text)
{
	char *out = text;

	for (; *text != '\0'; *out++ = *text++)
		if (text[0] == '%' && digit_of(text[1]) >= 0 &&
		    digit_of(text[2]) >= 0) {
			text[2] = (char)(digit_of(text[1]) * 16 +
				digit_of(text[2]));
			text += 2;
		}
	*out = '\0';
}

/* "user:password" of a URL, as written and decoded. */
static bool
add_user_part(char *part)
{
	char *password = strchr(part, ':');
	bool good;

	if (password == NULL)
		return true;
	password++;
	good = add_all(password);
	decode_percent(part);
	password = strchr(part, ':') + 1;
	return good && add_all(password) && (*password == '\0' ||
		add_base64(part, strlen(part)));
}

/* Up to the last @: a password may contain one that should have been
 * encoded. */
static bool
know_url(const char *url)
{
	const char *begin = strstr(url, "://");
	const char *end = strrchr(url, '@');
	char *part;
	bool good;

	begin = begin != NULL ? begin + 3 : url;
	if (end == NULL || end < begin)
		return true;
	part = strndup(begin, (size_t)(end - begin));
	if (part == NULL)
		return false;
	good = add_user_part(part);
	erase(part, (size_t)(end - begin));
	return good;
}

bool
rw_secret_know(const char *secret)
{
	return strstr(secret, "://") != NULL ? know_url(secret) :
		add_all(secret);
}

bool
rw_secret_know_bytes(const void *bytes, size_t len)
{
	return add_base64(bytes, len);
}

bool
rw_secret_know_proxies(void)
{
	static const char *const names[] = {"http_proxy", "https_proxy",
		"HTTPS_PROXY", "all_proxy", "ALL_PROXY", "smtp_proxy",
		"SMTP_PROXY"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		const char *url = getenv(names[i]);

		if (url != NULL && !know_url(url))
			return false;
	}
	return true;
}

/* ---- hiding ------------------------------------------------------------ */

/* Replaces len bytes by "***", or fewer; returns the text after them. */
static char *
mask(char *at, size_t len)
{
	size_t n = len < 3 ? len : 3;

	memset(at, '*', n);
	memmove(at + n, at + len, strlen(at + len) + 1);
	return at + n;
}

static size_t
common_length(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] != '\0' && a[n] == b[n])
		n++;
	return n;
}

/* The number of bytes at text that are a run of some form; 0: none. */
static size_t
run_length(const char *text)
{
	size_t longest = 0, i, j, n;

	for (i = 0; i < form_count; i++)
		for (j = 0; j + RUN <= forms[i].len; j++) {
			n = common_length(text, forms[i].text + j);
			if (n >= RUN && n > longest)
				longest = n;
		}
	return longest;
}

static void
hide_runs(char *text)
{
	size_t left = strlen(text), n;

	while (left >= RUN) {
		unsigned gram = gram_at(text);

		n = (grams[gram >> 6] >> (gram & 63) & 1) != 0 ?
			run_length(text) : 0;
		left -= n != 0 ? n : 1;
		text = n != 0 ? mask(text, n) : text + 1;
	}
}

static bool
is_word_byte(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static void
hide_word(char *text, const struct form *form)
{
	char *at = text;

	while ((at = strstr(at, form->text)) != NULL) {
		if ((at > text && is_word_byte(at[-1]) &&
		    is_word_byte(at[0])) ||
		    (is_word_byte(at[form->len - 1]) &&
		    is_word_byte(at[form->len])))
			at++;
		else
			at = mask(at, form->len);
	}
}

void
rw_secret_hide(char *text)
{
	size_t i;

	if (form_count == 0)
		return;
	hide_runs(text);
	for (i = 0; i < form_count; i++)
		if (forms[i].len < RUN)
			hide_word(text, &forms[i]);
}

/* Hides USER:PASSWORD in "://USER:PASSWORD@". */
static void
hide_user_parts(char *text)
{
	char *at = text;
	size_t n;

	while ((at = strstr(at, "://")) != NULL) {
		at += 3;
		n = strcspn(at, "@/?#'\" \t\r\n");
		if (at[n] == '@')
			at = mask(at, n);
	}
}

static void
hide_after(char *text, const char *what, const char *characters, size_t least)
{
	char *at = text;
	size_t n;

	while ((at = strcasestr(at, what)) != NULL) {
		at += strlen(what);
		n = strspn(at, characters);
		if (n >= least)
			at = mask(at, n);
	}
}

void
rw_secret_hide_foreign(char *text)
{
	static const char encoded[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789+/=%-_.~";

	rw_secret_hide(text);
	hide_user_parts(text);
	hide_after(text, "Signature=", encoded, 1);
	hide_after(text, "Security-Token=", encoded, 1);
	hide_after(text, "Basic ", encoded, RUN);
	hide_after(text, "Bearer ", encoded, RUN);
}
