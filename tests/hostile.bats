# rw-mail and rw-put against servers that answer at random: see hostile.py. CI
# runs it with the sanitizers as well; "make soak" does it for an hour.

load helpers

setup() {
	runs=6
	[ -z "${RW_TEST_SOAK:-}" ] || runs=300
	[ -z "${RW_TEST_SOAK:-}" ] || export BATS_TEST_TIMEOUT=7200
}

hostile() {
	run "$PYTHON" "$ROOT/tests/hostile.py" "$1" "$BATS_TEST_TMPDIR" 0 "$runs"
	assert_status 0
	assert_output_has "$runs runs"
}

@test "a hostile mail server: no line lost, nothing sent that it did not accept" {
	hostile mail
}

@test "a hostile store: no line lost, nothing stored that it does not have" {
	hostile put
}
