#include "wire/http_connect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/secret.h"

enum { TIMEOUT_S = 10 };

static char *
host_of(const char *url)
{
	CURLU *parts = curl_url();
	char *host = NULL, *copy = NULL;

	if (parts != NULL && curl_url_set(parts, CURLUPART_URL, url, 0) ==
	    CURLUE_OK && curl_url_get(parts, CURLUPART_HOST, &host, 0) ==
	    CURLUE_OK)
		copy = strdup(host);
	curl_free(host);
	curl_url_cleanup(parts);
	return copy;
}

static bool
connect_to(const char *name, const char *url, const char *host,
	struct rw_err *err)
{
	const char *ca_file = getenv("CURL_CA_BUNDLE");
	char words[CURL_ERROR_SIZE] = "";
	CURL *curl = curl_easy_init();
	CURLcode code;

	if (curl == NULL)
		return rw_fail_memory(err, "a connection");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, words);
	if (ca_file != NULL && ca_file[0] != '\0')
		curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
	code = curl_easy_perform(curl);
	if (words[0] == '\0')
		snprintf(words, sizeof words, "%s", curl_easy_strerror(code));
	rw_secret_hide_foreign(words);
	curl_easy_cleanup(curl);
	return code == CURLE_OK || rw_fail(err, RW_UNREACHABLE, "%s: %s is "
		"unreachable: %s", name, host, words);
}

bool
rw_http_connect(const char *name, const char *url, struct rw_err *err)
{
	char *host = NULL;
	bool good;

	if (!rw_secret_know_proxies() ||
	    curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return rw_fail(err, RW_BUG, "libcurl cannot be set up");
	if (strncmp(url, "http://", 7) == 0 || strncmp(url, "https://", 8) == 0)
		host = host_of(url);
	good = host != NULL ? connect_to(name, url, host, err) :
		rw_fail(err, RW_CONFIG, "%s is not a URL: expected "
		"https://HOST/PATH", name);
	free(host);
	return good;
}
