# shellcheck shell=bash
# For rw-report's own rules, report*.bats. Scripts replace the tools: each is in
# the same directory as a copy of rw-report, and has exactly the output and the
# status that a test requires. pipeline.bats tests the real tools.

load helpers

# shellcheck disable=SC2034 # the tests go through them
SHELLS=(dash bash 'busybox sh')

setup() {
	need_command flock busybox dash
	bin="$BATS_TEST_TMPDIR/bin with blanks"
	mkdir "$bin"
	cp "$ROOT/scripts/rw-report" "$BUILD"/rw-{env,run,splice,outcome,relay,options} "$bin/"
	mkdir "$BATS_TEST_TMPDIR/sh"
	PATH=$BATS_TEST_TMPDIR/sh:$PATH
	use_shell dash
	export RW_STATE_DIR="$BATS_TEST_TMPDIR/state with blanks"
	unset RW_BUILD
	calls=$BATS_TEST_TMPDIR/calls
	export calls
	: >"$calls"
	due_file=$BATS_TEST_TMPDIR/due.jsonl
	printf '{"follower_id":"f-%d"}\n' 1 2 3 4 5 >"$due_file"
	for tool in list record gen put presign verify mail; do
		stub "$tool" 'exec cat'
	done
	stub status 'case $* in
	*--behind*) ;;
	*--json) echo "{\"run_id\":\"$RW_RUN_ID\",\"sent\":5,\"links\":3,\"attachments\":2,\"failed\":0,\"in_doubt\":0,\"already_sent\":0,\"resent\":0}" ;;
	*--shell) echo "counts=\"5 sent, 3 links, 2 attachments, 0 failed, 0 in doubt\" attachments=2" ;;
	*--prom) echo "report_worker_run_reports{outcome=\"sent\"} 5" ;;
	*) echo "a table" ;;
	esac'
}

# stub TOOL BODY: notes every call; the three modes of rw-record are three
# tools.
stub() {
	local file="$bin/rw-$1"
	case $1 in
	lookup | claim | result) file=$bin/record-$1 ;;
	esac
	if [ "$1" = record ]; then
		cat >"$file" <<-'SH'
			#!/bin/sh
			use=${1#--}
			echo "$use $*" >>"$calls"
			while [ $# -gt 0 ]; do
				[ "$1" != --rejects ] || : >"$2"
				shift
			done
			body=${0%/*}/record-$use
			[ -x "$body" ] || body=cat
			case $use in
			claim | result) exec "$PYTHON" "$ROOT/tests/honest.py" "$body" ;;
			lookup) ;;
			*) exec "$body" ;;
			esac
			exec "${0%/*}/honest" "$body"
		SH
	elif [ "$1" = list ]; then
		printf '#!/bin/sh\necho "list $*" >>"$calls"\nexec "${0%%/*}/honest" "${0%%/*}/list-body" "$@"\n' >"$file"
		printf '#!/bin/sh\n%s\n' "$2" >"$bin/list-body"
		chmod +x "$bin/list-body"
	elif [ "$1" = mail ]; then
		printf '#!/bin/sh\nexport HONEST_CALL="mail $*"\nexec "$PYTHON" "$ROOT/tests/honest.py" "${0%%/*}/mail-body" "$@"\n' >"$file"
		printf '#!/bin/sh\n%s\n' "$2" >"$bin/mail-body"
		chmod +x "$bin/mail-body"
	else
		printf '#!/bin/sh\necho "%s $*" >>"$calls"\n%s\n' "$1" "$2" \
			>"$file"
	fi
	# Counts the lines that its body reads and writes, and of --lookup also
	# hashes them, like the real tools.
	# behind_list and behind_lookup follow it.
	cat >"$bin/honest" <<-'SH'
		#!/bin/sh
		cat >"$calls.in"
		trap 'kill $!' TERM
		"$@" <"$calls.in" >"$calls.out" &
		wait $!
		status=$?
		case $1 in
		*list-body) sh -c "${behind_list-cat}" ;;
		*) sh -c "${behind_lookup-cat}" ;;
		esac <"$calls.out" || exit 74
		read=$(grep -c '[^[:space:]]' "$calls.in")
		passed=$(grep -c '[^[:space:]]' "$calls.out")
		case $1 in
		*list-body) [ "$read" != 0 ] || read=$passed ;;
		*) read=${says_read-$read} ;;
		esac
		sums=
		case $1 in
		*list-body) ;;
		*) sums=$("$PYTHON" "$ROOT/tests/honest.py" --sums \
			"$calls.in" "$calls.out") || exit 74 ;;
		esac
		[ -z "$read" ] || [ -z "${RW_OUTCOME_FILE-}" ] || echo \
			"{\"read\":$read,\"passed\":$passed,\"failed\":0,\"dropped\":$((read - passed)),\"unreadable\":0$sums}" \
			>"$RW_OUTCOME_FILE" || exit 74
		exit "$status"
	SH
	chmod +x "$bin/honest"
	# The real rw-list computes the month.
	[ "$1" != list ] || sed -i "2i\
[ \"\$1\" != --print-period ] || exec $BUILD/rw-list --print-period" "$file"
	chmod +x "$file"
}

# outcome MEMBERS: prints the commands by which a stub writes an outcome.
outcome() {
	printf "echo '{%s}' >>\"\$RW_OUTCOME_FILE\"" "$1"
}

# presign is called twice, and only the second time for links.
stub_presign() {
	stub presign "[ \"\$1\" != --check ] || exit 0; $1"
}

# use_shell COMMAND: the shell that executes the script again, and so the whole
# run.
use_shell() {
	printf '#!/bin/sh\nexec %s "$@"\n' "$1" >"$BATS_TEST_TMPDIR/sh/sh"
	chmod +x "$BATS_TEST_TMPDIR/sh/sh"
}

# report ARG...: runs rw-report with the shell in $sh.
report() {
	# shellcheck disable=SC2086 # "busybox sh" is two words
	run --separate-stderr ${sh:-dash} "$bin/rw-report" --input "$due_file" "$@"
}

last_run() {
	local runs=("$RW_STATE_DIR"/runs/*/)
	printf '%s' "${runs[-1]%/}"
}

called() {
	grep -q "^$1 " "$calls"
}

summary_is() {
	assert_json "$output" "$1" "$2"
}
