#!/usr/bin/env bats
# Executes each example of the README and of the manual pages as printed, in a
# copy of this machine, with the settings file, the databases, the store and the
# mail server that the examples assume. A new example is executed without any
# change to this file, and must end with status 0.
#
# bats file_tags=plain,long

load helpers
load platform_helpers
load machine_helpers

# Examples that are not executed: words that only this example has, and the
# reason. The test fails when an example of this list does not exist. Before you
# add one, try to change the example so that it can be executed.
NOT_EXECUTED=(
	'make demo     #|make check runs this test; pipeline.bats runs the demo'
	'"email":"anna@example.com","commission_pct":20,|a record: the last test reads it'
	'"minio_upload":false,|a record with omissions: rw-lines(5) documents its members'
	'apiVersion: batch/v1|a manifest: the last test but one executes its command'
)

# Lines that are left out of an example when their program is not installed.
FOREIGN=(
	'mc admin policy create |the client of MinIO, which Debian does not have'
)

setup_file() {
	[ -z "$(why_no_machine)" ] || return 0 # each test is skipped
	cd "$BATS_FILE_TMPDIR" || return 1
	need_command mandoc parallel psql
	RW_TEST_CASE=$BATS_FILE_TMPDIR own_server postgres
	new_database
	need_store
	new_bucket >/dev/null
	RW_TEST_SASL=1 need_server postfix.sasl
	chmod o+rx "${SERVER_DIR[postgres]}"
	fill
	new_machine "$BATS_FILE_TMPDIR/base"
	install_tools
	write_world
	in_machine sh -e world >world.log 2>&1 ||
		fail 'the world of the examples' "$(cat world.log)"
	"$PYTHON" "$ROOT/tests/examples.py" "$ROOT" "$BATS_FILE_TMPDIR"
	{
		echo "DATABASE=$DATABASE NEW_BUCKETS=(${NEW_BUCKETS[*]})"
		echo "SERVER_DIR[s3]=${SERVER_DIR[s3]:-}"
		export -p | grep -E '^declare -x (MONGO|MINIO|POSTGRES|SMTP|RW_CA)' |
			sed 's/^declare -x/export/'
	} >"$BATS_FILE_TMPDIR/world.env"
}

setup() {
	need_machine
	need_command mandoc parallel psql
	cd "$BATS_TEST_TMPDIR" || return 1
	# shellcheck source=/dev/null
	source "$BATS_FILE_TMPDIR/world.env"
}

teardown() {
	stop_own_servers
}

teardown_file() {
	if [ -e "$BATS_FILE_TMPDIR/world.env" ]; then
		# shellcheck source=/dev/null
		source "$BATS_FILE_TMPDIR/world.env"
		copy_ledger drop
		drop_database
		drop_buckets
	fi
	stop_own_servers
}

# The platform: nine followers with P&L on each weekday since March 2025.
fill() {
	followers "
for id in ('follower-123', 'f-1', 'f-2', 'f-3', 'f-4', 'f-5', 'f-6', 'f-7', 'f-9'):
    first(id)
db.secrets.insert_many([
    {'name': name, 'environment': 'development', 'value': os.environ[name]}
    for name in ('MINIO_SECRET_KEY', 'SMTP_PASSWORD')])"
	sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl, is_finalized)
		SELECT f, d, round((cos(extract(doy FROM d) * length(f)) * 997 + 50)::numeric, 2), true
		FROM unnest(ARRAY['follower-123', 'f-1', 'f-2', 'f-3', 'f-4', 'f-5',
			'f-6', 'f-7', 'f-9']) f,
			generate_series('2025-03-03'::date, current_date, '1 day') d
		WHERE extract(isodow FROM d) < 6;
		GRANT UPDATE ON pnl_daily TO $POSTGRES_USER"
}

# What the examples find: the settings file, the files that they read, and three
# months in which reports were sent, failed and are in doubt.
write_world() {
	local at=$MACHINE/upper
	mkdir -p "$at/etc/report-worker" "$at/root" "$at/run/secrets" "$at/usr/local/bin"
	write_settings >"$at/etc/report-worker/report-worker.env"
	sed "s/^MONGO_DB_NAME=.*/MONGO_DB_NAME=${DATABASE}_x/" \
		"$at/etc/report-worker/report-worker.env" >"$at/etc/example.env"
	echo "MONGO_DB_NAME_SECRETS=$DATABASE" | tee -a "$at/etc/example.env" \
		>>"$at/etc/report-worker/report-worker.env"
	printf %s "$MINIO_SECRET_KEY" >"$at/run/secrets/minio"
	cp "$ROOT/examples/followers.jsonl" "$at/root/"
	printf '%s\n' follower-123 f-1 >"$at/root/ids.txt"
	# Correct the figures of a month, so that there is something to revise.
	cat >"$at/usr/local/bin/correct-the-figures" <<-'END'
		#!/bin/sh
		exec psql -qc "UPDATE pnl_daily SET total_pnl = total_pnl + 1
			WHERE follower_id = 'follower-123' AND trading_date = '2025-03-03'"
	END
	# parallel -S: a host is a state directory with a host name of its own.
	cat >"$at/usr/local/bin/other-host" <<-'END'
		#!/bin/sh
		while [ $# -gt 1 ] && [ "$1" != -- ]; do
			case $1 in
			-l | -o | -p | -i | -F | -S) shift ;;
			-*) ;;
			*) break ;;
			esac
			shift
		done
		[ "$1" != -- ] || shift
		export RW_HOST="$1" RW_STATE_DIR="/var/lib/$1"
		shift
		[ "$1" != -- ] || shift
		exec sh -c "$*"
	END
	chmod +x "$at"/usr/local/bin/*
	cat >"$at/root/world" <<-'END'
		last=$(date -d "$(date +%Y-%m-01) -1 day" +%Y-%m)
		ids() {
			printf '{"follower_id":"%s"}\n' "$@"
		}
		settings() {
			rw-env /etc/report-worker/report-worker.env -- "$@"
		}
		send() {
			settings rw-report --period "$1" --select -
		}
		outcome() {
			jq -c --arg period "$1" '. + {report_period: $period}' |
				settings rw-record --claim | jq -c ". + $2" |
				settings rw-record --result >/dev/null || [ $? = 1 ]
		}
		failed='{email_sent: false, error: {tool: "rw-mail", kind: "rejected",
			message: "550 no such mailbox", retryable: true}}'
		settings rw-record --init
		ids f-1 f-7 | send 2025-03
		ids f-2 | outcome 2025-03 "$failed"
		ids f-1 follower-123 f-3 |
			RW_PRESIGN_OPTIONS='--expires 5d' send 2025-06
		ids f-2 | outcome 2025-06 "$failed"
		ids f-7 f-9 | outcome 2025-06 '{email_sent: false, state: "in_doubt"}'
		ids f-1 | send "$last"
		ids f-2 | outcome "$last" "$failed"
		settings rw-list --period 2025-06 >due.jsonl
		cp due.jsonl due
		settings rw-gen --out made <due.jsonl >gen.jsonl
		cp gen.jsonl gen
		settings rw-put <gen.jsonl >put.jsonl
		settings rw-presign <put.jsonl >ready.jsonl
		cp ready.jsonl ready
		settings rw-mail --transport maildir:box <ready.jsonl |
			jq -c 'if .follower_id == "f-2" then . + {email_sent: false,
				error: {message: "550 no such mailbox"}} else . end' >done.jsonl
		rm -r box
		id=$(settings rw-status --period 2025-06 --follower follower-123 --json |
			jq -r .message_id)
		cat >notification <<MAIL
		From: MAILER-DAEMON@mail.example
		To: reports@example.com
		Subject: Undelivered Mail
		MIME-Version: 1.0
		Content-Type: multipart/report; report-type=delivery-status; boundary="b"

		--b
		Content-Type: message/delivery-status

		Reporting-MTA: dns; mail.example

		Final-Recipient: rfc822; follower-123@example.com
		Action: failed
		Status: 5.1.1

		--b
		Content-Type: text/rfc822-headers

		Message-ID: $id

		--b--
		MAIL
		mkdir -p /var/mail
		{
			echo 'From MAILER-DAEMON Tue Jul  1 06:10:00 2025'
			cat notification
		} >/var/mail/bounces
	END
}

# copy_ledger [drop]: gives the examples a new copy of the world's database.
copy_ledger() {
	"$PYTHON" - "$MONGO_URI" "$DATABASE" "${1:-}" <<-'PY'
		import pymongo, sys
		client = pymongo.MongoClient(sys.argv[1])
		old, new = client[sys.argv[2]], client[sys.argv[2] + "_x"]
		for name in new.list_collection_names():
		    new[name].drop()
		if not sys.argv[3]:
		    for name in old.list_collection_names():
		        documents = list(old[name].find())
		        if documents and not name.startswith("system."):
		            new[name].insert_many(documents)
	PY
}

# entry_of LIST... -- FILE: prints the entry whose words the file has.
entry_of() {
	local entry file=${*: -1}
	while [ "$1" != -- ]; do
		entry=$1
		if grep -qF -e "${entry%%|*}" "$file"; then
			echo "$entry"
			return
		fi
		shift
	done
	return 1
}

# make_ready FILE: changes what an example on this machine has to change: the
# names of a store, the number of followers, a line for cron, and the day on which
# the figures change.
make_ready() {
	local entry
	for entry in "${FOREIGN[@]}"; do
		command -v "${entry%% *}" >/dev/null || sed -i "/^${entry%%|*}/d" "$1"
	done
	sed -Ei "s/--expect-min 450/--expect-min 9/
		s|http://minio:9000|$MINIO_ENDPOINT_URL|
		s|MINIO_ACCESS_KEY=worker|MINIO_ACCESS_KEY=$MINIO_ACCESS_KEY|
		s|(MINIO_BUCKET_NAME=)spreadpilot-reports|\1$MINIO_BUCKET_NAME|
		s|^([0-9*-]+ +){5}report-worker +|exec env -i PATH=/usr/bin:/bin HOME=\"\$HOME\" |" "$1"
	sed -i '/--follower.*--revise/i correct-the-figures' "$1"
}

# run_example FILE: in a copy of the world's machine.
run_example() {
	local name=${1##*/} settings='rw-env /etc/report-worker/report-worker.env --'
	copy_ledger
	new_machine "$BATS_TEST_TMPDIR/$name" "$BATS_FILE_TMPDIR/base"
	# The two places of a settings file.
	cp "$MACHINE/upper/etc/example.env" "$MACHINE/upper/etc/report-worker/report-worker.env"
	cp "$MACHINE/upper/etc/example.env" \
		"$MACHINE/upper/etc/report-worker/report-worker.env"
	cp "$1" "$MACHINE/upper/root/example"
	make_ready "$MACHINE/upper/root/example"
	# These have all of their settings.
	if grep -qE '^export RW_MAIL_TRANSPORT=|^MINIO_ENDPOINT_URL=' "$1"; then
		settings=
	fi
	# shellcheck disable=SC2086 # words
	run --separate-stderr in_machine env PARALLEL_SSH=other-host \
		PGHOST="$POSTGRES_HOST" PGPORT="$POSTGRES_PORT" PGUSER="$POSTGRES_USER" \
		PGPASSWORD="$POSTGRES_PASSWORD" PGDATABASE="$POSTGRES_DB" \
		$settings bash -e -o pipefail example
	rm -rf "$MACHINE"
	[ "$status" = 0 ] || fail "$name ends with status $status:" "$(cat "$1")"
}

# run_pages PATTERN...: runs the examples of these pages, all of them before it
# fails. RW_TEST_EXAMPLE=PATTERN restricts them, such as rw-report.1.2.
run_pages() {
	local file pattern failures=0 count=0
	for pattern in "$@"; do
		# shellcheck disable=SC2231 # a pattern
		for file in "$BATS_FILE_TMPDIR"/$pattern.[0-9] "$BATS_FILE_TMPDIR"/$pattern.[0-9][0-9]; do
			# shellcheck disable=SC2053 # a pattern
			if [ ! -e "$file" ] || [[ ${file##*/} != ${RW_TEST_EXAMPLE:-*} ]] ||
				entry_of "${NOT_EXECUTED[@]}" -- "$file" >/dev/null; then
				continue
			fi
			count=$((count + 1))
			(run_example "$file") || failures=$((failures + 1))
		done
	done
	[ "$failures" = 0 ] || fail "$failures of $count examples fail"
	[ "$count" -gt 0 ]
}

@test "the examples of the README" {
	run_pages README.md
}

@test "the examples of rw-report(1)" {
	run_pages rw-report.1
}

@test "the examples of rw-bounce(1) to rw-gen(1)" {
	run_pages 'rw-[a-h]*.1'
}

@test "the examples of rw-journal(5) to rw-outcome(1)" {
	run_pages 'rw-[i-o]*.[15]'
}

@test "the examples of rw-presign(1) to rw-relay(1), and the overview" {
	run_pages 'rw-p*.1' 'rw-re[a-o]*.1' 'report-worker.7'
}

@test "the examples of rw-run(1) to rw-verify(1)" {
	run_pages 'rw-r[f-z]*.1' 'rw-[s-z]*.1'
}

@test "each page is in one of these tests, and each exception exists once" {
	local file entry count
	for file in "$BATS_FILE_TMPDIR"/*.printed; do
		case ${file##*/} in
		README.md.* | rw-report.1.* | rw-[a-o]*.[15].* | rw-p*.1.* | rw-re[a-o]*.1.* | \
			report-worker.7.* | rw-r[f-z]*.1.* | rw-[s-z]*.1.*) ;;
		*) fail "no test runs $file" ;;
		esac
	done
	for entry in "${NOT_EXECUTED[@]}" "${FOREIGN[@]}"; do
		[[ $entry == ?*'|'?* ]] || fail "without a reason: $entry"
		count=$(cat "$BATS_FILE_TMPDIR"/*.printed | grep -cF -e "${entry%%|*}" || true)
		[ "$count" -ge 1 ] || fail "no example has: $entry"
	done
	assert_equal "${#NOT_EXECUTED[@]} ${#FOREIGN[@]}" '4 1' 'the lists have grown'
}
