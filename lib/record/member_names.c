/* The names of the members, from their table. */
#include "record/record.h"

#define NAME(member, name, type, group, kept, since) \
	const char RW_M_##member[sizeof name] = name;

RW_MEMBERS(NAME)
