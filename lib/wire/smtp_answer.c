#include "wire/smtp_answer.h"

#include <stdlib.h>
#include <string.h>

/* ---- EHLO ---------------------------------------------------------------- */

/* Reads " PLAIN LOGIN", or "=PLAIN LOGIN" from before RFC 2554; some servers
 * send both. The words are shown in messages, so they must be printable. */
static void
note_mechanisms(struct rw_smtp_features *features, const char *rest)
{
	size_t room = sizeof features->mechanisms - 1, n = 0;

	features->auth = true;
	if (features->mechanisms[0] != '\0')
		return;
	for (rest += strspn(rest, " ="); *rest != '\0' && n < room; rest++)
		if (*rest >= ' ' && *rest <= '~')
			features->mechanisms[n++] = *rest;
	features->mechanisms[n] = '\0';
}

void
rw_smtp_note_feature(struct rw_smtp_features *features, const char *line)
{
	size_t len = strcspn(line, " \t\r\n");
	const char *rest = line + len;

	if (len == 10 && strncasecmp(line, "PIPELINING", len) == 0)
		features->pipelining = true;
	else if (len == 8 && strncasecmp(line, "SMTPUTF8", len) == 0)
		features->utf8 = true;
	else if (len == 8 && strncasecmp(line, "STARTTLS", len) == 0)
		features->starttls = true;
	else if (len >= 4 && strncasecmp(line, "AUTH", 4) == 0 &&
	    (len == 4 || line[4] == '='))
		note_mechanisms(features, line + 4);
	if (len != 4 || strncasecmp(line, "SIZE", len) != 0)
		return;
	features->size = true;
	features->max_size = strtoull(rest, NULL, 10);
}

/* ---- any answer ------------------------------------------------------------ */

size_t
rw_smtp_answer_len(const struct rw_buf *in, size_t *last)
{
	const char *text = rw_buf_text(in), *line = text, *end;

	while ((end = memchr(line, '\n', in->len - (size_t)(line - text))) !=
	    NULL) {
		*last = (size_t)(line - text);
		if (end - line < 4 || line[3] != '-')
			return (size_t)(end - text) + 1;
		line = end + 1;
	}
	return 0;
}

int
rw_smtp_answer_flatten(char *answer, size_t len, size_t last)
{
	size_t i, n = 0;
	int code = 0;

	for (i = last; i < last + 3 && i < len; i++)
		code = code < 0 || answer[i] < '0' || answer[i] > '9' ? -1 :
			code * 10 + (answer[i] - '0');
	if (i < len && strchr(" -\r\n", answer[i]) == NULL)
		code = 0;
	for (i = 0; i < len; i++)
		if (answer[i] != '\r')
			answer[n++] = answer[i] == '\n' ? ' ' : answer[i];
	while (n > 0 && answer[n - 1] == ' ')
		n--;
	answer[n] = '\0';
	return code < 100 ? 0 : code;
}

/* ---- what a refusal is about ------------------------------------------- */

/* 534 and 538 also ask for another mechanism, 535 for another password. */
bool
rw_smtp_is_about_login(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

/* The subject and detail of "5.7.1", as 701; 0: no enhanced code. */
static int
enhanced_code(const char *answer)
{
	const char *at = answer + strcspn(answer, " -");
	int part[3] = {0, 0, 0}, n;

	if (*at != '\0')
		at++;
	for (n = 0; n < 3; n++) {
		size_t digits = strspn(at, "0123456789");

		if (digits < 1 || digits > 3)
			return 0;
		for (; digits > 0; digits--)
			part[n] = part[n] * 10 + (*at++ - '0');
		if (n < 2 && *at++ != '.')
			return 0;
	}
	return part[1] * 100 + part[2];
}

bool
rw_smtp_names_relaying(const char *answer)
{
	static const char *const words[] = {"relay", "rcpthosts"};
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++)
		if (strcasestr(answer, words[i]) != NULL)
			return true;
	return false;
}

static bool
is_about_size(int code, int enhanced)
{
	enum { LONG_FOR_BOX = 203, LONG = 304 };

	return code == 552 || enhanced == LONG_FOR_BOX || enhanced == LONG;
}

/* Postfix refuses a sender only at RCPT. */
static bool
is_about_sender(enum rw_smtp_stage stage, int enhanced)
{
	enum { BAD_SENDER = 107, BAD_SENDER_SYSTEM = 108 };

	return stage == RW_SMTP_MAIL || enhanced == BAD_SENDER ||
		enhanced == BAD_SENDER_SYSTEM;
}

/* Postfix refuses a host's name (EHLO) only at RCPT, with 5.5.2. */
static bool
is_about_rights(enum rw_smtp_stage stage, int enhanced, const char *answer)
{
	enum { SYNTAX = 502, SECURITY = 7 };

	return enhanced / 100 == SECURITY ||
		(stage == RW_SMTP_RCPT && enhanced == SYNTAX) ||
		(enhanced == 0 && rw_smtp_names_relaying(answer));
}

enum rw_smtp_subject
rw_smtp_subject(enum rw_smtp_stage stage, int code, const char *answer,
	bool utf8)
{
	int enhanced = enhanced_code(answer);

	if (code < 500 || code > 599 || stage < RW_SMTP_MAIL ||
	    is_about_size(code, enhanced))
		return RW_SMTP_OF_MESSAGE;
	if (rw_smtp_is_about_login(code))
		return RW_SMTP_OF_LOGIN;
	if (utf8 && stage == RW_SMTP_MAIL)
		return RW_SMTP_OF_MESSAGE;
	if (is_about_sender(stage, enhanced))
		return RW_SMTP_OF_SENDER;
	if (is_about_rights(stage, enhanced, answer))
		return RW_SMTP_OF_RIGHTS;
	return RW_SMTP_OF_MESSAGE;
}
