#include "store/link_object.h"

#include <string.h>

#include "base/text.h"

/* ---- the start ----------------------------------------------------------- */

bool
rw_link_has_store(const struct rw_store *store)
{
	return store->is_configured;
}

bool
rw_link_start_at_store(const struct rw_store *store, struct rw_buf *out,
	struct rw_err *err)
{
	struct rw_target target = {0};
	bool good = rw_store_target(store, &store->public_endpoint, "",
		&target, err);

	if (good)
		rw_buf_add(out, target.url.data, target.url.len);
	rw_target_free(&target);
	return good;
}

/* ---- reading a link ------------------------------------------------------ */

static int
digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' :
		c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes once a text that rw_text_add_percent has encoded with keep. Each text
 * has exactly one encoding: "%2e%2E", an unencoded "+" and "%2500" are
 * refused. */
static bool
read_percent(const char *text, size_t len, const char *keep,
	struct rw_buf *out)
{
	struct rw_buf again = {0};
	size_t i;
	int high, low;
	bool same;

	rw_buf_reset(out);
	for (i = 0; i < len; i++) {
		if (text[i] != '%') {
			rw_buf_addc(out, text[i]);
			continue;
		}
		high = i + 2 < len ? digit(text[i + 1]) : -1;
		low = high >= 0 ? digit(text[i + 2]) : -1;
		if (low < 0 || high + low == 0)
			return false;
		rw_buf_addc(out, (char)(high * 16 + low));
		i += 2;
	}
	rw_text_add_percent(&again, rw_buf_text(out), keep);
	same = !out->failed && !again.failed && again.len == len &&
		memcmp(rw_buf_text(&again), text, len) == 0;
	rw_buf_free(&again);
	return same;
}

/* All parameters that rw-presign writes, in any scheme. */
static const char *const parameters[] = {"response-content-disposition",
	"versionId", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date",
	"X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Security-Token",
	"X-Amz-Signature", "AWSAccessKeyId", "Signature",
	"x-amz-security-token", "Expires", "Key-Pair-Id"};

enum { PARAMETERS = sizeof parameters / sizeof *parameters, VERSION = 1 };

static size_t
parameter_of(const char *text, size_t len)
{
	size_t i = 0;

	while (i < PARAMETERS && (strlen(parameters[i]) != len ||
	    strncmp(parameters[i], text, len) != 0))
		i++;
	return i;
}

/* Each parameter may occur at most once. An unknown parameter could change the
 * answer. */
static bool
read_query(const char *query, struct rw_buf *version)
{
	bool seen[PARAMETERS] = {false};
	struct rw_buf value = {0};
	bool good = true;
	size_t i, name, len;

	for (; good && *query != '\0'; query += len) {
		len = strcspn(query, "&");
		name = strcspn(query, "=&");
		i = parameter_of(query, name);
		good = i < PARAMETERS && !seen[i] && query[name] == '=' &&
			read_percent(query + name + 1, len - name - 1, "",
			i == VERSION ? version : &value);
		if (good)
			seen[i] = true;
		if (query[len] == '&')
			len++;
	}
	rw_buf_free(&value);
	return good;
}

bool
rw_link_read_object(const char *path, size_t len, const char *query,
	struct rw_link_end *end)
{
	rw_buf_reset(&end->version);
	return read_percent(path, len, "/", &end->key) &&
		(query == NULL || read_query(query, &end->version));
}
