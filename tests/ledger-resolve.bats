# shellcheck shell=bash disable=SC2030,SC2031
# The contract of the ledger (ledger_helpers.bash): --resolve in each state, as
# in the table of rw-record(1).

load ledger_helpers

report() {
	printf '{"follower_id":"%s","report_period":"2025-06"%s}\n' "$1" "${2:-}"
}

sent_report() {
	report "$1" | rw-record --claim | mailed | rw-record --result >/dev/null
}

# make_STATE ID: brings the follower's report into the state.
make_no_entry() {
	:
}

make_sent() {
	sent_report "$1"
}

make_failed() {
	report "$1" | rw-record --claim | refused | rw-record --result >/dev/null
}

make_revision_failed() {
	sent_report "$1"
	report "$1" ',"revision":2' | rw-record --claim --revise | refused |
		rw-record --result >/dev/null
}

make_in_doubt() {
	report "$1" | rw-record --claim | doubtful | rw-record --result >/dev/null
}

make_in_doubt_sent_before() {
	sent_report "$1"
	report "$1" | rw-record --claim --again | doubtful |
		rw-record --result >/dev/null
}

make_claimed_by_a_live_run() {
	start_run "live-$1"
	report "$1" | rw-record --claim >/dev/null
	unset RW_RUN_ID
}

make_claimed_by_a_dead_run() {
	start_run "dead-$1"
	report "$1" | rw-record --claim ${2:+"$2"} >claimed
	kill_run
}

make_claimed_by_a_dead_run_sent_before() {
	sent_report "$1"
	make_claimed_by_a_dead_run "$1" --again
}

make_claimed_by_a_dead_run_mail_begun() {
	start_run "dead-$1"
	report "$1" | rw-record --claim >claimed
	begun <claimed | journal "dead-$1"
	kill_run
}

make_claimed_by_hand() {
	report "$1" | rw-record --claim >/dev/null
}

make_claimed_by_another_host() {
	start_run "there-$1"
	report "$1" | RW_HOST=elsewhere RW_LEASE="${2:-1h}" rw-record --claim >/dev/null
	kill_run
}

make_claimed_by_another_host_lease_ended() {
	make_claimed_by_another_host "$1" 1
	sleep 2.1
}

state_of() {
	rw-status --follower "$1" --json | jq -r .state
}

# assert_way ID WORD HOW...: expects this result of rw-record --resolve HOW.
assert_way() {
	local id=$1 word=$2 how=$3 before after force=${4:-}
	before=$(rw-status --follower "$id" --json)
	if [ "$force" = --host ]; then
		run --separate-stderr rw-record --resolve "$how" --force --host elsewhere
	else
		run --separate-stderr rw-record --resolve "$how" \
			${force:+--force --follower "$id"} < <(report "$id")
	fi
	after=$(rw-status --follower "$id" --json)
	if [ "$word" = refused ]; then
		assert_status 1
		assert_stderr_has "$id 2025-06: it"
		assert_equal "$after" "$before"
	else
		assert_status 0
		assert_equal "$(state_of "$id")" "$word" "$id"
	fi
}

# assert_cell STATE COLUMN WORDS
assert_cell() {
	local state=$1 column=$2 words=$3 force=--follower id
	id=${state// /-}
	id=${id//[^a-z-]/}-$column
	"make_${state//[ ,]/_}" "$id"
	[ "$column" = sent ] || force=--host
	case $column:$words in
	next:claims\ it)
		report "$id" >line
		if [[ $state == revision* ]]; then
			report "$id" ',"revision":2' >line
		fi
		assert_json "$(rw-record --claim <line)" .follower_id "$id" ;;
	next:leaves\ it)
		assert_equal "$(report "$id" | rw-record --claim 2>/dev/null)" '' "$id" ;;
	*:'refused; with force: '*)
		assert_way "$id" refused "$column"
		assert_way "$id" "${words#*force: }" "$column" "$force" ;;
	*)
		assert_way "$id" "$words" "$column"
		# --force has no effect where the table does not name it.
		if [ "$words" = refused ] && [ "$column" = sent ]; then
			assert_way "$id" refused "$column" "$force"
		fi ;;
	esac
	[ -z "${holder:-}" ] || kill_run
}

# The rows: STATE|NEXT|SENT|RETRY. "the same": the dead run, or the same host.
table() {
	awk -F ' Ta ' '
		/^\.Ss Ways out/	{ inside = 1 }
		/^\.Ss Life/		{ inside = 0 }
		inside && /^\.It [^S]/ {
			sub(/^\.It /, "")
			gsub(/Fl |Cm |Li /, "")
			if (sub(/^the same/, base))
				;
			else
				base = $1
			print $1 "|" $2 "|" $3 "|" $4
		}' "$ROOT/man/rw-record.1"
}

@test "each cell of the table of --resolve in rw-record(1) is correct" {
	local state next sent retry count=0
	while IFS='|' read -r -u 9 state next sent retry; do
		state=${state//, /_}
		assert_cell "$state" next "$next"
		assert_cell "$state" sent "$sent"
		assert_cell "$state" retry "$retry"
		count=$((count + 1))
	done 9< <(table)
	assert_equal "$count" 13
}

@test "--resolve retry does not change sent reports, and names them" {
	sent_report f-1
	make_in_doubt_sent_before f-2
	run --separate-stderr rw-record --resolve retry < <(report f-1; report f-2)
	assert_status 1
	assert_stderr_has 'f-1 2025-06: it is sent, not in doubt: --again sends it once more'
	assert_stderr_has 'f-2 2025-06: it was sent before, and is in doubt since it was sent once more: settle it as sent'
	assert_equal "$(jq -r .error.kind <<<"$output" | sort -u)" refused
	report f-2 | rw-record --resolve sent >/dev/null
	assert_entry f-2 '[.state,.sequence]' '["sent",1]'
	assert_json "$(report f-2 | rw-record --claim --again)" .sequence 2
}

@test "--resolve sent does not change failed reports, except with --force and --follower" {
	make_failed f-1
	make_failed f-2
	make_in_doubt f-3
	for_all() {
		rw-status --unsent --json | rw-record --resolve sent "$@"
	}
	run --separate-stderr for_all
	assert_status 1
	assert_stderr_has 'f-1 2025-06: it is failed, not in doubt: --force with --follower records it as sent'
	assert_stderr_has 'f-2 2025-06: it is failed'
	assert_entry f-3 .state sent
	run --separate-stderr for_all --force --follower f-2
	assert_status 1
	assert_stderr_has 'f-1 2025-06: --follower does not name its follower: it was not settled'
	assert_entry f-1 .state failed
	assert_entry f-2 '[.state,.email_sent,.last_error]' '["sent",true,null]'
	run --separate-stderr rw-record --lookup < <(report f-2)
	assert_output ''
}

@test "a failed revision that is settled as sent has no figures of the previous revision" {
	report f-1 ',"total_pnl":"5.00"' | rw-record --claim | mailed |
		rw-record --result >/dev/null
	report f-1 ',"revision":2,"total_pnl":"7.00"' |
		rw-record --claim --revise | refused | rw-record --result >/dev/null
	report f-1 | rw-record --resolve sent --force --follower f-1 >/dev/null
	assert_entry f-1 '[.state,.revision,.total_pnl]' '["sent",2,null]'
}

@test "contradictory options of --resolve are refused" {
	local words
	while IFS='|' read -r -u 9 words expected; do
		# shellcheck disable=SC2086
		run rw-record $words </dev/null
		assert_status 64
		assert_output_has "$expected"
	done 9<<-'END'
		--resolve sent --force|--resolve sent --force requires --follower
		--resolve sent --host h|--host belongs to --resolve retry --force
		--resolve retry --force|--resolve retry requires --force and --host together
		--resolve retry --host h|--resolve retry requires --force and --host together
		--resolve retry --force --host h --follower f-1|--host and --follower exclude each other
		--claim --force|--follower, --force and --host belong to --resolve
		--lookup --host h|--follower, --force and --host belong to --resolve
		--result --follower f-1|--follower, --force and --host belong to --resolve
		--resolve maybe|--resolve is "maybe": expected sent or retry
	END
}

@test "a dead host: all its claims become in doubt, not free" {
	make_claimed_by_another_host f-1
	report f-2 | RW_HOST=elsewhere rw-record --claim --run-id r7 >claimed
	report f-3 | RW_HOST=other rw-record --claim >/dev/null
	make_claimed_by_hand f-4
	run rw-status --follower f-2
	assert_output_has 'claimed by run r7 on elsewhere, lease until 20'
	assert_json "$(rw-status --follower f-2 --json)" '[.host,.run_id,has("lease_until")]' \
		'["elsewhere","r7",true]'
	run --separate-stderr rw-record --resolve retry --force --host elsewhere --dry-run
	assert_status 0
	assert_stderr_has '2 of 2 claims of host elsewhere would be in doubt'
	assert_entry f-1 .state claimed
	# Standard input is not read.
	run --separate-stderr rw-record --resolve retry --force --host elsewhere
	assert_status 0
	assert_output ''
	assert_stderr_has '2 of 2 claims of host elsewhere are in doubt now; if that host still mails, it will send these reports too: f-1 2025-06, f-2 2025-06'
	assert_entry f-1 '[.state,.email_sent]' '["in_doubt",false]'
	assert_entry f-2 '[.state,.last_error]' \
		'["in_doubt","rw-record: the lease of run r7 on elsewhere was ended (--resolve retry --force --host)"]'
	assert_entry f-3 .state claimed
	assert_entry f-4 .state claimed
	# The rules for reports in doubt: held, or sent again.
	run --separate-stderr rw-record --claim --in-doubt hold < <(report f-1)
	assert_output ''
	assert_stderr_has '1 of 1 are in doubt and were held back'
	run --separate-stderr rw-record --claim < <(report f-1)
	assert_json "$output" .follower_id f-1
	assert_stderr_has '1 of 1 are in doubt: the same message may go out a second time'
	# Outcomes that this host records later are accepted.
	mailed <claimed | RW_HOST=elsewhere rw-record --result >/dev/null
	assert_entry f-2 '[.state,.last_error]' '["sent",null]'
}

@test "a host without a claim is status 1, and named" {
	make_claimed_by_another_host f-1
	run --separate-stderr rw-record --resolve retry --force --host elswhere </dev/null
	assert_status 1
	assert_stderr_has 'host "elswhere" has no claim in this ledger'
	assert_entry f-1 .state claimed
}

@test "a live run of this host keeps its claims, even if the operator declares it dead" {
	export RW_HOST=here
	make_claimed_by_a_live_run f-1
	make_claimed_by_hand f-2
	run --separate-stderr rw-record --resolve retry --force --host here </dev/null
	assert_status 1
	assert_stderr_has 'f-1 2025-06: run live-f-1 on this host has claimed it and is alive'
	assert_entry f-1 .state claimed
	assert_entry f-2 .state in_doubt
	rm "$RW_STATE_DIR/runs/live-f-1.lock"
	rw-record --resolve retry --force --host here </dev/null
	assert_entry f-1 .state in_doubt
}

# ---- a failed --again ----------------------------------------------------------

# again ID HOW: sends the report again, with the outcome HOW.
again() {
	report "$1" ',"total_pnl":"9.99"' | rw-record --claim --again --run-id r2 |
		"$2" >failed
	RW_RUN_ID=r2 rw-record --result <failed
}

@test "--again that fails leaves the entry sent, with a note, at any failure" {
	local how
	report f-1 ',"total_pnl":"5.00"' | rw-record --claim --run-id r1 | mailed |
		rw-record --result >/dev/null
	entry f-1 'del(.updated_at,.last_error)' >before
	for how in refused broken cat; do
		again f-1 "$how" >out || true
		assert_json "$(cat out)" .state failed
		entry f-1 'del(.updated_at,.last_error)' >after
		assert_equal "$(cat after)" "$(cat before)"
		assert_entry f-1 '[.state,.sequence,.total_pnl,.run_id]' '["sent",0,"5.00","r1"]'
	done
	assert_entry f-1 .last_error 'it was not sent once more: rw-record: the line came without an outcome of the mail'
	# In this run the report failed, in the previous run it was sent.
	assert_json "$(rw-status --run r2 --json)" '[.failed,.sent]' '[3,0]'
	assert_json "$(rw-status --run r1 --json)" '[.failed,.sent]' '[0,1]'
	# The next run does not send it, and --again tries again.
	run rw-record --lookup < <(report f-1)
	assert_output ''
	assert_json "$(report f-1 | rw-record --claim --again | mailed |
		rw-record --result)" '[.state,.sequence]' '["sent",1]'
	assert_entry f-1 '[.state,.sequence,.last_error]' '["sent",1,null]'
}

@test "--again that fails is recorded once, also from a journal" {
	sent_report f-1
	report f-1 | rw-record --claim --again --run-id r2 | broken >failed
	rw-record --result <failed >/dev/null
	rw-status --all --json >before
	run --separate-stderr rw-record --result <failed
	assert_status 0
	assert_stderr ''
	jq -c '{journal: "failed"} + .' failed | journal r2
	rw-record --claim < <(report f-2) >/dev/null
	assert_equal "$(rw-status --follower f-1 --json)" "$(cat before)"
	# A replay of the run's file does not make it failed either.
	mkdir -p old/runs/r2
	jq -c '.state = "failed"' failed >old/runs/r2/done
	rw-record --replay old >replayed
	assert_equal "$(rw-status --follower f-1 --json)" "$(cat before)"
}

@test "a failed --again of an earlier release is sent again, once the next run fails" {
	sent_report f-1
	report f-1 | rw-record --claim --again >claimed
	# The record of release 1.0.0.
	case $BATS_TEST_FILENAME in
	*-mongo.bats)
		"$PYTHON" -c 'import pymongo, sys
e = pymongo.MongoClient(sys.argv[1])[sys.argv[2]].report_sent
d = e.find_one()
e.update_one({}, {"$set": {"state": "failed", "claim": d["claim"] + ":failed"}})' \
			"$MONGO_URI" "$MONGO_DB_NAME" ;;
	*)
		sqlite3 "$RW_LEDGER" "UPDATE report_sent SET state='failed',claim=claim||':failed'" ;;
	esac
	assert_entry f-1 '[.state,.sequence]' '["failed",1]'
	report f-1 | rw-record --claim | broken | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.sequence]' '["sent",0]'
}
