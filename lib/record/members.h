/*
 * The members of a record in one table: which of them are input, and which
 * are set by a tool and say nothing when they come from outside. What is
 * removed from a line reads this table. rw-lines(5) is the contract.
 */
#ifndef RW_RECORD_MEMBERS_H
#define RW_RECORD_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "record/record.h"

/* What a member is about. The tool in the comment sets it. */
enum rw_group {
	RW_G_INPUT,
	RW_G_LOOKUP,	/* rw-record --lookup: what the ledger knows */
	RW_G_FIGURES,	/* rw-gen */
	RW_G_FILES,	/* rw-gen */
	RW_G_STORED,	/* rw-put, and rw-record --lookup */
	RW_G_LINK,	/* rw-presign */
	RW_G_CLAIM,	/* rw-record --claim */
	RW_G_DELIVERY,	/* rw-mail */
	RW_G_ERROR,	/* the tool in which the record failed */
	RW_G_COUNT
};

struct rw_member {
	const char *name;
	enum rw_group group;
};

extern const struct rw_member rw_record_members[];
extern const size_t rw_record_member_count;

/* A set of groups. */
#define RW_GROUP(group) (1u << (group))

/* Removes the members of these groups. */
void
rw_record_forget(struct rw_record *record, unsigned groups);

/* Makes a record from outside input again: removes every member that a tool
 * sets, and the error of a tool from rw-gen on. Another error stays, one that
 * is malformed too: the report must not be made. */
void
rw_record_make_input(struct rw_record *record);

/* True when the error on the record is of a tool that comes after this one in
 * the pipeline: this tool's work was not at fault. */
bool
rw_record_failed_after(struct rw_record *record, const char *tool);

#endif
