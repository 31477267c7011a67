/*
 * The table of members (record/member_table.h) as data, and functions that
 * remove members from a line. A member that a tool sets is not trusted when it
 * comes from outside.
 */
#ifndef RW_RECORD_MEMBERS_H
#define RW_RECORD_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "record/record.h"

/* The subject of a member. The comment names the tool that sets it. */
enum rw_group {
	RW_G_INPUT,
	RW_G_LOOKUP,	/* rw-record --lookup: from the ledger */
	RW_G_FIGURES,	/* rw-gen */
	RW_G_FILES,	/* rw-gen */
	RW_G_STORED,	/* rw-put, and rw-record --lookup */
	RW_G_LINK,	/* rw-presign */
	RW_G_CLAIM,	/* rw-record --claim */
	RW_G_DELIVERY,	/* rw-mail */
	RW_G_ERROR,	/* the tool in which the record failed */
	RW_G_LEDGER,	/* no tool: only entries of the ledger have it, and it
			 * is an unknown member on a line */
	RW_G_COUNT
};

enum rw_type {
	RW_TYPE_TEXT,
	RW_TYPE_BOOL,
	RW_TYPE_INT,
	RW_TYPE_TIME,		/* RFC 3339 */
	RW_TYPE_MONEY,		/* a string or a number */
	RW_TYPE_DECIMAL,	/* a string or a number */
	RW_TYPE_LIST,
	RW_TYPE_OBJECT,
};

/* A set of members that claims and outcomes write into the ledger together. */
enum rw_kept {
	RW_KEPT_NOT,
	RW_KEPT_APART,		/* written by code that names the member */
	RW_KEPT_STORED,		/* the stored files, whether or not the mail was
				 * sent; --lookup restores these members */
	RW_KEPT_UPLOADED,	/* checksums of the stored files, known only
				 * after an upload; --lookup restores them as
				 * members named "stored_" and the name */
	RW_KEPT_DELIVERED,	/* what was or may have been mailed */
	RW_KEPT_FIGURES,	/* also in the journal, before the mail is sent */
};

struct rw_member {
	const char *name;
	enum rw_type type;
	enum rw_group group;
	enum rw_kept kept;
	int since;
};

extern const struct rw_member rw_record_members[];
extern const size_t rw_record_member_count;

/* A set of groups. */
#define RW_GROUP(group) (1u << (group))

/* Removes the members of these groups. */
void
rw_record_forget(struct rw_record *record, unsigned groups);

/* Turns a record from outside into input: removes every member that a tool
 * sets, and an error of rw-gen or a later tool. Any other error stays, even a
 * malformed one, because this report must not be made. */
void
rw_record_make_input(struct rw_record *record);

/* True when the record's error is from a tool that comes after this tool in the
 * pipeline, so that this tool's own work did not fail. */
bool
rw_record_failed_after(struct rw_record *record, const char *tool);

#endif
