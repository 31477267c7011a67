#!/usr/bin/env bats
# The contract of the ledger (ledger_helpers.bash): the records of a mail, of a
# repeated mail, and of a rehearsal.

load ledger_helpers

# ---- outcomes --------------------------------------------------------------

@test "sent: the entry describes the sent mail, and is not sent again" {
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

@test "the members of the line at the claim are kept, even if the outcome does not have them" {
	lines 1 2025-06 '"minio_upload":true,"pdf_key":"k","pdf_sha256":"aa","total_pnl":"1.50"' |
		rw-record --claim >claimed
	assert_entry f-1 '[.pdf_key,.pdf_sha256,.total_pnl,.email_sent]' '["k","aa","1.50",false]'
	# If the run dies now, the next run can use its uploads.
	assert_json "$(lines 1 | rw-record --lookup)" .stored_pdf_sha256 aa
	jq -c '. + {email_sent: true, delivery: "links"}' claimed |
		rw-record --result >/dev/null
	assert_entry f-1 '[.pdf_key,.total_pnl,.state]' '["k","1.50","sent"]'
}

# Prints one object with each member that a claim or an outcome takes from a
# line.
sample_members() {
	local name type kept
	table_of_members | while read -r name type _ kept; do
		case $kept:$type in
		NOT:*|APART:*)	;;
		*:BOOL)		printf '{"%s":true}\n' "$name" ;;
		*:INT)		printf '{"%s":17}\n' "$name" ;;
		*:TIME)		printf '{"%s":"2025-07-01T00:10:00Z"}\n' "$name" ;;
		*:MONEY|*:DECIMAL)	printf '{"%s":"12.50"}\n' "$name" ;;
		*:OBJECT)	printf '{"%s":{"2025-06-02":"12.50"}}\n' "$name" ;;
		*)		printf '{"%s":"sample of %s"}\n' "$name" "$name" ;;
		esac
	done | jq -c -s add
}

@test "every member that the table keeps is recorded, shown and looked up" {
	local name type kept expected count=0
	sample_members >sample
	lines 1 | jq -c --slurpfile s sample '. + $s[0] + {minio_upload: true}' |
		rw-record --claim |
		jq -c --slurpfile s sample '. + $s[0] + {email_sent: true}' |
		rw-record --result >/dev/null
	rw-status --follower f-1 --json --show-urls >entry
	lines 1 | rw-record --lookup --again >again
	while read -r name type _ kept; do
		case $kept in NOT|APART) continue ;; esac
		count=$((count + 1))
		expected=$(jq -c ".$name" sample)
		assert_json "$(cat entry)" ".$name" "$(jq -c -r ".$name" sample)"
		case $kept:$name in
		STORED:*)	assert_equal "$(jq -c ".$name" again)" "$expected" "$name" ;;
		*:issue_date)	assert_equal "$(jq -c ".$name" again)" "$expected" ;;
		UPLOADED:*)	assert_equal "$(jq -c ".stored_$name" again)" "$expected" "$name" ;;
		*)		assert_equal "$(jq -c ".$name" again)" null "$name" ;;
		esac
	done < <(table_of_members)
	[ "$count" -gt 15 ]
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

@test "failed: the next run tries again, and the reason is kept" {
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

@test "a report that --claim refused is recorded with the reason" {
	rw-record --claim <<<'{"follower_id":"f-1","report_period":"2025-06","revision":2}' >claimed || true
	assert_json "$(cat claimed)" .error.tool rw-record
	run rw-record --result <claimed
	assert_entry f-1 .state failed
	assert_entry f-1 .last_error "rw-record: $(json .error.message claimed)"
}

@test "a sent mail is recorded, even after a failure under the same claim" {
	lines 1 | rw-record --claim >claimed
	refused <claimed | rw-record --result >/dev/null
	mailed <claimed | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.email_sent,.last_error]' '["sent",true,null]'
	refused <claimed | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.email_sent]' '["sent",true]'
}

@test "a process that lost its claim cannot write" {
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

@test "a line mailed without a claim does not change the claim of a run" {
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	RW_RUN_ID='' run rw-record --result < <(lines 1 | mailed)
	assert_status 1
	assert_output_has 'run r1 has claimed it'
	assert_entry f-1 .state claimed
}

@test "--result reads on when its output is closed" {
	lines 1500 | rw-record --claim | mailed >done
	set +o pipefail
	rw-record --result <done 2>err | head -n 1 >/dev/null
	assert_equal "$(rw-status --all --json | jq -r .state | sort | uniq -c | tr -s ' ')" \
		' 1500 sent'
}

# ---- sent again, and corrected ---------------------------------------------

@test "--again sends a sent report again, with a new date" {
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	sleep 1.1
	lines 1 | rw-record --lookup --again >looked
	assert_json "$(cat looked)" '[.pdf_key,.stored_pdf_sha256,.stored_excel_sha256]' \
		'["k.pdf","aa","bb"]'
	rw-record --claim --again --run-id r2 <looked >again
	assert_json "$(cat again)" '[.revision,.sequence]' '[1,1]'
	# Meanwhile the entry stays sent for readers of the Python system.
	assert_entry f-1 '[.state,.email_sent,.pdf_url]' '["claimed",true,"https://s/p"]'
	mailed <again | jq -c '.pdf_url = "https://s/new"' |
		rw-record --result >/dev/null
	assert_entry f-1 '[.state,.sequence,.pdf_url]' '["sent",1,"https://s/new"]'
	[ "$(json .mail_date again)" != "$(rw-status --all --json | json .created_at)" ]
}

@test "--again that fails leaves the report sent, and the next run does not send it" {
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	lines 1 | rw-record --claim --again | refused | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.email_sent,.sent_timestamp,.pdf_url]' \
		'["sent",true,"2025-07-01T00:10:00Z","https://s/p"]'
	assert_entry f-1 .last_error \
		'it was not sent once more: rw-mail: 550 no such user'
	run rw-record --lookup < <(lines 1)
	assert_output ''
}

@test "an entry of attachments that are sent again keeps no earlier link" {
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	lines 1 | rw-record --claim --again |
		jq -c '. + {email_sent: true, delivery: "attachments", minio_upload: false}' |
		rw-record --result >/dev/null
	assert_entry f-1 '[.state,.pdf_url,.excel_url,.delivery,.minio_upload]' \
		'["sent",null,null,"attachments",false]'
}

@test "--revise sends the next revision and keeps the previous one" {
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
	# Both runs have sent the report.
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

@test "a report made for a revision that is not due is refused" {
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	run --separate-stderr rw-record --claim --revise < <(lines 1)
	assert_status 1
	assert_stderr_has 'the line is for revision 1, and revision 2 is due'
	assert_json "$output" '[.error.kind,has("claim")]' '["data",false]'
	assert_entry f-1 .state sent
}

# ---- rehearsals ------------------------------------------------------------

# The output of rw-mail --to and rw-mail --dry-run.
rehearsed() {
	jq -c '. + {email_sent: false, state: "rehearsed", delivery: "links",
		message_id: "<\(.follower_id)@x>"}'
}

# rehearse [--again|--revise]
rehearse() {
	lines 1 | rw-record --lookup "$@" | rw-record --claim --run-id rehearsal "$@" |
		rehearsed | rw-record --result --run-id rehearsal
}

@test "a rehearsal of a new report leaves no entry" {
	assert_json "$(rehearse)" .state rehearsed
	assert_equal "$(rw-status --all --json)" ''
	assert_equal "$(rw-status --run rehearsal --json |
		json '[.rehearsed,.sent,.failed,.unfinished]')" '[1,0,0,0]'
	# The errors of a rehearsal are not recorded either.
	lines 1 | broken | rw-record --claim | rehearsed | rw-record --result >/dev/null
	# A line without a claim is not recorded either.
	lines 1 | rehearsed | rw-record --result >/dev/null
	assert_equal "$(rw-status --all --json)" ''
	lines 1 | rw-record --lookup | rw-record --claim >claimed
	assert_lines 1 claimed
}

@test "a rehearsal of a sent report: the entry is unchanged, byte for byte" {
	local how
	lines 1 2025-06 '"minio_upload":true,"total_pnl":"1.50","high_water_mark_after":"9"' |
		rw-record --claim --run-id r1 | mailed | rw-record --result >/dev/null
	for how in --again --revise --again; do
		rw-status --all --json --show-urls >before
		sleep 1
		rehearse $how >/dev/null
		rw-status --all --json --show-urls | cmp before - || fail "$how"
		assert_equal "$(rw-status --run r1 --json | json .sent)" 1
		run rw-record --claim < <(lines 1)
		assert_output ''
	done
	# The next revision follows the sent one.
	lines 1 | rw-record --claim --again >claimed
	assert_json "$(cat claimed)" '[.revision,.sequence]' '[1,1]'
	mailed <claimed | rw-record --result >/dev/null
	assert_equal "$(rw-status --run r1 --json | json .sent)" 1
}

@test "a rehearsal of a failed report: it is still due, with the same revision" {
	local how
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	lines 1 | rw-record --lookup --revise | rw-record --claim --revise | refused |
		rw-record --result >/dev/null
	for how in '' --revise; do
		rehearse $how >/dev/null
		assert_entry f-1 '[.state,.revision,.sequence,.email_sent,.attempts,.pdf_url]' \
			'["failed",2,0,true,1,"https://s/p"]'
	done
	assert_entry f-1 .last_error 'rw-record: was not sent before a rehearsal, and still is to be'
	assert_json "$(lines 1 | rw-record --lookup | rw-record --claim)" \
		'[.revision,.sequence]' '[2,0]'
}

@test "a rehearsal of a report in doubt: it is still in doubt" {
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

@test "a rehearsal that was killed: the next one restores the entry before both" {
	lines 1 | rw-record --claim --run-id r1 | mailed | rw-record --result >/dev/null
	rw-status --all --json --show-urls >before
	start_run r2
	lines 1 | rw-record --claim --again >/dev/null
	kill_run
	rehearse --again >/dev/null
	rw-status --all --json --show-urls | cmp before -
}

@test "a rehearsal that lost its claim does not restore the entry" {
	start_run r1
	lines 1 | rw-record --claim >lost
	kill_run
	lines 1 | rw-record --claim --run-id r2 | mailed | rw-record --result >/dev/null
	run --separate-stderr rw-record --result < <(rehearsed <lost)
	assert_status 0
	assert_stderr ''
	assert_entry f-1 '[.state,.run_id]' '["sent","r2"]'
}
