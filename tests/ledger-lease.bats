#!/usr/bin/env bats
# The contract of the ledger (ledger_helpers.bash): when a claim of somebody who
# does not answer may be taken, by which lock and by which clock.

load ledger_helpers

THERE=21111111-2222-3333-4444-555555555555

# elsewhere NAME=VALUE... COMMAND...: under another kernel, or another clock.
elsewhere() {
	env ASAN_OPTIONS=verify_asan_link_order=0 \
		LD_PRELOAD="$BUILD/clock.so" "$@"
}

# claim_again [ARG...]: by another run, of f-1; as any run, or elsewhere.
claim_again() {
	run --separate-stderr env -u RW_RUN_ID "${@:1:$#}" \
		rw-record --claim --quiet < <(lines 1)
	assert_status 0
}

# preloaded NAME=VALUE...: for claim_again.
preloaded() {
	claim_again ASAN_OPTIONS=verify_asan_link_order=0 \
		LD_PRELOAD="$BUILD/clock.so" "$@"
}

@test "a claim names its kernel, its lock, and when its lease ends there" {
	start_run r1
	lines 1 | RW_LEASE=3600 rw-record --claim >claimed
	assert_entry f-1 .boot_id "$(cat /proc/sys/kernel/random/boot_id)"
	assert_json "$(cat claimed)" .boot_id "$(entry f-1 .boot_id)"
	assert_json "$(cat claimed)" .lease_boot_ms "$(entry f-1 .lease_boot_ms)"
	[[ $(entry f-1 .run_lock) =~ ^[0-9a-f]+:$(printf %x \
		"$(stat -c %i "$RW_STATE_DIR/runs/r1.lock")")$ ]]
	local left
	left=$(($(entry f-1 .lease_boot_ms) - $("$PYTHON" -c \
		'import time; print(int(time.clock_gettime(time.CLOCK_BOOTTIME) * 1000))')))
	[[ $left -gt 3500000 && $left -le 3600000 ]] || fail "$left ms"
}

@test "what an earlier claim has left on a line is replaced" {
	jq -c '. + {boot_id: "x", lease_boot_ms: 1}' < <(lines 1) |
		rw-record --claim >claimed
	assert_equal "$(grep -o boot_id claimed | wc -l)" 1
	assert_json "$(cat claimed)" .boot_id "$(entry f-1 .boot_id)"
}

@test "a missing lock says nothing: the lease decides" {
	start_run r1
	lines 1 | RW_LEASE=600 rw-record --claim >/dev/null
	rm "$RW_STATE_DIR/runs/r1.lock"
	claim_again
	assert_output ''
	preloaded RW_TEST_UPTIME=601
	assert_output_has follower_id
}

@test "a run that claims after its lock was removed is not one typed by hand" {
	RW_RUN_ID=r1 RW_RUN_DIR=$RW_STATE_DIR/runs/r1 rw-record --claim \
		< <(lines 1) >/dev/null
	assert_entry f-1 '[.run_locked, .run_lock]' '[true,null]'
	run rw-record --claim --verbose < <(lines 1)
	assert_output_has 'claimed by a run that is still running'
	lines 1 | run rw-record --resolve retry
	assert_output_lacks follower_id
}

@test "a copy of a lock proves nothing" {
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	cp "$RW_STATE_DIR/runs/r1.lock" copy
	rm "$RW_STATE_DIR/runs/r1.lock"
	mv copy "$RW_STATE_DIR/runs/r1.lock"
	claim_again
	assert_output ''
}

@test "on this kernel a lock that can be had proves death on any file system" {
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	kill_run
	preloaded RW_TEST_FS=6969
	assert_output_has follower_id
}

@test "another kernel: a lock proves something where no other one can be" {
	local fs
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	# A live run of another machine, on a volume that does not show its locks.
	for fs in 6969 ff534d42 fe534d42 65735546 c36400 1021997 01161970 \
		7461636f 0bd00bd0 794c7630; do
		preloaded RW_TEST_BLIND=1 RW_TEST_BOOT_ID=$THERE RW_TEST_FS=$fs
		assert_output ''
	done
	kill_run
	for fs in 6969 65735546 794c7630; do
		preloaded RW_TEST_BOOT_ID=$THERE RW_TEST_FS=$fs
		assert_output ''
	done
	# It was this machine, before it was restarted.
	preloaded RW_TEST_BOOT_ID=$THERE RW_TEST_FS=ef53
	assert_output_has follower_id
}

@test "another kernel, a lock of its own alone that is missing: the lease decides" {
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	kill_run
	rm "$RW_STATE_DIR/runs/r1.lock"
	preloaded RW_TEST_BOOT_ID=$THERE RW_TEST_FS=ef53
	assert_output ''
}

@test "on one boot a clock set back or forward neither extends nor ends a lease" {
	local set
	lines 1 | RW_LEASE=600 rw-record --claim >/dev/null
	for set in 86400 -86400 7200; do
		preloaded RW_TEST_CLOCK=$set
		assert_output ''
	done
	preloaded RW_TEST_CLOCK=-86400 RW_TEST_UPTIME=500
	assert_output ''
	preloaded RW_TEST_CLOCK=-86400 RW_TEST_UPTIME=601
	assert_output_has follower_id
}

@test "a claim that was made under a wrong clock ends with its lease all the same" {
	local set
	for set in 86400 -86400; do
		# shellcheck disable=SC2030
		export RW_LEDGER=$BATS_TEST_TMPDIR/$set.db
		[ -z "${MONGO_URI:-}" ] || new_database
		rw-record --init
		lines 1 | RW_LEASE=600 elsewhere RW_TEST_CLOCK=$set \
			rw-record --claim >/dev/null
		claim_again
		assert_output ''
		preloaded RW_TEST_UPTIME=601
		assert_output_has follower_id
	done
}

@test "for another kernel's claim the database's clock decides" {
	lines 1 | RW_LEASE=600 RW_HOST=there elsewhere RW_TEST_BOOT_ID=$THERE \
		RW_TEST_UPTIME=-100000 rw-record --claim >/dev/null
	preloaded RW_TEST_UPTIME=90000
	assert_output ''
	# That of a server does not follow this host's; an SQLite file has none
	# but this.
	preloaded RW_TEST_CLOCK=601
	if [ -n "${MONGO_URI:-}" ]; then
		assert_output ''
	else
		assert_output_has follower_id
	fi
}

@test "--take-over: those who hold claims are dead, says the operator" {
	lines 2 | RW_HOST=there RW_STATE_DIR=$PWD/there rw-record --claim >first
	claim_again
	assert_output ''
	run --separate-stderr rw-record --claim --take-over --in-doubt hold \
		--verbose < <(lines 1)
	assert_output ''
	assert_stderr_has 'are in doubt and were held back'
	run --separate-stderr rw-record --lookup --take-over --in-doubt hold \
		< <(lines 1)
	assert_output ''
	run --separate-stderr rw-record --claim --take-over < <(lines 1)
	assert_output_has follower_id
	assert_stderr_has 'are in doubt: the same message may go out a second time'
	# A claim of this host that nobody has begun is free, and not in doubt.
	rm -r "$RW_STATE_DIR/journal" 2>/dev/null || true
	lines 1 2025-07 | rw-record --claim >/dev/null
	run --separate-stderr rw-record --claim --take-over --in-doubt hold \
		< <(lines 1 2025-07)
	assert_output_has follower_id
}

@test "--take-over is weaker than a lock that is held, and is not for the others" {
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	RW_RUN_ID=r2 run rw-record --claim --take-over --verbose < <(lines 1)
	assert_output_has 'claimed by a run that is still running'
	for mode in --result '--resolve retry' --init; do
		# shellcheck disable=SC2086
		run rw-record $mode --take-over </dev/null
		assert_status 64
		assert_output_has '--take-over is for --lookup and --claim'
	done
}

@test "--take-over: whoever claims after it was said is not meant" {
	mkfifo pipe
	lines 1 | RW_HOST=there RW_STATE_DIR=$PWD/there rw-record --claim \
		>/dev/null
	rw-record --claim --take-over --quiet <pipe >claimed 2>err 3>&- &
	local claim=$!
	exec 7>pipe
	lines 1 >&7
	wait_for 5 test -s claimed
	lines 1 2025-07 | RW_HOST=there RW_STATE_DIR=$PWD/there \
		rw-record --claim >/dev/null
	lines 1 2025-07 >&7
	exec 7>&-
	wait "$claim"
	assert_lines 1 claimed
	assert_equal "$(rw-status --follower f-1 --period 2025-07 --json |
		json .host)" there
}

@test "--take-over: what was looked up names the claim that is meant" {
	lines 2 | RW_HOST=there RW_STATE_DIR=$PWD/there rw-record --claim \
		--run-id r1 | head -n 1 | refused | RW_HOST=there \
		RW_STATE_DIR=$PWD/there rw-record --result --run-id r1 >/dev/null
	lines 2 | rw-record --lookup --take-over 2>/dev/null >looked
	# f-1 had failed, and is claimed since by another host that lives; f-2 is
	# still held by the one that is dead.
	lines 1 | RW_HOST=other RW_STATE_DIR=$PWD/other rw-record --claim \
		--run-id r2 >/dev/null
	rw-record --claim --take-over --quiet <looked >claimed
	assert_equal "$(jq -r .follower_id claimed)" f-2
	assert_equal "$(jq 'has("taken_over")' claimed)" false
	assert_entry f-1 .run_id r2
	# Whoever is outside says nothing about claims.
	jq -c '. + {taken_over: "x"}' < <(lines 1 2025-07) |
		rw-record --lookup >looked
	assert_equal "$(jq 'has("taken_over")' looked)" false
}
