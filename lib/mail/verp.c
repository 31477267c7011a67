#include "mail/verp.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "mail/message_id.h"
#include "wire/config.h"

/* "202506.SUM" is what the MAC is of, "202506.SUM.MAC" the tag. */
enum {
	MONTH = 6,
	SIGNED = MONTH + 1 + RW_VERP_SUM,
	TAG = SIGNED + 1 + RW_VERP_MAC,
	LOCAL_MOST = 64,
};

/* Distinguishes the MAC from what else the key may be used for. */
static const char purpose[] = "report-worker VERP ";

/* ---- settings ---------------------------------------------------------- */

static size_t
local_len(const struct rw_verp *verp)
{
	return (size_t)(verp->from.domain - rw_address_text(&verp->from)) - 1;
}

static bool
take_key(struct rw_verp *verp, const char *key, struct rw_err *err)
{
	const size_t most = LOCAL_MOST - 1 - TAG;

	if (!verp->has_from)
		return rw_fail(err, RW_CONFIG, "RW_VERP_KEY is set, but "
			"RW_ENVELOPE_FROM is not");
	if (strlen(key) < RW_VERP_KEY_LEAST)
		return rw_fail(err, RW_CONFIG, "RW_VERP_KEY is too short: "
			"expected at least %d characters", RW_VERP_KEY_LEAST);
	if (local_len(verp) > most)
		return rw_fail(err, RW_CONFIG, "RW_ENVELOPE_FROM has %zu "
			"characters before the @: expected at most %zu with "
			"RW_VERP_KEY", local_len(verp), most);
	verp->has_key = rw_digest_open(&verp->digest, RW_SHA256, err) &&
		rw_hmac_key(&verp->digest, key, strlen(key), &verp->key, err);
	return verp->has_key;
}

bool
rw_verp_open(struct rw_verp *verp, struct rw_err *err)
{
	const char *from = rw_config_text("RW_ENVELOPE_FROM", NULL);
	char *key = NULL;
	bool ok = true;

	verp->has_from = from != NULL;
	if (from != NULL && !rw_address_parse(&verp->from, "RW_ENVELOPE_FROM",
	    from, err)) {
		if (err != NULL)
			err->kind = RW_CONFIG;
		return false;
	}
	if (verp->from.needs_utf8)
		return rw_fail(err, RW_CONFIG, "RW_ENVELOPE_FROM: the part "
			"before the @ must be ASCII");
	if (!rw_config_key("RW_VERP_KEY", &key, err))
		return false;
	if (key != NULL)
		ok = take_key(verp, key, err);
	rw_config_forget(key);
	return ok;
}

void
rw_verp_close(struct rw_verp *verp)
{
	rw_address_free(&verp->from);
	rw_digest_close(&verp->digest);
	explicit_bzero(verp, sizeof *verp);
}

/* ---- addresses --------------------------------------------------------- */

/* Of the first SIGNED characters of a tag. */
static bool
make_mac(struct rw_verp *verp, const char *tag, char mac[RW_VERP_MAC + 1],
	struct rw_err *err)
{
	unsigned char bytes[RW_DIGEST_SIZE];
	char text[sizeof purpose - 1 + SIGNED];

	memcpy(text, purpose, sizeof purpose - 1);
	memcpy(text + sizeof purpose - 1, tag, SIGNED);
	if (!rw_hmac(&verp->digest, &verp->key, text, sizeof text, bytes, err))
		return false;
	rw_digest_hex(bytes, RW_VERP_MAC / 2, mac);
	return true;
}

bool
rw_verp_add(struct rw_verp *verp, const char *message_id, struct rw_buf *out,
	struct rw_err *err)
{
	char period[RW_PERIOD_SIZE], sum[RW_MESSAGE_SUM_SIZE];
	char mac[RW_VERP_MAC + 1];
	struct rw_buf tag = {0};
	bool ok;

	if (!rw_message_id_parse(message_id, period, sum))
		return rw_fail(err, RW_BUG, "%.80s is not a Message-ID of "
			"rw-mail", message_id);
	rw_buf_addf(&tag, "%.4s%.2s.%.*s", period, period + 5, RW_VERP_SUM,
		sum);
	ok = rw_buf_ok(&tag, "an address", err) &&
		make_mac(verp, tag.data, mac, err);
	if (ok)
		rw_buf_addf(out, "%.*s+%s.%s@%s", (int)local_len(verp),
			rw_address_text(&verp->from), tag.data, mac,
			verp->from.domain);
	rw_buf_free(&tag);
	return ok && rw_buf_ok(out, "an address", err);
}

/* In time that does not depend on where they differ. */
static bool
are_equal(const char *a, const char *b, size_t n)
{
	unsigned char differ = 0;
	size_t i;

	for (i = 0; i < n; i++)
		differ |= (unsigned char)(a[i] ^ b[i]);
	return differ == 0;
}

static bool
is_tag(const char *tag)
{
	static const char digits[] = "0123456789", hex[] = "0123456789abcdef";

	return strspn(tag, digits) == MONTH && tag[MONTH] == '.' &&
		strspn(tag + MONTH + 1, hex) == RW_VERP_SUM &&
		tag[SIGNED] == '.' &&
		strspn(tag + SIGNED + 1, hex) == RW_VERP_MAC &&
		tag[TAG] == '\0';
}

/* at is behind the +. */
static bool
read_tag(struct rw_verp *verp, const char *at, char period[RW_PERIOD_SIZE],
	char sum[RW_VERP_SUM + 1])
{
	char tag[TAG + 1], mac[RW_VERP_MAC + 1], month[RW_PERIOD_SIZE];
	struct rw_period ignored;
	size_t i;

	for (i = 0; i < TAG; i++)
		tag[i] = at[i] >= 'A' && at[i] <= 'Z' ?
			(char)(at[i] - 'A' + 'a') : at[i];
	tag[TAG] = '\0';
	if (!is_tag(tag) || !make_mac(verp, tag, mac, NULL) ||
	    !are_equal(mac, tag + SIGNED + 1, RW_VERP_MAC))
		return false;
	memcpy(month, tag, 4);
	month[4] = '-';
	memcpy(month + 5, tag + 4, 2);
	month[RW_PERIOD_SIZE - 1] = '\0';
	if (!rw_period_parse(month, &ignored, NULL))
		return false;
	memcpy(period, month, RW_PERIOD_SIZE);
	memcpy(sum, tag + MONTH + 1, RW_VERP_SUM);
	sum[RW_VERP_SUM] = '\0';
	return true;
}

/* Letters, digits and what else may be in a local part or a domain, so that
 * "not-bounces+..." and "...example.com.evil.test" are other addresses. */
static bool
is_in_address(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		(c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80 ||
		(c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.@", c) != NULL);
}

/* The address that begins at text; its length is *len. */
static enum rw_verp_found
look_at_address(struct rw_verp *verp, const char *text, char period[RW_PERIOD_SIZE],
	char sum[RW_VERP_SUM + 1], size_t *len)
{
	size_t local = local_len(verp), domain = strlen(verp->from.domain);
	const char *at = text;

	while (is_in_address(*at))
		at++;
	*len = (size_t)(at - text);
	if (strncasecmp(text, rw_address_text(&verp->from), local) != 0 ||
	    text[local] != '+' || *len < local + 1 + 1 + domain ||
	    at[-(ptrdiff_t)domain - 1] != '@' ||
	    strncasecmp(at - domain, verp->from.domain, domain) != 0)
		return RW_VERP_NONE;
	return *len == local + 1 + TAG + 1 + domain &&
		read_tag(verp, text + local + 1, period, sum) ?
		RW_VERP_VALID : RW_VERP_FORGED;
}

enum rw_verp_found
rw_verp_find(struct rw_verp *verp, const char *text,
	char period[RW_PERIOD_SIZE], char sum[RW_VERP_SUM + 1])
{
	enum rw_verp_found found, worst = RW_VERP_NONE;
	size_t len;

	while (verp->has_key && *text != '\0') {
		if (!is_in_address(*text)) {
			text++;
			continue;
		}
		found = look_at_address(verp, text, period, sum, &len);
		if (found == RW_VERP_VALID)
			return found;
		if (found == RW_VERP_FORGED)
			worst = found;
		text += len;
	}
	return worst;
}
