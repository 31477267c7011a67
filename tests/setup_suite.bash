# shellcheck shell=bash
# bats calls these around a run. tests/run gives several bats the same
# RW_TEST_RUN, and stops the servers itself.

setup_suite() {
	if [ -z "${RW_TEST_RUN:-}" ]; then
		RW_TEST_RUN=$(mktemp -d "${TMPDIR:-/tmp}/rw-tests.XXXXXX")
		export RW_TEST_RUN RW_TEST_RUN_OURS=1
	fi
}

teardown_suite() {
	[ -n "${RW_TEST_RUN_OURS:-}" ] || return 0
	"${BASH_SOURCE[0]%/*}/servers/stop-all" "$RW_TEST_RUN/servers"
	rm -rf "$RW_TEST_RUN"
}
