# shellcheck shell=bash
# For tests of the ledger: runs that live and die.

teardown() {
	[ -z "${holder:-}" ] || kill_run
	drop_database
	stop_own_servers
}

# A run that lives until it is told to end; RW_RUN_ID is its id.
start_run() {
	mkdir -p "$RW_STATE_DIR/runs"
	export RW_RUN_ID=$1
	flock "$RW_STATE_DIR/runs/$1.lock" sleep 300 3>&- &
	holder=$!
	wait_for 5 is_locked "$RW_STATE_DIR/runs/$1.lock"
}

is_locked() {
	[ -e "$1" ] && ! flock -n "$1" true
}

# The sleep inherits the lock, as a stage of rw-report does.
kill_run() {
	pkill -9 -P "$holder"
	wait "$holder" 2>/dev/null || true
	holder=
	unset RW_RUN_ID
}

# hold FILE: as its writer, until kill_run.
hold() {
	flock "$1" sleep 300 3>&- &
	holder=$!
	wait_for 5 is_locked "$1"
}
