#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/url.h"
#include "store/endpoint_bucket.h"
#include "wire/config.h"

/* The first of these variables that is set, and its name (otherwise the first
 * name). The caller owns *value, which may be NULL. */
static bool
first_of(const char *const *names, const char **name, char **value,
	struct rw_err *err)
{
	*name = names[0];
	*value = NULL;
	for (; *names != NULL && *value == NULL; names++) {
		if (!rw_config_word(*names, value, err))
			return false;
		if (*value != NULL)
			*name = *names;
	}
	return true;
}

/* True when the text has more than blanks. */
static bool
is_set(const char *name)
{
	const char *text = rw_config_text(name, "");

	return text[strspn(text, " \t\r\n")] != '\0';
}

/* As first_of, for URLs. Checks the user part first, so that the message about
 * a password with a blank gives the remedy. */
static bool
first_url(const char *const *names, const char **name, char **value,
	struct rw_err *err)
{
	const char *const *used = names;

	while (!is_set(*used) && used[1] != NULL)
		used++;
	return rw_url_check_no_user(*used, rw_config_text(*used, ""), err) &&
		first_of(names, name, value, err);
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
		if (is_set(names[i]))
			return true;
	return false;
}

static bool
missing(const char *name, const char *hint, struct rw_err *err)
{
	return rw_fail(err, RW_CONFIG, "the object store is only partly "
		"configured: %s is not set%s", name, hint);
}

static bool
has_key(const char *name)
{
	char file[64];

	snprintf(file, sizeof file, "%s_FILE", name);
	return is_set(name) || is_set(file);
}

/* Names all missing settings of a partly configured store at once. A wrong
 * value is reported where it is read. */
static bool
is_complete(struct rw_err *err)
{
	bool ours = has_key("MINIO_ACCESS_KEY") || has_key("MINIO_SECRET_KEY");
	const struct {
		const char *name;
		bool is_there;
	} settings[] = {
		{"MINIO_ENDPOINT_URL", is_set("MINIO_ENDPOINT_URL") ||
			is_set("AWS_ENDPOINT_URL_S3") ||
			is_set("AWS_ENDPOINT_URL")},
		{"MINIO_ACCESS_KEY", has_key(ours ? "MINIO_ACCESS_KEY" :
			"AWS_ACCESS_KEY_ID")},
		{"MINIO_SECRET_KEY", has_key(ours ? "MINIO_SECRET_KEY" :
			"AWS_SECRET_ACCESS_KEY")},
		{"MINIO_BUCKET_NAME", is_set("MINIO_BUCKET_NAME")},
	};
	size_t n = sizeof settings / sizeof *settings, i, left = 0;
	char names[160] = "";

	for (i = 0; i < n; i++)
		left += !settings[i].is_there;
	if (left < 2)
		return true;
	for (i = 0; i < n; i++) {
		if (settings[i].is_there)
			continue;
		left--;
		strcat(strcat(names, settings[i].name), left > 1 ? ", " :
			left == 1 ? " and " : "");
	}
	return rw_fail(err, RW_CONFIG, "the object store is only partly "
		"configured: %s are not set", names);
}

/* Printable ASCII: part of a header, and of a link. */
static bool
is_visible(const char *name, const char *text, struct rw_err *err)
{
	const char *p = text;

	while (*p > 0x20 && *p < 0x7f)
		p++;
	return *p == '\0' || rw_fail(err, RW_CONFIG, "%s has a character that "
		"is not ASCII (character %td): expected letters, digits and "
		"punctuation", name, p - text + 1);
}

/* Reads the secret from one of two names; *value stays NULL when neither is
 * set. */
static bool
secret_of(const char *a, const char *b, const char **value,
	struct rw_err *err)
{
	char *secret = NULL;

	if (!rw_config_key(a, &secret, err) ||
	    (secret == NULL && b != NULL && !rw_config_key(b, &secret, err)))
		return false;
	*value = secret;
	return true;
}

/* All keys come from one family of names. Otherwise the token of one would be
 * sent with the keys of the other. */
static bool
load_keys(struct rw_identity *who, struct rw_err *err)
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
load_identity(struct rw_identity *who, struct rw_err *err)
{
	return load_keys(who, err) &&
		is_visible("the access key (MINIO_ACCESS_KEY)",
		who->access_key, err) && (who->token == NULL ||
		is_visible("the session token (MINIO_SESSION_TOKEN)",
		who->token, err));
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
is_amazon_host(const char *host)
{
	const struct rw_provider *provider = rw_provider_of(host);

	return provider != NULL && provider->is_amazon;
}

static bool
read_style(enum rw_store_style *style, struct rw_err *err)
{
	static const char *const names[] = {[RW_STYLE_AUTO] = "auto",
		[RW_STYLE_PATH] = "path", [RW_STYLE_VIRTUAL] = "virtual"};
	char *text;
	size_t i;

	if (!rw_config_word("RW_S3_STYLE", &text, err))
		return false;
	*style = RW_STYLE_AUTO;
	if (text == NULL)
		return true;
	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(text, names[i]) == 0)
			break;
	*style = (enum rw_store_style)i;
	if (i == sizeof names / sizeof *names)
		rw_fail(err, RW_CONFIG, "RW_S3_STYLE is \"%.40s\": expected "
			"auto, path or virtual", text);
	free(text);
	return i < sizeof names / sizeof *names;
}

/* Path style works everywhere. Only Amazon requires virtual style, for which no
 * certificate covers a bucket with a dot in its name. */
static bool
choose_style(const struct rw_store *store, enum rw_store_style style,
	struct rw_endpoint *endpoint, struct rw_err *err)
{
	endpoint->is_virtual = style == RW_STYLE_VIRTUAL ||
		(style == RW_STYLE_AUTO && is_amazon_host(endpoint->host) &&
		strchr(store->bucket, '.') == NULL);
	return !endpoint->is_virtual || !rw_endpoint_is_address(endpoint->host) ||
		rw_fail(err, RW_CONFIG, "RW_S3_STYLE is virtual and "
			"the endpoint %s is an address: a bucket's name can "
			"only be put before a host name", endpoint->host);
}

static bool
load_endpoint(const struct rw_store *store, const char *name, const char *url,
	bool secure, bool must_match, struct rw_endpoint *endpoint,
	struct rw_err *err)
{
	enum rw_store_style style;

	return read_style(&style, err) && rw_endpoint_parse(name, url, secure,
		must_match, endpoint, err) &&
		rw_endpoint_lacks_bucket(&(struct rw_endpoint_words){
			.name = name, .scheme = endpoint->scheme,
			.host = endpoint->host, .prefix = endpoint->prefix,
			.bucket = store->bucket, .style = style,
			.removes_prefix = !store->signs_prefix}, err) &&
		choose_style(store, style, endpoint, err);
}

/* Either endpoint may be the operator's own host name in front of a
 * provider. */
static const struct rw_provider *
provider_of(const struct rw_store *store)
{
	const struct rw_provider *inner = rw_provider_of(store->endpoint.host);

	return inner != NULL ? inner :
		rw_provider_of(store->public_endpoint.host);
}

static bool
load_endpoints(struct rw_store *store, struct rw_err *err)
{
	static const char *const inner[] = {"MINIO_ENDPOINT_URL",
		"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", NULL};
	static const char *const outer[] = {"MINIO_PUBLIC_ENDPOINT_URL", NULL};
	const char *name, *public;
	char *url, *public_url = NULL;
	bool secure, good;

	if (!rw_config_bool("MINIO_SECURE", true, &secure, err) ||
	    !first_url(inner, &name, &url, err))
		return false;
	if (url == NULL)
		return missing("MINIO_ENDPOINT_URL", " (for Amazon S3: "
			"https://s3.REGION.amazonaws.com)", err);
	/* The public endpoint may use https although the internal endpoint does
	 * not. */
	good = load_endpoint(store, name, url, secure, true, &store->endpoint,
		err) && first_url(outer, &public, &public_url, err) &&
		load_endpoint(store, public_url != NULL ? public : name,
		public_url != NULL ? public_url : url, secure, secure,
		&store->public_endpoint, err);
	free(url);
	free(public_url);
	if (good)
		store->provider = provider_of(store);
	return good;
}

static bool
load_bucket(struct rw_store *store, struct rw_err *err)
{
	if (!rw_config_word("MINIO_BUCKET_NAME", &store->bucket, err))
		return false;
	if (store->bucket == NULL)
		return missing("MINIO_BUCKET_NAME", "", err);
	return is_bucket_name(store->bucket) || rw_fail(err, RW_CONFIG,
		"MINIO_BUCKET_NAME is \"%.80s\": expected 3 to 63 letters, "
		"digits, dots and hyphens", store->bucket);
}

/* The region is part of the signed text and of the Authorization header. */
static bool
load_region(struct rw_store *store, struct rw_err *err)
{
	static const char *const names[] = {"MINIO_REGION", "AWS_REGION",
		"AWS_DEFAULT_REGION", NULL};
	const char *name;

	if (!first_of(names, &name, &store->region, err))
		return false;
	if (store->region == NULL)
		store->region = strdup("us-east-1");
	if (store->region == NULL)
		return rw_fail_memory(err, "the settings");
	return is_visible(name, store->region, err) &&
		(strpbrk(store->region, "/,=\"\\") == NULL || rw_fail(err,
		RW_CONFIG, "%s is \"%.40s\": expected the name of a region, "
		"such as us-east-1", name, store->region));
}

static bool
load_place(struct rw_store *store, struct rw_err *err)
{
	return load_bucket(store, err) && load_region(store, err) &&
		rw_config_bool("RW_S3_SIGN_PREFIX", true, &store->signs_prefix,
		err) && load_endpoints(store, err);
}

static bool
load(struct rw_store *store, bool with_identity, struct rw_err *err)
{
	*store = (struct rw_store){0};
	if (!is_wanted())
		return true;
	if ((with_identity && !is_complete(err)) || !load_place(store, err) ||
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
	/* Owned since load; const because signers only borrow it. */
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
