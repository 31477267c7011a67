#!/usr/bin/env bats
# The contract of the ledger. This file runs on SQLite; ledger-mongo.bats is
# the same file, and runs on MongoDB.

load helpers
load run_helpers

setup() {
	case $BATS_TEST_FILENAME in
	*-mongo.bats)
		new_database
		;;
	*)
		export RW_LEDGER=$BATS_TEST_TMPDIR/ledger.db
		;;
	esac
	cd "$BATS_TEST_TMPDIR" || return 1
	[[ $BATS_TEST_DESCRIPTION == *'is no ledger'* ]] || rw-record --init
}

# lines N [PERIOD] [MORE]: N followers f-1, f-2, ...; MORE is members.
lines() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf '{"follower_id":"f-%d","report_period":"%s"%s}\n' "$i" \
			"${2:-2025-06}" "${3:+,$3}"
	done
}

# What rw-mail would make of claimed lines.
mailed() {
	jq -c '. + {email_sent: true, delivery: "links",
		sent_timestamp: "2025-07-01T00:10:00Z",
		message_id: "<\(.follower_id)@x>",
		pdf_url: "https://s/p", excel_url: "https://s/x",
		minio_upload: true, pdf_key: "k.pdf", excel_key: "k.xlsx",
		pdf_sha256: "aa", excel_sha256: "bb"}'
}

refused() {
	jq -c '. + {email_sent: false, error: {tool: "rw-mail",
		kind: "refused", message: "550 no such user",
		retryable: false}}'
}

doubtful() {
	jq -c '. + {email_sent: false, state: "in_doubt", error: {
		tool: "rw-mail", kind: "in_doubt",
		message: "the connection was lost", retryable: true}}'
}

# entry ID FILTER: what rw-status knows of it.
entry() {
	rw-status --follower "$1" --json --show-urls | jq -r -c "$2"
}

assert_entry() {
	assert_equal "$(entry "$1" "$2")" "$3" "$1: $2 differs"
}

# Eight processes claim what is in the file "in", each in its own order.
claim_eightfold() {
	local i pids=()
	for i in 1 2 3 4 5 6 7 8; do
		shuf in | rw-record --claim >"out.$i" 2>"err.$i" 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
}

# ---- making one ------------------------------------------------------------

@test "where there is no ledger, all but --init end with 78 and make none" {
	local mode
	for mode in --lookup --claim --result '--resolve sent' '--claim --check'; do
		# shellcheck disable=SC2086
		run rw-record $mode <<<'{"follower_id":"a","report_period":"2025-06"}'
		assert_status 78
		assert_output_has 'rw-record --init'
	done
	run rw-status
	assert_status 78
	[ ! -e "$BATS_TEST_TMPDIR/ledger.db" ]
	rw-record --init
	run rw-record --claim <<<'{"follower_id":"a","report_period":"2025-06"}'
	assert_status 0
}

@test "--init leaves a ledger that exists as it is" {
	lines 1 | rw-record --claim >/dev/null
	run rw-record --init
	assert_status 0
	assert_output ''
	assert_entry f-1 .state claimed
}

@test "exactly one mode is asked for, and options are checked" {
	run rw-record
	assert_status 64
	run rw-record --lookup --claim
	assert_status 64
	run rw-record --lookup --again --revise
	assert_status 64
	run rw-record --resolve maybe
	assert_status 64
	run rw-record --claim --in-doubt perhaps
	assert_status 64
	RW_LEASE=soon run rw-record --claim
	assert_status 78
	run rw-record --claim --run-id ../x </dev/null
	assert_status 78
}

@test "--check says which ledger it is, and reads no input" {
	run rw-record --claim --check
	assert_status 0
	assert_output_has 'the ledger is '
}

# ---- claiming --------------------------------------------------------------

@test "a claim adds its members and leaves all others byte for byte" {
	local line='{"x":0.10,"follower_id":"f-1","n":12345678901234567890,"report_period":"2025-06","ü":"\u0041"}'
	run --separate-stderr rw-record --claim --run-id r1 <<<"$line"
	assert_status 0
	assert_stderr ''
	[[ $output == "${line%\}}"',"run_id":"r1","claim":"'* ]] ||
		fail 'the line was changed'
	assert_json "$output" '[.revision,.sequence,.state]' '[1,0,"claimed"]'
	[[ $(json .claim <<<"$output") =~ ^[0-9a-f]{32}-[0-9a-f]{8}$ ]]
	[[ $(json .lease_until <<<"$output") == 20*Z ]]
	[[ $(json .mail_date <<<"$output") == 20*Z ]]
	assert_entry f-1 '[.state,.email_sent,.minio_upload,.run_id,.attempts]' \
		'["claimed",false,false,"r1",1]'
}

@test "an outcome that a line brings along is none of the new sending" {
	run rw-record --claim <<<'{"follower_id":"f-1","report_period":"2025-06","email_sent":true,"sent_timestamp":"2025-01-01T00:00:00Z","message_id":"m","delivery":"links"}'
	assert_json "$output" '[has("email_sent"),has("sent_timestamp"),has("message_id"),has("delivery")]' \
		'[false,false,false,false]'
}

@test "eight processes at once: each of 2,000 followers passes exactly one" {
	lines 2000 >in
	claim_eightfold
	assert_equal "$(grep -hv 'claimed by a pipeline typed by hand' err.*)" ''
	jq -r .follower_id out.* | sort >ids
	assert_lines 2000 ids
	assert_equal "$(uniq -d ids)" ''
}

@test "eight processes at once over failed entries: the same" {
	lines 1000 >in
	rw-record --claim <in | refused | rw-record --result >/dev/null
	claim_eightfold
	assert_equal "$(grep -hv 'claimed by a pipeline typed by hand' err.*)" ''
	jq -r .follower_id out.* | sort >ids
	assert_lines 1000 ids
	assert_equal "$(uniq -d ids)" ''
}

@test "a follower twice in one input passes once, however far apart" {
	{
		lines 2
		lines 1
		lines 1200 | tail -n 1100
		lines 2
	} >in
	rw-record --claim --verbose <in >out 2>err
	assert_lines 1102 out
	assert_file_has err '3 of 1105 were there before in this input'
	assert_equal "$(jq -r .follower_id out | sort | uniq -d)" ''
}

# What rw-gen makes of a line that it cannot use.
broken() {
	jq -c '. + {error: {tool: "rw-gen", kind: "data", message: "no iban",
		retryable: false}}'
}

@test "a follower twice, of which one line is broken: the good one is mailed" {
	local order
	for order in 'broken cat' 'cat broken' 'broken cat broken'; do
		export RW_RUN_ID=r-${order// /-} RW_LEDGER=$order.db
		[ -z "${MONGO_URI:-}" ] || new_database
		rw-record --init
		for how in $order; do
			lines 1 | $how
		done | rw-record --claim >claimed
		assert_equal "$(jq -r 'select(.error == null) | .claim' claimed | wc -l)" 1
		jq -c 'select(.error == null)' claimed | mailed >done
		jq -c 'select(.error != null)' claimed >>done
		run --separate-stderr rw-record --result <done
		assert_status 0
		assert_stderr ''
		assert_lines "$(wc -l <done)" <(printf '%s\n' "$output")
		assert_entry f-1 '[.state,.email_sent,.last_error]' '["sent",true,null]'
		assert_equal "$(rw-status --run "$RW_RUN_ID" --json |
			json '.sent + .duplicate')" "$(wc -w <<<"$order")" "$order"
	done
}

@test "a follower twice, the broken line recorded before the good one comes" {
	mkfifo pipe
	export RW_RUN_ID=r1
	rw-record --claim <pipe >claimed 2>err 3>&- &
	local claim=$!
	exec 7>pipe
	lines 1 | broken >&7
	wait_for 5 test -s claimed
	rw-record --result <claimed >/dev/null
	assert_entry f-1 .state failed
	lines 1 >&7
	exec 7>&-
	wait "$claim"
	sed -n 2p claimed | mailed | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.last_error]' '["sent",null]'
	assert_equal "$(rw-status --run r1 --json | json '[.sent,.failed,.duplicate]')" \
		'[1,0,1]'
}

@test "a broken line before a good one: --again and --revise count on from the same" {
	local how
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	for how in --again --revise; do
		lines 1 | rw-record --lookup $how >looked
		{ broken <looked; cat looked; } | rw-record --claim $how >claimed
		assert_lines 2 claimed
		assert_equal "$(sed -n 2p claimed | json '[.revision,.sequence]')" \
			"$(sed -n 1p claimed | json '[.revision,.sequence]')"
		{ sed -n 2p claimed | mailed; sed -n 1p claimed; } |
			rw-record --result >/dev/null
		assert_entry f-1 '[.state,.email_sent]' '["sent",true]'
	done
	assert_entry f-1 '[.revision,.sequence]' '[2,0]'
}

@test "what a live run has claimed goes no further" {
	start_run r1
	lines 3 | rw-record --claim >/dev/null
	RW_RUN_ID=r2 RW_LEASE=1 run rw-record --claim --verbose < <(lines 3)
	assert_status 0
	assert_output_has '3 of 3 are claimed by a run that is still at work'
	assert_output_lacks follower_id
}

@test "a live run keeps its claims when their lease is over" {
	start_run r1
	lines 1 | RW_LEASE=1 rw-record --claim >/dev/null
	sleep 2.1
	RW_RUN_ID=r2 run rw-record --claim < <(lines 1)
	assert_output ''
}

@test "the claims of a dead run are taken over at once" {
	start_run r1
	lines 3 | rw-record --claim >first
	kill_run
	run --separate-stderr rw-record --claim --run-id r2 < <(lines 3)
	assert_status 0
	assert_stderr ''
	assert_equal "$(json .run_id <<<"$output" | sort -u)" r2
	assert_entry f-1 '[.attempts,.state]' '[2,"claimed"]'
	assert_equal "$(jq -r .mail_date first | head -n 1)" \
		"$(head -n 1 <<<"$output" | json .mail_date)"
}

@test "a run whose lock file is gone is dead" {
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	kill_run
	rm "$RW_STATE_DIR/runs/r1.lock"
	run rw-record --claim < <(lines 1)
	assert_output_has follower_id
}

@test "an orphaned stage counts as living" {
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	# flock(1) is the script, the sleep a stage that outlives it.
	local stage
	stage=$(pgrep -P "$holder")
	kill -9 "$holder"
	wait "$holder" 2>/dev/null || true
	RW_RUN_ID=r2 run rw-record --claim < <(lines 1)
	assert_output ''
	kill -9 "$stage"
	wait_for 5 eval '! is_locked "$RW_STATE_DIR/runs/r1.lock"'
	RW_RUN_ID=r2 run rw-record --claim < <(lines 1)
	assert_output_has follower_id
	holder=
}

@test "a claim typed by hand ends with its lease, and is not in doubt" {
	lines 1 | RW_LEASE=2 rw-record --claim >/dev/null
	run rw-record --quiet --claim < <(lines 1)
	assert_output ''
	sleep 2.1
	run --separate-stderr rw-record --claim < <(lines 1)
	assert_output_has follower_id
	assert_stderr ''
}

@test "a claim typed by hand: others say so, and the operator frees it" {
	lines 1 | rw-record --claim >claimed
	run --separate-stderr rw-record --claim --run-id r2 < <(lines 1)
	assert_output ''
	assert_stderr_has '1 of 1 are claimed by a pipeline typed by hand'
	assert_equal "$(rw-status --run r2 --json | json .claimed_elsewhere)" 1
	# It certainly was not sent: rw-mail had not begun.
	run --separate-stderr rw-record --resolve sent <claimed
	assert_status 1
	assert_stderr_has 'it is claimed, not in doubt'
	rw-record --resolve retry <claimed >out
	assert_json "$(cat out)" .state failed
	run rw-record --claim < <(lines 1)
	assert_output_has follower_id
	# Whoever had it may not write.
	run rw-record --result < <(mailed <claimed)
	assert_status 1
}

@test "a claim of a live run is not freed" {
	start_run r1
	lines 1 | rw-record --claim >claimed
	run --separate-stderr rw-record --resolve retry <claimed
	assert_status 1
	assert_stderr_has 'it is claimed, not in doubt'
}

@test "what rw-mail is sending is nobody else's, whatever its lease says" {
	lines 2 | RW_LEASE=1 rw-record --claim >claimed
	sed -n 1p claimed | begun | journal hand
	hold "$RW_STATE_DIR/journal/hand.1.20250701.jsonl"
	sleep 1.1
	run rw-record --claim --run-id r2 < <(lines 2)
	assert_equal "$(json .follower_id <<<"$output")" f-2
	assert_equal "$(rw-status --run r2 --json | json .claimed_elsewhere)" 1
	run --separate-stderr rw-record --resolve retry < <(sed -n 1p claimed)
	assert_status 1
	assert_stderr_has 'it is claimed, not in doubt'
	run rw-record --result < <(sed -n 1p claimed | mailed)
	assert_status 0
	assert_entry f-1 .state sent
}

@test "another host's claim ends with its lease, and is in doubt" {
	start_run r1
	lines 1 | RW_HOST=elsewhere RW_LEASE=2 rw-record --claim >first
	kill_run
	run rw-record --claim < <(lines 1)
	assert_output ''
	sleep 2.1
	run --separate-stderr rw-record --claim --in-doubt hold --run-id r2 \
		< <(lines 1)
	assert_output ''
	assert_stderr_has '1 of 1 are in doubt and were held back'
	run --separate-stderr rw-record --claim --run-id r3 < <(lines 1)
	assert_output_has follower_id
	assert_stderr_has 'the same message may go out a second time'
	# The same message: its id and date derive from these.
	assert_equal "$(json '[.revision,.sequence,.mail_date]' <<<"$output")" \
		"$(json '[.revision,.sequence,.mail_date]' first)"
	assert_equal "$(rw-status --run r2 --json | json .held)" 1
	assert_equal "$(rw-status --run r3 --json | json .resent)" 1
}

@test "the same host with another state directory is another host" {
	start_run r1
	lines 1 | RW_LEASE=60 rw-record --claim >/dev/null
	kill_run
	RW_STATE_DIR=$BATS_TEST_TMPDIR/other run rw-record --claim < <(lines 1)
	assert_output ''
}

@test "a run that rw-mail could not name claims nothing" {
	RW_RUN_ID=a:b run --separate-stderr rw-record --claim < <(lines 1)
	assert_status 78
	assert_output ''
	run -78 rw-record --claim --run-id ../a < <(lines 1)
	assert_entry f-1 .state ''
}

@test "a host of the same name and paths is another host" {
	start_run r1
	lines 1 | RW_LEASE=60 rw-record --claim >/dev/null
	# As a copy of this container sees it.
	mv "$RW_STATE_DIR" elsewhere
	run rw-record --claim --run-id r2 < <(lines 1)
	assert_output ''
	mv "$RW_STATE_DIR" another
	mv elsewhere "$RW_STATE_DIR"
	kill_run
	run rw-record --claim --run-id r3 < <(lines 1)
	assert_output_has follower_id
}

@test "processes that begin together agree on the state directory's id" {
	local i pids=()
	rm -rf "$RW_STATE_DIR"
	for i in 1 2 3 4 5 6 7 8; do
		lines 1 "2025-0$i" | rw-record --claim 3>&- >/dev/null &
		pids+=($!)
	done
	wait "${pids[@]}"
	assert_equal "$(rw-status --json | jq -r .state_dir | sort -u | wc -l)" 1
	assert_equal "$(find "$RW_STATE_DIR" -maxdepth 1 -type f | wc -l)" 1
}

# ---- outcomes --------------------------------------------------------------

@test "sent: the entry has what the follower got, and is not sent again" {
	lines 1 | rw-record --claim --run-id r1 >claimed
	assert_entry f-1 .email_sent false
	run --separate-stderr rw-record --result < <(mailed <claimed)
	assert_status 0
	assert_stderr ''
	assert_json "$output" '[.state,.email_sent]' '["sent",true]'
	assert_entry f-1 '[.state,.email_sent,.sent_timestamp,.pdf_url,.excel_url,.minio_upload]' \
		'["sent",true,"2025-07-01T00:10:00Z","https://s/p","https://s/x",true]'
	assert_entry f-1 '[.delivery,.message_id,.pdf_key,.pdf_sha256]' \
		'["links","<f-1@x>","k.pdf","aa"]'
	run --separate-stderr rw-record --lookup < <(lines 1)
	assert_status 0
	assert_output ''
	assert_stderr ''
	run rw-record --claim --verbose < <(lines 1)
	assert_output_has '1 of 1 were sent already (2025-06); --again sends them once more'
	assert_output_lacks follower_id
}

@test "what the line holds at the claim is kept, and the outcome need not bring it" {
	lines 1 2025-06 '"minio_upload":true,"pdf_key":"k","pdf_sha256":"aa","total_pnl":"1.50"' |
		rw-record --claim >claimed
	assert_entry f-1 '[.pdf_key,.pdf_sha256,.total_pnl,.email_sent]' '["k","aa","1.50",false]'
	# A run that dies now leaves the next one what it has uploaded.
	assert_json "$(lines 1 | rw-record --lookup)" .stored_pdf_sha256 aa
	jq -c '. + {email_sent: true, delivery: "links"}' claimed |
		rw-record --result >/dev/null
	assert_entry f-1 '[.pdf_key,.total_pnl,.state]' '["k","1.50","sent"]'
}

@test "the same outcome twice is recorded once" {
	lines 1 | rw-record --claim | mailed >done
	rw-record --result <done >/dev/null
	run --separate-stderr rw-record --result < <(cat done done)
	assert_status 0
	assert_stderr ''
	assert_lines 2 <(printf '%s\n' "$output")
	assert_entry f-1 .state sent
}

@test "failed: the next run takes it again, the reason is kept" {
	lines 1 | rw-record --claim >first
	refused <first | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.email_sent,.last_error,.attempts]' \
		'["failed",false,"rw-mail: 550 no such user",1]'
	lines 1 | rw-record --lookup | rw-record --claim >second
	assert_lines 1 second
	assert_equal "$(json .mail_date second)" "$(json .mail_date first)"
	mailed <second | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.last_error,.attempts]' '["sent",null,2]'
}

@test "the error of a tool before the mail is recorded as the reason" {
	local line='{"follower_id":"f-1","report_period":"2025-06","error":{"tool":"rw-gen","kind":"data","message":"no iban","retryable":false}}'
	rw-record --claim <<<"$line" >claimed
	assert_lines 1 claimed
	rw-record --result <claimed >out
	assert_entry f-1 '[.state,.last_error]' '["failed","rw-gen: no iban"]'
	assert_json "$(cat out)" .error.message 'no iban'
}

@test "an error of the store does not make a mail that was sent a failure" {
	lines 1 2025-06 '"error":{"tool":"rw-put","kind":"unreachable","message":"away","retryable":true}' |
		rw-record --claim | mailed | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.email_sent]' '["sent",true]'
}

@test "what --claim refused is recorded with its reason" {
	rw-record --claim <<<'{"follower_id":"f-1","report_period":"2025-06","revision":2}' >claimed || true
	assert_json "$(cat claimed)" .error.tool rw-record
	run rw-record --result <claimed
	assert_entry f-1 .state failed
	assert_entry f-1 .last_error "rw-record: $(json .error.message claimed)"
}

@test "that a mail is out is recorded, also after a failure under its claim" {
	lines 1 | rw-record --claim >claimed
	refused <claimed | rw-record --result >/dev/null
	mailed <claimed | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.email_sent,.last_error]' '["sent",true,null]'
	refused <claimed | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.email_sent]' '["sent",true]'
}

@test "whoever lost a claim cannot write" {
	start_run r1
	lines 1 | rw-record --claim >lost
	kill_run
	lines 1 | rw-record --claim --run-id r2 >ours
	run --separate-stderr rw-record --result < <(mailed <lost)
	assert_status 1
	assert_stderr_has 'the claim was lost: the entry is claimed now, by run r2'
	assert_json "$output" .error.tool rw-record
	assert_entry f-1 '[.state,.email_sent]' '["claimed",false]'
	mailed <ours | rw-record --result >/dev/null
	run rw-record --result < <(refused <lost)
	assert_status 1
	assert_entry f-1 '[.state,.email_sent]' '["sent",true]'
}

@test "a failure does not overwrite a success" {
	lines 1 | rw-record --claim | mailed >done
	rw-record --result <done >/dev/null
	run --separate-stderr rw-record --result < <(lines 1 | refused)
	assert_status 1
	assert_stderr_has 'a failure does not overwrite that'
	refused <done | rw-record --result >/dev/null || true
	assert_entry f-1 '[.state,.email_sent,.pdf_url]' '["sent",true,"https://s/p"]'
}

@test "a line mailed without a claim makes an entry of its own" {
	lines 1 | mailed | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.email_sent,.revision,.pdf_url]' \
		'["sent",true,1,"https://s/p"]'
	lines 2 | refused | tail -n 1 | rw-record --result >/dev/null
	assert_entry f-2 '[.state,.last_error]' \
		'["failed","rw-mail: 550 no such user"]'
	run rw-record --lookup < <(lines 2)
	assert_json "$output" .follower_id f-2
}

@test "a line mailed without a claim does not touch what a run has claimed" {
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	RW_RUN_ID='' run rw-record --result < <(lines 1 | mailed)
	assert_status 1
	assert_output_has 'run r1 has claimed it'
	assert_entry f-1 .state claimed
}

@test "--result reads on when its output is gone" {
	lines 1500 | rw-record --claim | mailed >done
	set +o pipefail
	rw-record --result <done 2>err | head -n 1 >/dev/null
	assert_equal "$(rw-status --json | jq -r .state | sort | uniq -c | tr -s ' ')" \
		' 1500 sent'
}

# ---- once more, and corrected ----------------------------------------------

@test "--again sends a sent report once more, with a date of its own" {
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	sleep 1.1
	lines 1 | rw-record --lookup --again >looked
	assert_json "$(cat looked)" '[.pdf_key,.stored_pdf_sha256,.stored_excel_sha256]' \
		'["k.pdf","aa","bb"]'
	rw-record --claim --again --run-id r2 <looked >again
	assert_json "$(cat again)" '[.revision,.sequence]' '[1,1]'
	# Meanwhile it stays sent for the Python system's readers.
	assert_entry f-1 '[.state,.email_sent,.pdf_url]' '["claimed",true,"https://s/p"]'
	mailed <again | jq -c '.pdf_url = "https://s/new"' |
		rw-record --result >/dev/null
	assert_entry f-1 '[.state,.sequence,.pdf_url]' '["sent",1,"https://s/new"]'
	[ "$(json .mail_date again)" != "$(rw-status --json | json .created_at)" ]
}

@test "--again that fails keeps the success and is tried by the next run" {
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	lines 1 | rw-record --claim --again | refused | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.email_sent,.sent_timestamp,.pdf_url]' \
		'["failed",true,"2025-07-01T00:10:00Z","https://s/p"]'
	lines 1 | rw-record --lookup | rw-record --claim >next
	assert_json "$(cat next)" '[.revision,.sequence]' '[1,1]'
}

@test "attachments sent again leave no link of before behind" {
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	lines 1 | rw-record --claim --again |
		jq -c '. + {email_sent: true, delivery: "attachments", minio_upload: false}' |
		rw-record --result >/dev/null
	assert_entry f-1 '[.state,.pdf_url,.excel_url,.delivery,.minio_upload]' \
		'["sent",null,null,"attachments",false]'
}

@test "--revise sends the next revision and keeps the one before" {
	lines 1 | rw-record --claim --run-id r1 | mailed | rw-record --result >/dev/null
	lines 1 | rw-record --lookup --revise >looked
	assert_json "$(cat looked)" '[.revision,has("pdf_key"),has("stored_pdf_sha256")]' \
		'[2,false,false]'
	rw-record --claim --revise --run-id r2 <looked >claimed
	assert_json "$(cat claimed)" '[.revision,.sequence]' '[2,0]'
	mailed <claimed | jq -c '.pdf_key = "k_r2.pdf" | .pdf_url = "https://s/r2"' |
		rw-record --result >/dev/null
	assert_entry f-1 '[.state,.revision,.pdf_key,.pdf_url]' \
		'["sent",2,"k_r2.pdf","https://s/r2"]'
	# Both runs have sent it.
	assert_equal "$(rw-status --run r1 --json | json .sent)" 1
	assert_equal "$(rw-status --run r2 --json | json .sent)" 1
}

@test "a revision that failed is tried again as the same revision" {
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	lines 1 | rw-record --lookup --revise | rw-record --claim --revise | refused |
		rw-record --result >/dev/null
	assert_entry f-1 '[.state,.email_sent,.revision,.pdf_key]' \
		'["failed",true,2,null]'
	assert_json "$(lines 1 | rw-record --lookup)" '[.revision,has("pdf_key")]' \
		'[2,false]'
	assert_json "$(lines 1 | rw-record --lookup --revise)" .revision 2
	lines 1 | rw-record --lookup | rw-record --claim >next
	assert_json "$(cat next)" '[.revision,.sequence]' '[2,0]'
}

@test "a report made for another revision than is due is refused" {
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	run --separate-stderr rw-record --claim --revise < <(lines 1)
	assert_status 1
	assert_stderr_has 'the line is for revision 1, and revision 2 is due'
	assert_json "$output" '[.error.kind,has("claim")]' '["data",false]'
	assert_entry f-1 .state sent
}

# ---- rehearsals --------------------------------------------------------------

# What rw-mail --to and rw-mail --dry-run pass on.
rehearsed() {
	jq -c '. + {email_sent: false, state: "rehearsed", delivery: "links",
		message_id: "<\(.follower_id)@x>"}'
}

# rehearse [--again|--revise]
rehearse() {
	lines 1 | rw-record --lookup "$@" | rw-record --claim --run-id rehearsal "$@" |
		rehearsed | rw-record --result --run-id rehearsal
}

@test "a rehearsal of what is new leaves no entry" {
	assert_json "$(rehearse)" .state rehearsed
	assert_equal "$(rw-status --json)" ''
	assert_equal "$(rw-status --run rehearsal --json |
		json '[.rehearsed,.sent,.failed,.unfinished]')" '[1,0,0,0]'
	# Not even the errors of a rehearsal.
	lines 1 | broken | rw-record --claim | rehearsed | rw-record --result >/dev/null
	# A line without a claim neither.
	lines 1 | rehearsed | rw-record --result >/dev/null
	assert_equal "$(rw-status --json)" ''
	lines 1 | rw-record --lookup | rw-record --claim >claimed
	assert_lines 1 claimed
}

@test "a rehearsal of what was sent: the entry is as it was, byte for byte" {
	local how
	lines 1 2025-06 '"minio_upload":true,"total_pnl":"1.50","high_water_mark_after":"9"' |
		rw-record --claim --run-id r1 | mailed | rw-record --result >/dev/null
	for how in --again --revise --again; do
		rw-status --json --show-urls >before
		sleep 1
		rehearse $how >/dev/null
		rw-status --json --show-urls | cmp before - || fail "$how"
		assert_equal "$(rw-status --run r1 --json | json .sent)" 1
		run rw-record --claim < <(lines 1)
		assert_output ''
	done
	# The next one counts on from what was sent.
	lines 1 | rw-record --claim --again >claimed
	assert_json "$(cat claimed)" '[.revision,.sequence]' '[1,1]'
	mailed <claimed | rw-record --result >/dev/null
	assert_equal "$(rw-status --run r1 --json | json .sent)" 1
}

@test "a rehearsal of what failed: it is still to be sent, as the same" {
	local how
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	lines 1 | rw-record --claim --again | refused | rw-record --result >/dev/null
	for how in '' --revise; do
		rehearse $how >/dev/null
		assert_entry f-1 '[.state,.revision,.sequence,.email_sent,.attempts,.pdf_url]' \
			'["failed",1,1,true,1,"https://s/p"]'
	done
	assert_entry f-1 .last_error 'rw-record: was not sent before a rehearsal, and still is to be'
	assert_json "$(lines 1 | rw-record --claim)" '[.revision,.sequence]' '[1,1]'
}

@test "a rehearsal of what is in doubt: it still is" {
	local how
	lines 1 | rw-record --claim | doubtful | rw-record --result >/dev/null
	for how in '' --revise ''; do
		rehearse $how >/dev/null 2>&1
		assert_entry f-1 '[.state,.revision,.sequence,.email_sent]' \
			'["in_doubt",1,0,false]'
	done
	assert_entry f-1 .message_id '<f-1@x>'
	run rw-record --claim --in-doubt hold < <(lines 1)
	assert_output_lacks follower_id
}

@test "a rehearsal that was killed: the next gives back what was before both" {
	lines 1 | rw-record --claim --run-id r1 | mailed | rw-record --result >/dev/null
	rw-status --json --show-urls >before
	start_run r2
	lines 1 | rw-record --claim --again >/dev/null
	kill_run
	rehearse --again >/dev/null
	rw-status --json --show-urls | cmp before -
}

@test "a rehearsal whose claim was lost gives nothing back" {
	start_run r1
	lines 1 | rw-record --claim >lost
	kill_run
	lines 1 | rw-record --claim --run-id r2 | mailed | rw-record --result >/dev/null
	run --separate-stderr rw-record --result < <(rehearsed <lost)
	assert_status 0
	assert_stderr ''
	assert_entry f-1 '[.state,.run_id]' '["sent","r2"]'
}

# ---- in doubt --------------------------------------------------------------

@test "in doubt: sent again by default, the same message, and counted" {
	lines 1 | rw-record --claim >first
	doubtful <first | rw-record --result --run-id r1 >/dev/null
	assert_entry f-1 '[.state,.email_sent]' '["in_doubt",false]'
	lines 1 | rw-record --lookup | rw-record --claim --run-id r2 >second 2>err
	assert_file_has err '1 of 1 are in doubt'
	assert_equal "$(json '[.mail_date,.revision,.sequence]' second)" \
		"$(json '[.mail_date,.revision,.sequence]' first)"
	assert_equal "$(rw-status --run r2 --json | json '[.resent,.unfinished]')" '[1,1]'
}

@test "in doubt: held back when asked, and settled as sent" {
	lines 2 | rw-record --claim | doubtful | rw-record --result >/dev/null
	run rw-record --lookup --in-doubt hold < <(lines 2)
	assert_output_lacks follower_id
	run rw-record --claim --in-doubt hold < <(lines 2)
	assert_output_lacks follower_id
	rw-status --in-doubt --follower f-1 --json | rw-record --resolve sent >out
	assert_json "$(cat out)" .state sent
	assert_entry f-1 '[.state,.email_sent]' '["sent",true]'
	[ "$(entry f-1 .sent_timestamp)" != null ]
	rw-status --in-doubt --json | rw-record --resolve retry >/dev/null
	assert_entry f-2 '[.state,.email_sent]' '["failed",false]'
	run rw-record --claim --in-doubt hold < <(lines 2)
	assert_json "$output" .follower_id f-2
}

# made N: a line of f-1 as rw-gen passes it on, with the Nth document.
made() {
	lines 1 2025-06 "\"pdf_sha256\":\"$(printf '%064d' "${1}1")\",\"excel_sha256\":\"$(printf '%064d' "${1}2" | rev)\""
}

assert_held() {
	run --separate-stderr rw-record --claim < <("$@")
	assert_status 0
	assert_output ''
	assert_stderr_has '1 of 1 are in doubt, and another report than the one that may have arrived, or none'
	assert_entry f-1 .state in_doubt
}

# It is in doubt, under a claim that was made for the first document.
other_documents_are_held() {
	assert_held made 2
	assert_held eval 'made 1 | broken'
	# Lines that nobody made a document for are as good as before.
	assert_json "$(made 2 | rw-record --lookup)" .sent_checksums "0000000021000000"
}

@test "in doubt: another document is held, the same one is sent again" {
	made 1 | rw-record --claim | doubtful | rw-record --result >/dev/null
	other_documents_are_held
	assert_equal "$(rw-status --run r1 --json | json .held)" 0
	run --separate-stderr rw-record --claim --run-id r2 < <(made 2)
	assert_equal "$(rw-status --run r2 --json | json .held)" 1
	run --separate-stderr rw-record --claim < <(made 1)
	assert_json "$output" .follower_id f-1
}

@test "in doubt, and the next try fails: the first one may have arrived all the same" {
	made 1 | rw-record --claim | doubtful | rw-record --result >/dev/null
	made 1 | rw-record --claim 2>/dev/null | refused | rw-record --result >out
	assert_json "$(cat out)" '[.state,.error.kind]' '["in_doubt","refused"]'
	assert_entry f-1 '[.state,.last_error]' \
		'["in_doubt","rw-mail: 550 no such user"]'
	other_documents_are_held
	run rw-record --claim --in-doubt hold < <(made 1)
	assert_output_lacks follower_id
	# Of a new revision the failure is one, and nothing else.
	made 2 | rw-record --lookup --revise | rw-record --claim --revise | refused |
		rw-record --result >/dev/null
	assert_entry f-1 '[.state,.revision]' '["failed",2]'
}

@test "in doubt by the journal alone: another document is held" {
	start_run r1
	made 1 | rw-record --claim >claimed
	begun <claimed | journal r1
	kill_run
	# Before the journal is folded in, --lookup knows it too.
	assert_json "$(made 2 | rw-record --lookup)" .sent_checksums 0000000021000000
	other_documents_are_held
}

@test "in doubt by another host's lease: another document is held" {
	start_run r1
	made 1 | RW_HOST=elsewhere RW_LEASE=2 rw-record --claim >/dev/null
	kill_run
	sleep 2.1
	run --separate-stderr rw-record --claim < <(made 2)
	assert_output ''
	assert_stderr_has 'another report than the one that may have arrived'
	assert_json "$(made 2 | rw-record --lookup)" .sent_checksums 0000000021000000
	run --separate-stderr rw-record --claim < <(made 1)
	assert_json "$output" .follower_id f-1
}

@test "a claim of which nothing was begun is taken with any document" {
	start_run r1
	made 1 | rw-record --claim >/dev/null
	kill_run
	assert_json "$(made 2 | rw-record --lookup)" 'has("sent_checksums")' false
	run --separate-stderr rw-record --claim < <(made 2)
	assert_json "$output" .follower_id f-1
}

@test "in doubt and changed: settled either way, the new document goes out" {
	local how
	for how in retry sent; do
		made 1 | rw-record --claim | doubtful | rw-record --result >/dev/null
		assert_held made 2
		rw-status --in-doubt --json | rw-record --resolve $how >/dev/null
		if [ $how = retry ]; then
			assert_json "$(made 2 | rw-record --lookup)" \
				'has("sent_checksums")' false
			made 2 | rw-record --claim | refused | rw-record --result >/dev/null
		fi
	done
	assert_json "$(made 2 | rw-record --lookup --again)" .sent_checksums \
		0000000021000000
	run --separate-stderr rw-record --claim --again < <(made 2)
	assert_status 1
	assert_stderr_has 'it was sent as another document: --revise sends this one'
	assert_entry f-1 .state sent
	made 2 | rw-record --lookup --revise | rw-record --claim --revise >claimed
	assert_json "$(cat claimed)" '[.revision,has("sent_checksums")]' '[2,false]'
}

@test "what a dead run left in doubt can be settled at once" {
	start_run r1
	lines 2 | rw-record --claim >claimed
	sed -n 1p claimed | begun | journal r1
	kill_run
	RW_RUN_ID=r2 rw-record --resolve sent <claimed >out 2>err || true
	assert_entry f-1 '[.state,.email_sent]' '["sent",true]'
	assert_entry f-2 .state claimed
}

@test "only what is in doubt can be settled" {
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	run --separate-stderr rw-record --resolve retry < <(lines 2)
	assert_status 1
	assert_stderr_has 'f-1 2025-06: it is sent, not in doubt'
	assert_stderr_has 'f-2 2025-06: it is none, not in doubt'
	assert_entry f-1 .state sent
}

@test "settled as to be tried again, an old outcome cannot come back" {
	lines 1 | rw-record --claim | doubtful >done
	rw-record --result <done >/dev/null
	rw-status --in-doubt --json | rw-record --resolve sent >/dev/null
	run rw-record --result <done
	assert_status 1
	assert_entry f-1 .state sent
}

# ---- the journal -----------------------------------------------------------

# journal NAME: a journal with the lines on standard input.
journal() {
	mkdir -p "$RW_STATE_DIR/journal"
	cat >"$RW_STATE_DIR/journal/$1.1.20250701.jsonl"
}

begun() {
	jq -c '{journal: "begin", follower_id, report_period, claim, revision,
		sequence, message_id: "<m>", time: "2025-07-01T00:10:00Z"}'
}

@test "the journal of a dead run is folded in before its claims are taken" {
	start_run r1
	lines 4 | rw-record --claim >claimed
	{
		sed -n '1,3p' claimed | begun
		sed -n 1p claimed | mailed | jq -c '{journal: "sent"} + .'
		sed -n 2p claimed | refused | jq -c '{journal: "failed"} + .'
	} | journal r1
	kill_run
	run --separate-stderr rw-record --claim --run-id r2 < <(lines 4)
	assert_status 0
	assert_stderr_has 'the journal of a run that ended early: 2 outcomes recorded, 1 in doubt'
	# f-1 is sent, f-2 failed, f-3 was begun, f-4 never was.
	assert_equal "$(json .follower_id <<<"$output" | tr '\n' ' ')" 'f-2 f-3 f-4 '
	assert_entry f-1 '[.state,.run_id,.pdf_url]' '["sent","r1","https://s/p"]'
	assert_equal "$(rw-status --run r2 --json | json .resent)" 1
	assert_equal "$(find "$RW_STATE_DIR/journal" -name '*.jsonl')" ''
}

@test "the journal of a run that has recorded all is not worth a word" {
	start_run r1
	lines 2 | rw-record --claim >claimed
	sed -n 1p claimed | mailed >done
	sed -n 2p claimed | doubtful >>done
	{
		begun <claimed
		sed -n 1p done | jq -c '{journal: "sent"} + .'
		sed -n 2p done | jq -c '{journal: "in_doubt"} + .'
	} | journal r1
	rw-record --result <done >/dev/null
	kill_run
	run --separate-stderr rw-record --claim --run-id r2 < <(lines 1 2025-07)
	assert_status 0
	assert_stderr ''
	assert_equal "$(find "$RW_STATE_DIR/journal" -name '*.jsonl')" ''
}

@test "the journal of another ledger is left to that one" {
	start_run r1
	lines 2 | rw-record --claim >claimed
	mailed <claimed | jq -c '{journal: "sent"} + .' | journal r1
	kill_run
	(
		unset MONGO_URI
		export RW_LEDGER=$BATS_TEST_TMPDIR/another.db
		rw-record --init
		lines 2 2025-05 | rw-record --claim --run-id r2 >/dev/null
		assert_equal "$(rw-status --run r2 --json | json .not_done)" 0
	)
	run rw-record --claim --run-id r3 < <(lines 2)
	assert_output_lacks follower_id
	assert_entry f-1 .state sent
	assert_equal "$(find "$RW_STATE_DIR/journal" -name '*.jsonl')" ''
}

@test "a journal whose writer lives is left alone" {
	lines 1 | rw-record --claim >claimed
	begun <claimed | journal hand
	local file=$RW_STATE_DIR/journal/hand.1.20250701.jsonl
	hold "$file"
	lines 2 | rw-record --claim >/dev/null
	[ -s "$file" ]
	assert_entry f-1 .state claimed
	pkill -9 -P "$holder"
	wait "$holder" 2>/dev/null || true
	holder=
	run rw-record --claim --in-doubt hold < <(lines 1)
	assert_entry f-1 .state in_doubt
}

@test "a run that dies while another claims: its journal comes first" {
	start_run r1
	lines 3 | sed 2d | rw-record --claim >claimed
	# The second run has folded the journals, and waits for its input.
	mkfifo pipe
	RW_RUN_ID=r2 rw-record --claim <pipe >second 2>err 3>&- &
	local second=$!
	exec 7>pipe
	lines 2 | tail -n 1 >&7
	wait_for 5 test -s second
	sed -n 1p claimed | mailed | jq -c '{journal: "sent"} + .' | journal r1
	kill_run
	lines 3 | sed 2d >&7
	exec 7>&-
	wait "$second"
	assert_equal "$(jq -r .follower_id second | tr '\n' ' ')" 'f-2 f-3 '
	assert_entry f-1 .state sent
}

@test "killed between writing and folding: the journal is folded again" {
	start_run r1
	lines 2 | rw-record --claim >claimed
	{
		begun <claimed
		sed -n 1p claimed | mailed | jq -c '{journal: "sent"} + .'
	} | journal r1
	kill_run
	RW_FAULT=rw-record:journal-folded run rw-record --claim < <(lines 2)
	assert_status 137
	assert_output ''
	# The operator settles the doubt; the journal must not undo it.
	rw-status --in-doubt --json | rw-record --resolve sent >/dev/null
	run rw-record --claim < <(lines 2)
	assert_output_lacks follower_id
	assert_entry f-1 .state sent
	assert_entry f-2 .state sent
}

@test "killed after a claim was written: nothing went out, the next run has it" {
	start_run r1
	RW_FAULT=rw-record:claim-committed run rw-record --claim < <(lines 3)
	assert_status 137
	assert_output ''
	kill_run
	run rw-record --claim < <(lines 3)
	assert_lines 3 <(printf '%s\n' "$output")
}

@test "no more is claimed at a time than --batch" {
	RW_FAULT=rw-record:claim-committed run rw-record --claim --batch 2 \
		< <(lines 5)
	assert_status 137
	assert_equal "$(rw-status --json | grep -c '"state":"claimed"')" 2
	run rw-record --claim --batch 501 </dev/null
	assert_status 64
}

@test "killed between the history and the entry: it is sent as before, once" {
	lines 1 | rw-record --claim --run-id r1 | mailed | rw-record --result >/dev/null
	RW_FAULT=rw-record:history-kept run rw-record --claim --again --run-id r2 \
		< <(lines 1)
	assert_status 137
	assert_entry f-1 '[.state,.sequence,.run_id]' '["sent",0,"r1"]'
	assert_equal "$(rw-status --run r1 --json | json '[.sent,.links]')" '[1,1]'
	run rw-record --lookup < <(lines 1)
	assert_output ''
	lines 1 | rw-record --claim --again --run-id r3 | mailed |
		rw-record --result >/dev/null
	assert_entry f-1 '[.state,.sequence,.run_id]' '["sent",1,"r3"]'
	assert_equal "$(rw-status --run r1 --json | json .sent)" 1
	assert_equal "$(rw-status --run r3 --json | json .sent)" 1
}

@test "killed: nothing is left behind in /dev/shm" {
	RW_FAULT=rw-record:claim-committed rw-record --claim < <(lines 1) &
	local pid=$!
	wait "$pid" || true
	[ ! -e "/dev/shm/mongoc-$pid" ]
}

@test "killed after an outcome was written: it is there, once" {
	lines 3 | rw-record --claim --run-id r1 | mailed >done
	RW_FAULT=rw-record:result-committed run rw-record --result <done
	assert_status 137
	assert_equal "$(rw-status --run r1 --json | json .sent)" 3
	rw-record --result <done >/dev/null
	assert_equal "$(rw-status --run r1 --json | json .sent)" 3
}

# ---- lookup ----------------------------------------------------------------

@test "--lookup drops what was sent, passes the rest byte for byte, in order" {
	lines 5 >in
	rw-record --claim <in | mailed | jq -c 'select(.follower_id | IN("f-2", "f-4"))' |
		rw-record --result >/dev/null
	RW_RUN_ID=r9 run --separate-stderr rw-record --lookup <in
	assert_status 0
	assert_stderr ''
	assert_output "$(sed -n '1p;3p;5p' in)"
	assert_equal "$(rw-status --run r9 --json | json .already_sent)" 2
	assert_entry f-1 .state claimed
}

# month PERIOD MARK OUTCOME: of f-1.
month() {
	lines 1 "$1" "\"high_water_mark_after\":\"$2\"" |
		rw-record --claim | "$3" | rw-record --result >/dev/null
}

@test "--lookup brings back the mark of the last month, when that was sent" {
	month 2025-03 100.00 mailed
	month 2025-04 250.50 mailed
	month 2025-05 900.00 refused
	assert_json "$(lines 1 2025-05 | rw-record --lookup)" .high_water_mark 250.50
	# What it would have added is missing in April's.
	assert_json "$(lines 1 | rw-record --lookup)" 'has("high_water_mark")' false
	month 2025-05 900.00 doubtful
	assert_json "$(lines 1 | rw-record --lookup)" 'has("high_water_mark")' false
	month 2025-05 900.00 mailed
	assert_json "$(lines 1 | rw-record --lookup)" .high_water_mark 900.00
	assert_json "$(lines 1 2025-04 | rw-record --lookup --again)" .high_water_mark 100.00
	assert_json "$(lines 1 2025-06 '"high_water_mark":"7"' | rw-record --lookup)" \
		.high_water_mark 7
	assert_json "$(lines 2 | rw-record --lookup | tail -n 1)" \
		'has("high_water_mark")' false
	# The last month has none: an older one would be wrong.
	lines 1 2025-06 | rw-record --claim | mailed | rw-record --result >/dev/null
	assert_json "$(lines 1 2025-07 | rw-record --lookup)" \
		'has("high_water_mark")' false
}

@test "--lookup brings back no mark for a month behind another of the input" {
	month 2024-12 100.00 mailed
	{
		lines 1 2025-01
		lines 1 2025-02
	} | rw-record --lookup >out
	assert_equal "$(jq -c .high_water_mark out | tr '\n' ' ')" '"100.00" null '
}

@test "--revise names the later months that stand on the mark, in order" {
	month 2025-04 100.00 mailed
	month 2025-05 200.00 mailed
	month 2025-06 300.00 mailed
	month 2025-07 400.00 doubtful
	month 2025-08 500.00 refused
	run --separate-stderr rw-record --lookup --revise < <(lines 2 2025-05)
	assert_status 0
	assert_stderr_has '1 of 2 set the high-water mark that later months were made with: revise 2025-06, 2025-07 too, in this order'
	run --separate-stderr rw-record --lookup --revise < <(lines 1 2025-07)
	assert_stderr ''
	run --separate-stderr rw-record --lookup --again < <(lines 1 2025-05)
	assert_stderr ''
	# Behind a month with another fee model nothing stands on it.
	lines 1 2025-06 | rw-record --lookup --revise 2>/dev/null |
		rw-record --claim --revise | mailed | rw-record --result >/dev/null
	run --separate-stderr rw-record --lookup --revise < <(lines 1 2025-05)
	assert_stderr ''
}

@test "a try that is made again forgets the figures of the one before" {
	month 2025-05 900.00 refused
	lines 1 2025-05 | rw-record --claim | jq -c '.email_sent = true' |
		rw-record --result >/dev/null
	assert_entry f-1 .high_water_mark_after null
	assert_json "$(lines 1 | rw-record --lookup)" 'has("high_water_mark")' false
}

# ---- dry run, counts -------------------------------------------------------

@test "--dry-run and DRY_RUN_MODE change nothing, and pass on what would pass" {
	lines 1 | rw-record --claim | mailed >done
	lines 2 >in
	run --separate-stderr rw-record --claim --dry-run --verbose <in
	assert_status 0
	assert_output "$(sed -n 2p in)"
	assert_stderr_has 'dry run: 1 of 2 would be claimed, and nothing was written'
	DRY_RUN_MODE=true run rw-record --result <done
	assert_status 0
	assert_entry f-1 .state claimed
	assert_entry f-2 .state ''
}

@test "lines of rw-put --dry-run are neither claimed nor recorded" {
	lines 2 2025-06 '"dry_run":true' >in
	run --separate-stderr rw-record --claim <in
	assert_status 1
	assert_stderr_has 'f-1 2025-06: it comes from rw-put --dry-run'
	assert_json "${lines[0]}" '[.error.tool,.error.kind,has("claim")]' \
		'["rw-record","data",false]'
	run --separate-stderr rw-record --result < <(mailed <in)
	assert_status 1
	assert_stderr_has 'it comes from rw-put --dry-run'
	assert_equal "$(rw-status --json)" ''
	run --separate-stderr rw-record --claim --dry-run <in
	assert_status 0
	assert_output "$(cat in)"
	run --separate-stderr rw-record --lookup <in
	assert_output "$(cat in)"
}

@test "the counts of a run add up" {
	export RW_RUN_ID=r1
	lines 9 | rw-record --lookup | rw-record --claim |
		sed -n '1,6p' >claimed
	{
		sed -n '1,3p' claimed | mailed
		sed -n 4p claimed | mailed | jq -c '.delivery = "attachments"'
		sed -n 5p claimed | refused
		sed -n 6p claimed | doubtful
		echo '{"follower_id":"..","report_period":"2025-06"}'
		echo 'no record'
	} | rw-record --result >/dev/null 2>&1 || true
	run rw-status --run r1 --json
	assert_json "$output" '[.run_id,.sent,.links,.attachments,.failed,.in_doubt,.unfinished,.malformed,.unreadable]' \
		'["r1",4,3,1,1,1,3,1,1]'
	run rw-status --run r1 --prom
	assert_output_has 'report_worker_run_reports{outcome="sent"} 4'
	assert_output_has 'report_worker_run_info{run_id="r1"} 1'
	run rw-status --run r1
	assert_output_has '4  sent'
}
