# rw-run: one run at a time, with its own directory, name and lock.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	where=$RW_STATE_DIR/runs
}

# hold ARG...: a run that stays until "go" exists; its process is $held.
hold() {
	rm -f begun go
	rw-run "$@" -- sh -c ': >begun; while [ ! -e go ]; do sleep 0.05; done' \
		3>&- &
	held=$!
	wait_for 5 test -e begun
}

release() {
	touch go
	wait "$held"
}

@test "the command gets a name, a directory and a lock, for its owner only" {
	umask 000
	RW_HOST='a host/é' run rw-run -- sh -c 'echo "$RW_RUN_ID $RW_RUN_DIR $$"
		flock -n "$RW_RUN_DIR.lock" true || echo locked'
	assert_status 0
	[[ ${lines[0]} =~ ^([0-9]{8}T[0-9]{6}Z-a-host---?-([0-9]+))\ (.*)\ ([0-9]+)$ ]] ||
		fail "${lines[0]}"
	assert_equal "${BASH_REMATCH[2]}" "${BASH_REMATCH[4]}" 'its process'
	assert_equal "${BASH_REMATCH[3]}" "$where/${BASH_REMATCH[1]}"
	assert_equal "${lines[1]}" locked
	[ -d "${BASH_REMATCH[3]}" ]
	assert_equal "$(find "$RW_STATE_DIR" -perm /077)" ''
}

@test "it becomes the command: its options, its status" {
	run rw-run -- printf -- '--%s' x
	assert_output --x
	run rw-run -- sh -c 'exit 17'
	assert_status 17
	run rw-run --quiet -- true
	assert_status 0
}

@test "a second run: 75, and the active run is named" {
	hold
	run rw-run -- touch ran
	assert_status 75
	assert_output "rw-run: error: run $(basename "$where"/*.lock .lock) (process $held) is already running on this host; --lock-wait waits for it"
	[ ! -e ran ]
	run rw-run --lock-wait 1 -- touch ran
	assert_status 75
	(sleep 0.5; touch go) 3>&- &
	run rw-run --lock-wait 20 -- touch ran
	assert_status 0
	[ -e ran ]
	wait "$held"
}

@test "children of a killed run: 75, and the message says that its process has ended" {
	mkdir -p "$RW_STATE_DIR"
	local gone
	sh -c 'echo "run R (process $$)"' >"$RW_STATE_DIR/lock"
	gone=$(cat "$RW_STATE_DIR/lock")
	flock -F "$RW_STATE_DIR/lock" sh -c ': >begun; exec sleep 60' 3>&- &
	wait_for 5 test -e begun
	run rw-run -- true
	kill "$!"
	assert_status 75
	assert_output "rw-run: error: $gone is already running on this host: that process has ended, but a process that it started is still running; --lock-wait waits for it"
}

@test "different shards run in parallel, all other runs exclude each other" {
	hold --shard 1/3
	run rw-run --shard 2/3 -- true
	assert_status 0
	run rw-run --shard 1/3 -- true
	assert_status 75
	run rw-run -- true
	assert_status 75
	release
	hold
	run rw-run --shard 2/3 -- true
	assert_status 75
	release
}

@test "the host's lock ends with the command, the run's lock with its last child" {
	rw-run -- sh -c 'sleep 60 7>&- 9>&- 3>&- & echo $! >child'
	# The child closes them only after it has started.
	wait_for 5 rw-run --quiet -- true
	local locks=("$where"/*.lock)
	run flock -n "${locks[0]}" true
	assert_status 1
	kill "$(cat child)"
	wait_for 5 flock -n "${locks[0]}" true
}

@test "the files of dead runs are removed, those of live runs are not" {
	mkdir -p "$where"/{old,killed,alive}/reports/2025-06/f-1 outside
	touch outside/kept
	ln -s "$PWD/outside" "$where/killed/reports/link"
	touch "$where"/{old,killed,alive}.lock "$where/killed/done"
	touch -d '40 days ago' "$where"/{old,alive}.lock
	exec 6>>"$where/alive.lock"
	touch -d '40 days ago' "$where/alive.lock"
	flock 6
	rw-run -- true
	[ ! -e "$where/old" ]
	[ ! -e "$where/old.lock" ]
	[ -e "$where/killed/done" ]
	[ ! -e "$where/killed/reports" ]
	[ -e outside/kept ]
	[ -e "$where/alive/reports/2025-06/f-1" ]
	exec 6>&-
	# A process checks whether the run is dead, like rw-record --claim.
	flock -s -F "$where/alive.lock" sleep 20 3>&- &
	sleep 0.2
	RW_KEEP_DAYS=50 rw-run -- true
	kill "$!"
	[ -e "$where/alive" ]
	[ ! -e "$where/alive/reports" ]
}

# tidy NAME=VALUE...: a second run cleans up; for the values see clock.c.
tidy() {
	env ASAN_OPTIONS=verify_asan_link_order=0 \
		LD_PRELOAD="$BUILD/clock.so" "$@" rw-run -- true
}

@test "the lock of a different kernel proves nothing where several kernels can mount it" {
	local there=21111111-2222-3333-4444-555555555555 nfs=RW_TEST_FS=6969
	hold
	local dir
	dir=$(echo "$where"/*/)
	assert_file_has "${dir%/}.lock" "boot $(cat /proc/sys/kernel/random/boot_id)"
	mkdir "$dir/reports"
	# The volume shows no lock of the other host, not even this one.
	tidy $nfs RW_TEST_BLIND=1 RW_TEST_BOOT_ID=$there RW_KEEP_DAYS=0 \
		RW_TEST_CLOCK=86400
	[ -d "$dir/reports" ]
	release
	tidy $nfs RW_TEST_BOOT_ID=$there RW_KEEP_DAYS=0 RW_TEST_CLOCK=2505600
	[ -d "$dir/reports" ]
	tidy $nfs RW_TEST_BOOT_ID=$there RW_KEEP_DAYS=0 RW_TEST_CLOCK=2678400
	[ ! -e "$dir" ]
	[ ! -e "${dir%/}.lock" ]
}

@test "a restart ends a run: its reports are removed when no other kernel can mount them" {
	rw-run -- sh -c 'mkdir "$RW_RUN_DIR/reports"'
	local dir
	dir=$(echo "$where"/*/)
	tidy RW_TEST_FS=ef53 RW_TEST_BOOT_ID=21111111-2222-3333-4444-555555555555
	[ -d "$dir" ]
	[ ! -e "$dir/reports" ]
}

@test "the directory of a run whose lock was removed is kept for 30 days" {
	mkdir -p "$where"/{new,old}/reports
	touch -d '29 days ago' "$where/new"
	touch -d '31 days ago' "$where/old"
	RW_KEEP_DAYS=0 rw-run -- true
	[ -d "$where/new/reports" ]
	[ ! -e "$where/old" ]
}

@test "a check of the run's lock does not take it from the run" {
	need_command strace
	need_plain_build
	strace -qq -o trace -e trace=flock \
		-e inject=flock:delay_enter=500000:when=2 rw-run -- true 3>&- &
	local traced=$!
	wait_for 5 compgen -G "$where/*.lock"
	run flock -n "$where"/*.lock sleep 1
	assert_status 0
	wait "$traced"
	assert_file_has trace EAGAIN
}

@test "a usage error is 64, no state directory 78, one that cannot be made 74" {
	local words
	for words in '' -- '--shard 1 -- true' '--shard 0/2 -- true' \
		'--shard 3/2 -- true' '--lock-wait x -- true' '-- ./no-such'; do
		# shellcheck disable=SC2086
		run rw-run $words
		assert_status 64
	done
	RW_KEEP_DAYS=x run rw-run -- true
	assert_status 78
	: >file
	RW_STATE_DIR=$PWD/file/state run rw-run -- true
	assert_status 74
	RW_STATE_DIR='' HOME='' run rw-run -- true
	assert_status 78
	assert_output_has 'no place for state'
}

@test "a pipeline started by hand is a run: when it dies, its claims are free" {
	export REPORT_SENDER_EMAIL=reports@example.com
	rw-record --init
	echo '{"follower_id":"f-1","report_period":"2025-06","email":"f@example.com"}' >in
	rw-run -- sh -c 'rw-record --claim <in >claimed'
	assert_lines 1 claimed
	rw-run -- sh -c 'rw-record --claim <in >again'
	assert_lines 1 again
}
