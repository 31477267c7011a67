# shellcheck shell=bash
# bats calls these around a run. tests/run gives several bats the same
# RW_TEST_RUN, and stops the servers itself.

setup_suite() {
	export RW_ENV_FILE=/dev/null
	# Some servers do not work as root, and must reach their files.
	chmod o+x "$BATS_RUN_TMPDIR"
	if [ -z "${RW_TEST_RUN:-}" ]; then
		RW_TEST_RUN=$(mktemp -d "${TMPDIR:-/tmp}/rw-tests.XXXXXX")
		chmod o+x "$RW_TEST_RUN"
		export RW_TEST_RUN RW_TEST_RUN_OURS=1
	fi
}

teardown_suite() {
	[ -n "${RW_TEST_RUN_OURS:-}" ] || return 0
	"${BASH_SOURCE[0]%/*}/servers/stop-all" "$RW_TEST_RUN/servers"
	rm -rf "$RW_TEST_RUN"
}
