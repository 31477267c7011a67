#include "base/boot.h"

#include <string.h>

#include "tap.h"

#define ONE "11111111-2222-3333-4444-555555555555"
#define TWO "21111111-2222-3333-4444-555555555555"

static void
test_ids(void)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{ONE, true},
		{NULL, false},
		{"", false},
		{ONE "0", false},
		{"11111111-2222-3333-4444-55555555555", false},
		{"11111111-2222-3333-4444-55555555555G", false},
		{"11111111-2222-3333-4444-55555555555A", false},
		{"111111111222-3333-4444-555555555555", false},
		{"1111-1111-2222-3333-4444-55555555555", false},
	};
	char id[RW_BOOT_ID_SIZE];
	struct rw_err err;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		is_int(rw_boot_is_id(cases[i].text), cases[i].is, "id %s",
			cases[i].text != NULL ? cases[i].text : "NULL");
	ok(rw_boot_id(id, &err) && rw_boot_is_id(id), "this kernel has one");
	ok(rw_boot_clock_ms() > 0, "and a clock");
}

static void
test_ends(void)
{
	static const struct {
		const char *name;
		struct rw_boot_end end;
		bool ended;
	} cases[] = {
		{"here, by both clocks", {ONE, 999, 99}, true},
		{"here, at that moment", {ONE, 1000, 999}, true},
		{"here, the wall clock was set forward", {ONE, 1001, 99},
			false},
		{"here, the wall clock was set back", {ONE, 999, 101}, true},
		{"elsewhere, our boot clock says nothing", {TWO, 999, 101},
			false},
		{"elsewhere, the wall clock decides", {TWO, 1001, 100}, true},
		{"nobody knows where", {NULL, 0, 101}, false},
		{"nobody knows where, past", {NULL, 0, 100}, true},
		{"here, without its clock", {ONE, 0, 101}, false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		is_int(rw_boot_has_ended(&cases[i].end, ONE, 1000, 100),
			cases[i].ended, "%s", cases[i].name);
}

int
main(void)
{
	test_ids();
	test_ends();
	ok(!rw_boot_owns("/proc"), "a lock in /proc proves nothing");
	ok(!rw_boot_owns("/no/such/file"), "what is not there is nobody's");
	return done();
}
