/*
 * Any bytes as a document of MongoDB. A member is there with a value, is not
 * there, or is refused.
 */
#include "fuzz.h"

#include <bson/bson.h>

#include "base/money.h"
#include "followers/bson_priv.h"
#include "wire/json.h"

static void
read_member(const bson_t *document, const char *member)
{
	char words[RW_BSON_WORDS], money[RW_MONEY_SIZE];
	struct rw_buf json = {0};
	struct rw_err err = {0};
	const char *text = NULL;
	int64_t amount;
	bool there, yes, good;

	if (rw_bson_text(document, member, &there, &text) && there)
		require(text != NULL && rw_text_is_utf8(text, strlen(text),
			NULL));
	(void)rw_bson_bool(document, member, &there, &yes);
	if (rw_bson_texts(document, member, &there, &json) && there)
		require(rw_json_check(rw_buf_text(&json), json.len, &err));
	err = (struct rw_err){0};
	good = rw_bson_amount(document, member, &there, &amount, &err);
	fuzz_outcome(good, &err);
	if (good && there)
		rw_money_text(money, amount, 0);
	rw_bson_describe(document, member, words, sizeof words);
	require(memchr(words, '\0', sizeof words) != NULL);
	require(rw_text_is_utf8(words, strlen(words), NULL));
	rw_buf_free(&json);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bson_t document;

	if (!bson_init_static(&document, data, size))
		return 0;
	read_member(&document, "a");
	read_member(&document, "total_pnl");
	return 0;
}
