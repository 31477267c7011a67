#include "followers/followers.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/unicode.h"
#include "base/money.h"

void
rw_follower_begin(struct rw_follower *follower, const char *id)
{
	snprintf(follower->id, sizeof follower->id, "%s", id);
	follower->left_out[0] = '\0';
	follower->wrong = (struct rw_err){0};
	rw_line_clear(&follower->record.line);
	rw_line_set_string(&follower->record.line, RW_M_FOLLOWER_ID, id);
	/* Its place; followers/due.c fills it in. */
	rw_line_set_null(&follower->record.line, RW_M_REPORT_PERIOD);
	if (!rw_record_is_id(id))
		rw_fail(&follower->wrong, RW_DATA, "_id cannot be a "
			"follower_id");
}

/* True for "Active" or " active": it is unknown whether the follower is
 * active. */
static bool
is_nearly_active(const char *status)
{
	static const char active[] = "active";
	size_t len = sizeof active - 1;
	const char *word = status + strspn(status, " \t\r\n");

	return strcmp(status, active) != 0 &&
		strncasecmp(word, active, len) == 0 &&
		word[len + strspn(word + len, " \t\r\n")] == '\0';
}

void
rw_follower_judge(struct rw_follower *follower,
	const struct rw_follower_standing *standing)
{
	char *why = follower->left_out;
	size_t room = sizeof follower->left_out;

	if (standing->enabled != NULL && *standing->enabled)
		return;
	if (standing->enabled != NULL)
		snprintf(why, room, "enabled is false%s%.40s",
			standing->state != NULL ? ", state is " : "",
			standing->state != NULL ? standing->state : "");
	else if (standing->status == NULL)
		snprintf(why, room, "it has neither enabled nor status");
	else if (is_nearly_active(standing->status))
		rw_fail(&follower->wrong, RW_DATA, "status is \"%.40s\": "
			"expected \"active\"", standing->status);
	else if (strcmp(standing->status, "active") != 0)
		snprintf(why, room, "status is %.40s", standing->status);
}

void
rw_follower_free(struct rw_follower *follower)
{
	rw_record_free(&follower->record);
}

/* Copies as much as fits; printf would take a fifth of rw-list's time. */
static void
copy(char *out, size_t room, const char *text)
{
	size_t len = strnlen(text, room - 1);

	memcpy(out, text, len);
	out[len] = '\0';
}

static bool
is_of_id(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool
rw_day_is_padded(const char *id)
{
	return *id != '\0' && (!is_of_id(*id) ||
		!is_of_id(id[strlen(id) - 1]));
}

void
rw_day_trim(const char *id, char meant[RW_FOLLOWER_ID_SIZE])
{
	size_t len;

	id = rw_text_trim(id, &len);
	if (len >= RW_FOLLOWER_ID_SIZE)
		len = RW_FOLLOWER_ID_SIZE - 1;
	memcpy(meant, id, len);
	meant[len] = '\0';
}

void
rw_day_refuse_padded(struct rw_day *day)
{
	rw_day_trim(day->id, day->meant);
	rw_fail(&day->wrong, RW_DATA, "follower_id is \"%.140s\": expected it "
		"without blanks around it", day->id);
	day->id[0] = '\0';
}

void
rw_day_begin(struct rw_day *day, const char *id)
{
	copy(day->id, sizeof day->id, id);
	copy(day->date, sizeof day->date, "no date");
	day->meant[0] = '\0';
	day->amount = 0;
	day->is_open = false;
	day->wrong.kind = RW_OK;
}

void
rw_day_read(struct rw_day *day, const char *date, const char *amount,
	const char *amount_member)
{
	struct rw_date read;

	if (date != NULL)
		copy(day->date, sizeof day->date, date);
	if (date == NULL || !rw_date_parse(date, strlen(date), &read, NULL)) {
		rw_fail(&day->wrong, RW_DATA, "expected a date as 2025-06-30");
		return;
	}
	/* Converts the date from YYYYMMDD. */
	if (date[4] != '-')
		rw_date_text(day->date, read);
	if (amount == NULL)
		rw_fail(&day->wrong, RW_DATA, "it has no %s", amount_member);
	else if (!rw_money_parse(amount, strlen(amount), &day->amount,
	    &day->wrong))
		rw_err_prefix(&day->wrong, "%s", amount_member);
}
