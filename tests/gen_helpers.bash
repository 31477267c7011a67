# shellcheck shell=bash
# For rw-gen, gen*.bats: the months of the example, and checks of the documents.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export DUE=$ROOT/examples/followers.jsonl
}

gen() {
	run --separate-stderr rw-gen --out reports "$@"
}

# check CHECK FILE [hwm]
check() {
	run "$PYTHON" "$ROOT/tests/statement_check.py" "$1" "${@:3}" <"$2"
	[ "$status" -eq 0 ] || fail "wrong: $1 of $2"
}

# line MEMBERS: prints one report that is due, with these members added.
line() {
	printf '{"follower_id":"f-1","report_period":"2025-06","commission_pct":20,%s}\n' \
		"$1"
}

months() {
	"$PYTHON" "$ROOT/tests/statement_months.py" "$@"
}
