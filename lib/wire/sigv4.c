#include "wire/sigv4.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

static const char algorithm[] = "AWS4-HMAC-SHA256";

bool
rw_sigv4_open(struct rw_sigv4 *signer, const struct rw_identity *identity,
	const char *region, struct rw_err *err)
{
	*signer = (struct rw_sigv4){.identity = *identity, .region = region,
		.day = -1, .when = -1};
	return rw_digest_open(&signer->sha256, RW_SHA256, err);
}

void
rw_sigv4_close(struct rw_sigv4 *signer)
{
	explicit_bzero(&signer->key, sizeof signer->key);
	rw_digest_close(&signer->sha256);
	rw_buf_free(&signer->scope);
	rw_buf_free(&signer->to_sign);
	rw_buf_free(&signer->link);
	rw_buf_free(&signer->canonical);
	*signer = (struct rw_sigv4){.day = -1, .when = -1};
}

void
rw_sigv4_date(char out[RW_SIGV4_DATE_SIZE], int64_t when)
{
	time_t seconds = (time_t)when;
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(out, RW_SIGV4_DATE_SIZE, "%Y%m%dT%H%M%SZ", &tm);
}

static bool
derive_key(struct rw_sigv4 *signer, const char *day, struct rw_err *err)
{
	const char *const steps[] = {day, signer->region, "s3",
		"aws4_request"};
	unsigned char result[RW_DIGEST_SIZE];
	struct rw_buf secret = {0};
	bool good;
	size_t i;

	rw_buf_adds(&secret, "AWS4");
	rw_buf_adds(&secret, signer->identity.secret_key);
	good = rw_buf_ok(&secret, "the secret key", err) &&
		rw_hmac_key(&signer->sha256, secret.data, secret.len,
		&signer->key, err);
	for (i = 0; good && i < sizeof steps / sizeof *steps; i++)
		good = rw_hmac(&signer->sha256, &signer->key, steps[i],
			strlen(steps[i]), result, err) &&
			rw_hmac_key(&signer->sha256, result, sizeof result,
			&signer->key, err);
	if (secret.data != NULL)
		explicit_bzero(secret.data, secret.len);
	rw_buf_free(&secret);
	explicit_bzero(result, sizeof result);
	return good;
}

/* Brings the key and the texts that depend on the time up to when. */
static bool
set_time(struct rw_sigv4 *signer, int64_t when, struct rw_err *err)
{
	char day[9];

	if (signer->when == when)
		return true;
	rw_sigv4_date(signer->date, when);
	snprintf(day, sizeof day, "%.8s", signer->date);
	if (signer->day != when / 86400) {
		signer->day = -1;
		if (!derive_key(signer, day, err))
			return false;
		signer->day = when / 86400;
	}
	rw_buf_reset(&signer->scope);
	rw_buf_addf(&signer->scope, "%s/%s/s3/aws4_request", day,
		signer->region);
	rw_buf_reset(&signer->to_sign);
	rw_buf_addf(&signer->to_sign, "%s\n%s\n%s\n", algorithm, signer->date,
		rw_buf_text(&signer->scope));
	signer->to_sign_prefix = signer->to_sign.len;
	signer->when = when;
	signer->expires = 0;
	return rw_buf_ok(&signer->scope, "the scope", err) &&
		rw_buf_ok(&signer->to_sign, "the string to sign", err);
}

static void
add_field(struct rw_digest *digest, const char *text)
{
	rw_digest_add(digest, text, strlen(text));
}

/* Completes the canonical request in sha256, and appends its signature. */
static bool
sign(struct rw_sigv4 *signer, struct rw_buf *out, struct rw_err *err)
{
	unsigned char result[RW_DIGEST_SIZE];
	char hex[RW_SHA256_HEX];

	if (!rw_digest_end(&signer->sha256, result, err))
		return false;
	rw_digest_hex(result, sizeof result, hex);
	signer->to_sign.len = signer->to_sign_prefix;
	rw_buf_add(&signer->to_sign, hex, sizeof hex - 1);
	if (!rw_buf_ok(&signer->to_sign, "the string to sign", err) ||
	    !rw_hmac(&signer->sha256, &signer->key, signer->to_sign.data,
	    signer->to_sign.len, result, err))
		return false;
	rw_text_add_hex(out, result, sizeof result);
	return rw_buf_ok(out, "a signature", err);
}

static void
add_signed_names(const struct rw_sigv4_request *request, struct rw_buf *out)
{
	size_t i;

	for (i = 0; i < request->header_count; i++) {
		if (i > 0)
			rw_buf_addc(out, ';');
		rw_buf_adds(out, request->headers[i].name);
	}
}

bool
rw_sigv4_authorize(struct rw_sigv4 *signer,
	const struct rw_sigv4_request *request, struct rw_buf *out,
	struct rw_err *err)
{
	struct rw_buf names = {0};
	size_t i;
	bool good;

	if (!set_time(signer, request->when, err))
		return false;
	add_signed_names(request, &names);
	rw_digest_start(&signer->sha256);
	add_field(&signer->sha256, request->method);
	add_field(&signer->sha256, "\n");
	add_field(&signer->sha256, request->path);
	add_field(&signer->sha256, "\n");
	add_field(&signer->sha256, request->query);
	add_field(&signer->sha256, "\n");
	for (i = 0; i < request->header_count; i++) {
		add_field(&signer->sha256, request->headers[i].name);
		add_field(&signer->sha256, ":");
		add_field(&signer->sha256, request->headers[i].value);
		add_field(&signer->sha256, "\n");
	}
	add_field(&signer->sha256, "\n");
	add_field(&signer->sha256, rw_buf_text(&names));
	add_field(&signer->sha256, "\n");
	add_field(&signer->sha256, request->payload);
	rw_buf_addf(out, "%s Credential=%s/%s, SignedHeaders=%s, Signature=",
		algorithm, signer->identity.access_key,
		rw_buf_text(&signer->scope), rw_buf_text(&names));
	good = rw_buf_ok(&names, "the names of signed headers", err) &&
		sign(signer, out, err);
	rw_buf_free(&names);
	return good;
}

/* The parts of a link's query that are the same for all links of one second,
 * both in boto3's order and in the order for signing. */
static bool
set_expires(struct rw_sigv4 *signer, uint64_t expires, struct rw_err *err)
{
	struct rw_buf *link = &signer->link, *canonical = &signer->canonical;
	struct rw_buf token = {0};

	if (signer->expires == expires)
		return true;
	if (expires == 0 || expires > RW_SIGV4_EXPIRES_MAX)
		return rw_fail(err, RW_CONFIG, "a SigV4 link cannot be valid "
			"for %llu seconds: 1 to %d is the range",
			(unsigned long long)expires, RW_SIGV4_EXPIRES_MAX);
	rw_buf_reset(link);
	rw_buf_addf(link, "X-Amz-Algorithm=%s&X-Amz-Credential=", algorithm);
	rw_text_add_percent(link, signer->identity.access_key, "");
	rw_buf_adds(link, "%2F");
	rw_text_add_percent(link, rw_buf_text(&signer->scope), "");
	rw_buf_addf(link, "&X-Amz-Date=%s&X-Amz-Expires=%llu", signer->date,
		(unsigned long long)expires);
	if (signer->identity.token != NULL) {
		rw_buf_adds(&token, "&X-Amz-Security-Token=");
		rw_text_add_percent(&token, signer->identity.token, "");
	}
	rw_buf_reset(canonical);
	rw_buf_add(canonical, rw_buf_text(link), link->len);
	rw_buf_add(canonical, rw_buf_text(&token), token.len);
	rw_buf_adds(canonical, "&X-Amz-SignedHeaders=host");
	rw_buf_adds(link, "&X-Amz-SignedHeaders=host");
	rw_buf_add(link, rw_buf_text(&token), token.len);
	rw_buf_adds(link, "&X-Amz-Signature=");
	rw_buf_free(&token);
	signer->expires = expires;
	return rw_buf_ok(link, "a link", err) &&
		rw_buf_ok(canonical, "a link", err);
}

bool
rw_sigv4_presign(struct rw_sigv4 *signer, const struct rw_sigv4_link *link,
	struct rw_buf *out, struct rw_err *err)
{
	struct rw_digest *digest = &signer->sha256;
	size_t query = strlen(link->query);

	if (!set_time(signer, link->when, err) ||
	    !set_expires(signer, link->expires, err))
		return false;
	rw_digest_start(digest);
	add_field(digest, "GET\n");
	add_field(digest, link->path);
	add_field(digest, "\n");
	rw_digest_add(digest, signer->canonical.data, signer->canonical.len);
	/* Capital letters sort before small letters, so our parameters come
	 * first. */
	if (query > 0) {
		add_field(digest, "&");
		rw_digest_add(digest, link->query, query);
		rw_buf_add(out, link->query, query);
		rw_buf_addc(out, '&');
	}
	add_field(digest, "\nhost:");
	add_field(digest, link->host);
	add_field(digest, "\n\nhost\n" RW_SIGV4_UNSIGNED);
	rw_buf_add(out, signer->link.data, signer->link.len);
	return sign(signer, out, err);
}
