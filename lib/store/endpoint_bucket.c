#include "store/endpoint_bucket.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "store/provider.h"

bool
rw_endpoint_is_address(const char *host)
{
	return host[0] == '[' ||
		strspn(host, "0123456789.") >= strcspn(host, ":");
}

/* ---- the host ---------------------------------------------------------- */

/* The host without the bucket in front; NULL when the host does not begin with
 * the bucket. If the bucket has the name of a whole host, the result is "" or
 * the port. */
static const char *
host_after_bucket(const char *host, const char *bucket)
{
	size_t len = strlen(bucket), name = strcspn(host, ":");

	if (rw_endpoint_is_address(host) ||
	    strncasecmp(host, bucket, len) != 0)
		return NULL;
	if (host[len] == '.')
		return host + len + 1;
	/* In a name without a dot, no bucket can precede a host. */
	return name == len && strchr(bucket, '.') != NULL ? host + len : NULL;
}

static bool
host_has_bucket(const struct rw_endpoint_words *words)
{
	const char *rest = host_after_bucket(words->host, words->bucket);

	if (rest == NULL)
		return false;
	/* "storage" before "googleapis.com" is the store itself. */
	if (rw_provider_of(words->host) != NULL)
		return rw_provider_of(rest) != NULL;
	return words->style != RW_STYLE_PATH;
}

/* ---- the path ---------------------------------------------------------- */

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ?
		c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* True when the percent-encoded segment of len bytes is the bucket. */
static bool
is_bucket(const char *segment, size_t len, const char *bucket)
{
	size_t i;
	char c;

	for (i = 0; i < len && *bucket != '\0'; i++, bucket++) {
		c = segment[i];
		if (c == '%' && i + 2 < len && digit(segment[i + 1]) >= 0 &&
		    digit(segment[i + 2]) >= 0) {
			c = (char)(digit(segment[i + 1]) * 16 +
				digit(segment[i + 2]));
			i += 2;
		}
		if (strncasecmp(&c, bucket, 1) != 0)
			return false;
	}
	return i == len && *bucket == '\0';
}

/* The length of the prefix up to the segment that is the bucket, or its whole
 * length when no segment is. */
static size_t
prefix_before_bucket(const char *prefix, const char *bucket)
{
	const char *slash = prefix;
	size_t len;

	for (; *slash == '/'; slash += 1 + len) {
		len = strcspn(slash + 1, "/");
		if (is_bucket(slash + 1, len, bucket))
			break;
	}
	return (size_t)(slash - prefix);
}

/* ---- both -------------------------------------------------------------- */

/* Advice for the case that the endpoint is nevertheless right. */
static void
add_way_out(const struct rw_endpoint_words *words, const char *host,
	bool in_path, struct rw_buf *out)
{
	if (host != words->host && rw_provider_of(host) == NULL)
		rw_buf_addf(out, " (RW_S3_STYLE=virtual puts the bucket before "
			"the host; RW_S3_STYLE=path if the store itself is "
			"called %s)", words->host);
	else if (in_path)
		rw_buf_adds(out, " (RW_S3_SIGN_PREFIX=false if a proxy "
			"removes the path)");
}

/* host and the first bytes of the prefix are right. */
static bool
fail_named(const struct rw_endpoint_words *words, const char *host,
	size_t prefix, struct rw_err *err)
{
	bool in_path = prefix < strlen(words->prefix);
	struct rw_buf right = {0};

	if (*host == '\0' || *host == ':')
		rw_buf_adds(&right, "the address of the store itself");
	else
		rw_buf_addf(&right, "%s://%s%.*s", words->scheme, host,
			(int)prefix, words->prefix);
	add_way_out(words, host, in_path, &right);
	rw_fail(err, RW_CONFIG, "%s already names the bucket %s in its %s, and "
		"every address would have it twice: expected %s", words->name,
		words->bucket, host == words->host ? "path" : in_path ?
		"host and in its path" : "host", rw_buf_text(&right));
	rw_buf_free(&right);
	return false;
}

bool
rw_endpoint_lacks_bucket(const struct rw_endpoint_words *words,
	struct rw_err *err)
{
	const char *host = host_has_bucket(words) ?
		host_after_bucket(words->host, words->bucket) : words->host;
	size_t all = strlen(words->prefix), prefix = words->removes_prefix ?
		all : prefix_before_bucket(words->prefix, words->bucket);

	return (host == words->host && prefix == all) ||
		fail_named(words, host, prefix, err);
}
