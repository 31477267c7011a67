#include "put_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "checklist.h"
#include "store/s3_probe.h"
#include "store/s3_put.h"
#include "store/s3_rules.h"

enum { SKEW_WARN = 60, SKEW_MAX = 900 };	/* seconds */

static const char probe_key[] = "reports/.rw-put-check";
static const char probe[] = "rw-put --check\n";

struct check {
	struct rw_s3 *s3;
	const struct rw_put_links *links;
	char version[RW_S3_VERSION_SIZE];	/* of the probe; "": none */
	bool may_remain;	/* the probe, in the store */
	struct rw_checklist list;
	bool has_clock;		/* the store sends its time */
	int64_t ahead;		/* seconds by which the store's clock is ahead
				 * of ours */
	int64_t expires_at;	/* of the probe */
	bool is_missing;	/* HEAD of the bucket: 404 */
};

/* Any answer suffices: a user who may write need not be allowed to read. */
static bool
check_reach(struct check *c)
{
	const struct rw_store *store = rw_s3_store(c->s3);
	struct rw_s3_call call = {.method = "HEAD"};
	struct rw_err failure;
	/* 407 is the answer of a proxy. */
	bool good = rw_s3_do(c->s3, &call, &failure) ||
		(failure.kind != RW_UNREACHABLE && call.http.status != 407);

	c->is_missing = call.http.status == 404;
	/* The clocks are compared now, because the next steps may take long. */
	c->has_clock = rw_s3_clock_ahead(&call, &c->ahead);
	if (good)
		rw_checklist_good("reach", "%s://%s answers",
			store->endpoint.scheme, store->endpoint.host);
	else
		rw_checklist_fail(&c->list, "reach", &failure);
	rw_s3_call_free(&call);
	return good;
}

/* Finds out whether the credentials, the bucket or a permission was the
 * reason. */
static void
say_refused(struct check *c, const struct rw_s3_error *error,
	const struct rw_err *failure)
{
	static const char *const bad_keys[] = {"InvalidAccessKeyId",
		"SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"};
	size_t i;

	for (i = 0; i < sizeof bad_keys / sizeof *bad_keys; i++)
		if (strcmp(error->code, bad_keys[i]) == 0) {
			rw_checklist_fail(&c->list, "credentials", failure);
			return;
		}
	if (error->code[0] != '\0')
		rw_checklist_good("credentials", "accepted");
	rw_checklist_fail(&c->list, strcmp(error->code, "NoSuchBucket") == 0 ?
		"bucket" : "write", failure);
}

/* If the bucket does not exist but an object can be stored, the endpoint names
 * a different bucket. */
static void
say_bucket(struct check *c)
{
	const struct rw_store *store = rw_s3_store(c->s3);
	struct rw_err failure;

	if (!c->is_missing) {
		rw_checklist_good("bucket", "%s exists", store->bucket);
		return;
	}
	rw_fail(&failure, RW_CONFIG, "objects can be stored, and bucket %s "
		"does not exist at %s://%s%s: does the endpoint name a bucket "
		"already? (check MINIO_ENDPOINT_URL)", store->bucket,
		store->endpoint.scheme, store->endpoint.host,
		store->endpoint.prefix);
	rw_checklist_fail(&c->list, "bucket", &failure);
}

static bool
check_write(struct check *c)
{
	struct rw_s3_call call = {0};
	struct rw_err failure;
	bool good = rw_s3_probe_put(c->s3, probe_key, probe, sizeof probe - 1,
		&call, &failure);

	/* Without an answer, or without a proof, the probe may still be in the
	 * store. */
	c->may_remain = good || failure.kind == RW_UNREACHABLE ||
		call.http.status < 300;
	if (good) {
		rw_checklist_good("credentials", "accepted");
		say_bucket(c);
		rw_checklist_good("write", "%s is stored", probe_key);
		c->expires_at = rw_s3_expiration(&call.http);
		rw_s3_version(&call.http, c->version);
	} else {
		say_refused(c, &call.error, &failure);
	}
	rw_s3_call_free(&call);
	return good;
}

static void
check_read(struct check *c)
{
	struct rw_s3_call call = {.method = "GET", .key = probe_key};
	struct rw_err failure;
	bool good = rw_s3_do(c->s3, &call, &failure);

	if (good && strcmp(rw_buf_text(&call.http.answer), probe) != 0)
		good = rw_fail(&failure, RW_REFUSED, "%s was read back with "
			"different bytes", probe_key);
	if (good)
		rw_checklist_good("read", "the same bytes were read back");
	else
		rw_checklist_fail(&c->list, "read", &failure);
	rw_s3_call_free(&call);
}

static void
check_links(struct check *c)
{
	rw_put_try_links(rw_s3_store(c->s3), c->links, &(struct rw_put_probe){
		.key = probe_key, .bytes = probe, .version =
		*c->version != '\0' ? c->version : NULL}, &c->list);
}

/* The worker's user may lack the permission to delete. */
static void
say_remains(const struct rw_s3_call *call, const struct rw_err *failure)
{
	if (call->http.status == 403 || call->http.status == 401)
		rw_checklist_warn("delete", "%s remains: these keys may not "
			"delete it (the keys of a worker need not); the rules "
			"of rw-bucket delete it", probe_key);
	else
		rw_checklist_warn("delete", "%s may remain: %s", probe_key,
			failure->message);
}

/* With a separate client: the first one may have given up because its time was
 * over, or because of a signal. */
static void
clean_up(struct check *c)
{
	struct rw_buf query = {0};
	struct rw_s3_call call = {.method = "DELETE", .key = probe_key};
	struct rw_err failure;
	struct rw_s3 *s3 = rw_s3_new(rw_s3_store(c->s3),
		&(struct rw_s3_options){.connections = 1}, &failure);

	if (*c->version != '\0') {
		rw_buf_adds(&query, "versionId=");
		rw_text_add_percent(&query, c->version, "");
		call.query = rw_buf_text(&query);
	}
	if (s3 != NULL && rw_s3_do(s3, &call, &failure))
		rw_checklist_good("delete", "%s is removed", probe_key);
	else
		say_remains(&call, &failure);
	rw_s3_call_free(&call);
	rw_s3_delete(s3);
	rw_buf_free(&query);
}

static bool
is_check_stopped(const struct check *c)
{
	return c->links->grace_ms() >= 0;
}

/* The store did not say whether it will delete the probe. */
static void
check_rules(const struct check *c)
{
	struct rw_err why;
	unsigned days;

	switch (rw_s3_rules_fate(c->s3, &days, &why)) {
	case RW_FATE_DELETED:
		if (days > 0)
			rw_checklist_good("lifecycle", "objects under %s "
				"expire after %u days", RW_LIFECYCLE_PREFIX,
				days);
		else
			rw_checklist_good("lifecycle", "objects under %s "
				"expire on a date", RW_LIFECYCLE_PREFIX);
		break;
	case RW_FATE_KEPT:
		rw_checklist_warn("lifecycle", "no rule deletes objects "
			"under %s; rw-bucket sets it", RW_LIFECYCLE_PREFIX);
		break;
	case RW_FATE_UNKNOWN:
	default:
		rw_checklist_warn("lifecycle", "the store does not say whether "
			"it deletes objects under %s: it sends no "
			"x-amz-expiration, and %s", RW_LIFECYCLE_PREFIX,
			why.message);
	}
}

static void
check_lifecycle(const struct check *c)
{
	char text[RW_RFC3339_SIZE];

	if (c->expires_at == RW_S3_UNCLEAR) {
		rw_checklist_warn("lifecycle", "the expiry time that the store "
			"gives is not midnight; run the check again");
	} else if (c->expires_at == RW_S3_KEPT) {
		check_rules(c);
	} else {
		rw_rfc3339(text, c->expires_at);
		rw_checklist_good("lifecycle", "objects stored now expire at "
			"%s", text);
	}
}

static void
check_clock(struct check *c)
{
	const char *side = c->ahead > 0 ? "ahead of" : "behind";
	struct rw_err failure;

	if (!c->has_clock)
		rw_checklist_warn("clock", "unknown: the store sends no valid "
			"Date");
	else if (llabs(c->ahead) > SKEW_MAX) {
		rw_fail(&failure, RW_REFUSED, "the store's clock is %lld s "
			"%s this host's: correct one of them (rw-put "
			"corrects for it, but links expire at another time)",
			llabs(c->ahead), side);
		rw_checklist_fail(&c->list, "clock", &failure);
	} else if (llabs(c->ahead) > SKEW_WARN) {
		rw_checklist_warn("clock", "the store's clock is %lld s %s this "
			"host's",
			llabs(c->ahead), side);
	} else {
		rw_checklist_good("clock", "the store's clock differs by %lld s",
			llabs(c->ahead));
	}
}

enum rw_kind
rw_put_check(struct rw_s3 *s3, const struct rw_put_links *links)
{
	struct check c = {.s3 = s3, .links = links,
		.expires_at = RW_S3_KEPT};

	if (!check_reach(&c) || is_check_stopped(&c))
		return c.list.worst;
	if (check_write(&c) && !is_check_stopped(&c)) {
		check_read(&c);
		if (!is_check_stopped(&c))
			check_links(&c);
		if (!is_check_stopped(&c))
			check_lifecycle(&c);
	}
	if (c.may_remain)
		clean_up(&c);
	check_clock(&c);
	return c.list.worst;
}
