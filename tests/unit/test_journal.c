#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/crc.h"
#include "base/file.h"
#include "journal/read.h"
#include "journal/run_file.h"
#include "journal/watch.h"
#include "tap.h"

#define LINE(id, claim, rest) \
	"{\"follower_id\":\"" id "\",\"report_period\":\"2025-06\"," \
	"\"claim\":\"" claim "\",\"revision\":2,\"sequence\":1" rest "}"

static char state[] = "/tmp/rw-test-journal.XXXXXX";

static void
parse(struct rw_record *record, const char *text)
{
	struct rw_err err;

	if (!rw_record_parse(record, text, strlen(text), NULL, &err))
		ok(false, "parse: %s", err.message);
}

static bool
begin(struct rw_journal *journal, struct rw_record *record, const char *text,
	struct rw_err *err)
{
	parse(record, text);
	return rw_journal_begin(journal, record, "<1@example.com>", err);
}

/* The number of files in the journal, and the name of one of them. */
static int
files(char *name, size_t size)
{
	char path[128];
	struct dirent *entry;
	DIR *dir;
	int n = 0;

	snprintf(path, sizeof path, "%s/journal", state);
	dir = opendir(path);
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.') {
			n++;
			if (name != NULL)
				snprintf(name, size, "%.60s/%.180s", path,
					entry->d_name);
		}
	if (dir != NULL)
		closedir(dir);
	return n;
}

static void
append_to(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "a");

	if (file == NULL || fwrite(text, 1, len, file) != len ||
	    fclose(file) != 0)
		ok(false, "append to %s", path);
}

/* Reads everything that can be read, as "sent f-1, in_doubt f-2" or the
 * error, and removes what was read to its end. */
static const char *
settle(void)
{
	static const char *const names[] = {"sent", "failed", "in_doubt"};
	static char out[65536];
	struct rw_journal_reader reader = {0};
	struct rw_record record = {0};
	struct rw_err err = {.kind = RW_OK};
	enum rw_outcome outcome = RW_SENT;
	bool found = false, good;

	out[0] = '\0';
	good = rw_journal_reader_open(&reader, NULL, &err);
	while (good && (good = rw_journal_reader_file(&reader, &found, &err))
	    && found) {
		while ((good = rw_journal_reader_next(&reader, &record,
		    &outcome, &found, &err)) && found)
			snprintf(out + strlen(out), sizeof out - strlen(out),
				"%s%s %s", *out != '\0' ? ", " : "",
				names[outcome], record.follower_id);
		good = good && rw_journal_reader_remove(&reader,
			rw_journal_reader_name(&reader), &err);
	}
	if (!good) {
		const char *damaged = strstr(err.message, "damaged");

		snprintf(out, sizeof out, "%s: %.*s", rw_kind_name(err.kind),
			(int)strcspn(damaged != NULL ? damaged : err.message,
			";"), damaged != NULL ? damaged : err.message);
	}
	rw_journal_reader_close(&reader);
	rw_record_free(&record);
	return out;
}

static void
test_round(void)
{
	struct rw_journal journal;
	struct rw_record a = {0}, b = {0}, c = {0};
	struct rw_err err;

	is(settle(), "", "no journal, nothing to settle");
	ok(rw_journal_open(&journal, "run-1", &err), "open");
	is_int(files(NULL, 0), 0, "no file before the first begin");
	ok(begin(&journal, &a, LINE("f-1", "c1", ""), &err) &&
		begin(&journal, &b, LINE("f-2", "c2", ""), &err) &&
		begin(&journal, &c, LINE("f-3", "c3", ""), &err) &&
		rw_journal_sync(&journal, &err), "three begins");
	is_int((int64_t)journal.syncs, 1, "share one sync");
	rw_line_set_bool(&b.line, RW_M_EMAIL_SENT, true);
	rw_journal_outcome(&journal, &b, RW_SENT);
	rw_journal_outcome(&journal, &a, RW_FAILED);
	ok(rw_journal_sync(&journal, &err) && rw_journal_sync(&journal, &err),
		"two outcomes, and a sync for nothing");
	is_int((int64_t)journal.syncs, 2, "share one sync too");
	is(settle(), "", "a living writer's file is left alone");
	is_int(files(NULL, 0), 1, "and stays");
	rw_journal_close(&journal);
	is(settle(), "sent f-2, failed f-1, in_doubt f-3",
		"outcomes in order, then what has none");
	is_int(files(NULL, 0), 0, "the settled file is gone");
	rw_record_free(&a);
	rw_record_free(&b);
	rw_record_free(&c);
}

/* The reader returns the line that rw-mail wrote, with any content. */
static void
test_bytes(void)
{
	static const char text[] =
		"{ \"follower_id\" : \"f-1\", \"report_period\":\"2025-06\","
		"\"claim\":\"c\",\"journal\":\"mine\",\"x\":0.10}";
	struct rw_journal journal;
	struct rw_journal_reader reader;
	struct rw_record record = {0};
	struct rw_buf out = {0};
	enum rw_outcome outcome = RW_FAILED;
	struct rw_err err;
	bool found = false;

	ok(rw_journal_open(&journal, NULL, &err) &&
		begin(&journal, &record, text, &err), "begin");
	rw_journal_outcome(&journal, &record, RW_SENT);
	ok(rw_journal_sync(&journal, &err), "sync");
	rw_journal_close(&journal);
	ok(rw_journal_reader_open(&reader, NULL, &err) &&
		rw_journal_reader_file(&reader, &found, &err) && found &&
		rw_journal_reader_next(&reader, &record, &outcome, &found,
		&err) && found && outcome == RW_SENT, "read it back");
	ok(strncmp(rw_journal_reader_name(&reader), "hand.", 5) == 0,
		"without a run the file is called hand");
	rw_line_add_to(&record.line, &out);
	rw_buf_addc(&out, '|');
	is(rw_buf_text(&out), "{ \"follower_id\" : \"f-1\", "
		"\"report_period\":\"2025-06\",\"claim\":\"c\","
		"\"journal\":\"mine\",\"x\":0.10}\n|", "byte for byte");
	rw_journal_reader_close(&reader);
	settle();
	rw_record_free(&record);
	rw_buf_free(&out);
}

static void
test_in_doubt_record(void)
{
	struct rw_journal journal;
	struct rw_journal_reader reader;
	struct rw_record record = {0};
	enum rw_outcome outcome = RW_SENT;
	const char *value = NULL;
	struct rw_err err;
	bool found = false, sent = true;

	rw_journal_open(&journal, "r", &err);
	ok(begin(&journal, &record, LINE("f-1", "c\\u00e9", ""), &err) &&
		rw_journal_sync(&journal, &err), "begin");
	rw_journal_close(&journal);
	ok(rw_journal_reader_open(&reader, NULL, &err) &&
		rw_journal_reader_file(&reader, &found, &err) &&
		rw_journal_reader_next(&reader, &record, &outcome, &found,
		&err) && found && outcome == RW_DOUBTFUL, "in doubt");
	ok(rw_record_string(&record, RW_M_CLAIM, &value, &err), "claim");
	is(value, "c\xc3\xa9", "the claim comes back");
	ok(rw_record_string(&record, RW_M_MESSAGE_ID, &value, &err), "id");
	is(value, "<1@example.com>", "the Message-ID too");
	ok(rw_record_optional_bool(&record, RW_M_EMAIL_SENT, &sent, &err) &&
		!sent, "email_sent is false");
	is(rw_record_error_tool(&record), "rw-mail", "and it carries an error");
	rw_journal_reader_close(&reader);
	settle();
	rw_record_free(&record);
}

/* Of release 1.0.0, whose lines have no checksums. */
static void
test_old_damage(void)
{
	static const char begun[] = "{\"journal\":\"begin\","
		"\"follower_id\":\"f-1\",\"report_period\":\"2025-06\","
		"\"claim\":\"c1\",\"message_id\":\"<1@example.com>\"}\n";
	static const struct {
		const char *name, *tail;
		size_t len;
		const char *expected;
	} cases[] = {
		{"nothing", "", 0, "in_doubt f-1"},
		{"an outcome", "{\"journal\":\"sent\",\"follower_id\":\"f-1\","
			"\"report_period\":\"2025-06\",\"claim\":\"c1\"}\n",
			0, "sent f-1"},
		{"torn begin", "{\"journal\":\"begin\",\"foll", 24,
			"in_doubt f-1"},
		{"torn outcome", "{\"journal\":\"sent\",\"follower_id\":\"f-1\""
			",\"claim\":\"c1\"", 47, "in_doubt f-1"},
		{"a block of NUL", "\0\0\0\0\0\0\0\0", 8, "in_doubt f-1"},
		{"two torn lines", "{\"a\n\0\0\0", 7, "in_doubt f-1"},
		{"a readable line behind an unreadable one",
			"junk\n{\"journal\":\"sent\",\"follower_id\":\"f-1\","
			"\"report_period\":\"2025-06\",\"claim\":\"c1\"}\n",
			0, "io: damaged at line 2"},
		{"a line of no known kind and a good one",
			"{\"journal\":\"x\",\"a\":1}\n{\"journal\":\"sent\","
			"\"follower_id\":\"f-1\","
			"\"report_period\":\"2025-06\",\"claim\":\"c1\"}\n",
			0, "io: damaged at line 2"},
	};
	char path[300], text[1024];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(path, sizeof path, "%s/journal/r.1.2.jsonl", state);
		snprintf(text, sizeof text, "%s", begun);
		append_to(path, text, strlen(text));
		append_to(path, cases[i].tail, cases[i].len != 0 ?
			cases[i].len : strlen(cases[i].tail));
		is(settle(), cases[i].expected, "%s", cases[i].name);
		is_int(files(NULL, 0), strncmp(cases[i].expected, "io", 2)
			== 0, "kept when damaged");
		unlink(path);
	}
}

/* A journal of two begins and the outcome of one of them, all synced. Its path,
 * its text, and the length of that. */
static size_t
make_journal(char path[300], char *text, size_t size)
{
	struct rw_journal journal;
	struct rw_record a = {0}, b = {0};
	struct rw_err err = {.kind = RW_OK};
	struct rw_buf bytes = {0};

	rw_journal_open(&journal, "r", &err);
	if (!begin(&journal, &a, LINE("f-1", "c1", ""), &err) ||
	    !begin(&journal, &b, LINE("f-2", "c2", ""), &err))
		ok(false, "begin: %s", err.message);
	rw_line_set_bool(&b.line, RW_M_EMAIL_SENT, true);
	rw_journal_outcome(&journal, &b, RW_SENT);
	if (!rw_journal_sync(&journal, &err))
		ok(false, "sync: %s", err.message);
	rw_journal_close(&journal);
	files(path, 300);
	rw_file_read(path, &bytes, &err);
	memcpy(text, bytes.data, bytes.len < size ? bytes.len : size);
	rw_buf_free(&bytes);
	rw_record_free(&a);
	rw_record_free(&b);
	return journal.fd == -1 ? strlen(text) : 0;
}

/* Into the same file: its inode is part of it. */
static void
rewrite(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	struct rw_err err;

	/* Truncated to nothing first, ext4 would write it out at once. */
	if (fd < 0 || !rw_file_write_all(fd, text, len, path, &err) ||
	    ftruncate(fd, (off_t)len) != 0)
		ok(false, "cannot write %s", path);
	close(fd);
}

#define GOOD "sent f-2, in_doubt f-1"

/* After a change of any byte the reader returns true outcomes, or reports
 * damage. All lines are synced, so that no line may count as incomplete. */
static void
test_every_byte(void)
{
	char path[300], text[4096] = "", changed[4096];
	size_t len = make_journal(path, text, sizeof text), i, wrong = 0;
	int bit;

	is(settle(), GOOD, "it is good");
	for (i = 0; i < len; i++)
		for (bit = 0; bit < 8; bit++) {
			memcpy(changed, text, len);
			changed[i] = (char)(changed[i] ^ 1 << bit);
			rewrite(path, changed, len);
			wrong += strncmp(settle(), "io: damaged", 11) != 0;
		}
	is_int((int64_t)wrong, 0, "each of %zu flipped bits is found",
		len * 8);
	/* Without its newline the last line is as good. */
	for (i = 0, wrong = 0; i < len - 1; i++) {
		rewrite(path, text, i);
		wrong += strncmp(settle(), "io: damaged", 11) != 0;
	}
	is_int((int64_t)wrong, 0, "cut off at each of %zu bytes", len);
	for (i = 0, wrong = 0; i + 16 <= len; i++) {
		memcpy(changed, text, len);
		memset(changed + i, '\0', 16);
		rewrite(path, changed, len);
		wrong += strncmp(settle(), "io: damaged", 11) != 0;
	}
	is_int((int64_t)wrong, 0, "a hole of NUL at each byte");
	unlink(path);
}

/* Lines that were not synced, as a power cut leaves them. */
static void
test_torn(void)
{
	static const char line[] = "\"follower_id\":\"f-3\","
		"\"report_period\":\"2025-06\",\"claim\":\"c3\"}";
	static const char bad[] = "{\"journal\":\"begin\",\"n\":5,"
		"\"crc32c\":\"00000000\",\"follower_id\":\"f-3\"}\n";
	static const char *const tails[] = {"\0\0\0\0", "junk\n", "a\nb",
		bad};
	char path[300], text[4096] = "";
	struct rw_buf tail = {0};
	size_t len, i;

	for (i = 0; i < 4; i++) {
		len = make_journal(path, memset(text, 0, sizeof text),
			sizeof text);
		append_to(path, tails[i], i == 0 ? 4 : strlen(tails[i]));
		is(settle(), GOOD, "torn: %s", tails[i]);
	}
	for (i = 0; i < 2; i++) {
		len = make_journal(path, memset(text, 0, sizeof text),
			sizeof text);
		rw_buf_reset(&tail);
		rw_journal_line_add(&tail, strrchr(path, '/') + 1,
			RW_JOURNAL_BEGIN, i == 0 ? 5 : 6, line,
			sizeof line - 1);
		append_to(path, tail.data, tail.len);
		is(settle(), i == 0 ? GOOD ", in_doubt f-3" :
			"io: damaged at line 5",
			"a line that was written and not synced, number %zu",
			i + 5);
		unlink(path);
	}
	ok(len > 0, "made");
	rw_buf_free(&tail);
}

/* Files that are good, under names that are not theirs. */
static void
test_names(void)
{
	static const char old[] = "{\"journal\":\"sent\","
		"\"follower_id\":\"f-1\",\"report_period\":\"2025-06\","
		"\"claim\":\"c1\"}\n";
	char path[300], first[300], second[300], aside[320], text[4096] = "";

	make_journal(first, text, sizeof text);
	snprintf(aside, sizeof aside, "%s/aside", state);
	rename(first, aside);
	make_journal(second, text, sizeof text);
	rename(second, first);
	rename(aside, second);
	is(settle(), "io: damaged at line 1", "two journals are swapped");
	unlink(second);
	is(settle(), "io: damaged at line 1", "one is renamed");
	snprintf(path, sizeof path, "%s/journal/r.1.2.jsonl", state);
	rename(first, path);
	is(settle(), "io: damaged at line 1",
		"one is renamed to a name of release 1.0.0");
	rewrite(path, "", 0);
	is(settle(), "", "an empty one of release 1.0.0 says nothing");
	make_journal(path, text, sizeof text);
	rewrite(path, "", 0);
	is(settle(), "io: damaged at line 1", "one is emptied");
	rewrite(path, old, sizeof old - 1);
	is(settle(), "io: damaged at line 1",
		"lines without checksums are of release 1.0.0 alone");
	unlink(path);
}

/* ---- other kernels ----------------------------------------------------- */

/* The same journal, as the kernel boot_id would have written it. */
static void
make_foreign(char path[300], const char *boot_id, int64_t lease_until)
{
	char text[4096] = "";
	struct rw_buf head = {0};
	struct rw_journal_line line;
	struct rw_journal_head parsed;
	size_t len = make_journal(path, text, sizeof text);
	const char *name = strrchr(path, '/') + 1;
	size_t first = strcspn(text, "\n");

	ok(rw_journal_line_parse(&line, name, text, first) &&
		rw_journal_head_parse(&parsed, &line) && parsed.lines == 4,
		"its first line can be read");
	snprintf(parsed.boot_id, sizeof parsed.boot_id, "%s", boot_id);
	parsed.lease_until = lease_until;
	rw_journal_head_add(&head, name, "elsewhere", &parsed);
	rw_buf_add(&head, text + first + 1, len - first - 1);
	rewrite(path, head.data, head.len);
	rw_buf_free(&head);
}

/* The number of files that a reader passes over, and their begun claims. */
static void
test_foreign(void)
{
	static const char other[] = "11111111-2222-3333-4444-555555555555";
	static const struct {
		const char *name;
		bool owns;
		struct rw_journal_judge judge;
		bool dead;
	} cases[] = {
		{"its lease has not ended", false, {999, false}, false},
		{"its lease has ended", false, {1000, false}, true},
		{"the operator says that it is dead", false, {0, true}, true},
		{"nobody else can have the directory", true, {0, false}, true},
	};
	struct rw_journal_reader reader;
	struct rw_err err;
	char path[300];
	bool found;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		make_foreign(path, other, 1000);
		ok(rw_journal_reader_open(&reader, &cases[i].judge, &err),
			"open");
		reader.owns = cases[i].owns;
		ok(rw_journal_reader_file(&reader, &found, &err) &&
			found == cases[i].dead, "%s", cases[i].name);
		is_int((int64_t)reader.living_count, !cases[i].dead, "living");
		is_int((int64_t)reader.busy_count, !cases[i].dead, "busy");
		if (reader.busy_count > 0)
			is(reader.busy[0], "c1", "with what it has begun");
		rw_journal_reader_close(&reader);
		unlink(path);
	}
}

/* ---- the files of runs ------------------------------------------------- */

static void
test_run_file(void)
{
	struct rw_journal_run run;
	struct rw_buf text = {0};
	char dir[100], path[200], copy[220];
	struct rw_err err;
	size_t i, wrong = 0;

	snprintf(dir, sizeof dir, "%s/journal", state);
	snprintf(path, sizeof path, "%s/r-1.run", dir);
	snprintf(copy, sizeof copy, "%s/copy", dir);
	ok(rw_journal_run_read(&run, dir, "r-1", &err) &&
		run.is == RW_RUN_MISSING &&
		!rw_journal_run_is_complete(&run, dir), "there is none");
	ok(!rw_journal_run_add(dir, "r-1", "a", &err) &&
		err.kind == RW_IN_DOUBT, "nothing is added to none");
	ok(rw_journal_run_make(dir, "r-1", "1:2", &err), "one is made");
	ok(rw_journal_run_read(&run, dir, "r-1", &err) &&
		run.is == RW_RUN_WHOLE && run.count == 0 &&
		rw_boot_is_id(run.boot_id) && rw_journal_run_is_complete(&run,
		dir), "and read");
	is(run.lock_id, "1:2", "with its lock");
	append_to(copy, "", 0);
	ok(rw_journal_run_add(dir, "r-1", "copy", &err) &&
		rw_journal_run_add(dir, "r-1", "copy", &err) &&
		rw_journal_run_read(&run, dir, "r-1", &err) &&
		run.count == 1 && rw_journal_run_has(&run, "copy") &&
		!rw_journal_run_has(&run, "b") &&
		rw_journal_run_is_complete(&run, dir), "a journal is named");
	rw_journal_run_free(&run);
	unlink(copy);
	ok(!rw_journal_run_add(dir, "r-1", "b", &err) &&
		err.kind == RW_IN_DOUBT, "and missed when it goes");
	rw_file_read(path, &text, &err);
	for (i = 0; i < text.len; i++) {
		text.data[i] ^= 1;
		rewrite(path, text.data, text.len);
		text.data[i] ^= 1;
		rw_journal_run_read(&run, dir, "r-1", &err);
		wrong += run.is != RW_RUN_DAMAGED;
		rw_journal_run_free(&run);
		rewrite(path, text.data, i);
		rw_journal_run_read(&run, dir, "r-1", &err);
		wrong += run.is != RW_RUN_DAMAGED;
		rw_journal_run_free(&run);
	}
	is_int((int64_t)wrong, 0, "each flipped byte and each cut is found");
	rewrite(copy, text.data, text.len);
	rename(copy, path);
	ok(rw_journal_run_read(&run, dir, "r-1", &err) &&
		run.is == RW_RUN_DAMAGED, "a copy of it is not good");
	rw_journal_run_free(&run);
	ok(rw_journal_run_remove(dir, "r-1", &err) &&
		rw_journal_run_remove(dir, "r-1", &err), "it is removed");
	rw_buf_free(&text);
}

#define CLAIM(id, run) "{\"follower_id\":\"" id "\",\"report_period\":" \
	"\"2025-06\",\"claim\":\"c@\"" run "}"

/* rw-mail's journal is named before anything begins in it. */
static void
test_run_is_named(void)
{
	struct rw_journal journal, second;
	struct rw_record record = {0};
	struct rw_journal_run run;
	char dir[100];
	struct rw_err err = {.kind = RW_OK};

	snprintf(dir, sizeof dir, "%s/journal", state);
	rw_journal_open(&journal, "r-1", &err);
	ok(!begin(&journal, &record, CLAIM("f-1", ""), &err) &&
		err.kind == RW_DATA, "a claim of a run without its name");
	ok(!begin(&journal, &record, CLAIM("f-1", ",\"run_id\":\"../x\""),
		&err) && err.kind == RW_DATA, "or with one that is not a name");
	ok(!begin(&journal, &record, CLAIM("f-1", ",\"run_id\":\"r-1\""),
		&err) && err.kind == RW_IN_DOUBT, "of a run without its file");
	ok(rw_journal_sync(&journal, &err), "nothing has begun");
	rw_journal_run_make(dir, "r-1", "", &err);
	ok(begin(&journal, &record, CLAIM("f-1", ",\"run_id\":\"r-1\""),
		&err) && rw_journal_run_read(&run, dir, "r-1", &err) &&
		run.count == 1 && rw_journal_run_has(&run,
		strrchr(journal.path, '/') + 1), "with it: it is named");
	rw_journal_run_free(&run);
	ok(rw_journal_sync(&journal, &err) &&
		rw_journal_is_complete(&journal, &err), "complete");
	rw_journal_open(&second, NULL, &err);
	ok(begin(&second, &record, CLAIM("f-2", ",\"run_id\":\"r-1\""),
		&err) && rw_journal_sync(&second, &err) &&
		rw_journal_is_complete(&second, &err),
		"a second one, typed by hand, is named too");
	unlink(journal.path);
	ok(!rw_journal_is_complete(&second, &err) && err.kind == RW_IN_DOUBT,
		"the second misses the first");
	ok(begin(&journal, &record, CLAIM("f-3", ",\"run_id\":\"r-1\""),
		&err) && !rw_journal_sync(&journal, &err) && err.kind == RW_IO,
		"the first finds out when it syncs: %s", err.message);
	unlink(second.path);
	rw_journal_run_remove(dir, "r-1", &err);
	ok(!rw_journal_is_complete(&second, &err) && err.kind == RW_IN_DOUBT,
		"the run's file is gone");
	rw_journal_close(&journal);
	rw_journal_close(&second);
	rw_record_free(&record);
}

/* RFC 3720, appendix B.4. */
static void
test_crc(void)
{
	char bytes[32] = {0};

	ok(rw_crc32c(0, "", 0) == 0, "of nothing");
	ok(rw_crc32c(0, "123456789", 9) == 0xe3069283, "of the digits");
	ok(rw_crc32c(0, bytes, 32) == 0x8a9136aa, "of zeros");
	memset(bytes, 0xff, 32);
	ok(rw_crc32c(0, bytes, 32) == 0x62a8ab43, "of ones");
	for (int i = 0; i < 32; i++)
		bytes[i] = (char)i;
	ok(rw_crc32c(0, bytes, 32) == 0x46dd794e, "rising");
	ok(rw_crc32c(rw_crc32c(0, bytes, 5), bytes + 5, 27) == 0x46dd794e,
		"in two pieces");
}

/* A disk of one megabyte, in a mount namespace of its own. */
static bool
small_disk(const char *where)
{
	return unshare(CLONE_NEWNS | (geteuid() == 0 ? 0 : CLONE_NEWUSER))
		== 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
		&& mount("tmpfs", where, "tmpfs", 0, "size=1m") == 0;
}

#define FULL_DISK_RESULTS 4

/* The room for an outcome is taken when the record begins. */
static void
fill_disk(void)
{
	struct rw_journal journal;
	struct rw_record a = {0}, b = {0};
	struct rw_err err = {.kind = RW_OK};
	char path[128];
	int fd;

	rw_journal_open(&journal, "r", &err);
	ok(begin(&journal, &a, LINE("f-1", "c1", ""), &err) &&
		rw_journal_sync(&journal, &err), "begin with room");
	snprintf(path, sizeof path, "%s/ballast", state);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	while (write(fd, path, sizeof path) > 0)
		;
	close(fd);
	while (begin(&journal, &b, LINE("f-2", "c2", ""), &err))
		rw_journal_outcome(&journal, &b, RW_FAILED);
	ok(err.kind == RW_IO && !journal.broken,
		"a full disk refuses a begin: %s", err.message);
	rw_journal_outcome(&journal, &a, RW_SENT);
	ok(rw_journal_sync(&journal, &err), "the outcome still has room");
	rw_journal_close(&journal);
	ok(strstr(settle(), "sent f-1") != NULL, "and is read back");
	rw_record_free(&a);
	rw_record_free(&b);
}

/* In a child, whose disk goes with it. */
static void
test_full_disk(void)
{
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if (!small_disk(state))
			_exit(77);
		tap_failed = 0;
		fill_disk();
		fflush(stdout);
		_exit(tap_failed > 0);
	}
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
		printf("ok %d - a full disk # SKIP no mount namespace\n",
			++tap_run);
		return;
	}
	tap_run += FULL_DISK_RESULTS;
	ok(status == 0, "a full disk");
}

static void
test_killed(void)
{
	struct rw_journal journal;
	struct rw_record record = {0};
	struct rw_err err;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (rw_journal_open(&journal, "r", &err) &&
		    begin(&journal, &record, LINE("f-9", "c9", ""), &err) &&
		    rw_journal_sync(&journal, &err))
			raise(SIGKILL);
		_exit(1);
	}
	ok(pid > 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status),
		"killed between begin and outcome");
	is(settle(), "in_doubt f-9", "its lock went with it");
}

static void
test_refusals(void)
{
	struct rw_journal journal;
	struct rw_record record = {0};
	struct rw_err err = {.kind = RW_OK};
	char blocked[128];

	ok(!rw_journal_open(&journal, "../x", &err) && err.kind == RW_CONFIG,
		"a run's id that is not a file name");
	snprintf(blocked, sizeof blocked, "%s/file", state);
	rw_file_write(blocked, "", 0, RW_SYNC_NONE, &err);
	setenv("RW_STATE_DIR", blocked, 1);
	ok(rw_journal_open(&journal, NULL, &err) &&
		!begin(&journal, &record, LINE("f-1", "c", ""), &err) &&
		err.kind == RW_IO, "no directory: %s", err.message);
	ok(!begin(&journal, &record, LINE("f-1", "c", ""), &err),
		"and nothing begins after that");
	rw_journal_close(&journal);
	setenv("RW_STATE_DIR", state, 1);
	rw_record_free(&record);
}

/* Lines that a second process writes, in pieces of any size. */
static void
test_watch(void)
{
	static char large[3 * 1024 * 1024];
	struct rw_buf line = {0};
	struct rw_journal_watch watch = {0};
	struct rw_journal ours, theirs;
	struct rw_record record = {0};
	struct rw_err err;

	rw_journal_open(&ours, "a", &err);
	rw_journal_open(&theirs, "b", &err);
	ok(rw_journal_watch(&watch, NULL, &err), "nobody is there");
	ok(begin(&ours, &record, LINE("f-1", "c1", ""), &err) &&
		rw_journal_sync(&ours, &err), "we begin");
	ok(begin(&theirs, &record, LINE("f-2", "c2", ""), &err) &&
		rw_journal_sync(&theirs, &err), "another does");
	ok(rw_journal_watch(&watch, ours.path, &err) &&
		rw_journal_used_has(&watch.used, "c2") &&
		!rw_journal_used_has(&watch.used, "c1"), "and is seen alone");
	ok(begin(&theirs, &record, LINE("f-3", "c3", ""), &err) &&
		rw_journal_sync(&theirs, &err) &&
		rw_journal_watch(&watch, ours.path, &err) &&
		rw_journal_used_has(&watch.used, "c3"), "what comes later too");
	memset(large, 'x', sizeof large);
	memcpy(large, "\"x\":\"", 5);
	memcpy(large + sizeof large - 2, "\"}", 2);
	rw_journal_line_add(&line, strrchr(theirs.path, '/') + 1,
		RW_JOURNAL_SENT, ++theirs.lines, large, sizeof large);
	append_to(theirs.path, line.data, line.len / 2);
	ok(rw_journal_watch(&watch, ours.path, &err), "half of a long line");
	append_to(theirs.path, line.data + line.len / 2,
		line.len - line.len / 2);
	lseek(theirs.fd, 0, SEEK_END);
	rw_buf_free(&line);
	ok(begin(&theirs, &record, LINE("f-4", "c4", ""), &err) &&
		rw_journal_sync(&theirs, &err) &&
		rw_journal_watch(&watch, ours.path, &err) &&
		rw_journal_used_has(&watch.used, "c4"), "what is behind it");
	append_to(theirs.path, "junk\n", 5);
	ok(rw_journal_watch(&watch, ours.path, &err),
		"a torn line at the end says nothing");
	lseek(theirs.fd, 0, SEEK_END);
	ok(begin(&theirs, &record, LINE("f-5", "c5", ""), &err) &&
		rw_journal_sync(&theirs, &err) &&
		!rw_journal_watch(&watch, ours.path, &err) &&
		strstr(err.message, "damaged") != NULL,
		"but a good one behind it does");
	unlink(theirs.path);
	unlink(ours.path);
	ok(rw_journal_watch(&watch, ours.path, &err) &&
		rw_journal_used_has(&watch.used, "c2"),
		"what was seen stays, though the file is gone");
	rw_journal_close(&ours);
	rw_journal_close(&theirs);
	rw_journal_watch_free(&watch);
	rw_record_free(&record);
}

int
main(void)
{
	char command[128];

	if (mkdtemp(state) == NULL)
		return 1;
	setenv("RW_STATE_DIR", state, 1);
	test_crc();
	test_watch();
	test_round();
	test_bytes();
	test_in_doubt_record();
	test_old_damage();
	test_every_byte();
	test_torn();
	test_names();
	test_foreign();
	test_run_file();
	test_run_is_named();
	test_full_disk();
	test_killed();
	test_refusals();
	snprintf(command, sizeof command, "rm -rf %s", state);
	if (system(command) != 0)
		ok(false, "%s", command);
	return done();
}
