#!/usr/bin/env bats
# SQLite only: a disk that fills up, a file that is locked, missing rights.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export RW_LEDGER=$PWD/ledger.db
}

teardown() {
	if [ -d small ]; then
		umount small || true
	fi
	stop_own_servers
}

lines() {
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		printf "{\"follower_id\":\"f-%d\",\"report_period\":\"2025-06\"}\n", i }'
}

# Makes a file system of 2 MB with the ledger.
small_disk() {
	[ "$(id -u)" = 0 ] || skip 'only root can mount a small file system'
	mkdir small
	mount -t tmpfs -o size=2m tmpfs small 2>/dev/null ||
		skip 'no file system can be mounted here'
	export RW_LEDGER=$PWD/small/ledger.db
	rw-record --init
}

# fill_but KB: fills the disk except for this space.
fill_but() {
	local room
	room=$(df --output=avail -k small | tail -n 1)
	head -c $(((room - $1) * 1024)) /dev/zero >small/rest
}

# Expects that the ledger has the passed lines once there is space again.
assert_durable() {
	rm small/rest
	jq -r .follower_id out | sort >passed
	rw-status --all --json | jq -r "$1" | sort >known
	comm -23 passed known >lost
	assert_lines 0 lost
}

@test "RW_LEDGER is a path: a URL would be a new and empty ledger, and is 78" {
	local url
	for url in sqlite:ledger.db "sqlite:///$PWD/l.db" "file:$PWD/l.db?mode=ro" \
		mongodb://u:Hunter9@h/db; do
		RW_LEDGER=$url run --separate-stderr rw-record --init
		assert_status 78
		assert_stderr_has 'RW_LEDGER is a URL: expected the path of a SQLite file'
		assert_stderr_lacks Hunter
	done
	[ -z "$(find . -name '*:*' -o -name '*.db*')" ]
	RW_LEDGER=./a:b.db run --separate-stderr rw-record --init
	assert_status 0
	[ -f a:b.db ]
}

@test "the disk is full at a claim: 74, and only durable claims are passed on" {
	small_disk
	fill_but 300
	local status=0
	lines 5000 | rw-record --claim >out 2>err || status=$?
	assert_equal "$status" 74
	assert_file_has err 'disk is full'
	[ "$(wc -l <out)" -lt 5000 ]
	assert_durable .follower_id
}

@test "the disk is full at an outcome: it reads on, 74, and drops lines that are not durable" {
	small_disk
	lines 1500 | rw-record --claim |
		jq -c '. + {email_sent: true, delivery: "links", pdf_url: ("x" * 300)}' >done
	sqlite3 "$RW_LEDGER" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	fill_but 150
	local status=0
	rw-record --result <done >out 2>err || status=$?
	assert_equal "$status" 74
	assert_file_has err 'outcomes were not recorded'
	assert_durable 'select(.state == "sent").follower_id'
	rw-record --result <done >out
	assert_lines 1500 out
}

@test "the disk is too full to open the ledger: --result still reads on" {
	small_disk
	lines 1000 | rw-record --claim >claimed
	sqlite3 "$RW_LEDGER" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	fill_but 0
	mkfifo pipe
	rw-record --result <pipe >out 2>err 3>&- &
	local pid=$! status=0
	cat claimed >pipe
	wait "$pid" || status=$?
	assert_equal "$status" 74
	assert_file_has err 'the journal has those of rw-mail'
	assert_lines 0 out
}

@test "a file that another process locks is waited for" {
	rw-record --init
	(
		echo 'BEGIN IMMEDIATE;'
		sleep 2
		echo 'COMMIT;'
	) | sqlite3 "$RW_LEDGER" 3>&- &
	sleep 0.5
	run --separate-stderr rw-record --claim < <(lines 3)
	assert_status 0
	assert_stderr ''
	assert_lines 3 <(printf '%s\n' "$output")
}

@test "readers do not wait for a writer" {
	rw-record --init
	lines 3 | rw-record --claim >/dev/null
	(
		echo 'BEGIN IMMEDIATE;'
		sleep 3
		echo 'COMMIT;'
	) | sqlite3 "$RW_LEDGER" 3>&- &
	sleep 0.5
	local began=$SECONDS
	run rw-status --all --json
	assert_status 0
	[ $((SECONDS - began)) -lt 2 ]
}

@test "only the owner can read the file" {
	umask 022
	rw-record --init
	lines 1 | rw-record --claim >/dev/null
	assert_equal "$(stat -c %a "$RW_LEDGER")" 600
}

@test "a damaged file is reported, and nobody is mailed" {
	rw-record --init
	lines 2000 | rw-record --claim >/dev/null
	sqlite3 "$RW_LEDGER" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	dd if=/dev/urandom of="$RW_LEDGER" bs=4096 seek=3 count=60 conv=notrunc \
		2>/dev/null
	run --separate-stderr rw-record --claim < <(lines 2000)
	assert_status 74
	assert_output ''
}

@test "a time that was written by hand is named" {
	rw-record --init
	lines 1 | rw-record --claim >/dev/null
	sqlite3 "$RW_LEDGER" "UPDATE report_sent SET lease_until='soon'"
	run rw-record --claim < <(lines 1)
	assert_status 74
	assert_output_has 'lease_until is "soon", which is not a time'
}

@test "memory does not grow with the lines" {
	need_plain_build
	need_command /usr/bin/time
	rw-record --init
	# The few lines fill SQLite's page cache as well.
	lines 10000 >few
	lines 100000 >many
	local mode
	for mode in --lookup --claim; do
		/usr/bin/time -f %M -o small.kb rw-record "$mode" <few >/dev/null
		/usr/bin/time -f %M -o large.kb rw-record "$mode" <many >/dev/null
		echo "$mode: $(cat small.kb) and $(cat large.kb) KB"
		[ "$(cat large.kb)" -le $(($(cat small.kb) + 4096)) ]
	done
}
