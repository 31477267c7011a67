#include "journal/used.h"

#include <stdlib.h>

#include "base/text.h"
#include "journal/read.h"

/* 0 marks a free slot. */
static uint64_t
hash(const char *claim)
{
	uint64_t h = rw_text_hash(claim);

	return h != 0 ? h : 1;
}

/* The slot of the hash, or a free slot for it. At least half of the slots are
 * always free. */
static uint64_t *
find_used(const struct rw_journal_used *used, uint64_t wanted)
{
	size_t i = (size_t)wanted & (used->room - 1);

	while (used->slots[i] != 0 && used->slots[i] != wanted)
		i = (i + 1) & (used->room - 1);
	return &used->slots[i];
}

static bool
grow(struct rw_journal_used *used, struct rw_err *err)
{
	struct rw_journal_used larger = *used;
	size_t i;

	if (2 * used->count < used->room)
		return true;
	larger.room = used->room == 0 ? 128 : 2 * used->room;
	larger.slots = calloc(larger.room, sizeof *larger.slots);
	if (larger.slots == NULL)
		return rw_fail_memory(err, "the journal");
	for (i = 0; i < used->room; i++)
		if (used->slots[i] != 0)
			*find_used(&larger, used->slots[i]) = used->slots[i];
	free(used->slots);
	*used = larger;
	return true;
}

bool
rw_journal_used_add(struct rw_journal_used *used, const char *claim,
	struct rw_err *err)
{
	uint64_t wanted = hash(claim), *slot;

	if (!grow(used, err))
		return false;
	slot = find_used(used, wanted);
	used->count += *slot == 0;
	*slot = wanted;
	return true;
}

/* Reads the current file. Each mail in it is an outcome, or a begin that is
 * returned as an outcome. */
static bool
add_file(struct rw_journal_used *used, struct rw_journal_reader *reader,
	struct rw_record *record, struct rw_err *err)
{
	enum rw_outcome ignored;
	const char *claim;
	bool found = true;

	while (rw_journal_reader_next(reader, record, &ignored, &found, err)) {
		if (!found)
			return true;
		if (!rw_record_optional_string(record, RW_M_CLAIM, "", &claim,
		    err) || !rw_journal_used_add(used, claim, err))
			return false;
	}
	return false;
}

bool
rw_journal_used_load(struct rw_journal_used *used, struct rw_err *err)
{
	struct rw_journal_reader reader;
	struct rw_record record = {0};
	bool found = true, ok;
	size_t i;

	*used = (struct rw_journal_used){.loaded = true};
	if (!rw_journal_reader_open(&reader, NULL, err))
		return false;
	do
		ok = rw_journal_reader_file(&reader, &found, err) && (!found ||
			add_file(used, &reader, &record, err));
	while (ok && found);
	for (i = 0; ok && i < reader.busy_count; i++)
		ok = rw_journal_used_add(used, reader.busy[i], err);
	rw_journal_reader_close(&reader);
	rw_record_free(&record);
	return ok;
}

bool
rw_journal_used_has(const struct rw_journal_used *used, const char *claim)
{
	return claim != NULL && used->count > 0 &&
		*find_used(used, hash(claim)) != 0;
}

void
rw_journal_used_free(struct rw_journal_used *used)
{
	free(used->slots);
	*used = (struct rw_journal_used){0};
}
