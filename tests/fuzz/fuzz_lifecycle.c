/*
 * Any document as the lifecycle rules of a bucket. What we write is read as
 * what was wanted, keeps the rules of others, and is written the same again.
 */
#include "fuzz.h"

#include "store/lifecycle.h"

static void
write_again(const struct rw_buf *first, const struct rw_lifecycle *wanted,
	size_t others)
{
	struct rw_lifecycle_state state = {0};
	struct rw_buf second = {0};
	struct rw_err err = {0};
	unsigned days;

	require(rw_lifecycle_read(first->data, first->len, wanted, &state,
		&err));
	require(state.deletes_reports && !state.is_wrong);
	require(state.others == others && state.lacks == wanted->lacks);
	require(rw_lifecycle_write(first->data, first->len, wanted, &second,
		&err));
	require(second.len == first->len && memcmp(second.data, first->data,
		first->len) == 0);
	require(rw_lifecycle_fate(first->data, first->len, &days) !=
		RW_FATE_KEPT);
	rw_buf_free(&second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	uint8_t flags = fuzz_byte(&input);
	const struct rw_lifecycle wanted = {.days = 60,
		.lacks = flags & RW_RULES_ALL, .is_v1 = flags & 8};
	const char *text = (const char *)input.data;
	struct rw_lifecycle_state state = {0};
	struct rw_buf out = {0};
	struct rw_err err = {0};
	unsigned days = 0;
	bool good;

	(void)rw_lifecycle_fate(text, input.size, &days);
	good = rw_lifecycle_read(text, input.size, &wanted, &state, &err);
	fuzz_outcome(good, &err);
	err = (struct rw_err){0};
	if (rw_lifecycle_write(text, input.size, &wanted, &out, &err)) {
		require(good);
		write_again(&out, &wanted, state.others);
	} else {
		require(out.len == 0 && err.kind != RW_OK);
	}
	rw_buf_free(&out);
	return 0;
}
