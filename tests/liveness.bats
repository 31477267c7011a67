# When a run counts as dead, and which clock ends a lease. A run whose locks
# were removed by a cleaner does not count as dead, and neither does a run on a
# different kernel whose locks are not visible here. After any removal, nobody
# is mailed twice.
#
# bats file_tags=plain,long

load helpers

setup() {
	own_server smtp-sink
	export REPORT_SENDER_EMAIL=reports@example.com
	there=21111111-2222-3333-4444-555555555555
	export RW_LEDGER=$BATS_TEST_TMPDIR/ledger.db
	due_file=$BATS_TEST_TMPDIR/due.jsonl
	cd "$BATS_TEST_TMPDIR" || return 1
	rw-record --init
}

teardown() {
	[ -z "${runner:-}" ] || kill "$runner" 2>/dev/null || true
	stop_own_servers
}

# followers N
followers() {
	seq "$1" | sed 's/.*/{"follower_id":"f-&","report_period":"2025-06","email":"f-&@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"1.50"}}/' \
		>"$due_file"
}

# run_slowly N: begins a run over N followers, $runner, that has mailed some.
run_slowly() {
	followers "$1"
	RW_MAIL_OPTIONS='--rate 10/s' rw-report \
		--input "$due_file" >first.out 2>&1 3>&- &
	runner=$!
	wait_for 30 has_mailed 3
}

# has_mailed N: expects at least N mails.
has_mailed() {
	[ "$(mailed | wc -l)" -ge "$1" ]
}

mailed() {
	grep -rhoE '^X-Rcpt-Args: <f-[0-9]+' "$SMTP_SINK_DIR" | sed 's/.*<//'
}

# mailed_once N
mailed_once() {
	assert_equal "$(mailed | sort | uniq -d)" '' 'mailed twice'
	assert_equal "$(mailed | sort)" "$(seq -f 'f-%g' "$1" | sort)"
}

# first_ends: expects that the run of run_slowly succeeds.
first_ends() {
	local status=0
	wait "$runner" || status=$?
	runner=
	assert_equal "$status" 0 "$(cat first.out)"
}

# preloaded NAME=VALUE... COMMAND...: see clock.c.
preloaded() {
	env ASAN_OPTIONS=verify_asan_link_order=0 \
		LD_PRELOAD="$BUILD/clock.so" "$@"
}

# ---- a cleaner ------------------------------------------------------------

@test "the locks of a run are removed: no second run mails what it has" {
	run_slowly 60
	rm "$RW_STATE_DIR"/runs/*.lock "$RW_STATE_DIR/lock"
	run rw-report --input "$due_file"
	first_ends
	mailed_once 60
}

@test "the directory of all runs is removed: the same" {
	run_slowly 60
	rm -r "$RW_STATE_DIR/runs" "$RW_STATE_DIR/lock"
	run rw-report --input "$due_file"
	wait "$runner" || true
	runner=
	assert_equal "$(mailed | sort | uniq -d)" ''
	rw-report --input "$due_file" >last.out 2>&1 || true
	mailed_once 60
}

@test "the state directory's id and the locks are removed: the same" {
	run_slowly 60
	rm "$RW_STATE_DIR"/runs/*.lock "$RW_STATE_DIR"/{lock,id}
	run rw-report --input "$due_file"
	first_ends
	mailed_once 60
}

@test "locks are removed and the clock is set, forward and back: the same" {
	local set
	run_slowly 60
	rm "$RW_STATE_DIR"/runs/*.lock "$RW_STATE_DIR/lock"
	for set in 864000 -864000; do
		preloaded RW_TEST_CLOCK=$set timeout 20 rw-record --claim --quiet \
			<"$due_file" | jq -r .follower_id >claimed.$set
	done
	first_ends
	# Reports that the first run has not reached are free.
	assert_equal "$(cat claimed.* <(mailed) | sort | uniq -d)" ''
}

@test "RW_KEEP_DAYS=0 and a clock far ahead: no file of a live run is removed" {
	run_slowly 60
	local dir
	dir=$(echo "$RW_STATE_DIR"/runs/*/)
	for _ in 1 2; do
		# A different number of shards does not share the host's lock.
		rm -f "$RW_STATE_DIR/lock"
		RW_KEEP_DAYS=0 preloaded RW_TEST_CLOCK=31536000 rw-run -- true
	done
	[ -d "$dir/reports" ]
	first_ends
	mailed_once 60
}

# ---- two kernels ------------------------------------------------------------

@test "rw-mail sends nothing under the claim of a different kernel" {
	followers 1
	rw-gen --out out <"$due_file" | rw-record --claim >claimed
	preloaded RW_TEST_BOOT_ID="$there" rw-mail <claimed >refused 2>err || true
	assert_equal "$(json '[.email_sent, .error.kind, .error.retryable]' refused)" \
		'[false,"locked",true]'
	assert_file_has err 'the report was claimed on another machine, or on this one before a restart'
	assert_equal "$(mailed)" ''
	rw-mail <claimed >sent
	mailed_once 1
}

@test "rw-mail's lease: only the uptime counts, even if the clock is set" {
	local set
	followers 1
	for set in 86400 -86400; do
		rm -f "$RW_LEDGER"
		rw-record --init
		rw-gen --out out <"$due_file" | rw-record --claim >claimed
		preloaded RW_TEST_CLOCK=$set RW_TEST_UPTIME=2760 rw-mail \
			<claimed >refused 2>err || true
		assert_file_has refused 'its lease ends in 13 minutes'
		preloaded RW_TEST_CLOCK=$set rw-mail <claimed >sent
		assert_json "$(cat sent)" .email_sent true
	done
	assert_equal "$(mailed)" "$(printf 'f-1\nf-1')"
}

@test "a line of release 1.0.0 is judged by the wall clock, once" {
	followers 1
	rw-gen --out out <"$due_file" | rw-record --claim |
		jq -c 'del(.boot_id, .lease_boot_ms)' >claimed
	preloaded RW_TEST_CLOCK=2760 rw-mail <claimed >refused 2>err || true
	assert_file_has refused 'its lease ends in 13 minutes'
	rw-mail <claimed >sent
	mailed_once 1
}

# machine N COMMAND...: runs the command in a separate mount of the common state
# directory. Locks are not visible in the other mount, because a lock is on the
# copy of a file that the overlay makes.
machine() {
	mkdir -p "upper$1" "work$1"
	# shellcheck disable=SC2086 # none or one
	unshare ${as_root-} --mount sh -c '
		mount -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" \
			"$4" || exit 77
		shift 4
		exec "$@"' machine "$PWD/lower" "$PWD/upper$1" "$PWD/work$1" \
		"$RW_STATE_DIR" "${@:2}"
}

# two_machines: makes a volume with an ID and with locks of earlier runs.
two_machines() {
	mkdir -p lower/runs "$RW_STATE_DIR"
	cp "$RW_STATE_DIR/id" lower/id
	echo 'run r1 (process 1)' >lower/runs/r1.lock
	[ "$(id -u)" = 0 ] || as_root=--map-root-user
	machine 1 true || skip 'no overlay mounts here'
}

@test "two mounts whose locks do not see each other: only the lease decides" {
	two_machines
	followers 1
	export RW_RUN_ID=r1 RW_LEASE=300
	machine 1 sh -c 'flock "$RW_STATE_DIR/runs/r1.lock" sh -c "
		rw-record --claim <$1 >claimed
		: >begun
		while [ ! -e go ]; do sleep 0.1; done"' sh "$due_file" 3>&- &
	runner=$!
	wait_for 10 test -e begun
	assert_lines 1 claimed
	unset RW_RUN_ID
	# Here the lock can be taken: by a second mount on the same kernel, and
	# by a different host.
	machine 2 sh -c 'flock -n "$RW_STATE_DIR/runs/r1.lock" true'
	machine 2 rw-record --claim --quiet <"$due_file" >second
	machine 2 env ASAN_OPTIONS=verify_asan_link_order=0 \
		LD_PRELOAD="$BUILD/clock.so" RW_TEST_BOOT_ID="$there" \
		rw-record --claim --quiet <"$due_file" >>second
	assert_lines 0 second
	# The same without the mounted volume.
	rw-record --claim --quiet <"$due_file" >second
	assert_lines 0 second
	touch go
	wait "$runner"
	runner=
	machine 2 env ASAN_OPTIONS=verify_asan_link_order=0 \
		LD_PRELOAD="$BUILD/clock.so" RW_TEST_UPTIME=301 \
		rw-record --claim --quiet <"$due_file" >second
	assert_lines 1 second
}

@test "two mounts whose locks do not see each other: two runs mail each once" {
	two_machines
	followers 60
	RW_MAIL_OPTIONS='--rate 10/s' machine 1 rw-report \
		--input "$due_file" >first.out 2>&1 3>&- &
	runner=$!
	wait_for 30 has_mailed 3
	run machine 2 rw-report --input "$due_file"
	first_ends
	mailed_once 60
}
