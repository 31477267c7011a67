/*
 * The record: a typed view of one line. The names of its members are in
 * record/member_table.h.
 *
 * Getters: a missing or malformed member is RW_DATA, and the message names the
 * member, the value and what was expected. The optional getters treat null like
 * a missing member.
 */
#ifndef RW_RECORD_RECORD_H
#define RW_RECORD_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/period.h"
#include "record/member_table.h"
#include "wire/jsonl.h"

/* RW_M_FOLLOWER_ID is "follower_id", and so on: the names of the members. */
#define RW_MEMBER_NAME(member, name, type, group, kept, since) \
	extern const char RW_M_##member[sizeof name];

RW_MEMBERS(RW_MEMBER_NAME)

#undef RW_MEMBER_NAME

struct rw_record {
	struct rw_line line;
	uint64_t number;		/* of the line in its input, from 1 */
	const char *follower_id;	/* borrowed from line; set by parse */
	struct rw_period period;	/* set by parse */
};

/* {0} is an empty record. */
void
rw_record_free(struct rw_record *record);

/* Reads a line. RW_UNREADABLE: it is not a record, and record is empty.
 * RW_DATA: follower_id or report_period is missing or malformed, or
 * report_period is not the requested period. period (NULL: none) replaces a
 * missing report_period. */
bool
rw_record_parse(struct rw_record *record, const char *text, size_t len,
	const struct rw_period *period, struct rw_err *err);

/* [A-Za-z0-9._-]{1,128}, not starting with a dot. */
bool
rw_record_is_id(const char *text);

/* True when the member exists and is not null. */
bool
rw_record_has(const struct rw_record *record, const char *member);

/* Borrowed from the record until it is parsed again or freed. */
bool
rw_record_string(struct rw_record *record, const char *member,
	const char **value, struct rw_err *err);

/* *value is "otherwise" when the member is missing. */
bool
rw_record_optional_string(struct rw_record *record, const char *member,
	const char *otherwise, const char **value, struct rw_err *err);

/* The follower's name; "" when it is missing or would be invisible. RW_DATA for
 * control characters and for code points that are not characters, such as
 * U+FFFE, because programs refuse workbooks that contain them. */
bool
rw_record_follower_name(struct rw_record *record, const char **name,
	struct rw_err *err);

/* A JSON string or number, read exactly as written. RW_DATA, without the name
 * of the member. */
bool
rw_record_amount(struct rw_json value, struct rw_arena *arena,
	int64_t *amount, struct rw_err *err);

/* The same for a sum that a tool has made; see rw_money_parse_sum. */
bool
rw_record_sum(struct rw_json value, struct rw_arena *arena, int64_t *amount,
	struct rw_err *err);

bool
rw_record_money(struct rw_record *record, const char *member, int64_t *amount,
	struct rw_err *err);

/* *found: whether the member exists. */
bool
rw_record_optional_money(struct rw_record *record, const char *member,
	bool *found, int64_t *amount, struct rw_err *err);

/* A whole number; "otherwise" when missing. */
bool
rw_record_optional_int(struct rw_record *record, const char *member,
	int64_t otherwise, int64_t *value, struct rw_err *err);

/* false when missing. */
bool
rw_record_optional_bool(struct rw_record *record, const char *member,
	bool *value, struct rw_err *err);

/* RFC 3339, in seconds since 1970. *found: whether the member exists. */
bool
rw_record_optional_time(struct rw_record *record, const char *member,
	bool *found, int64_t *seconds, struct rw_err *err);

/* Most members are set with rw_line_set_*. These two functions also define the
 * format: money is a string with at least "digits" decimals, time is RFC 3339
 * in UTC. */
void
rw_record_set_money(struct rw_record *record, const char *member,
	int64_t amount, int digits);

void
rw_record_set_time(struct rw_record *record, const char *member,
	int64_t seconds);

/* Removes the members that rw-gen, rw-put, rw-presign and rw-mail add, because
 * they describe an earlier attempt or another run. */
void
rw_record_forget_report(struct rw_record *record);

void
rw_record_forget_stored(struct rw_record *record);

void
rw_record_forget_links(struct rw_record *record);

void
rw_record_forget_mail(struct rw_record *record);

/* The member "error": {"tool","kind","message","retryable"}. */
void
rw_record_set_error(struct rw_record *record, const char *tool,
	const struct rw_err *failure);

/* The tool that set the error; NULL when there is no error; "" when the error
 * is malformed. */
const char *
rw_record_error_tool(struct rw_record *record);

/* The error's message; NULL when there is none. */
const char *
rw_record_error_message(struct rw_record *record);

/* True when the record has no error, or an error of rw-put, rw-presign or
 * rw-verify, after which the files can be attached. With any other error
 * rw-mail sends nothing, and the record's members about a mail describe an
 * earlier mail. */
bool
rw_record_may_be_mailed(struct rw_record *record);

/* False when the keys and links come from rw-put --dry-run. It uploads nothing,
 * so that they must not be mailed. RW_DATA. */
bool
rw_record_is_real(struct rw_record *record, struct rw_err *err);

/* The figures of a report as text, in the format of RW_M_SENT_FIGURES. */
void
rw_record_add_figures(struct rw_buf *out, const char *total,
	const char *amount, const char *currency);

/* "follower-123 2025-06" for messages, or "line 7" when the id is unknown.
 * Borrowed like a string of the record. */
const char *
rw_record_label(struct rw_record *record);

#endif
