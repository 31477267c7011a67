# Good and bad lines, mixed, through the whole pipeline: what becomes of a good
# line does not depend on the bad ones around it, and each bad line is named
# once. CI runs it with the sanitizers as well; "make soak" has 10,000 of each.

load helpers

setup() {
	export REPORT_SENDER_EMAIL=reports@example.com RW_RUN_ID=by-hand
	count=400
	[ -z "${RW_TEST_SOAK:-}" ] || count=10000
	[ -z "${RW_TEST_SOAK:-}" ] || export BATS_TEST_TIMEOUT=7200
}

# stage COMMAND...: notes the exit status when it is not 0.
stage() {
	"$@" 2>>err || echo "$1 $?" >>status
}

# pipeline NAME: the lines of the file NAME, in a directory and with a ledger of
# their own.
pipeline() {
	mkdir -p "$BATS_TEST_TMPDIR/$1.run"
	cd "$BATS_TEST_TMPDIR/$1.run" || return
	export RW_STATE_DIR=$PWD/state RW_LOG_FILE=$PWD/log
	rw-record --init
	: >status
	stage rw-gen -j 2 --out out <"../$1" >gen
	stage rw-put <gen >put
	stage rw-presign <put >links
	stage rw-record --claim <links |
		stage rw-mail --transport maildir:mail |
		stage rw-record --result >done
	cd "$OLDPWD" || return
}

@test "good lines come out as if there were no bad ones, which are named once" {
	"$PYTHON" "$ROOT/tests/isolation.py" make "$count" "$BATS_TEST_TMPDIR"
	pipeline good
	assert_equal "$(cat "$BATS_TEST_TMPDIR/good.run/status")" ''
	pipeline mixed
	assert_equal "$(sort "$BATS_TEST_TMPDIR/mixed.run/status")" \
		"$(printf 'rw-gen 65\nrw-mail 1')"
	run "$PYTHON" "$ROOT/tests/isolation.py" compare "$BATS_TEST_TMPDIR" \
		"$BATS_TEST_TMPDIR/good.run" "$BATS_TEST_TMPDIR/mixed.run"
	assert_status 0
	assert_output_has "$count mails are the same"
	assert_output_has "$count bad lines are named once"
}
