#include "ledger/entry.h"

#include <string.h>

#include "base/clock.h"

#define ROW(member, name, type, group, kept, since) RW_WHEN_KEPT(kept, \
	[RW_F_##member] = {RW_M_##member, RW_FIELD_##type, RW_KEPT_##kept, \
		since},)

const struct rw_field_info rw_fields[RW_F_COUNT] = {RW_MEMBERS(ROW)};

bool
rw_field_is_text(enum rw_field field)
{
	return rw_fields[field].type == RW_FIELD_TEXT ||
		rw_fields[field].type == RW_FIELD_OBJECT;
}

static const char *const state_names[] = {
	[RW_STATE_NONE] = "none",
	[RW_STATE_CLAIMED] = "claimed",
	[RW_STATE_SENT] = "sent",
	[RW_STATE_FAILED] = "failed",
	[RW_STATE_IN_DOUBT] = "in_doubt",
};

void
rw_entry_free(struct rw_entry *entry)
{
	rw_arena_free(&entry->arena);
	*entry = (struct rw_entry){0};
}

void
rw_entry_reset(struct rw_entry *entry)
{
	memset(entry->values, 0, sizeof entry->values);
	entry->failed = false;
	rw_arena_reset(&entry->arena);
}

static void
set_text_n(struct rw_entry *entry, enum rw_field field,
	const char *text, size_t len)
{
	const char *copy = rw_arena_copy(&entry->arena, text, len);

	if (copy == NULL) {
		entry->failed = true;
		return;
	}
	entry->values[field] = (struct rw_value){.is = RW_SET, .text = copy};
}

void
rw_entry_set_text(struct rw_entry *entry, enum rw_field field,
	const char *text)
{
	if (text == NULL)
		rw_entry_set_null(entry, field);
	else
		set_text_n(entry, field, text, strlen(text));
}

void
rw_entry_set_number(struct rw_entry *entry, enum rw_field field,
	int64_t number)
{
	entry->values[field] = (struct rw_value){.is = RW_SET,
		.number = number};
}

void
rw_entry_set_null(struct rw_entry *entry, enum rw_field field)
{
	entry->values[field] = (struct rw_value){.is = RW_NULL};
}

bool
rw_entry_has(const struct rw_entry *entry, enum rw_field field)
{
	return entry->values[field].is == RW_SET;
}

const char *
rw_entry_text(const struct rw_entry *entry, enum rw_field field)
{
	return rw_entry_has(entry, field) ? entry->values[field].text : NULL;
}

int64_t
rw_entry_number(const struct rw_entry *entry, enum rw_field field,
	int64_t otherwise)
{
	return rw_entry_has(entry, field) ? entry->values[field].number :
		otherwise;
}

enum rw_state
rw_entry_state(const struct rw_entry *entry)
{
	const char *text = rw_entry_text(entry, RW_F_STATE);
	enum rw_state state;

	if (!rw_entry_has(entry, RW_F_FOLLOWER_ID))
		return RW_STATE_NONE;
	for (state = RW_STATE_CLAIMED; text != NULL &&
	    state <= RW_STATE_IN_DOUBT; state++)
		if (strcmp(text, state_names[state]) == 0)
			return state;
	return rw_entry_number(entry, RW_F_EMAIL_SENT, 0) != 0 ?
		RW_STATE_SENT : RW_STATE_FAILED;
}

const char *
rw_state_name(enum rw_state state)
{
	return state_names[state];
}

void
rw_entry_to_line(const struct rw_entry *entry, enum rw_field field,
	struct rw_line *line)
{
	const struct rw_value *value = &entry->values[field];
	const char *name = rw_fields[field].name;
	char time[RW_RFC3339_SIZE];

	if (value->is != RW_SET)
		return;
	switch (rw_fields[field].type) {
	case RW_FIELD_TEXT:
		rw_line_set_string(line, name, value->text);
		return;
	case RW_FIELD_BOOL:
		rw_line_set_bool(line, name, value->number != 0);
		return;
	case RW_FIELD_INT:
		rw_line_set_int(line, name, value->number);
		return;
	case RW_FIELD_TIME:
		rw_rfc3339(time, value->number);
		rw_line_set_string(line, name, time);
		return;
	case RW_FIELD_OBJECT:
		rw_line_set(line, name, value->text, strlen(value->text));
		return;
	}
}

/* Figures are strings or numbers, and are stored as written. */
static bool
text_from_record(struct rw_entry *entry, enum rw_field field,
	struct rw_record *record, struct rw_err *err)
{
	const char *name = rw_fields[field].name, *text;
	struct rw_json value = rw_line_get(&record->line, name);

	if (rw_json_type(value) == RW_JSON_NUMBER) {
		set_text_n(entry, field, value.text, value.len);
		return true;
	}
	if (!rw_record_optional_string(record, name, NULL, &text, err))
		return false;
	if (text != NULL)
		rw_entry_set_text(entry, field, text);
	return true;
}

static bool
object_from_record(struct rw_entry *entry, enum rw_field field,
	struct rw_record *record, struct rw_err *err)
{
	const char *name = rw_fields[field].name;
	struct rw_json value = rw_line_get(&record->line, name);

	if (!rw_record_has(record, name))
		return true;
	if (rw_json_type(value) != RW_JSON_OBJECT)
		return rw_fail(err, RW_DATA, "%s is %s, not an object", name,
			rw_json_type_words(value));
	set_text_n(entry, field, value.text, value.len);
	return true;
}

bool
rw_entry_from_record(struct rw_entry *entry, enum rw_field field,
	struct rw_record *record, struct rw_err *err)
{
	const char *name = rw_fields[field].name;
	int64_t number = 0;
	bool found = false, yes = false, good = false;

	switch (rw_fields[field].type) {
	case RW_FIELD_TEXT:
		return text_from_record(entry, field, record, err);
	case RW_FIELD_OBJECT:
		return object_from_record(entry, field, record, err);
	case RW_FIELD_BOOL:
		good = rw_record_optional_bool(record, name, &yes, err);
		found = rw_record_has(record, name);
		number = yes;
		break;
	case RW_FIELD_INT:
		good = rw_record_optional_int(record, name, 0, &number, err);
		found = rw_record_has(record, name);
		break;
	case RW_FIELD_TIME:
		good = rw_record_optional_time(record, name, &found, &number,
			err);
		break;
	}
	if (good && found)
		rw_entry_set_number(entry, field, number);
	return good;
}
