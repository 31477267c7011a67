# What holds for every tool, whatever it does: nobody reads its memory, and no
# time is written by a clock that cannot be right.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

tools() {
	sed -n 's/^TOOLS += //p' "$ROOT/Makefile"
}

@test "nobody but root can trace a tool, nor read what it holds" {
	local tool pid
	local -a as=()
	chmod 777 .
	# Root may do it anyway.
	if [ "$(id -u)" -eq 0 ]; then
		as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	fi
	export RW_STATE_DIR=$PWD/state REPORT_SENDER_EMAIL=r@example.com \
		RW_MAIL_TRANSPORT=maildir:$PWD/mail
	mkfifo wait
	exec 4<>wait
	for tool in 'rw-gen --out .' rw-put rw-presign rw-verify rw-mail \
		'rw-list --input -'; do
		# shellcheck disable=SC2086
		"${as[@]}" "$BUILD"/$tool <&4 >out 2>&1 3>&- 4>&- &
		pid=$!
		wait_for 10 grep -qsx "${tool%% *}" "/proc/$pid/comm"
		wait_for 10 grep -qsE '^Max core file size +0 +0 ' \
			"/proc/$pid/limits"
		# The kernel gives such a process's files to root.
		wait_for 10 eval '[ "$(stat -c %u "/proc/$pid/mem")" = 0 ]'
		"${as[@]}" cat "/proc/$pid/environ" >environ 2>/dev/null || :
		kill "$pid" || fail "$tool: $(cat out)"
		[ ! -s environ ] || fail "$tool shows its environment"
	done
	exec 4>&-
}

# Whatever a tool opens, reads or asks for comes later.
@test "every tool begins with what they share" {
	local tool
	for tool in $(tools); do
		grep -q 'rw_cli_start(&cli' "$ROOT/tools/$tool.c" ||
			fail "$tool does not call rw_cli_start"
	done
	grep -q 'good = rw_harden(&err) && parse(' "$ROOT/tools/cli.c"
}

@test "a clock outside the years 2000 to 2200 is 78, in every tool" {
	local tool when
	export ASAN_OPTIONS=verify_asan_link_order=0
	for tool in $(tools); do
		for when in 1970-01-01 1999-12-31T23:59:59 2201-01-01 9999-12-31; do
			LD_PRELOAD=$BUILD/clock.so RW_TEST_CLOCK=@$(date -ud "$when" +%s) \
				run --separate-stderr "$tool" </dev/null
			assert_status 78
			assert_stderr_has "the clock of this host is wrong: it says $(date \
				-ud "$when" +%Y-%m-%d)"
		done
	done
	for when in 2000-01-01 2200-12-31T23:59:59; do
		LD_PRELOAD=$BUILD/clock.so RW_TEST_CLOCK=@$(date -ud "$when" +%s) \
			run --separate-stderr rw-presign </dev/null
		assert_stderr_lacks clock
	done
	LD_PRELOAD=$BUILD/clock.so RW_TEST_CLOCK=@0 run rw-gen --version
	assert_status 0
	LD_PRELOAD=$BUILD/clock.so RW_TEST_CLOCK=@0 run rw-report --period 2025-06
	assert_status 78
	[ ! -d "$RW_STATE_DIR/runs" ]
}
