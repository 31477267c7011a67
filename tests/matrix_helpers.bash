# shellcheck shell=bash
# For kill-matrix.bats and fault-matrix.bats.

load helpers

# Each test has many cases of three runs each, on a host that may be busy.
setup_file() {
	export BATS_TEST_TIMEOUT=1500
	[ -z "${RW_TEST_SOAK-}" ] || BATS_TEST_TIMEOUT=36000
}

# matrix NAME ARG...: runs a program of tests/matrix; shows its counts.
matrix() {
	local status=0 said=$BATS_TEST_TMPDIR/said
	"$PYTHON" "$ROOT/tests/matrix/$1.py" "${@:2}" >"$said" || status=$?
	[ "$status" != 77 ] || skip "$(sed -n 's/^skipped: //p' "$said")"
	sed -n 's/^counted: /# counted: /p' "$said" >&3
	[ "$status" = 0 ] || fail "$(cat "$said")"
}
