#include "mail/message_id.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"

bool
rw_message_sum(const char *follower_id, const char *period, int64_t revision,
	int64_t sequence, const char *only_to, char sum[RW_MESSAGE_SUM_SIZE],
	struct rw_err *err)
{
	char whole[RW_SHA256_HEX];
	struct rw_buf key = {0};
	bool ok;

	rw_buf_addf(&key, "%s %s %" PRId64 " %" PRId64 " %s", follower_id,
		period, revision, sequence, only_to);
	ok = rw_buf_ok(&key, "a Message-ID", err) &&
		rw_sha256_hex(key.data, key.len, whole, err);
	rw_buf_free(&key);
	if (!ok)
		return false;
	memcpy(sum, whole, RW_MESSAGE_SUM);
	sum[RW_MESSAGE_SUM] = '\0';
	return true;
}

bool
rw_message_id_parse(const char *id, char period[RW_PERIOD_SIZE],
	char sum[RW_MESSAGE_SUM_SIZE])
{
	struct rw_period ignored;
	const char *at;

	id += id[0] == '<';
	if (strnlen(id, RW_PERIOD_SIZE) < RW_PERIOD_SIZE ||
	    id[RW_PERIOD_SIZE - 1] != '.')
		return false;
	memcpy(period, id, RW_PERIOD_SIZE - 1);
	period[RW_PERIOD_SIZE - 1] = '\0';
	at = id + RW_PERIOD_SIZE;
	if (!rw_period_parse(period, &ignored, NULL) ||
	    strspn(at, "0123456789abcdef") != RW_MESSAGE_SUM ||
	    at[RW_MESSAGE_SUM] != '@')
		return false;
	memcpy(sum, at, RW_MESSAGE_SUM);
	sum[RW_MESSAGE_SUM] = '\0';
	return true;
}

bool
rw_recipient_sum(const char *address, char sum[RW_SHA256_HEX],
	struct rw_err *err)
{
	struct rw_buf lower = {0};
	const char *p;
	bool ok;

	for (p = address; *p != '\0'; p++)
		rw_buf_addc(&lower, *p >= 'A' && *p <= 'Z' ?
			(char)(*p - 'A' + 'a') : *p);
	ok = rw_buf_ok(&lower, "an address", err) && rw_sha256_hex(
		rw_buf_text(&lower), lower.len, sum, err);
	rw_buf_free(&lower);
	return ok;
}
