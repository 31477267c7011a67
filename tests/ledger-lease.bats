#!/usr/bin/env bats
# The contract of the ledger (ledger_helpers.bash): the lock and the clock that
# decide when the claim of a silent run may be taken over.

load ledger_helpers

THERE=21111111-2222-3333-4444-555555555555

# elsewhere NAME=VALUE... COMMAND...: runs the command with a different kernel
# or clock.
elsewhere() {
	env ASAN_OPTIONS=verify_asan_link_order=0 \
		LD_PRELOAD="$BUILD/clock.so" "$@"
}

# claim_again [ARG...]: a second run claims f-1, here or elsewhere.
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

@test "a claim names its kernel, its lock, and the end of its lease by that kernel" {
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

@test "the members of an earlier claim on a line are replaced" {
	jq -c '. + {boot_id: "x", lease_boot_ms: 1}' < <(lines 1) |
		rw-record --claim >claimed
	assert_equal "$(grep -o boot_id claimed | wc -l)" 1
	assert_json "$(cat claimed)" .boot_id "$(entry f-1 .boot_id)"
}

@test "a missing lock proves nothing: the lease decides" {
	start_run r1
	lines 1 | RW_LEASE=600 rw-record --claim >/dev/null
	rm "$RW_STATE_DIR/runs/r1.lock"
	claim_again
	assert_output ''
	preloaded RW_TEST_UPTIME=601
	assert_output_has follower_id
}

@test "a run whose lock was removed does not count as a pipeline by hand" {
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

@test "on this kernel a lock that can be taken proves death on any file system" {
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	kill_run
	preloaded RW_TEST_FS=6969
	assert_output_has follower_id
}

@test "a different kernel: a lock is a proof where no other kernel can mount the directory" {
	local fs
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	# A live run on a different host, on a volume that does not show its
	# locks.
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
	# This host made the claim before it was restarted.
	preloaded RW_TEST_BOOT_ID=$THERE RW_TEST_FS=ef53
	assert_output_has follower_id
}

@test "a different kernel with a file system of its own, and a missing lock: the lease decides" {
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	kill_run
	rm "$RW_STATE_DIR/runs/r1.lock"
	preloaded RW_TEST_BOOT_ID=$THERE RW_TEST_FS=ef53
	assert_output ''
}

@test "on one boot, setting the clock back or forward neither extends nor ends a lease" {
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

@test "a claim that was made with a wrong clock still ends with its lease" {
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

@test "for the claim of a different kernel the database's clock decides" {
	lines 1 | RW_LEASE=600 RW_HOST=there elsewhere RW_TEST_BOOT_ID=$THERE \
		RW_TEST_UPTIME=-100000 rw-record --claim >/dev/null
	preloaded RW_TEST_UPTIME=90000
	assert_output ''
	# The clock of a server does not depend on this host. A SQLite file has
	# only the clock of this host.
	preloaded RW_TEST_CLOCK=601
	if [ -n "${MONGO_URI:-}" ]; then
		assert_output ''
	else
		assert_output_has follower_id
	fi
}

@test "--take-over: the operator declares the holders of claims dead" {
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
	# A claim of this host without a begun mail is free, and not in doubt.
	rm -r "$RW_STATE_DIR/journal" 2>/dev/null || true
	lines 1 2025-07 | rw-record --claim >/dev/null
	run --separate-stderr rw-record --claim --take-over --in-doubt hold \
		< <(lines 1 2025-07)
	assert_output_has follower_id
}

@test "--take-over does not override a held lock, and applies only to --claim and --lookup" {
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

@test "--take-over does not apply to later claims" {
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

@test "--take-over: the looked-up line names the claim that it applies to" {
	lines 2 | RW_HOST=there RW_STATE_DIR=$PWD/there rw-record --claim \
		--run-id r1 | head -n 1 | refused | RW_HOST=there \
		RW_STATE_DIR=$PWD/there rw-record --result --run-id r1 >/dev/null
	lines 2 | rw-record --lookup --take-over 2>/dev/null >looked
	# f-1 had failed, and a live second host has claimed it since. The dead
	# host still holds f-2.
	lines 1 | RW_HOST=other RW_STATE_DIR=$PWD/other rw-record --claim \
		--run-id r2 >/dev/null
	rw-record --claim --take-over --quiet <looked >claimed
	assert_equal "$(jq -r .follower_id claimed)" f-2
	assert_equal "$(jq 'has("taken_over")' claimed)" false
	assert_entry f-1 .run_id r2
	# A line from outside proves nothing about claims.
	jq -c '. + {taken_over: "x"}' < <(lines 1 2025-07) |
		rw-record --lookup >looked
	assert_equal "$(jq 'has("taken_over")' looked)" false
}
