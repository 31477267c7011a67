#!/usr/bin/env bats
# The processes of a failing test are ended.

load helpers

at=@	# bats would take the tests of the inner files for ours

# inner FILE: runs the file without the environment of this bats, as a separate
# run that ends with it.
inner() {
	echo "source $ROOT/tests/setup_suite.bash" \
		>"$BATS_TEST_TMPDIR/setup_suite.bash"
	env -u BATS_TEST_TMPDIR -u BATS_FILE_TMPDIR -u RW_TEST_CASE \
		-u RW_TEST_RUN timeout 120 bats --tap "$1" 3>&- 4>&-
}

# fails BODY: runs a file with a test that executes BODY and fails, and then
# searches for the processes that it began.
fails() {
	local left=left-$RANDOM-$RANDOM
	cat >"$BATS_TEST_TMPDIR/inner.bats" <<-END
		load $ROOT/tests/helpers
		load $ROOT/tests/run_helpers
		${at}test "inner" {
			cd "\$BATS_TEST_TMPDIR"
			export RW_LEFT=$left
			$1
			fail 'on purpose'
		}
	END
	RW_LEFT_BEFORE=$left run inner "$BATS_TEST_TMPDIR/inner.bats"
	assert_status 1
	assert_output_has 'not ok 1 inner'
	assert_output_has 'on purpose'
	assert_equal "$(processes_with "RW_LEFT=$left")" ''
	assert_equal "$(processes_with "RW_LEFT_BEFORE=$left")" ''
}

@test "a failing test leaves no process: jobs, runs, subshells, sessions" {
	fails 'sleep 300 3>&- &'
	fails 'start_run r1'
	fails '(start_run r1; sleep 300; touch more) 3>&- &
		wait_for 10 pgrep -f -x "sleep 300"'
	fails 'setsid sh -c "sleep 300 & sleep 300" 3>&- &'
	fails '(while :; do sleep 0.01; done) 3>&- &'
	fails 'mkfifo p; rw-record --result <p >out 2>&1 3>&- &
		exec 7>p'
}

@test "a failing test stops its own servers, and leaves those that are shared" {
	need_command smtp-sink
	fails 'own_server smtp-sink; server smtp-sink pause'
	cat >"$BATS_TEST_TMPDIR/two.bats" <<-END
		load $ROOT/tests/helpers
		${at}test "first" {
			need_server smtp-sink
			fail 'on purpose'
		}
		${at}test "second" {
			need_server smtp-sink
			exec 5<>"/dev/tcp/127.0.0.1/\$SMTP_PORT"
			read -r line <&5
			[[ \$line == 220* ]]
		}
	END
	run inner "$BATS_TEST_TMPDIR/two.bats"
	assert_output_has 'not ok 1 first'
	assert_output_has $'\nok 2 second'
}
