# bats file_tags=plain,long
#
# The store, the ledger's server, the mail server, the disks and the clock, each
# broken alone, and two of them at once; see matrix/fault.py. With RW_TEST_SOAK
# (make soak) every pair.

load matrix_helpers

@test "SQLite: each fault alone" {
	matrix fault sqlite alone
}

@test "MongoDB: each fault of the database alone" {
	matrix fault mongo alone database_start database_middle database_end \
		clock_ahead
}

@test "MongoDB: two faults at once" {
	matrix fault mongo "${RW_TEST_SOAK:+all-}pairs"
}
