# bats file_tags=plain,long
#
# Faults of the store, the ledger, the mail server, the disks, the clock, locks,
# journals and the output of each stage, alone and in pairs; see
# matrix/fault.py. With RW_TEST_SOAK (make soak) random pairs of all faults:
# RW_TEST_PAIRS pairs (150) for each ledger, chosen by RW_TEST_SEED (the day).

load matrix_helpers

setup() {
	[[ $BATS_TEST_DESCRIPTION != MongoDB* ]] || mongo_is_ours
}

# random_pairs LEDGER
random_pairs() {
	[ -n "${RW_TEST_SOAK-}" ] || skip 'make soak runs them'
	matrix fault "$1" random "${RW_TEST_PAIRS:-150}" \
		"${RW_TEST_SEED:-$(date +%Y%m%d)}"
}

@test "SQLite: each fault alone" {
	matrix fault sqlite alone
}

@test "SQLite: two faults at once" {
	matrix fault sqlite pairs
}

@test "MongoDB: each fault of the ledger alone" {
	matrix fault mongo alone database_start database_middle database_end \
		database_drip clock_ahead journal_damaged journals_removed \
		locks_removed lines_dropped_claim lines_repeated_mail \
		lines_dropped_result
}

@test "MongoDB: two faults at once" {
	matrix fault mongo pairs
}

@test "SQLite: random pairs of all faults" {
	random_pairs sqlite
}

@test "MongoDB: random pairs of all faults" {
	random_pairs mongo
}
