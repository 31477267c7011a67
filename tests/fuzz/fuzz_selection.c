/*
 * Any bytes as a file that names followers, as ids or as the lines of
 * rw-status; and any text as a share.
 */
#include "fuzz.h"

#include "followers/selection.h"
#include "record/record.h"

static void
read_names(const void *bytes, size_t len, const struct rw_period *period)
{
	struct rw_selection selection = {0};
	struct rw_err err = {0};
	char path[32];
	const char *id;
	int fd = fuzz_file(bytes, len, path);
	size_t i, at = 0, missing = 0;
	bool good = rw_selection_read(&selection, path, period, &err);

	fuzz_outcome(good, &err);
	for (i = 0; good && i < selection.count; i++) {
		id = selection.ids[i].id;
		require(rw_record_is_id(id));
		require(memmem(bytes, len, id, strlen(id)) != NULL ||
			memchr(bytes, '\\', len) != NULL);
	}
	while (good && (id = rw_selection_missing(&selection, &at)) != NULL)
		require(rw_selection_names(&selection, id) &&
			++missing <= selection.count);
	rw_selection_free(&selection);
	close(fd);
}

/* Each follower is in one share of as many as the text says. */
static void
read_share(const char *text)
{
	struct rw_selection selection = {0};
	const struct rw_period june = {2025, 6};
	struct rw_err err = {0};
	uint64_t shares, in = 0;
	bool good = rw_selection_shard(&selection, text, &err);

	fuzz_outcome(good, &err);
	if (good) {
		shares = selection.shards;
		require(selection.shard >= 1 && selection.shard <= shares);
		for (selection.shard = 1; shares < 100 &&
		    selection.shard <= shares; selection.shard++)
			in += rw_selection_has(&selection, "f-1", june);
		require(shares >= 100 || in == 1);
	}
	rw_selection_free(&selection);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct rw_period june = {2025, 6};
	struct fuzz_input input = {data, size};
	char *text;

	read_names(data, size, &june);
	read_names(data, size, NULL);
	text = fuzz_rest(&input);
	read_share(text);
	free(text);
	return 0;
}
