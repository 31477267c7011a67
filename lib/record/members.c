#include "record/members.h"

#include <string.h>

#define ROW(member, name, type, group, kept, since) \
	{RW_M_##member, RW_TYPE_##type, RW_G_##group, RW_KEPT_##kept, since},

const struct rw_member rw_record_members[] = {RW_MEMBERS(ROW)};

const size_t rw_record_member_count =
	sizeof rw_record_members / sizeof *rw_record_members;

/* The tools that put an error on a line, in the order of the pipeline. */
static const struct {
	const char *name;
	bool leaves_files;	/* after its error the files can be mailed */
} tools[] = {
	{"rw-list", false},
	{"rw-record", false},
	{"rw-gen", false},
	{"rw-sign", false},
	{"rw-put", true},
	{"rw-presign", true},
	{"rw-verify", true},
	{"rw-relay", false},
	{"rw-mail", false},
};

enum { TOOLS = sizeof tools / sizeof *tools };

/* The tool's position in the pipeline; TOOLS: unknown. */
static size_t
place_of(const char *tool)
{
	size_t i = 0;

	while (i < TOOLS && strcmp(tools[i].name, tool) != 0)
		i++;
	return i;
}

/* ---- the tool of an error ---------------------------------------------- */

bool
rw_record_failed_after(struct rw_record *record, const char *tool)
{
	const char *failed = rw_record_error_tool(record);
	size_t place = failed != NULL ? place_of(failed) : TOOLS;

	return place < TOOLS && place > place_of(tool);
}

bool
rw_record_may_be_mailed(struct rw_record *record)
{
	const char *failed = rw_record_error_tool(record);
	size_t place = failed != NULL ? place_of(failed) : TOOLS;

	return failed == NULL || (place < TOOLS && tools[place].leaves_files);
}

/* ---- removing members -------------------------------------------------- */

void
rw_record_forget(struct rw_record *record, unsigned groups)
{
	size_t i;

	for (i = 0; i < rw_record_member_count; i++)
		if ((groups & RW_GROUP(rw_record_members[i].group)) != 0)
			rw_line_remove(&record->line, rw_record_members[i].name);
}

void
rw_record_make_input(struct rw_record *record)
{
	unsigned ours = RW_GROUP(RW_G_COUNT) - 1;

	ours &= ~(RW_GROUP(RW_G_INPUT) | RW_GROUP(RW_G_ERROR) |
		RW_GROUP(RW_G_LEDGER));
	if (rw_record_failed_after(record, "rw-record"))
		ours |= RW_GROUP(RW_G_ERROR);
	rw_record_forget(record, ours);
}

void
rw_record_forget_report(struct rw_record *record)
{
	rw_record_forget(record, RW_GROUP(RW_G_FIGURES) |
		RW_GROUP(RW_G_FILES));
}

void
rw_record_forget_stored(struct rw_record *record)
{
	rw_record_forget(record, RW_GROUP(RW_G_STORED));
}

void
rw_record_forget_links(struct rw_record *record)
{
	rw_record_forget(record, RW_GROUP(RW_G_LINK));
}

void
rw_record_forget_mail(struct rw_record *record)
{
	rw_record_forget(record, RW_GROUP(RW_G_DELIVERY));
}
