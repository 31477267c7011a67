#include "record_note.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ledger/run_history.h"

struct note {
	struct rw_ledger_run run;
	uint64_t began_at, ended_at, status;
};

/* value is borrowed. */
static bool
take_word(struct note *note, const char *name, const char *value,
	struct rw_err *err)
{
	const struct {
		const char *name;
		uint64_t *number;
		const char **text;
		bool *flag;
	} words[] = {
		{"began", &note->began_at, NULL, NULL},
		{"ended", &note->ended_at, NULL, NULL},
		{"status", &note->status, NULL, NULL},
		{"period", NULL, &note->run.period, NULL},
		{"shard", NULL, &note->run.shard, NULL},
		{"whole", NULL, NULL, &note->run.is_whole},
		{"finished", NULL, NULL, &note->run.is_finished}};
	size_t i = 0;

	while (i < sizeof words / sizeof *words &&
	    strcmp(words[i].name, name) != 0)
		i++;
	if (i == sizeof words / sizeof *words)
		return rw_fail(err, RW_USAGE, "--note-run: \"%.40s\" is not "
			"the name of a value", name);
	if (*value == '\0')
		return true;
	if (words[i].text != NULL)
		*words[i].text = value;
	if (words[i].flag != NULL)
		*words[i].flag = strcmp(value, "yes") == 0;
	return words[i].number == NULL || rw_text_to_u64(value, INT64_MAX,
		words[i].number) || rw_fail(err, RW_USAGE, "--note-run: "
		"%s=\"%.40s\" is not a number", name, value);
}

static bool
read_words(struct note *note, char *text, struct rw_err *err)
{
	char *word, *rest, *value;

	for (word = strtok_r(text, " ", &rest); word != NULL;
	    word = strtok_r(NULL, " ", &rest)) {
		value = strchr(word, '=');
		if (value == NULL)
			return rw_fail(err, RW_USAGE, "--note-run: expected "
				"NAME=VALUE, found \"%.40s\"", word);
		*value++ = '\0';
		if (!take_word(note, word, value, err))
			return false;
	}
	return note->began_at > 0 || rw_fail(err, RW_USAGE, "--note-run "
		"requires began=SECONDS");
}

bool
rw_record_note_run(struct rw_ledger *ledger, const struct rw_self *self,
	const char *words, struct rw_err *err)
{
	struct note note = {.run = {.run_id = self->run_id,
		.host = self->host}};
	char *text = strdup(words);
	bool good = read_words(&note, text, err);

	if (good) {
		note.run.began_at = (int64_t)note.began_at;
		note.run.ended_at = (int64_t)note.ended_at;
		note.run.status = (int64_t)note.status;
		good = rw_ledger_note_run(ledger, &note.run, err);
	}
	free(text);
	return good;
}
