# The pipeline end to end, with the real tools: by hand, by rw-report, with a
# store, without one, and with every kind of failing store. In each case every
# follower gets exactly one mail: links if both files are stored, otherwise the
# files.
#
# bats file_tags=long

load helpers

setup() {
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_MAIL_TRANSPORT=maildir:$BATS_TEST_TMPDIR/mail
	export RW_LOG_FILE=$BATS_TEST_TMPDIR/log
	due_file=$BATS_TEST_TMPDIR/due.jsonl
	out=$BATS_TEST_TMPDIR/out
	rw-record --init
}

# followers N: makes a month of two days for f-1 to f-N.
followers() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf '{"follower_id":"f-%d","report_period":"2025-06",%s,%s}\n' \
			"$i" "\"email\":\"f-$i@example.com\",\"commission_pct\":20" \
			'"daily_pnl":{"2025-06-02":"125.50","2025-06-03":"-40.25"}'
	done >"$due_file"
}

# Writes each mail as a line of $mails; each message must be without defects.
read_mails() {
	mails=$BATS_TEST_TMPDIR/mails.jsonl
	"$PYTHON" "$ROOT/tests/read_mail.py" "$BATS_TEST_TMPDIR/mail/new" \
		>"$mails"
	assert_equal "$(jq -c 'select(.defects != [])' "$mails")" ''
}

# mailed_once N: expects one mail each for f-1 to f-N, and no other mail.
mailed_once() {
	read_mails
	assert_equal "$(jq -r .to "$mails" | sort)" \
		"$(seq -f 'f-%g@example.com' "$1" | sort)"
	assert_equal "$(jq -s 'all(.links != [] and .attachments == {} or
		.links == [] and (.attachments | length) == 2)' "$mails")" true
}

with_links() {
	jq -s '[.[] | select(.links != [])] | length' "$mails"
}

report() {
	run --separate-stderr rw-report --input "$due_file" --out "$out" "$@"
}

# Sets one rule, so that rw-put does not warn about missing rules.
set_lifecycle() {
	"$PYTHON" - <<-'PY'
		import os, boto3
		boto3.client("s3", endpoint_url=os.environ["MINIO_ENDPOINT_URL"],
		    aws_access_key_id=os.environ["MINIO_ACCESS_KEY"],
		    aws_secret_access_key=os.environ["MINIO_SECRET_KEY"],
		    region_name="us-east-1").put_bucket_lifecycle_configuration(
		    Bucket=os.environ["MINIO_BUCKET_NAME"],
		    LifecycleConfiguration={"Rules": [{"ID": "t", "Status": "Enabled",
		        "Filter": {"Prefix": "reports/"}, "Expiration": {"Days": 180}}]})
	PY
}

need_store() {
	need_server "${RW_TEST_STORE:-radosgw}"
	new_bucket >/dev/null
	set_lifecycle
}

# ---- by hand --------------------------------------------------------------

@test "by hand: links that give back the same bytes" {
	need_store
	followers 5
	rw-gen --out "$out" <"$due_file" | rw-put | rw-presign |
		tee "$BATS_TEST_TMPDIR/lines" | rw-mail >"$BATS_TEST_TMPDIR/sent"
	assert_lines 5 "$BATS_TEST_TMPDIR/sent"
	mailed_once 5
	assert_equal "$(with_links)" 5
	local pdf excel path url
	while read -r pdf excel; do
		for path in "$pdf" "$excel"; do
			read -r url
			curl -fsS "$url" | cmp - "$path"
		done < <(jq -r --arg p "$pdf" 'select(.pdf_path == $p) |
			.pdf_url, .excel_url' "$BATS_TEST_TMPDIR/lines")
	done < <(jq -r '.pdf_path + " " + .excel_path' "$BATS_TEST_TMPDIR/lines")
	# The mail has exactly these links.
	assert_equal "$(jq -r '.links[]' "$mails" | sort)" \
		"$(jq -r '.pdf_url, .excel_url' "$BATS_TEST_TMPDIR/lines" | sort)"
	assert_file_has "$RW_LOG_FILE" 'Successfully uploaded '
	assert_file_has "$RW_LOG_FILE" 'Generated pre-signed URL for reports/2025-06/f-1/report_2025-06.pdf'
	assert_file_lacks "$RW_LOG_FILE" 'Signature='
}

@test "by hand: no store is configured, the files are attached" {
	followers 3
	run bash -c 'set -o pipefail; rw-gen --out "$1" <"$2" | rw-put |
		rw-presign | rw-mail' - "$out" "$due_file"
	assert_status 0
	mailed_once 3
	assert_equal "$(with_links)" 0
	assert_equal "$(jq -r '.attachments[]' "$mails" | sort -u)" \
		"$(sha256sum "$out"/*/*/report* | cut -d ' ' -f 1 | sort -u)"
	assert_file_has "$RW_LOG_FILE" \
		'Using email attachments (MinIO not available)'
}

@test "by hand: a store refuses one object, and its report is attached" {
	own_server http-script '{"rules": [
		{"match": "PUT .*/f-2/report_2025-06.xlsx", "status": 403}]}'
	followers 3
	rw-gen --out "$out" <"$due_file" | { rw-put || true; } | rw-presign |
		rw-mail >"$BATS_TEST_TMPDIR/sent"
	mailed_once 3
	assert_equal "$(jq -r 'select(.links == []).to' "$mails")" f-2@example.com
	# The line tells the later tools.
	assert_equal "$(jq -c 'select(.error) | [.follower_id, .error.tool,
		.delivery, .email_sent]' "$BATS_TEST_TMPDIR/sent")" \
		'["f-2","rw-put","attachments",true]'
}

@test "by hand: examples/pipeline.sh runs" {
	run "$ROOT/examples/pipeline.sh" "$ROOT/examples/followers.jsonl" \
		"$BATS_TEST_TMPDIR/hand made"
	assert_status 0
	assert_lines 14 "$BATS_TEST_TMPDIR/hand made/4-mail.jsonl"
}

# ---- by rw-report ---------------------------------------------------------

# all_mailed N STORED: expects status 0, one mail each, and links in STORED
# mails.
all_mailed() {
	assert_status 0
	mailed_once "$1"
	assert_equal "$(with_links)" "$2"
	assert_equal "$(rw-status --all --json | jq -s 'map(select(.email_sent)) |
		length')" "$1"
	if [ "$2" != "$1" ]; then
		assert_file_has "$RW_LOG_FILE" \
			'Using email attachments (MinIO not available)'
	fi
	# A second run mails nobody.
	rm -r "$BATS_TEST_TMPDIR/mail/new"/*
	report
	assert_status 0
	assert_stderr ''
	assert_equal "$(ls "$BATS_TEST_TMPDIR/mail/new")" ''
}

@test "rw-report: a store that works" {
	need_store
	followers 20
	report
	assert_stderr ''
	all_mailed 20 20
}

@test "rw-report: no store" {
	followers 20
	report
	assert_stderr ''
	all_mailed 20 0
}

@test "rw-report: a store that refuses connections" {
	followers 20
	export MINIO_ENDPOINT_URL=http://127.0.0.1:9 MINIO_ACCESS_KEY=a \
		MINIO_SECRET_KEY=b MINIO_BUCKET_NAME=reports MINIO_SECURE=false
	report
	assert_lines 1 <(echo "$stderr")
	assert_stderr_has 'rw-report: warning: 2025-06: rw-put ended with status 69: '
	all_mailed 20 0
}

@test "rw-report: credentials that are wrong" {
	need_store
	followers 20
	MINIO_SECRET_KEY=wrong report
	assert_lines 1 <(echo "$stderr")
	assert_stderr_has 'rw-put ended with status'
	all_mailed 20 0
}

@test "rw-report: a partial configuration" {
	followers 5
	MINIO_ENDPOINT_URL=http://127.0.0.1:9 report
	assert_lines 1 <(echo "$stderr")
	assert_stderr_has 'ended with status 78'
	all_mailed 5 0
}

@test "rw-report: a store that dies halfway through 200 reports" {
	own_server radosgw
	set_lifecycle
	followers 200
	(
		while [ "$(grep -c uploaded "$RW_LOG_FILE" 2>/dev/null)" -lt 150 ]; do
			sleep 0.02
		done
		server radosgw kill
	) 3>&- &
	# Without this setting the links are found dead, and all mails have
	# attachments.
	RW_VERIFY=off report
	wait $!
	assert_lines 1 <(echo "$stderr")
	assert_status 0
	mailed_once 200
	[ "$(with_links)" -gt 50 ] && [ "$(with_links)" -lt 200 ] ||
		fail "$(with_links) with links"
}

@test "rw-report: one object is refused" {
	own_server http-script '{"rules": [
		{"match": "PUT .*/f-7/report_2025-06.pdf", "status": 403}]}'
	followers 20
	report
	assert_stderr_has 'rw-put ended with status 1: the store answers 403 to PUT reports/2025-06/f-7/'
	assert_stderr_has 'Using email attachments (MinIO not available) for 1 of 20 reports'
	all_mailed 20 19
}

@test "rw-report: rw-put is killed in the middle" {
	need_store
	followers 50
	RW_FAULT=rw-put:both-uploaded:20 report
	assert_lines 1 <(echo "$stderr")
	assert_stderr_has 'rw-put was killed by signal 9'
	assert_status 0
	mailed_once 50
	[ "$(with_links)" -lt 50 ]
}

@test "rw-report: rw-put is missing" {
	local bin="$BATS_TEST_TMPDIR/bin"
	mkdir "$bin"
	cp "$ROOT/scripts/rw-report" "$BUILD"/rw-* "$bin"
	rm "$bin/rw-put"
	followers 5
	run --separate-stderr "$bin/rw-report" --input "$due_file" --out "$out"
	assert_lines 1 <(echo "$stderr")
	assert_stderr_has 'rw-put is missing or cannot be run'
	all_mailed 5 0
}

@test "rw-report: links that no scheme can hold, nothing is uploaded" {
	followers 5
	export MINIO_ENDPOINT_URL=https://s3.amazonaws.com MINIO_ACCESS_KEY=a \
		MINIO_SECRET_KEY=b MINIO_BUCKET_NAME=reports
	report
	assert_lines 1 <(echo "$stderr")
	assert_stderr_has 'rw-presign --check ended with status 78'
	all_mailed 5 0
}

@test "rw-report on a terminal: the progress of each tool, a table, the counts" {
	need_terminal
	followers 4
	echo '{"follower_id":"f-5","report_period":"2025-06","commission_pct":1,"daily_pnl":{}}' \
		>>"$due_file"
	RW_MAIL_OPTIONS='--rate 4/s' run on_terminal rw-report \
		--input "$due_file"
	assert_status 1
	[[ $output =~ rw-mail:\ [1-4]\ of\ 5,\ [01]\ failed,\ [0-9]+/s,\ [0-9]+\ s\ left ]] ||
		fail 'no progress'
	assert_output_has $'\r\e[Krw-report: error: 2025-06: '
	assert_output_has '5 due, 4 sent, 4 attachments, 1 failed, '
	refute grep -q left "$RW_STATE_DIR"/runs/*/mail.err
}

# ---- sent again, corrected, selected ---------------------------------------

@test "--again sends the same report again, --revise a corrected one" {
	need_store
	followers 3
	report
	mailed_once 3
	local first
	first=$(jq -r '.links[0]' "$mails" | head -n 1)
	rm "$BATS_TEST_TMPDIR/mail/new"/*
	report --again
	mailed_once 3
	rm "$BATS_TEST_TMPDIR/mail/new"/*
	sed -i 's/125.50/225.50/' "$due_file"
	report --revise
	assert_status 0
	mailed_once 3
	assert_equal "$(jq -r '.links[]' "$mails" | grep -c '_r2\.')" 6
	# The document of the first link has not changed.
	curl -fsS "$first" >"$BATS_TEST_TMPDIR/first"
	curl -fsS "$(jq -r '.links[0]' "$mails" | head -n 1)" \
		>"$BATS_TEST_TMPDIR/second"
	refute cmp -s "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/second"
	assert_equal "$(rw-status --all --json | jq -s 'map(.revision) | unique')" \
		"$(jq -n '[2]')"
}

# ---- lines of all kinds ----------------------------------------------------

@test "unreadable lines and failed records: the rest is mailed, 65" {
	followers 4
	{
		echo '{"follower_id":"f-9"'
		echo '{"follower_id":"../../etc","report_period":"2025-06"}'
		printf '{"follower_id":"f-8","report_period":"2025-06","email":"a@b\\r\\nBcc: x@y","commission_pct":1,"daily_pnl":{}}\n'
		echo '{"follower_id":"f-7","report_period":"2025-13"}'
	} >>"$due_file"
	report --rejects "$BATS_TEST_TMPDIR/rejects"
	assert_status 65
	mailed_once 4
	assert_equal "$(cat "$BATS_TEST_TMPDIR/rejects")" '{"follower_id":"f-9"'
	assert_stderr_has 'line 5'
	assert_stderr_has '8 due, 4 sent'
	assert_json "$(rw-status --run "$(basename "$RW_STATE_DIR"/runs/*/)" \
		--json)" .unreadable 1
	[ ! -e "$out/../etc" ] && [ ! -e "$BATS_TEST_TMPDIR/etc" ]
}

@test "unreadable lines are written to --rejects also with a selection" {
	followers 2
	echo '{"follower_id":"f-9"' >>"$due_file"
	report --follower f-1 --rejects "$BATS_TEST_TMPDIR/rejects"
	assert_status 65
	mailed_once 1
	assert_equal "$(cat "$BATS_TEST_TMPDIR/rejects")" '{"follower_id":"f-9"'
}

@test "without a ledger nobody is mailed, and the message has the remedy" {
	rm "$RW_STATE_DIR/ledger.db"
	followers 2
	report
	assert_status 78
	assert_stderr_has 'rw-record --init'
	[ ! -e "$BATS_TEST_TMPDIR/mail/new" ]
}

@test "--period: lines of other months are not processed" {
	followers 3
	sed s/2025-06/2025-07/g "$due_file" >"$due_file.2"
	cat "$due_file.2" >>"$due_file"
	report
	assert_status 0
	local which june
	june=$(rw-status --period 2025-06 --json)
	for which in --quiet '--follower f-2'; do
		# shellcheck disable=SC2086
		report --period 2025-07 --again $which
		assert_status 1
		assert_equal "$(rw-status --period 2025-06 --json)" "$june"
	done
	assert_stderr_has 'f-2 2025-06: report_period is "2025-06", and --period asks for 2025-07'
	assert_stderr_lacks f-1
	# Six, then July's three, then one of the three; nobody for June.
	report
	assert_status 0
	read_mails
	assert_lines 10 "$mails"
}

@test "--dry-run: every upload and mail is shown, and none is done" {
	need_store
	followers 3
	report --dry-run
	assert_status 0
	for id in 1 2 3; do
		assert_stderr_has "f-$id"
	done
	assert_stderr_has 'reports/2025-06/f-3/report_2025-06.xlsx'
	assert_stderr_has 'f-3 2025-06: would send links to f-3@example.com'
	assert_stderr_lacks 'Using email attachments'
	[ ! -e "$BATS_TEST_TMPDIR/mail" ]
	assert_equal "$(rw-status --all --json)" ''
	assert_equal "$(s3_curl "$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME" |
		grep -c '<Key>' || true)" 0
	DRY_RUN_MODE=true report
	assert_status 0
	[ ! -e "$BATS_TEST_TMPDIR/mail" ]
}

@test "--check: one report of all settings and servers" {
	need_store
	run --separate-stderr rw-report --check --input -
	assert_status 0
	assert_output_has "ok    links: sigv2 for 30 days"
	RW_PRESIGN_OPTIONS='--expires 7d --scheme sigv4' \
		run --separate-stderr rw-report --check --input -
	assert_status 0
	assert_output_has "ok    links: sigv4 for 7 days"
	MINIO_SECRET_KEY=wrong run --separate-stderr rw-report --check --input -
	[ "$status" != 0 ]
	assert_stderr_has 'rw-put ended with status'
}

@test "an old ledger is updated from the files of the runs" {
	need_command sqlite3
	followers 4
	report --follower f-1
	sqlite3 "$RW_STATE_DIR/ledger.db" ".backup $BATS_TEST_TMPDIR/backup.db"
	report
	mailed_once 4
	rm "$RW_STATE_DIR"/ledger.db*
	cp "$BATS_TEST_TMPDIR/backup.db" "$RW_STATE_DIR/ledger.db"
	report
	assert_status 78
	rw-record --replay "$RW_STATE_DIR"
	report
	assert_status 0
	mailed_once 4
}

# has_log_lines FILE: expects the lines that operators search for.
has_log_lines() {
	local line
	while read -r line; do
		grep -qE "$line" "$1" || fail "not in $1: $line" "$(head "$1")"
	done <<-'LINES'
		Successfully uploaded .*/report_2025-06.*pdf to reports/2025-06/f-1/
		Failed to upload to MinIO: .*SignatureDoesNotMatch
		Generated pre-signed URL for reports/2025-06/f-1/report_2025-06
		Using email attachments \(MinIO not available\)
	LINES
}

# A run that stores its files, and a run that cannot.
stores_and_fails() {
	report "$@"
	MINIO_SECRET_KEY=wrong report --revise --force
}

@test "a background process of sendmail does not keep the run alive" {
	cat >"$BATS_TEST_TMPDIR/sendmail" <<-END
		#!/bin/sh
		cat >>$BATS_TEST_TMPDIR/got
		setsid sleep 300 >/dev/null 2>&1 &
		echo \$! >>$BATS_TEST_TMPDIR/left
	END
	chmod +x "$BATS_TEST_TMPDIR/sendmail"
	export RW_MAIL_TRANSPORT=sendmail:$BATS_TEST_TMPDIR/sendmail
	followers 3
	report
	assert_status 0
	local pid lock
	for pid in $(<"$BATS_TEST_TMPDIR/left"); do
		kill -0 "$pid"
	done
	for lock in "$RW_STATE_DIR"/lock "$RW_STATE_DIR"/runs/*.lock; do
		flock -n "$lock" true
	done
	# It does not stop the next run either.
	report --again
	assert_status 0
	xargs kill <"$BATS_TEST_TMPDIR/left"
	assert_equal "$(grep -c '^To: ' "$BATS_TEST_TMPDIR/got")" 6
}

@test "the four log lines, as text and as JSON" {
	need_store
	followers 1
	stores_and_fails --again
	has_log_lines "$RW_LOG_FILE"
	export RW_LOG_FILE=$BATS_TEST_TMPDIR/log.json RW_LOG_FORMAT=json
	stores_and_fails --revise --force
	has_log_lines "$RW_LOG_FILE"
	assert_equal "$(jq -r '.program' "$RW_LOG_FILE" | sort -u | tr '\n' ' ')" \
		'rw-gen rw-list rw-mail rw-presign rw-put rw-record rw-report rw-verify '
}

@test "the four log lines in syslog" {
	need_store
	need_command socat logger
	need_namespace --mount
	followers 1
	unset RW_LOG_FILE
	export -f stores_and_fails report
	export due_file out dev=$BATS_TEST_TMPDIR/dev RW_LOG=syslog
	mkdir "$dev"
	unshare --mount bash -c '
		run() { "${@:2}" 2>/dev/null; }
		cp -a /dev/null /dev/urandom "$dev"
		ln -s /proc/self/fd "$dev"
		mount --bind "$dev" /dev
		socat -u UNIX-RECV:/dev/log OPEN:/dev/messages,creat,append &
		until [ -S /dev/log ]; do sleep 0.1; done
		stores_and_fails --again
		sleep 0.3
		kill $!'
	has_log_lines "$dev/messages"
	grep -q 'rw-report\[.*Using email' "$dev/messages"
}

# ---- installed and tried -----------------------------------------------------

@test "make install: everything runs from there, with cron's environment" {
	make -s -C "$ROOT" BUILD="$BUILD" install DESTDIR="$BATS_TEST_TMPDIR/root" \
		PREFIX=/usr
	local root="$BATS_TEST_TMPDIR/root/usr"
	[ -x "$root/bin/rw-report" ]
	[ -f "$root/share/man/man1/rw-report.1" ]
	[ -f "$root/share/man/man7/report-worker.7" ]
	[ -f "$root/share/doc/report-worker/examples/followers.jsonl" ]
	[ -x "$root/share/doc/report-worker/examples/pipeline.sh" ]
	# The installed files name only installed programs.
	run grep -rhoE '/usr(/local)?/bin/rw-[a-z]+' "$root/share/doc"
	assert_output_has '/usr/bin/rw-report'
	assert_output_lacks '/usr/local'
	followers 2
	run env -i PATH=/usr/bin:/bin HOME="$BATS_TEST_TMPDIR" \
		RW_ENV_FILE=/dev/null \
		RW_STATE_DIR="$RW_STATE_DIR" \
		RW_MAIL_TRANSPORT="$RW_MAIL_TRANSPORT" \
		REPORT_SENDER_EMAIL="$REPORT_SENDER_EMAIL" \
		"$root/bin/rw-report" --input "$due_file"
	assert_status 0
	assert_output ''
	mailed_once 2
	# Each tool has its page.
	for tool in "$root"/bin/*; do
		[ -f "$root/share/man/man1/$(basename "$tool").1" ] ||
			fail "$(basename "$tool") has no page"
	done
}

@test "make demo's run: a table, the files, and no second mail" {
	local build="$BATS_TEST_TMPDIR/a build"
	mkdir "$build"
	cp "$BUILD"/rw-* "$build"
	run env MINIO_ENDPOINT_URL=x MONGO_URI=y "$ROOT/scripts/demo" "$build"
	assert_status 0
	assert_output_has '14 due, 14 sent'
	[[ $output =~ follower-123\ +1642.85\ EUR\ +328.57\ EUR\ +attachments ]] ||
		fail 'no such row'
	assert_equal "$(ls "$build/demo/mail/new" | wc -l)" 14
	assert_equal "$(ls "$build"/demo/reports/2025-06/*/report_2025-06.pdf \
		"$build"/demo/reports/2025-06/*/report_2025-06.xlsx | wc -l)" 28
	[ -f "$build/demo/ledger.db" ]
	run "$ROOT/scripts/demo" "$build"
	assert_status 0
	assert_output_has '14 due, 14 sent before: no mail to send'
	assert_equal "$(ls "$build/demo/mail/new" | wc -l)" 14
}

# ---- some followers, several hosts ------------------------------------------

@test "--follower, and --select with a file of IDs or with failed reports" {
	followers 6
	report --follower f-2 --follower f-5
	assert_status 0
	read_mails
	assert_equal "$(jq -r .to "$mails" | sort | tr '\n' ' ')" \
		'f-2@example.com f-5@example.com '
	printf '%s\n' f-1 f-3 | jq -cR '{follower_id: .}' >"$BATS_TEST_TMPDIR/ids"
	report --select "$BATS_TEST_TMPDIR/ids"
	assert_status 0
	# Two reports that fail first, and then succeed.
	sed -i 's/f-4@example.com/f-4/; s/f-6@example.com/f-6/' "$due_file"
	report
	assert_status 1
	assert_equal "$(rw-status --failed --json | jq -r .follower_id |
		tr '\n' ' ')" 'f-4 f-6 '
	sed -i 's/"email":"f-\([46]\)"/"email":"f-\1@example.com"/' "$due_file"
	rw-status --failed --json >"$BATS_TEST_TMPDIR/failed"
	report --select - <"$BATS_TEST_TMPDIR/failed"
	assert_status 0
	mailed_once 6
}

@test "--shard: every follower in exactly one part" {
	followers 60
	for part in 1 2 3; do
		report --shard "$part/3"
		assert_status 0
		[ "$(ls "$BATS_TEST_TMPDIR/mail/new" | wc -l)" -ge $((part * 10)) ]
	done
	mailed_once 60
}
