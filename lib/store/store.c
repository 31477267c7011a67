#include "store/store.h"

#include <stdlib.h>
#include <string.h>

#include "wire/config.h"

/* The first of two variables that is set, with its name. */
static const char *
first_of(const char *a, const char *b, const char **name)
{
	const char *value = rw_config_text(a, NULL);

	*name = value != NULL ? a : b;
	return value != NULL ? value : rw_config_text(b, NULL);
}

static bool
is_wanted(void)
{
	static const char *const names[] = {"MINIO_ENDPOINT_URL",
		"MINIO_ACCESS_KEY", "MINIO_SECRET_KEY",
		"MINIO_SECRET_KEY_FILE", "MINIO_ACCESS_KEY_FILE",
		"MINIO_BUCKET_NAME"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (rw_config_text(names[i], NULL) != NULL)
			return true;
	return false;
}

static bool
missing(const char *name, const char *hint, struct rw_err *err)
{
	return rw_fail(err, RW_CONFIG, "the object store is only partly "
		"configured: %s is not set%s", name, hint);
}

/* The secret under one of two names; *value stays NULL when there is none. */
static bool
secret_of(const char *a, const char *b, const char **value,
	struct rw_err *err)
{
	char *secret = NULL;

	if (!rw_config_secret(a, &secret, err) ||
	    (secret == NULL && b != NULL && !rw_config_secret(b, &secret,
	    err)))
		return false;
	*value = secret;
	return true;
}

/* The keys come from one family, or the token of one would be sent with the
 * keys of the other. */
static bool
load_identity(struct rw_identity *who, struct rw_err *err)
{
	if (!secret_of("MINIO_ACCESS_KEY", NULL, &who->access_key, err) ||
	    !secret_of("MINIO_SECRET_KEY", NULL, &who->secret_key, err))
		return false;
	if (who->access_key != NULL || who->secret_key != NULL) {
		if (who->access_key == NULL)
			return missing("MINIO_ACCESS_KEY", "", err);
		if (who->secret_key == NULL)
			return missing("MINIO_SECRET_KEY", "", err);
		return secret_of("MINIO_SESSION_TOKEN", NULL, &who->token,
			err);
	}
	if (!secret_of("AWS_ACCESS_KEY_ID", NULL, &who->access_key, err) ||
	    !secret_of("AWS_SECRET_ACCESS_KEY", NULL, &who->secret_key, err) ||
	    !secret_of("AWS_SESSION_TOKEN", NULL, &who->token, err))
		return false;
	if (who->access_key == NULL)
		return missing("MINIO_ACCESS_KEY", "", err);
	if (who->secret_key == NULL)
		return missing("MINIO_SECRET_KEY", "", err);
	return true;
}

static bool
is_bucket_name(const char *text)
{
	size_t len = strlen(text);

	return len >= 3 && len <= 63 && strspn(text, "abcdefghijklmnopqrstuvw"
		"xyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") == len &&
		text[0] != '.' && text[0] != '-';
}

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0;
}

/* Without the port. */
static bool
is_amazon_host(const char *host)
{
	char *name = strndup(host, strcspn(host, ":"));
	bool yes = name != NULL && (ends_with(name, ".amazonaws.com") ||
		ends_with(name, ".amazonaws.com.cn"));

	free(name);
	return yes;
}

static bool
is_address(const char *host)
{
	size_t len = strcspn(host, ":");

	return host[0] == '[' || strspn(host, "0123456789.") >= len;
}

/* Path style works everywhere; Amazon alone asks for the other, which no
 * certificate covers for a bucket with a dot in its name. */
static bool
choose_style(const struct rw_store *store, struct rw_endpoint *endpoint,
	struct rw_err *err)
{
	const char *style = rw_config_text("RW_S3_STYLE", "auto");

	if (strcmp(style, "auto") == 0)
		endpoint->is_virtual = is_amazon_host(endpoint->host) &&
			strchr(store->bucket, '.') == NULL;
	else if (strcmp(style, "virtual") == 0)
		endpoint->is_virtual = true;
	else if (strcmp(style, "path") != 0)
		return rw_fail(err, RW_CONFIG, "RW_S3_STYLE is \"%.40s\": "
			"expected auto, path or virtual", style);
	if (endpoint->is_virtual && is_address(endpoint->host))
		return rw_fail(err, RW_CONFIG, "RW_S3_STYLE is virtual and "
			"the endpoint %s is an address: a bucket's name can "
			"only be put before a host name", endpoint->host);
	return true;
}

static bool
load_endpoints(struct rw_store *store, struct rw_err *err)
{
	const char *name, *url;
	bool secure;

	if (!rw_config_bool("MINIO_SECURE", true, &secure, err))
		return false;
	url = first_of("MINIO_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", &name);
	if (url == NULL)
		url = first_of("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL", &name);
	if (url == NULL)
		return missing("MINIO_ENDPOINT_URL", " (for Amazon S3: "
			"https://s3.REGION.amazonaws.com)", err);
	if (!rw_endpoint_parse(name, url, secure, true, &store->endpoint,
	    err) || !choose_style(store, &store->endpoint, err))
		return false;
	store->is_amazon = is_amazon_host(store->endpoint.host);
	/* The public one may well be https in front of a plain one inside. */
	name = "MINIO_PUBLIC_ENDPOINT_URL";
	url = rw_config_text(name, url);
	return rw_endpoint_parse(name, url, secure, secure,
		&store->public_endpoint, err) &&
		choose_style(store, &store->public_endpoint, err);
}

static bool
load_place(struct rw_store *store, struct rw_err *err)
{
	const char *name, *text;

	text = rw_config_text("MINIO_BUCKET_NAME", NULL);
	if (text == NULL)
		return missing("MINIO_BUCKET_NAME", "", err);
	if (!is_bucket_name(text))
		return rw_fail(err, RW_CONFIG, "MINIO_BUCKET_NAME is "
			"\"%.80s\": expected 3 to 63 letters, digits, dots "
			"and hyphens", text);
	store->bucket = strdup(text);
	text = first_of("MINIO_REGION", "AWS_REGION", &name);
	if (text == NULL)
		text = rw_config_text("AWS_DEFAULT_REGION", "us-east-1");
	store->region = strdup(text);
	if (store->bucket == NULL || store->region == NULL)
		return rw_fail_memory(err, "the settings");
	return rw_config_bool("RW_S3_SIGN_PREFIX", true, &store->signs_prefix,
		err) && load_endpoints(store, err);
}

static bool
load(struct rw_store *store, bool with_identity, struct rw_err *err)
{
	*store = (struct rw_store){0};
	if (!is_wanted())
		return true;
	if (!load_place(store, err) ||
	    (with_identity && !load_identity(&store->identity, err))) {
		rw_store_free(store);
		return false;
	}
	store->is_configured = true;
	return true;
}

bool
rw_store_load(struct rw_store *store, struct rw_err *err)
{
	return load(store, true, err);
}

bool
rw_store_load_place(struct rw_store *store, struct rw_err *err)
{
	return load(store, false, err);
}

static void
forget(const char *secret)
{
	/* Ours since load; const because signers only borrow it. */
	rw_config_forget((char *)(uintptr_t)secret);
}

void
rw_store_free(struct rw_store *store)
{
	rw_endpoint_free(&store->endpoint);
	rw_endpoint_free(&store->public_endpoint);
	free(store->bucket);
	free(store->region);
	forget(store->identity.access_key);
	forget(store->identity.secret_key);
	forget(store->identity.token);
	*store = (struct rw_store){0};
}
