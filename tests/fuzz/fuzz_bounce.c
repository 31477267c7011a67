/*
 * Any mail as a delivery status notification, and any field of its header as an
 * address of ours. What is read has bounds and names only mails of rw-mail, and
 * an address is only found when its sum is in the text.
 */
#include "fuzz.h"

#include "mail/notification.h"
#include "mail/verp.h"

static bool
is_hex(const char *text)
{
	return strspn(text, "0123456789abcdef") == strlen(text);
}

static void
require_recipients(const struct rw_notification *found)
{
	size_t i;

	require(found->count <= RW_NOTIFICATION_RECIPIENTS);
	for (i = 0; i < found->count; i++) {
		const struct rw_notified_recipient *one = &found->recipients[i];

		require(memchr(one->code, '\0', sizeof one->code) != NULL);
		require(strspn(one->code, "0123456789.") == strlen(one->code));
		require(is_hex(one->sums[0]) && is_hex(one->sums[1]));
	}
}

static void
find_address(struct rw_verp *verp, const char *text)
{
	char period[RW_PERIOD_SIZE], sum[RW_VERP_SUM + 1], *lower;
	struct rw_period read;
	struct rw_err err;
	size_t i;

	if (rw_verp_find(verp, text, period, sum) != RW_VERP_VALID)
		return;
	require(rw_period_parse(period, &read, &err));
	require(strlen(sum) == RW_VERP_SUM && is_hex(sum));
	lower = fuzz_copy(text, strlen(text));
	for (i = 0; lower[i] != '\0'; i++)
		if (lower[i] >= 'A' && lower[i] <= 'Z')
			lower[i] = (char)(lower[i] - 'A' + 'a');
	require(strstr(lower, sum) != NULL);
	free(lower);
}

/* An address that we make is found in what comes back. */
static void
make_address(struct rw_verp *verp)
{
	char period[RW_PERIOD_SIZE], sum[RW_VERP_SUM + 1];
	struct rw_buf out = {0};
	struct rw_err err;

	require(rw_verp_add(verp,
		"<2025-06.326b819f9fb0ae7cb82f8db8@example.com>", &out, &err));
	require(rw_verp_find(verp, rw_buf_text(&out), period, sum) ==
		RW_VERP_VALID);
	require(strcmp(period, "2025-06") == 0);
	require(strcmp(sum, "326b819f9fb0ae7c") == 0);
	rw_buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct rw_verp verp;
	static bool begun;
	struct fuzz_input input = {data, size};
	struct rw_notification found = {0};
	struct rw_err err = {0};
	char *text;
	bool good;

	if (!begun) {
		rw_notification_init();
		setenv("RW_ENVELOPE_FROM", "bounces@example.com", 1);
		setenv("RW_VERP_KEY", "0123456789abcdefghij", 1);
		require(rw_verp_open(&verp, &err));
		make_address(&verp);
		begun = true;
	}
	good = rw_notification_parse(&found, (const char *)data, size, &err);
	fuzz_outcome(good, &err);
	if (good) {
		require_recipients(&found);
		require((*found.period == '\0') == (*found.sum == '\0'));
		require(is_hex(found.sum) && found.date >= -1);
	}
	rw_notification_free(&found);
	text = fuzz_rest(&input);
	find_address(&verp, text);
	free(text);
	return 0;
}
