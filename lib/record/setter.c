#include "record/setter.h"

#include <stddef.h>
#include <string.h>

#include "record/member_table.h"

const char *
rw_record_setter(const char *member)
{
	static const struct {
		const char *name, *group;
	} members[] = {
#define ROW(MEMBER, name, type, group, kept, since) {name, #group},
		RW_MEMBERS(ROW)
#undef ROW
	};
	static const struct {
		const char *group, *tool;
	} setters[] = {{"FIGURES", "rw-gen"}, {"FILES", "rw-gen"},
		{"STORED", "rw-put"}, {"LINK", "rw-presign"},
		{"CLAIM", "rw-record --claim"}, {"DELIVERY", "rw-mail"}};
	const char *group = "";
	size_t i;

	for (i = 0; i < sizeof members / sizeof *members; i++)
		if (strcmp(members[i].name, member) == 0)
			group = members[i].group;
	for (i = 0; i < sizeof setters / sizeof *setters; i++)
		if (strcmp(setters[i].group, group) == 0)
			return setters[i].tool;
	return NULL;
}
