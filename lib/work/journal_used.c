#include "work/journal_used.h"

#include <stdlib.h>
#include <string.h>

#include "work/journal_read.h"

static bool
add(struct rw_journal_used *used, const char *claim, struct rw_err *err)
{
	size_t room = used->room;
	char **claims = used->claims;

	if (used->count == room) {
		room = room == 0 ? 64 : room * 2;
		claims = reallocarray(claims, room, sizeof *claims);
		if (claims == NULL)
			return rw_fail(err, RW_IO, "no memory for the journal");
		used->claims = claims;
		used->room = room;
	}
	claims[used->count] = strdup(claim);
	return claims[used->count++] != NULL ||
		rw_fail(err, RW_IO, "no memory for the journal");
}

/* The current file: each mail is an outcome, or a begin made one. */
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
		    err) || !add(used, claim, err))
			return false;
	}
	return false;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool
rw_journal_used_load(struct rw_journal_used *used, struct rw_err *err)
{
	struct rw_journal_reader reader;
	struct rw_record record = {0};
	bool found = true, ok;
	size_t i;

	*used = (struct rw_journal_used){.loaded = true};
	if (!rw_journal_reader_open(&reader, err))
		return false;
	do
		ok = rw_journal_reader_file(&reader, &found, err) && (!found ||
			add_file(used, &reader, &record, err));
	while (ok && found);
	for (i = 0; ok && i < reader.busy_count; i++)
		ok = add(used, reader.busy[i], err);
	rw_journal_reader_close(&reader);
	rw_record_free(&record);
	if (used->count > 0)
		qsort(used->claims, used->count, sizeof *used->claims,
			compare);
	return ok;
}

bool
rw_journal_used_has(const struct rw_journal_used *used, const char *claim)
{
	return claim != NULL && used->count > 0 && bsearch(&claim,
		used->claims, used->count, sizeof *used->claims, compare) !=
		NULL;
}

void
rw_journal_used_free(struct rw_journal_used *used)
{
	while (used->count > 0)
		free(used->claims[--used->count]);
	free(used->claims);
	*used = (struct rw_journal_used){0};
}
