# shellcheck shell=bash
# Loaded by every bats file ("load helpers"): a clean environment, servers,
# and assertions that show the actual values.
#
# Each test begins without the settings of the user, with the built tools first
# on PATH (BUILD=DIR names a different build), and with its own state directory.

bats_require_minimum_version 1.8.0

ROOT=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
BUILD=$(cd "$ROOT" && realpath -m "${BUILD:-build}")
PYTHON=/usr/bin/python3
export ROOT BUILD PYTHON

clean_environment() {
	local name
	for name in $(compgen -e); do
		case $name in
		RW_TEST_*) ;;
		MINIO_* | MONGO_* | POSTGRES_* | PG* | *DATABASE_URL* | SMTP_* | \
			RW_* | AWS_* | *_proxy | *_PROXY | \
			REPORT_SENDER_EMAIL | ADMIN_EMAIL | APP_ENV | DRY_RUN_MODE | \
			DEFAULT_COMMISSION_PERCENTAGE | MARKET_CLOSE_TIMEZONE | \
			SOURCE_DATE_EPOCH | XDG_STATE_HOME)
			unset "$name"
			;;
		esac
	done
	export RW_ENV_FILE=/dev/null # not the file of the installation
	export LC_ALL=C.UTF-8 TZ=UTC PYTHONDONTWRITEBYTECODE=1
	export PATH="$BUILD:$ROOT/scripts:$PATH"
	export RW_BUILD=$BUILD # where rw-report finds the tools
	export RW_STATE_DIR=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/state
	# What a test begins inherits it, apart from the servers.
	export RW_TEST_CASE=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}
}

clean_environment

# ---- assertions -----------------------------------------------------------

# fail MESSAGE...: ends the test; shows the output of the last run, if any.
fail() {
	{
		printf '%s\n' "$@"
		if [ -n "${BATS_RUN_COMMAND:-}" ]; then
			printf -- '-- command: %s\n' "$BATS_RUN_COMMAND"
			printf -- '-- status: %s\n' "${status:-}"
			printf -- '-- output:\n%s\n' "${output:-}" | head -n 40
			[ -z "${stderr:-}" ] ||
				printf -- '-- stderr:\n%s\n' "$stderr" | head -n 40
		fi
	} >&2
	return 1
}

# refute COMMAND...: expects that the command fails. A plain "! COMMAND" does
# not end a test when it fails, unless it is the last line. ("wait" needs an
# operand, because bats has its own child.)
refute() {
	if "$@"; then
		fail "succeeded, and must not: $*"
	fi
}

assert_equal() {
	[ "$1" = "$2" ] || fail "${3:-values differ}" "     got: $1" \
		"expected: $2"
}

# assert_status N: expects this status of the last run.
assert_status() {
	[ "$status" -eq "$1" ] || fail "expected exit status $1, got $status"
}

assert_output() {
	[ "$output" = "$1" ] || fail "expected this output:" "$1"
}

assert_output_has() {
	[[ $output == *"$1"* ]] || fail "expected in the output: $1"
}

assert_output_lacks() {
	[[ $output != *"$1"* ]] || fail "not expected in the output: $1"
}

# With run --separate-stderr only.
assert_stderr() {
	[ "$stderr" = "$1" ] || fail "expected this on stderr:" "$1"
}

assert_stderr_has() {
	[[ $stderr == *"$1"* ]] || fail "expected on stderr: $1"
}

assert_stderr_lacks() {
	[[ $stderr != *"$1"* ]] || fail "not expected on stderr: $1"
}

assert_file_has() {
	grep -qF -e "$2" "$1" || fail "expected in $1: $2" "$(head -n 20 "$1")"
}

assert_file_lacks() {
	if grep -qF -e "$2" "$1"; then
		fail "not expected in $1: $2"
	fi
}

# assert_lines N FILE
assert_lines() {
	local lines
	lines=$(wc -l <"$2") || return 1
	[ "$lines" -eq "$1" ] ||
		fail "expected $1 lines in $2, got $lines" "$(head -n 20 "$2")"
}

# json FILTER [FILE]: prints the result of a jq filter for each line. jq reads
# numbers as doubles: where every digit matters, compare the text.
json() {
	jq -r -c "$@"
}

# assert_json LINE FILTER EXPECTED: one record, as a string.
assert_json() {
	local got
	got=$(json "$2" <<<"$1") || fail "cannot be read as JSON: $1"
	[ "$got" = "$3" ] ||
		fail "$2 differs" "     got: $got" "expected: $3" "      in: $1"
}

# log_count FILE FILTER: prints the number of lines that match a jq condition.
log_count() {
	jq -c "select($2)" "$1" | wc -l
}

# wait_for SECONDS COMMAND...
wait_for() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$end" ] || fail "never came true: $*"
		sleep 0.1
	done
}

# on_terminal COMMAND...: prints the output on a terminal, with the escapes.
on_terminal() {
	"$PYTHON" - "$@" <<-'PY'
		import os, pty, sys
		pid, master = pty.fork()
		if pid == 0:
		    os.execvp(sys.argv[1], sys.argv[1:])
		while True:
		    try:
		        data = os.read(master, 4096)
		    except OSError:
		        break
		    if not data:
		        break
		    os.write(1, data)
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	PY
}

need_command() {
	local command
	for command in "$@"; do
		command -v "$command" >/dev/null || skip "$command is not installed"
	done
}

# For on_terminal.
need_terminal() {
	"$PYTHON" -c 'import pty; pty.openpty()' 2>/dev/null ||
		skip "no pseudo-terminal can be had here"
}

# need_namespace OPTION: skips if unshare(1) cannot make this namespace.
need_namespace() {
	unshare "$1" true 2>/dev/null ||
		skip "may not make a namespace of its own (unshare $1)"
}

# For tests of memory or time, which are meaningless under the sanitizers, and
# for the rest of such a test.
need_plain_build() {
	[ -z "${RW_TEST_SANITIZED:-}" ] || skip "not under the sanitizers"
}

# ---- servers --------------------------------------------------------------
#
# need_server shares a server with the whole run: it is started when the first
# test asks, and stopped at the end. A test that halts or loads a server, or
# counts what it sees, starts its own, which ends with the test.

# Both take NAME[.VARIANT] and the arguments of the server's start. NAME is a
# script in tests/servers; each VARIANT is a separate server of this kind.
# Settings precede the command: RW_TEST_SASL=1 need_server postfix.sasl

declare -gA SERVER_DIR
declare -ga NEW_BUCKETS

# need_server NAME[.VARIANT] [ARG...]: skips when the server is not available
# here.
need_server() {
	local dir=${RW_TEST_RUN:?setup_suite did not run}/servers/$1
	server_once "$dir" "$ROOT/tests/servers/${1%%.*}" start "$dir" "${@:2}"
	use_server "$1" "$dir"
	note_store "$1"
}

# need_store: the object store of this run: RW_TEST_S3_ENDPOINT, else
# RW_TEST_STORE=radosgw (the default) or minio.
need_store() {
	need_server "${RW_TEST_STORE:-radosgw}"
}

# The tests name a store of the user's own by its script.
[ -z "${RW_TEST_S3_ENDPOINT:-}" ] || export RW_TEST_STORE=s3

# For the last lines of tests/run.
note_store() {
	case ${1%%.*} in
	radosgw | minio | s3)
		mkdir -p "$RW_TEST_RUN/stores"
		echo "$1 at $MINIO_ENDPOINT_URL" >"$RW_TEST_RUN/stores/$1"
		;;
	esac
}

# server_once DIR COMMAND...: starts the server unless an earlier test did. In
# that case the earlier outcome counts, because a slow failure would be
# repeated.
server_once() {
	local dir=$1 status=0
	shift
	mkdir -p "${dir%/*}"
	exec 8>"$dir.lock"
	flock 8
	if [ ! -e "$dir.status" ]; then
		"$@" 2>"$dir.stderr" || status=$?
		echo "$status" >"$dir.status"
	fi
	exec 8>&-
	server_outcome "$(cat "$dir.status")" "$dir.stderr"
}

server_outcome() {
	case $1 in
	0) ;;
	77) skip "$(tail -n 1 "$2")" ;;
	*) fail "a server does not start" "$(cat "$2")" ;;
	esac
}

# own_server NAME[.VARIANT] [ARG...]: starts a server for this test, or, in
# setup_file, for this file.
own_server() {
	local dir=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/servers/$1 status=0
	mkdir -p "$dir"
	"$ROOT/tests/servers/${1%%.*}" start "$dir" "${@:2}" 2>"$dir/stderr" ||
		status=$?
	server_outcome "$status" "$dir/stderr"
	use_server "$1" "$dir"
}

use_server() {
	SERVER_DIR[$1]=$2
	# shellcheck source=/dev/null
	source "$2/env"
}

# server NAME[.VARIANT] COMMAND [ARG...]: controls the server in use: kill,
# pause, ...
server() {
	"$ROOT/tests/servers/${1%%.*}" "$2" "${SERVER_DIR[$1]}" "${@:3}"
}

# own_mongo: starts a MongoDB that this test may halt.
own_mongo() {
	mongo_is_ours
	own_server mongo
}

# mongo_is_ours: skips if the server is from RW_TEST_MONGO_URI.
mongo_is_ours() {
	[ -z "${RW_TEST_MONGO_URI:-}" ] ||
		skip 'needs to stop MongoDB, and RW_TEST_MONGO_URI is not ours'
}

# mongo_uri_with OPTION: prints MONGO_URI with one more option, NAME=VALUE.
mongo_uri_with() {
	case ${MONGO_URI#*://} in
	*\?*) echo "$MONGO_URI&$1" ;;
	*/*) echo "$MONGO_URI?$1" ;;
	*) echo "$MONGO_URI/?$1" ;;
	esac
}

stop_own_servers() {
	local status=0
	"$ROOT/tests/servers/stop-all" \
		"${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/servers" || status=$?
	end_what_was_begun
	return "$status"
}

# A test that fails or is skipped in its middle may leave processes in the
# background. Jobs first: a subshell would continue with its next command.
end_what_was_begun() {
	local jobs='' pids tries
	for ((tries = 0; tries < 50; tries++)); do
		[ -z "${BATS_TEST_TMPDIR:-}" ] || jobs=$(jobs -pr)
		pids=$({
			echo "$jobs"
			processes_with "RW_TEST_CASE=$RW_TEST_CASE"
		} | grep -vxF -e "$(clock_of_bats)" -e '') || return 0
		# shellcheck disable=SC2086 # several
		kill -KILL $pids 2>/dev/null || true
		sleep 0.02
	done
	fail "still running: $pids"
}

# bats' own job for BATS_TEST_TIMEOUT, and its child; 0 for none.
clock_of_bats() {
	local pid=${killer_pid:-${BATS_killer_pid:-0}}
	echo "$pid"
	ps -o pid= --ppid "$pid" | tr -d ' '
}

# processes_with NAME=VALUE: prints processes with this variable in the
# environment.
processes_with() {
	(
		unset RW_TEST_CASE
		grep -lzxF -e "$1" /proc/[0-9]*/environ 2>/dev/null |
			sed 's|/proc/\(.*\)/environ|\1|'
	) || true
}

# A file that defines teardown or teardown_file must call stop_own_servers.
teardown() {
	drop_database
	drop_buckets
	stop_own_servers
}

teardown_file() {
	stop_own_servers
}

# new_database [VARIABLE]: an empty database for this test alone, on the shared
# MongoDB, named by MONGO_DB_NAME (or VARIABLE). teardown calls drop_database.
new_database() {
	RW_TEST_MONGO_MEMORY=1 need_server mongo.memory
	DATABASE=rw_test_$(od -An -N 6 -tx1 /dev/urandom | tr -d ' \n')
	export "${1:-MONGO_DB_NAME}=$DATABASE"
}

# Our server ends with the run; a foreign server is left unchanged.
drop_database() {
	[ "${RW_TEST_MONGO_KIND:-}" = external ] && [ -n "${DATABASE:-}" ] ||
		return 0
	"$PYTHON" -c 'import pymongo, sys
pymongo.MongoClient(sys.argv[1]).drop_database(sys.argv[2])' \
		"$RW_TEST_MONGO_URI" "$DATABASE"
}

# Prints the table of members: NAME TYPE GROUP KEPT, one on each line.
table_of_members() {
	sed -n 's/^\tX([A-Z0-9_]*, "\(.*\)", \(.*\), \(.*\), \(.*\), .*/\1 \2 \3 \4/p' \
		"$ROOT/lib/record/member_table.h"
}

# new_bucket: an empty bucket for this test alone, on the store in use. In the
# user's own store it is the user's bucket, for one test at a time, or a bucket
# that
# teardown removes.
new_bucket() {
	if [ -n "${RW_TEST_S3_ENDPOINT:-}" ] && [ -n "${RW_TEST_S3_BUCKET:-}" ]; then
		exec 7>"$RW_TEST_RUN/bucket.lock"
		flock 7
		export MINIO_BUCKET_NAME=$RW_TEST_S3_BUCKET
		server s3 empty "$MINIO_BUCKET_NAME"
		return
	fi
	MINIO_BUCKET_NAME=test-$(od -An -N 8 -tx1 /dev/urandom | tr -d ' \n')
	export MINIO_BUCKET_NAME
	NEW_BUCKETS+=("$MINIO_BUCKET_NAME")
	s3_curl -X PUT "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME"
}

# use_new_name: sets the name of a bucket that does not exist.
use_new_name() {
	[ -z "${RW_TEST_S3_BUCKET:-}" ] ||
		skip 'makes a bucket, and RW_TEST_S3_BUCKET is the only one'
	MINIO_BUCKET_NAME=test-$(od -An -N 8 -tx1 /dev/urandom | tr -d ' \n')
	export MINIO_BUCKET_NAME
	NEW_BUCKETS+=("$MINIO_BUCKET_NAME")
}

# Our buckets end with the run.
drop_buckets() {
	local bucket
	[ -n "${RW_TEST_S3_ENDPOINT:-}" ] || return 0
	for bucket in "${NEW_BUCKETS[@]}"; do
		server s3 remove "$bucket" || true
	done
}

# need_users: skips if the tests cannot make a user in the store.
need_users() {
	[ "${RW_TEST_STORE:-radosgw}" != s3 ] ||
		skip 'makes a user, which RW_TEST_S3_ENDPOINT has no common way for'
}

# need_scheme NAME: skips if the store lacks links of this scheme; our stores
# have all schemes. Call it after new_bucket.
need_scheme() {
	[ "${RW_TEST_STORE:-radosgw}" = s3 ] || return 0
	rw-put --check --scheme "$1" --expires 7d >schemes || true
	grep -q "^ok    $1: " schemes ||
		skip "the store honours no $1 links: $(grep " $1: " schemes)"
}

# s3_curl ARG...: sends a signed request without a body.
s3_curl() {
	curl -sS --fail-with-body -m 30 \
		--aws-sigv4 "aws:amz:${MINIO_REGION:-us-east-1}:s3" \
		--user "$MINIO_ACCESS_KEY:$MINIO_SECRET_KEY" \
		-H "x-amz-content-sha256: $(sha256sum </dev/null | cut -d ' ' -f 1)" \
		"$@"
}
