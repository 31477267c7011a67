#include "store/endpoint_bucket.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"

/* Their host names begin with the bucket, or with what is none. */
static const char *const providers[] = {".amazonaws.com", ".amazonaws.com.cn",
	".r2.cloudflarestorage.com", ".backblazeb2.com",
	".digitaloceanspaces.com", ".wasabisys.com", ".linodeobjects.com",
	".vultrobjects.com", ".googleapis.com", ".scw.cloud", ".ovh.net",
	".your-objectstorage.com", ".aliyuncs.com", ".myhuaweicloud.com",
	".idrivee2.com"};

bool
rw_endpoint_is_address(const struct rw_endpoint *endpoint)
{
	size_t len = strcspn(endpoint->host, ":");

	return endpoint->host[0] == '[' ||
		strspn(endpoint->host, "0123456789.") >= len;
}

/* ---- the host ---------------------------------------------------------- */

/* Whether host, without its port, is one of a provider's. */
static bool
is_providers(const char *host)
{
	size_t len = strcspn(host, ":"), i, n;

	for (i = 0; i < sizeof providers / sizeof *providers; i++) {
		n = strlen(providers[i]);
		if (len > n && strncmp(host + len - n, providers[i], n) == 0)
			return true;
	}
	return false;
}

/* The host without the bucket before it; NULL when it does not begin with it.
 * A bucket may have the name of a whole host: then "" or its port is left. */
static const char *
host_after_bucket(const struct rw_endpoint *endpoint, const char *bucket)
{
	const char *host = endpoint->host;
	size_t len = strlen(bucket), name = strcspn(host, ":");

	if (rw_endpoint_is_address(endpoint) ||
	    strncasecmp(host, bucket, len) != 0)
		return NULL;
	if (host[len] == '.')
		return host + len + 1;
	/* A name without a dot cannot be a bucket in front of a host. */
	return name == len && strchr(bucket, '.') != NULL ? host + len : NULL;
}

static bool
host_has_bucket(const struct rw_endpoint *endpoint, const char *bucket,
	enum rw_store_style style)
{
	const char *rest = host_after_bucket(endpoint, bucket);

	if (rest == NULL)
		return false;
	/* "storage" before "googleapis.com" is the store itself. */
	if (is_providers(endpoint->host))
		return is_providers(rest);
	return style != RW_STYLE_PATH;
}

/* ---- the path ---------------------------------------------------------- */

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ?
		c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Whether the segment, of len bytes and percent-encoded, is the bucket. */
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

/* The bytes of the prefix before a segment that is the bucket; all of them when
 * there is none. */
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

static bool
fail_named(const char *name, const struct rw_endpoint *endpoint,
	const char *bucket, const char *host, size_t prefix,
	struct rw_err *err)
{
	bool in_host = host != endpoint->host;
	bool in_path = prefix < strlen(endpoint->prefix);
	struct rw_buf right = {0};

	if (*host == '\0' || *host == ':')
		rw_buf_adds(&right, "the address of the store itself");
	else
		rw_buf_addf(&right, "%s://%s%.*s", endpoint->scheme, host,
			(int)prefix, endpoint->prefix);
	rw_fail(err, RW_CONFIG, "%s already names the bucket %s in its %s, and "
		"every address would have it twice: expected %s%s%s%s", name,
		bucket, in_host ? in_path ? "host and in its path" : "host" :
		"path", rw_buf_text(&right), in_host && !is_providers(host) ?
		" (RW_S3_STYLE=virtual puts the bucket before the host; "
		"RW_S3_STYLE=path if the store itself is called " : "",
		in_host && !is_providers(host) ? endpoint->host : "",
		in_host && !is_providers(host) ? ")" : in_path ?
		" (RW_S3_SIGN_PREFIX=false if a proxy removes the path)" : "");
	rw_buf_free(&right);
	return false;
}

bool
rw_endpoint_lacks_bucket(const char *name, const struct rw_endpoint *endpoint,
	const char *bucket, enum rw_store_style style, bool removes_prefix,
	struct rw_err *err)
{
	const char *host = host_has_bucket(endpoint, bucket, style) ?
		host_after_bucket(endpoint, bucket) : endpoint->host;
	size_t prefix = removes_prefix ? strlen(endpoint->prefix) :
		prefix_before_bucket(endpoint->prefix, bucket);

	return (host == endpoint->host && prefix == strlen(endpoint->prefix)) ||
		fail_named(name, endpoint, bucket, host, prefix, err);
}
