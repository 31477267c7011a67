#include "summary.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

#define PREFIX "report_worker_"
#define RUN_PREFIX PREFIX "run_"

/* The longest old file: a longer one is not ours. */
enum { FILE_MAX = 1 << 20 };

enum type {
	TEXT,
	TEXT_OR_NULL,
	NUMBER,			/* or null */
	NUMBER_OR_NONE,
	ARRAY,			/* JSON as it comes, from rw-status */
};

static const struct {
	const char *name;
	enum type type;
} members[] = {
	{"period", TEXT_OR_NULL}, {"status", NUMBER}, {"error", TEXT},
	{"store_error", TEXT}, {"duration_s", NUMBER}, {"due", NUMBER},
	{"uploads_failed", NUMBER}, {"without_follower", NUMBER_OR_NONE},
	{"already_sent", NUMBER_OR_NONE}, {"unchanged", NUMBER_OR_NONE},
	{"behind", ARRAY},
};

/* ---- the summary ------------------------------------------------------------ */

static bool
find_type(const char *word, size_t len, enum type *type, struct rw_err *err)
{
	size_t i;

	for (i = 0; i < sizeof members / sizeof *members; i++)
		if (strlen(members[i].name) == len &&
		    memcmp(members[i].name, word, len) == 0) {
			*type = members[i].type;
			return true;
		}
	return rw_fail(err, RW_USAGE, "\"%.40s\" is not a member of the "
		"summary", word);
}

static bool
add_value(struct rw_buf *out, const char *value, enum type type,
	struct rw_err *err)
{
	uint64_t n;

	if (*value == '\0' && type != TEXT)
		rw_buf_adds(out, "null");
	else if (type == ARRAY && *value == '[')
		rw_buf_adds(out, value);
	else if (type == TEXT || type == TEXT_OR_NULL)
		rw_text_add_json(out, value);
	/* A clock that is set back makes a duration negative. */
	else if (rw_text_to_u64(value + (*value == '-'), UINT64_MAX, &n))
		rw_buf_adds(out, value);
	else
		return rw_fail(err, RW_USAGE, "\"%.40s\" is not a number",
			value);
	return true;
}

bool
rw_summary_add(struct rw_buf *out, char *const *words, const char *counts,
	struct rw_err *err)
{
	const char *comma = "{";
	enum type type = TEXT;
	size_t len;

	for (; *words != NULL; words++) {
		const char *value = strchr(*words, '=');

		len = value == NULL ? strlen(*words) : (size_t)(value - *words);
		if (value == NULL)
			return rw_fail(err, RW_USAGE, "expected NAME=VALUE, "
				"found \"%.40s\"", *words);
		if (!find_type(*words, len, &type, err))
			return false;
		if (value[1] == '\0' && type == NUMBER_OR_NONE)
			continue;
		rw_buf_addf(out, "%s\"%.*s\":", comma, (int)len, *words);
		if (!add_value(out, value + 1, type, err))
			return false;
		comma = ",";
	}
	if (*counts == '{')
		rw_buf_addf(out, "%s%.*s\n", comma,
			(int)strcspn(counts + 1, "\n"), counts + 1);
	else
		rw_buf_addf(out, "%s}\n", *comma == '{' ? "{" : "");
	return true;
}

/* ---- the metrics ------------------------------------------------------------- */

static void
read_old(const char *path, struct rw_buf *text)
{
	struct rw_err ignored;
	struct stat st;
	int fd;

	text->max = FILE_MAX;
	if (!rw_file_open(path, 1, &fd, &st, &ignored))
		return;
	if (!rw_file_read_fd(fd, path, text, &ignored))
		rw_buf_reset(text);
	close(fd);
}

/* The value of the line "NAME VALUE" in the old text; NULL: there is no such
 * line. */
static const char *
find_old(const char *text, const char *name, size_t len, size_t *value_len)
{
	const char *line;

	for (line = text; *line != '\0'; line += strcspn(line, "\n"),
	    line += *line == '\n') {
		const char *value = line + strlen(PREFIX) + len;

		if (strncmp(line, PREFIX, strlen(PREFIX)) != 0 ||
		    strncmp(line + strlen(PREFIX), name, len) != 0 ||
		    *value != ' ')
			continue;
		*value_len = strcspn(value + 1, "\n");
		return value + 1;
	}
	return NULL;
}

static void
add_gauge(struct rw_buf *out, const char *word, const char *old)
{
	size_t len = strcspn(word, "="), value_len;
	const char *value = word + len + (word[len] == '=');

	value_len = strlen(value);
	if (value_len == 0)
		value = find_old(old, word, len, &value_len);
	if (value != NULL)
		rw_buf_addf(out, "# TYPE " PREFIX "%.*s gauge\n" PREFIX
			"%.*s %.*s\n", (int)len, word, (int)len, word,
			(int)value_len, value);
}

/* Appended unchanged, with the lines that name their type. */
static void
add_old_counts(struct rw_buf *out, const char *old)
{
	size_t len;

	for (; *old != '\0'; old += len + (old[len] == '\n')) {
		const char *found = strstr(old, RUN_PREFIX);

		len = strcspn(old, "\n");
		if (found != NULL && found < old + len)
			rw_buf_addf(out, "%.*s\n", (int)len, old);
	}
}

/* ---- the label of a shard ---------------------------------------------------- */

/* Appends the text with the label in each sample. */
static void
add_labelled(struct rw_buf *out, const char *text, const char *shard)
{
	size_t len, name;

	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		name = strcspn(text, "{ \n");
		if (*text == '#' || len == 0)
			rw_buf_addf(out, "%.*s\n", (int)len, text);
		else if (text[name] == '{')
			rw_buf_addf(out, "%.*s{shard=\"%s\",%.*s\n",
				(int)name, text, shard, (int)(len - name - 1),
				text + name + 1);
		else
			rw_buf_addf(out, "%.*s{shard=\"%s\"}%.*s\n",
				(int)name, text, shard, (int)(len - name),
				text + name);
	}
}

/* Removes the label from a file that add_labelled has written. */
static void
remove_label(struct rw_buf *text, const char *shard)
{
	const char *at = rw_buf_text(text), *found;
	struct rw_buf label = {0}, bare = {0};

	rw_buf_addf(&label, "{shard=\"%s\"", shard);
	while ((found = strstr(at, rw_buf_text(&label))) != NULL) {
		rw_buf_add(&bare, at, (size_t)(found - at));
		at = found + label.len;
		if (*at == ',')
			rw_buf_addc(&bare, '{');
		at += *at == ',' || *at == '}';
	}
	rw_buf_adds(&bare, at);
	rw_buf_free(text);
	rw_buf_free(&label);
	*text = bare;
}

/* ---- all of it --------------------------------------------------------------- */

/* When this run ended, and when the last one ended with status 0. */
static void
add_times(struct rw_buf *out, char *const *words, const char *old)
{
	char run[64], success[64] = "last_success_timestamp_seconds=";
	bool is_success = false;

	for (; *words != NULL; words++)
		is_success = is_success ||
			strcmp(*words, "last_run_status=0") == 0;
	snprintf(run, sizeof run, "last_run_timestamp_seconds=%lld",
		(long long)(rw_clock_now_ms() / 1000));
	add_gauge(out, run, old);
	if (is_success)
		snprintf(success, sizeof success,
			"last_success_timestamp_seconds=%lld",
			(long long)(rw_clock_now_ms() / 1000));
	add_gauge(out, success, old);
}

static void
add_all(struct rw_buf *out, char *const *words, const char *counts,
	const char *file, const char *shard)
{
	struct rw_buf old = {0};

	read_old(file, &old);
	if (shard != NULL)
		remove_label(&old, shard);
	add_times(out, words, rw_buf_text(&old));
	for (; *words != NULL; words++)
		add_gauge(out, *words, rw_buf_text(&old));
	if (*counts != '\0')
		rw_buf_adds(out, counts);
	else
		add_old_counts(out, rw_buf_text(&old));
	rw_buf_free(&old);
}

void
rw_metrics_add(struct rw_buf *out, char *const *words, const char *counts,
	const char *file, const char *shard)
{
	struct rw_buf all = {0};

	if (shard == NULL) {
		add_all(out, words, counts, file, NULL);
		return;
	}
	add_all(&all, words, counts, file, shard);
	add_labelled(out, rw_buf_text(&all), shard);
	rw_buf_free(&all);
}
