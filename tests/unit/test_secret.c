#include "base/secret.h"

#include <stdlib.h>

#include "base/err.h"
#include "tap.h"

/* Known: "pass word/1" (a password), "hunter2" (a short one), a secret key,
 * the URLs below, and what AUTH PLAIN says. */
static const struct {
	const char *text, *shown;
} cases[] = {
	{"", ""},
	{"550 no such user", "550 no such user"},
	{"535 pass word/1 is wrong", "535 *** is wrong"},
	{"pass word/1pass word/1", "******"},
	{"\"cGFzcyB3b3JkLzE=\"", "\"***=\""},
	{"cGFzcyB3b3JkLzE", "***"},
	{"p=pass%20word%2F1&x", "p=***&x"},
	/* a part of one, cut before or behind */
	{"you said pass wor", "you said ***"},
	{"s word/1 you said", "*** you said"},
	{"pass wo", "pass wo"},
	{"the password", "the password"},
	/* a short one is a word */
	{"hunter2", "***"},
	{"(hunter2)", "(***)"},
	{"user:hunter2", "user:***"},
	{"hunter23 ahunter2 hunter2", "hunter23 ahunter2 ***"},
	{"aHVudGVyMg", "***"},
	/* a key */
	{"StringToSign wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY!",
		"StringToSign ***!"},
	{"wJalrXUtn...", "***..."},
	/* of URLs, the password alone */
	{"db.example.com:27017: Authentication failed",
		"db.example.com:27017: Authentication failed"},
	{"secret of the database", "*** of the database"},
	{"p@ss:of the database", "*** the database"},
	{"p%40ss%3Aof", "***"},
	{"dXNlcjpwQHNzOm9m", "***"},
	{"proxypw1 at proxy.example.com", "*** at proxy.example.com"},
	{"Proxy-Authorization: Basic cHJveHl1c2VyOnByb3h5cHcx",
		"Proxy-Authorization: Basic ***"},
	/* \0mailer\0pass word/1 */
	{"AG1haWxlcgBwYXNzIHdvcmQvMQ==", "***=="},
}, foreign[] = {
	{"cannot connect to https://u:p@host/x", "cannot connect to "
		"https://***@host/x"},
	{"http://host/a@b", "http://host/a@b"},
	{"AWS4-HMAC-SHA256 Credential=AKID/x, SignedHeaders=host, "
		"Signature=0123abcd, more", "AWS4-HMAC-SHA256 Credential=AKID/"
		"x, SignedHeaders=host, Signature=***, more"},
	{"GET /k?X-Amz-Signature=0123abcd&X-Amz-Security-Token=FwoG%2F",
		"GET /k?X-Amz-Signature=***&X-Amz-Security-Token=***"},
	{"authorization: bearer eyJhbGciOi.J9", "authorization: bearer ***"},
	{"a basic auth", "a basic auth"},
};

static void
test_each(void)
{
	char text[256];
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		strcpy(text, cases[i].text);
		rw_secret_hide(text);
		is(text, cases[i].shown, "known: %s", cases[i].text);
		strcpy(text, cases[i].text);
		rw_secret_hide_foreign(text);
		is(text, cases[i].shown, "foreign: %s", cases[i].text);
	}
	for (i = 0; i < sizeof foreign / sizeof *foreign; i++) {
		strcpy(text, foreign[i].text);
		rw_secret_hide_foreign(text);
		is(text, foreign[i].shown, "%s", foreign[i].text);
	}
}

/* A message that is too long is cut behind the hiding. */
static void
test_errors(void)
{
	char long_text[600];
	struct rw_err err;

	rw_fail(&err, RW_REFUSED, "the server says %s", "pass word/1");
	is(err.message, "the server says ***", "an error hides it");
	rw_err_prefix(&err, "user hunter2");
	is(err.message, "user ***: the server says ***", "its prefix too");
	memset(long_text, 'x', sizeof long_text);
	memcpy(long_text + sizeof err.message - 6, "pass word/1", 12);
	rw_fail(&err, RW_REFUSED, "%s", long_text);
	ok(strstr(err.message, "pas") == NULL, "no part is left at the end");
}

int
main(void)
{
	static const char plain[] = "\0mailer\0pass word/1";

	setenv("https_proxy", "http://proxyuser:proxypw1@proxy.example.com:3128",
		1);
	ok(rw_secret_know("pass word/1") && rw_secret_know("hunter2") &&
		rw_secret_know("hunter2") && rw_secret_know("") &&
		rw_secret_know("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY") &&
		rw_secret_know("mongodb://reader:secret@db.example.com:27017/x"
		"?tls=true") &&
		rw_secret_know("mongodb://db.example.com:27017/other") &&
		rw_secret_know("postgresql://user:p%40ss%3Aof@db.example.com") &&
		rw_secret_know_proxies() &&
		rw_secret_know_bytes(plain, sizeof plain - 1), "known");
	test_each();
	test_errors();
	return done();
}
