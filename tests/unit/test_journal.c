#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "work/journal_read.h"
#include "work/journal_watch.h"
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

/* How many files lie in the journal, and the name of one of them. */
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
append(const char *bytes, size_t len)
{
	char path[300];
	FILE *f;

	files(path, sizeof path);
	f = fopen(path, "a");
	ok(f != NULL && fwrite(bytes, 1, len, f) == len, "damage %s", path);
	if (f != NULL)
		fclose(f);
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
	good = rw_journal_reader_open(&reader, &err);
	while (good && (good = rw_journal_reader_file(&reader, &found, &err))
	    && found) {
		while ((good = rw_journal_reader_next(&reader, &record,
		    &outcome, &found, &err)) && found)
			snprintf(out + strlen(out), sizeof out - strlen(out),
				"%s%s %s", *out != '\0' ? ", " : "",
				names[outcome], record.follower_id);
		good = good && rw_journal_reader_remove(&reader, &err);
	}
	if (!good)
		snprintf(out, sizeof out, "%s: %s", rw_kind_name(err.kind),
			strchr(err.message, ' ') != NULL ?
			strrchr(err.message, 'd') : err.message);
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

/* What comes back is the line that rw-mail wrote, whatever it looked like. */
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
	ok(rw_journal_reader_open(&reader, &err) &&
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
	ok(rw_journal_reader_open(&reader, &err) &&
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

static void
test_damage(void)
{
	static const struct {
		const char *name, *tail;
		size_t len;
		const char *expected;
	} cases[] = {
		{"torn begin", "{\"journal\":\"begin\",\"foll", 24,
			"in_doubt f-1"},
		{"torn outcome", "{\"journal\":\"sent\",\"follower_id\":\"f-1\""
			",\"claim\":\"c1\"", 47, "in_doubt f-1"},
		{"a block of NUL", "\0\0\0\0\0\0\0\0", 8, "in_doubt f-1"},
		{"two torn lines", "{\"a\n\0\0\0", 7, "in_doubt f-1"},
		{"a readable line behind an unreadable one",
			"junk\n{\"journal\":\"sent\",\"follower_id\":\"f-1\","
			"\"report_period\":\"2025-06\",\"claim\":\"c1\"}\n",
			0, "io: d at line 2"},
		{"a line of no known kind and a good one",
			"{\"journal\":\"x\",\"a\":1}\n{\"journal\":\"sent\","
			"\"follower_id\":\"f-1\","
			"\"report_period\":\"2025-06\",\"claim\":\"c1\"}\n",
			0, "io: d at line 2"},
	};
	struct rw_journal journal;
	struct rw_record record = {0};
	struct rw_err err;
	char path[300];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		rw_journal_open(&journal, "r", &err);
		ok(begin(&journal, &record, LINE("f-1", "c1", ""), &err) &&
			rw_journal_sync(&journal, &err), "begin");
		append(cases[i].tail, cases[i].len != 0 ? cases[i].len :
			strlen(cases[i].tail));
		rw_journal_close(&journal);
		is(settle(), cases[i].expected, "%s", cases[i].name);
		is_int(files(path, sizeof path),
			cases[i].expected[0] == 'i' &&
			cases[i].expected[1] == 'o', "kept when damaged");
		if (files(path, sizeof path) > 0)
			unlink(path);
	}
	rw_record_free(&record);
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
		"a run's id that is no file name");
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

static void
append_to(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "a");

	if (file == NULL || fwrite(text, 1, len, file) != len ||
	    fclose(file) != 0)
		ok(false, "append to %s", path);
}

/* What another process writes beside us, in pieces of any size. */
static void
test_watch(void)
{
	static const char rest[] = "x\"}\n";
	static char large[3 * 1024 * 1024];
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
	append_to(theirs.path, "{\"x\":\"", 6);
	append_to(theirs.path, large, sizeof large);
	ok(rw_journal_watch(&watch, ours.path, &err), "half of a long line");
	append_to(theirs.path, rest, sizeof rest - 1);
	ok(begin(&theirs, &record, LINE("f-4", "c4", ""), &err) &&
		rw_journal_sync(&theirs, &err) &&
		rw_journal_watch(&watch, ours.path, &err) &&
		rw_journal_used_has(&watch.used, "c4"), "what is behind it");
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
	test_watch();
	test_round();
	test_bytes();
	test_in_doubt_record();
	test_damage();
	test_full_disk();
	test_killed();
	test_refusals();
	snprintf(command, sizeof command, "rm -rf %s", state);
	if (system(command) != 0)
		ok(false, "%s", command);
	return done();
}
