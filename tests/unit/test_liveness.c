/* Whether the run of a claim is dead, and whether its lease has ended. */
#include "tap.h"

#include "ledger/liveness.h"

#define OURS "11111111-2222-3333-4444-555555555555"
#define OTHER "21111111-2222-3333-4444-555555555555"

enum { NOW = 1751328600, BOOT_MS = 100000 };

static void
test_liveness(void)
{
	static const struct rw_lock held = {RW_LOCK_HELD, "fe01:2a"},
		is_free = {RW_LOCK_FREE, "fe01:2a"},
		missing = {RW_LOCK_MISSING, ""},
		/* The same name in another mount, or a copy of the file. */
		elsewhere = {RW_LOCK_FREE, "2f:2a"},
		copy = {RW_LOCK_FREE, "fe01:2b"},
		copy_held = {RW_LOCK_HELD, "fe01:2b"};
	static const struct {
		const char *name, *boot_id, *lock_id;
		const struct rw_lock *lock;
		bool owns;	/* no other kernel can have it mounted */
		enum rw_life expected;
	} cases[] = {
		{"this kernel, held", OURS, "fe01:2a", &held, false,
			RW_LIFE_ALIVE},
		{"this kernel, free", OURS, "fe01:2a", &is_free, false,
			RW_LIFE_DEAD},
		{"this kernel, missing", OURS, "fe01:2a", &missing, true,
			RW_LIFE_UNKNOWN},
		{"this kernel, another mount's file is free", OURS, "fe01:2a",
			&elsewhere, true, RW_LIFE_UNKNOWN},
		{"this kernel, a copy is free", OURS, "fe01:2a", &copy, true,
			RW_LIFE_UNKNOWN},
		{"this kernel, a copy is held", OURS, "fe01:2a", &copy_held,
			true, RW_LIFE_UNKNOWN},
		{"this kernel, its lock was gone when it claimed", OURS, NULL,
			&is_free, true, RW_LIFE_UNKNOWN},
		{"another kernel, shared, free", OTHER, "fe01:2a", &is_free,
			false, RW_LIFE_UNKNOWN},
		{"another kernel, shared, held", OTHER, "fe01:2a", &held,
			false, RW_LIFE_UNKNOWN},
		{"another kernel, ours alone, free", OTHER, "fe01:2a",
			&is_free, true, RW_LIFE_DEAD},
		{"another kernel, ours alone, free under another device",
			OTHER, "fe01:2a", &elsewhere, true, RW_LIFE_DEAD},
		{"another kernel, ours alone, a copy is free", OTHER,
			"fe01:2a", &copy, true, RW_LIFE_UNKNOWN},
		{"another kernel, ours alone, held", OTHER, "fe01:2a", &held,
			true, RW_LIFE_ALIVE},
		{"another kernel, ours alone, missing", OTHER, "fe01:2a",
			&missing, true, RW_LIFE_UNKNOWN},
		{"release 1.0.0, held", NULL, NULL, &held, false,
			RW_LIFE_ALIVE},
		{"release 1.0.0, free", NULL, NULL, &is_free, false,
			RW_LIFE_DEAD},
		{"release 1.0.0, missing", NULL, NULL, &missing, true,
			RW_LIFE_UNKNOWN},
		{"without /proc, shared, free", NULL, "fe01:2a", &is_free,
			false, RW_LIFE_UNKNOWN},
		{"without /proc, ours alone, free", NULL, "fe01:2a", &is_free,
			true, RW_LIFE_DEAD},
	};
	struct rw_entry entry = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct rw_self self = {.boot_id = OURS,
			.owns_state = cases[i].owns};

		rw_entry_reset(&entry);
		rw_entry_set_text(&entry, RW_F_BOOT_ID, cases[i].boot_id);
		rw_entry_set_text(&entry, RW_F_RUN_LOCK, cases[i].lock_id);
		is_int(rw_liveness(&entry, &self, cases[i].lock),
			cases[i].expected, "%s", cases[i].name);
	}
	rw_entry_free(&entry);
}

static void
test_lease_ended(void)
{
	static const struct {
		const char *name, *boot_id;
		int64_t boot_ms, until_s;	/* left */
		bool ended;
	} cases[] = {
		{"this kernel: its clock alone", OURS, 1, -86400, false},
		{"this kernel: at that moment", OURS, 0, 86400, true},
		{"another kernel: the database's", OTHER, -1, 1, false},
		{"another kernel: at that moment", OTHER, 1, 0, true},
		{"release 1.0.0: the database's", NULL, 0, 1, false},
		{"release 1.0.0: at that moment", NULL, 0, 0, true},
	};
	const struct rw_moment moment = {NOW, BOOT_MS};
	const struct rw_self self = {.boot_id = OURS};
	struct rw_entry entry = {0};
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		rw_entry_reset(&entry);
		rw_entry_set_text(&entry, RW_F_BOOT_ID, cases[i].boot_id);
		if (cases[i].boot_id != NULL)
			rw_entry_set_number(&entry, RW_F_LEASE_BOOT_MS,
				BOOT_MS + cases[i].boot_ms);
		rw_entry_set_number(&entry, RW_F_LEASE_UNTIL,
			NOW + cases[i].until_s);
		is_int(rw_liveness_lease_ended(&entry, &self, &moment),
			cases[i].ended, "%s", cases[i].name);
	}
	rw_entry_free(&entry);
}

int
main(void)
{
	test_liveness();
	test_lease_ended();
	return done();
}
