# Rules for every tool: no other user can read its memory, and it writes no time
# from a clock that cannot be right.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

tools() {
	sed -n 's/^TOOLS += //p' "$ROOT/Makefile"
}

@test "only root can trace a tool or read its memory" {
	local tool pid
	local -a as=()
	chmod 777 .
	# root always has permission.
	if [ "$(id -u)" -eq 0 ]; then
		as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	fi
	export RW_STATE_DIR=$PWD/state REPORT_SENDER_EMAIL=r@example.com \
		RW_MAIL_TRANSPORT=maildir:$PWD/mail
	mkfifo input
	exec 4<>input
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

# Everything that a tool opens or reads comes later.
@test "every tool begins with the common hardening" {
	local tool
	for tool in $(tools); do
		grep -q 'rw_cli_start(&cli' "$ROOT/tools/$tool.c" ||
			fail "$tool does not call rw_cli_start"
	done
	grep -q 'good = rw_harden(&err) && parse_options(' "$ROOT/tools/cli.c"
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

# hostile KIND COMMAND...: runs the command, which writes place/out, after an
# attacker has made a file of this kind there. The command must not hang, and
# must not change the victim.
hostile() {
	local kind=$1
	shift
	rm -rf place
	mkdir -m 1777 place
	printf 'of somebody else\n' >victim
	case $kind in
	link) ln -s ../victim place/out ;;
	dangling) ln -s ../none place/out ;;
	fifo) mkfifo place/out ;;
	directory) mkdir place/out ;;
	hardlink) ln victim place/out ;;
	foreign) echo before >place/out && chown 65534 place/out ;;
	open) echo before >place/out && chmod 666 place/out ;;
	esac
	run --separate-stderr timeout 20 "$@"
	assert_equal "$(cat victim)" 'of somebody else' "$kind: $*"
	[ ! -e none ] || fail "$kind: $* made a link's file"
}

kinds() {
	echo link dangling fifo directory hardlink
	[ "$(id -u)" -ne 0 ] || echo foreign
}

@test "a log or a rejects file that is not a regular file is refused at once" {
	local kind
	for kind in $(kinds); do
		RW_LOG_FILE=place/out hostile "$kind" rw-presign </dev/null
		assert_status 78
		assert_stderr_has 'place/out'
		hostile "$kind" rw-presign --rejects place/out <<<hunter2
		assert_status 78
		assert_stderr_has '--rejects place/out'
	done
	RW_LOG_FILE=place/out hostile open rw-presign <<<'{'
	assert_status 65
	assert_file_has place/out before
	assert_file_has place/out 'line 1'
	assert_equal "$(stat -c %a place/out)" 644
	hostile open rw-presign --rejects place/out <<<hunter2
	assert_status 65
	assert_equal "$(cat place/out)" hunter2
	assert_equal "$(stat -c %a place/out)" 600
}

@test "a log on standard error, a null device, a descriptor; not on standard output" {
	local to
	for to in /dev/stderr /dev/fd/2 /proc/self/fd/2; do
		RW_LOG_FILE=$to run --separate-stderr rw-presign <<<'{'
		assert_status 65
		assert_stderr_has "Z rw-presign["
	done
	# A socket, as systemd passes it.
	RW_LOG_FILE=/dev/stderr "$PYTHON" -c 'import socket, subprocess
a, b = socket.socketpair()
subprocess.run(["rw-presign"], input=b"{\n", stderr=a)
assert b"Z rw-presign[" in b.recv(4096)'
	RW_LOG_FILE=/dev/null run rw-presign </dev/null
	assert_status 0
	RW_LOG_FILE=/dev/stdout run rw-presign </dev/null
	assert_status 78
	assert_output_has 'is standard output, which carries the records'
	run --separate-stderr bash -c 'rw-presign --rejects >(cat >&2) <<<hunter2; sleep 0.2'
	assert_stderr_has hunter2
}

@test "metrics replace the existing file, and no link is followed" {
	local kind
	for kind in $(kinds) open; do
		hostile "$kind" sh -c 'echo new | rw-run --replace place/out'
		if [ "$kind" = directory ]; then
			assert_status 74
			continue
		fi
		assert_status 0
		assert_equal "$(cat place/out)" new "$kind"
		assert_equal "$(stat -c '%a %F' place/out)" '644 regular file'
		assert_equal "$(ls -A place)" out
	done
}

@test "metrics never take the place of a device" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	mknod device c 1 3
	run rw-run --replace device <<<new
	assert_status 74
	assert_output_has 'device is a device, and is not replaced by a file'
	[ -c device ]
}

@test "rw-report does not hang on a FIFO, and logs under its own name" {
	: >due
	export MONGO_URI='' RW_MAIL_TRANSPORT=maildir:$PWD/mail
	rw-record --init
	for kind in fifo link; do
		RW_METRICS_FILE=place/out hostile "$kind" rw-report --input due
		assert_status 1
		assert_equal "$(stat -c %F place/out)" 'regular file'
	done
	RW_LOG_FILE=place/out hostile fifo rw-report --input due
	assert_status 78
	RW_LOG_FILE=$PWD/log run rw-report --input due
	assert_status 1
	grep -qE '^[0-9TZ:-]+ rw-report\[[0-9]+\]: error: no reports are due' log ||
		fail "$(cat log)"
	RW_LOG_FILE=$PWD/log.json RW_LOG_FORMAT=json run rw-report --input due
	assert_equal "$(jq -c 'select(.program == "rw-report") |
		[.level, .message]' log.json | tail -n 1)" \
		'["error","no reports are due"]'
}

@test "the mode of a state directory that others can write to is reset, once" {
	mkdir state
	for mode in 777 770 702 1777; do
		chmod "$mode" state
		run --separate-stderr rw-run -- true
		assert_status 0
		assert_stderr_has "other users could write to the state directory $PWD/state"
		assert_equal "$(stat -c %a state)" 700
		run --separate-stderr rw-run -- true
		assert_stderr ''
	done
	chmod 755 state
	run --separate-stderr rw-run -- true
	assert_stderr ''
	assert_equal "$(stat -c %a state)" 755
}

@test "a state directory of a different user, or of the system, is refused" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can give directories away'
	local mode
	for mode in 700 777; do
		rm -rf state
		mkdir -m "$mode" state
		chown 65534 state
		run --separate-stderr rw-run -- touch ran
		assert_status 78
		assert_stderr_has "the state directory $PWD/state belongs to user $(id -nu 65534), and this is user root: run it as its owner: sudo -u $(id -nu 65534) rw-report ..."
		assert_equal "$(stat -c %a state)" "$mode"
	done
	mode=$(stat -c %a /tmp)
	RW_STATE_DIR=/tmp run --separate-stderr rw-run -- touch ran
	assert_status 78
	assert_stderr_has "the state directory /tmp belongs to the system"
	assert_equal "$(stat -c %a /tmp)" "$mode"
	[ ! -e ran ]
	# A new directory in a volume of a different user belongs to us.
	chmod 777 state
	RW_STATE_DIR=$PWD/state/report-worker rw-run -- true
	assert_equal "$(stat -c %a state/report-worker)" 700
}

@test "state of a different user is refused before anything is written" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can give directories away'
	local made words before
	printf '%s\n' '{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"125.50"}}' >due
	export REPORT_SENDER_EMAIL=r@example.com RW_MAIL_TRANSPORT=maildir:$PWD/mail
	rw-record --init
	rw-report --input due
	rw-gen --out out <due >gen
	# A volume that belongs to root and has the worker's state.
	for made in runs journal ledger.db; do
		chown -R 65534 "state/$made"
		before=$(find state -printf '%p %u %T@\n' | sort)
		for words in 'rw-report --input due' 'rw-report --check --input due' \
			'rw-record --lookup' 'rw-record --claim'; do
			# shellcheck disable=SC2086
			run --separate-stderr $words <gen
			assert_status 78
			[[ $stderr$output == *"state/$made belongs to user $(id -nu 65534), and this is user root: run it as its owner: sudo -u $(id -nu 65534) ${words%% *} ..."* ]] ||
				fail "$words does not say whose state it is"
			assert_equal "$(find state -printf '%p %u %T@\n' | sort)" "$before"
		done
		chown -R 0 state
	done
	[ ! -e ran ]
}

@test "a ledger of a different user outside the state directory is refused" {
	[ "$(id -u)" -eq 0 ] || skip 'only root can give files away'
	local words before
	printf '%s\n' '{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"125.50"}}' >due
	export REPORT_SENDER_EMAIL=r@example.com RW_MAIL_TRANSPORT=maildir:$PWD/mail
	mkdir elsewhere
	export RW_LEDGER=$PWD/elsewhere/ledger.db
	rw-record --init
	rw-report --input due
	rw-gen --out out <due >gen
	chown 65534 elsewhere/ledger.db
	before=$(find elsewhere -printf '%p %u %T@\n' | sort)
	for words in 'rw-report --input due' 'rw-report --check --input due' \
		'rw-record --init' 'rw-record --claim'; do
		# shellcheck disable=SC2086
		run --separate-stderr $words <gen
		assert_status 78
		[[ $stderr$output == *"elsewhere/ledger.db belongs to user $(id -nu 65534), and this is user root: run it as its owner: sudo -u $(id -nu 65534) "* ]] ||
			fail "$words does not say whose ledger it is"
		assert_equal "$(find elsewhere -printf '%p %u %T@\n' | sort)" "$before"
	done
	# Reading it makes no file.
	run --separate-stderr rw-status --period 2025-06
	assert_status 0
	assert_equal "$(find elsewhere -name '*.db*' -user 0)" ''
}

@test "--out: no link in place of a file or a directory is followed" {
	local link
	printf '%s\n' '{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"125.50"}}' >due
	for link in 2025-06 2025-06/f-1 2025-06/f-1/report_2025-06.pdf; do
		rm -rf out elsewhere
		mkdir elsewhere
		echo mine >elsewhere/victim
		mkdir -p "out/${link%/*}"
		[[ $link != 2025-06 ]] || rmdir out/2025-06
		case $link in
		*.pdf) ln -s "$PWD/elsewhere/victim" "out/$link" ;;
		*) ln -s "$PWD/elsewhere" "out/$link" ;;
		esac
		run --separate-stderr rw-gen --out out <due
		assert_equal "$(ls -A elsewhere)" victim
		assert_equal "$(cat elsewhere/victim)" mine
		[[ $link == *.pdf ]] || assert_stderr_has "out/$link is not a real directory"
	done
	assert_status 0
	[ ! -L "out/$link" ]
}

@test "root: a log that is made in the worker's directory belongs to the worker" {
	[ "$(id -u)" = 0 ] || skip 'needs root'
	mkdir logs
	chown 65534 logs
	RW_LOG_FILE=$PWD/logs/log run rw-presign --period 2025-13 </dev/null
	assert_status 64
	assert_equal "$(stat -c %u logs/log)" 65534
	# A directory that belongs to root is different.
	mkdir own
	RW_LOG_FILE=$PWD/own/log run rw-presign --period 2025-13 </dev/null
	assert_equal "$(stat -c %u own/log)" 0
}
