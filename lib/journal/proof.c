#include "journal/proof.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "journal/journal.h"
#include "journal/run_file.h"

#define SUFFIX ".jsonl"

enum { FIRST_ROOM = 128 };

static const enum rw_proof proofs[] = {
	[RW_JOURNAL_BEGIN] = RW_PROOF_BEGUN,
	[RW_JOURNAL_SENT] = RW_PROOF_SENT,
	[RW_JOURNAL_FAILED] = RW_PROOF_FAILED,
	[RW_JOURNAL_IN_DOUBT] = RW_PROOF_IN_DOUBT,
};

static bool
no_memory(struct rw_err *err)
{
	return rw_fail_memory(err, "the journal");
}

/* ---- the claims ------------------------------------------------------------ */

static uint64_t
hash(const char *claim)
{
	uint64_t h = rw_text_hash(claim);

	return h != 0 ? h : 1;
}

/* The slot of the claim, or a free slot for it. At least half of the slots are
 * empty. */
static struct rw_proof_claim *
find_proof(const struct rw_journal_proof *proof, uint64_t wanted)
{
	size_t i = (size_t)wanted & (proof->room - 1);

	while (proof->claims[i].hash != 0 && proof->claims[i].hash != wanted)
		i = (i + 1) & (proof->room - 1);
	return &proof->claims[i];
}

static bool
grow_proof(struct rw_journal_proof *proof, struct rw_err *err)
{
	struct rw_journal_proof larger = *proof;
	size_t i;

	if (2 * proof->count < proof->room)
		return true;
	larger.room = proof->room == 0 ? FIRST_ROOM : 2 * proof->room;
	larger.claims = calloc(larger.room, sizeof *larger.claims);
	if (larger.claims == NULL)
		return no_memory(err);
	for (i = 0; i < proof->room; i++)
		if (proof->claims[i].hash != 0)
			*find_proof(&larger, proof->claims[i].hash) =
				proof->claims[i];
	free(proof->claims);
	*proof = larger;
	return true;
}

static bool
note(struct rw_journal_proof *proof, const char *claim, enum rw_proof what,
	struct rw_err *err)
{
	uint64_t wanted = hash(claim);
	struct rw_proof_claim *slot;

	if (!grow_proof(proof, err))
		return false;
	slot = find_proof(proof, wanted);
	proof->count += slot->hash == 0;
	*slot = (struct rw_proof_claim){wanted, what};
	return true;
}

enum rw_proof
rw_journal_proof_of(const struct rw_journal_proof *proof, const char *claim)
{
	return claim == NULL || proof->count == 0 ? RW_PROOF_NONE :
		find_proof(proof, hash(claim))->proof;
}

/* ---- the files ------------------------------------------------------------- */

static bool
add_file(struct rw_journal_proof *proof, int dir, const char *name,
	struct rw_err *err)
{
	struct rw_proof_file *files = reallocarray(proof->files,
		proof->file_count + 1, sizeof *files);
	int fd;

	if (files == NULL)
		return no_memory(err);
	proof->files = files;
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || rw_fail_errno(err, RW_IO,
			"cannot open the journal %s", name);
	files[proof->file_count] = (struct rw_proof_file){strdup(name), fd, 0};
	return files[proof->file_count++].name != NULL || no_memory(err);
}

static bool
is_new(const struct rw_journal_proof *proof, const char *name)
{
	size_t i, run = strlen(proof->run_id), len = strlen(name);

	if (strncmp(name, proof->run_id, run) != 0 || name[run] != '.' ||
	    len < strlen(SUFFIX) ||
	    strcmp(name + len - strlen(SUFFIX), SUFFIX) != 0)
		return false;
	for (i = 0; i < proof->file_count; i++)
		if (strcmp(proof->files[i].name, name) == 0)
			return false;
	return true;
}

static bool
find_files(struct rw_journal_proof *proof, struct rw_err *err)
{
	DIR *dir = opendir(proof->dir);
	const struct dirent *entry;
	bool good = true;

	if (dir == NULL)
		return errno == ENOENT || rw_fail_errno(err, RW_IO,
			"cannot read %s", proof->dir);
	while (good && (entry = readdir(dir)) != NULL)
		if (is_new(proof, entry->d_name))
			good = add_file(proof, dirfd(dir), entry->d_name, err);
	closedir(dir);
	return good;
}

/* A damaged line proves nothing. */
static bool
prove_line(struct rw_journal_proof *proof, const char *name, const char *text,
	size_t len, struct rw_err *err)
{
	struct rw_record record = {0};
	struct rw_journal_line line;
	struct rw_buf object = {0};
	const char *claim = NULL;
	struct rw_err ignored;
	bool good = true;

	if (!rw_journal_line_parse(&line, name, text, len) ||
	    line.kind == RW_JOURNAL_OPEN || line.kind == RW_JOURNAL_RUN)
		return true;
	rw_journal_line_object(&line, &object);
	if (rw_buf_ok(&object, "a line of the journal", &ignored) &&
	    rw_record_parse(&record, object.data, object.len, NULL,
	    &ignored) && rw_record_string(&record, RW_M_CLAIM, &claim,
	    &ignored))
		good = note(proof, claim, proofs[line.kind], err);
	rw_record_free(&record);
	rw_buf_free(&object);
	return good;
}

static bool
take_proof_text(struct rw_journal_proof *proof, struct rw_proof_file *file,
	const struct rw_buf *text, struct rw_err *err)
{
	const char *at = rw_buf_text(text), *stop = at + text->len, *end;

	while ((end = memchr(at, '\n', (size_t)(stop - at))) != NULL) {
		if (!prove_line(proof, file->name, at, (size_t)(end - at), err))
			return false;
		file->at += end + 1 - at;
		at = end + 1;
	}
	return true;
}

static bool
read_file(struct rw_journal_proof *proof, struct rw_proof_file *file,
	struct rw_err *err)
{
	struct rw_buf text = {.max = SIZE_MAX / 4};
	struct stat st;
	char *room;
	ssize_t n = 1;
	bool good = fstat(file->fd, &st) == 0;

	while (good && n > 0 && file->at + (off_t)text.len < st.st_size) {
		room = rw_buf_room(&text, 65536);
		if (room == NULL)
			break;
		n = pread(file->fd, room, 65536, file->at + (off_t)text.len);
		good = n >= 0;
		if (n > 0)
			rw_buf_grown(&text, (size_t)n);
	}
	if (!good)
		rw_fail_errno(err, RW_IO, "cannot read the journal %s",
			file->name);
	good = good && take_proof_text(proof, file, &text, err);
	rw_buf_free(&text);
	return good;
}

/* ---------------------------------------------------------------------------- */

bool
rw_journal_proof_open(struct rw_journal_proof *proof, const char *run_id,
	struct rw_err *err)
{
	struct rw_buf dir = {0};

	if (!rw_journal_dir(&dir, err)) {
		rw_buf_free(&dir);
		return false;
	}
	proof->dir = rw_buf_take(&dir);
	proof->run_id = strdup(run_id);
	return (proof->dir != NULL && proof->run_id != NULL) ||
		no_memory(err);
}

bool
rw_journal_proof_read(struct rw_journal_proof *proof, struct rw_err *err)
{
	bool good = find_files(proof, err);
	size_t i;

	for (i = 0; good && i < proof->file_count; i++)
		good = read_file(proof, &proof->files[i], err);
	return good;
}

bool
rw_journal_proof_is_whole(const struct rw_journal_proof *proof)
{
	struct rw_journal_run run = {.is = RW_RUN_MISSING};
	struct rw_err ignored;
	bool whole = rw_journal_run_read(&run, proof->dir, proof->run_id,
		&ignored) && rw_journal_run_is_complete(&run, proof->dir);

	rw_journal_run_free(&run);
	return whole;
}

void
rw_journal_proof_close(struct rw_journal_proof *proof)
{
	while (proof->file_count > 0) {
		proof->file_count--;
		close(proof->files[proof->file_count].fd);
		free(proof->files[proof->file_count].name);
	}
	free(proof->files);
	free(proof->claims);
	free(proof->dir);
	free(proof->run_id);
	*proof = (struct rw_journal_proof){0};
}
