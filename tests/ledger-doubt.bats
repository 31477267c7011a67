#!/usr/bin/env bats
# The contract of the ledger (ledger_helpers.bash): mails that may have arrived.

load ledger_helpers

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

# Removes the edition from the entry, as in release 1.0.0.
forget_edition() {
	case $BATS_TEST_FILENAME in
	*-mongo.bats)
		"$PYTHON" -c 'import pymongo, sys
e = pymongo.MongoClient(sys.argv[1])[sys.argv[2]].report_sent
e.update_one({}, {"$unset": {"mail_edition": ""}})' \
			"$MONGO_URI" "$MONGO_DB_NAME" ;;
	*)
		sqlite3 "$RW_LEDGER" "UPDATE report_sent SET mail_edition=NULL" ;;
	esac
}

@test "in doubt: the mail has the edition of the first message" {
	lines 1 | rw-record --claim >first
	assert_json "$(cat first)" .mail_edition 2
	doubtful <first | rw-record --result --run-id r1 >/dev/null
	lines 1 | jq -c '.mail_edition = 9' |
		rw-record --claim --run-id r2 >second 2>/dev/null
	assert_json "$(cat second)" .mail_edition 2
	doubtful <second | rw-record --result >/dev/null
	# An entry without an edition is from release 1.0.0.
	forget_edition
	lines 1 | rw-record --claim --run-id r3 >third 2>/dev/null
	assert_json "$(cat third)" .mail_edition 1
	# The refusal of the second message does not end the doubt about the first.
	refused <third | rw-record --result >/dev/null
	lines 1 | rw-record --claim --run-id r4 >fourth 2>/dev/null
	assert_json "$(cat fourth)" .mail_edition 1
	# A mail that certainly did not arrive is a new one.
	doubtful <fourth | rw-record --result >/dev/null
	rw-status --in-doubt --json | rw-record --resolve retry >/dev/null
	assert_json "$(lines 1 | rw-record --claim --run-id r5)" .mail_edition 2
}

@test "in doubt: the recipients of a second message are named, at most ten" {
	lines 12 | rw-record --claim | doubtful | rw-record --result >/dev/null
	run --separate-stderr rw-record --claim --run-id r2 < <(lines 2)
	assert_stderr 'rw-record: warning: 2 of 2 are in doubt: the same message may go out a second time: f-1 2025-06, f-2 2025-06'
	doubtful <<<"$output" | rw-record --result >/dev/null
	run --separate-stderr rw-record --claim --run-id r3 < <(lines 12)
	assert_stderr_has ': f-1 2025-06, '
	assert_stderr_has ', f-10 2025-06 and 2 more'
}

@test "in doubt and revised: a different message is sent" {
	lines 1 | rw-record --claim | doubtful | rw-record --result >/dev/null
	lines 1 | rw-record --lookup --revise >looked
	run --separate-stderr rw-record --claim --revise <looked
	assert_json "$output" .revision 2
	assert_stderr 'rw-record: warning: 1 of 1 are in doubt, and the corrected report goes out now, whether or not they arrived: f-1 2025-06'
}

@test "in doubt: held back when asked, and settled as sent" {
	lines 2 | rw-record --claim | doubtful | rw-record --result >/dev/null
	run rw-record --lookup --in-doubt hold < <(lines 2)
	assert_output_lacks follower_id
	run rw-record --claim --in-doubt hold < <(lines 2)
	assert_output_lacks follower_id
	rw-status --in-doubt --follower f-1 --json | rw-record --resolve sent >out
	assert_json "$(cat out)" '[.state,.email_sent,has("sent_timestamp")]' \
		'["sent",true,true]'
	assert_entry f-1 '[.state,.email_sent]' '["sent",true]'
	[ "$(entry f-1 .sent_timestamp)" != null ]
	rw-status --in-doubt --json | rw-record --resolve retry >/dev/null
	assert_entry f-2 '[.state,.email_sent]' '["failed",false]'
	run rw-record --claim --in-doubt hold < <(lines 2)
	assert_json "$output" .follower_id f-2
}

# digest N: one that begins with N.
digest() {
	printf '%s%0*d' "$1" $((64 - ${#1})) 0
}

# made N [DRAWN [FILE]]: a line of f-1 as rw-gen passes it on, with the Nth
# content, drawn so, in such files.
made() {
	lines 1 2025-06 "\"content_sha256\":\"$(digest "${1}1")\",\"drawn_sha256\":\"$(digest "${2-$1}2")\",\"pdf_sha256\":\"$(digest "${3-$1}3")\",\"excel_sha256\":\"$(digest "${3-$1}4")\""
}

assert_held() {
	run --separate-stderr rw-record --claim < <("$@")
	assert_status 0
	assert_output ''
	assert_stderr_has '1 of 1 are in doubt and were held back, because the report differs from the one that may have arrived, or could not be made'
	assert_entry f-1 .state in_doubt
}

# Puts the report in doubt, under a claim for the first document.
other_documents_are_held() {
	assert_held made 2
	assert_held eval 'made 1 | broken'
	# Lines without a document have the same result as before.
	assert_json "$(made 2 | rw-record --lookup)" .sent_content_sha256 "$(digest 11)"
}

@test "in doubt: a different document is held, the same document is sent again" {
	made 1 | rw-record --claim --run-id r1 | doubtful |
		rw-record --result --run-id r1 >/dev/null
	other_documents_are_held
	assert_equal "$(rw-status --run r1 --json | json .held)" 0
	run --separate-stderr rw-record --claim --run-id r2 < <(made 2)
	assert_equal "$(rw-status --run r2 --json | json .held)" 1
	run --separate-stderr rw-record --claim < <(made 1)
	assert_json "$output" .follower_id f-1
}

@test "in doubt: another layout is held, another signature is no other document" {
	made 1 | rw-record --claim | doubtful | rw-record --result >/dev/null
	assert_held made 1 2
	assert_json "$(made 1 | rw-record --lookup)" \
		'[.sent_content_sha256,.sent_drawn_sha256]' \
		"[\"$(digest 11)\",\"$(digest 12)\"]"
	run --separate-stderr rw-record --claim < <(made 1 1 9)
	assert_json "$output" .follower_id f-1
}

@test "--again sends the same content in another layout, and no other content" {
	made 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	run --separate-stderr rw-record --claim --again < <(made 1 2 9)
	assert_json "$output" '[.follower_id,.sequence]' '["f-1",1]'
	mailed <<<"$output" | rw-record --result >/dev/null
	assert_entry f-1 '[.content_sha256,.drawn_sha256]' \
		"[\"$(digest 11)\",\"$(digest 22)\"]"
	run --separate-stderr rw-record --claim --again < <(made 2 2 9)
	assert_status 1
	assert_stderr_has 'it was sent as a different document: --revise sends this one'
}

# An entry as release 1.0.0 wrote it: no digests in it, none in its claim.
undigested() {
	made 1 | jq -c "del(.content_sha256,.drawn_sha256) + {total_pnl:\"5.00\",commission_amount:\"1.00\",currency:\"USD\"}"
}

@test "an entry without digests is compared by its figures and currency" {
	local other
	undigested | rw-record --claim | doubtful | rw-record --result >/dev/null
	assert_json "$(made 2 | rw-record --lookup)" \
		'[.sent_figures,has("sent_content_sha256")]' \
		'["5.00 USD and a commission of 1.00 USD",false]'
	for other in '.currency = "EUR"' '.total_pnl = "5.01"' \
		'.commission_amount = "1.01"' 'del(.total_pnl)'; do
		made 2 | jq -c '. + {total_pnl:"5.00",commission_amount:"1.00",currency:"USD"} | '"$other" >line
		assert_held cat line
	done
	made 2 | jq -c '. + {total_pnl:"5",commission_amount:"1.0",currency:"USD"}' >line
	run --separate-stderr rw-record --claim <line
	assert_json "$output" .follower_id f-1
}

@test "in doubt, and the next attempt fails: the first mail may still have arrived" {
	made 1 | rw-record --claim | doubtful | rw-record --result >/dev/null
	made 1 | rw-record --claim 2>/dev/null | refused | rw-record --result >out
	assert_json "$(cat out)" '[.state,.error.kind]' '["in_doubt","refused"]'
	assert_entry f-1 '[.state,.last_error]' \
		'["in_doubt","rw-mail: 550 no such user"]'
	other_documents_are_held
	run rw-record --claim --in-doubt hold < <(made 1)
	assert_output_lacks follower_id
	# The failure of a new revision is only a failure.
	made 2 | rw-record --lookup --revise | rw-record --claim --revise | refused |
		rw-record --result >/dev/null
	assert_entry f-1 '[.state,.revision]' '["failed",2]'
}

@test "in doubt by the journal alone: a different document is held" {
	start_run r1
	made 1 | rw-record --claim >claimed
	begun <claimed | journal r1
	kill_run
	# Before the journal is replayed, --lookup knows it too.
	assert_json "$(made 2 | rw-record --lookup)" .sent_content_sha256 "$(digest 11)"
	other_documents_are_held
}

@test "in doubt by the lease of a different host: a different document is held" {
	start_run r1
	made 1 | RW_HOST=elsewhere RW_LEASE=2 rw-record --claim >/dev/null
	kill_run
	sleep 2.1
	run --separate-stderr rw-record --claim < <(made 2)
	assert_output ''
	assert_stderr_has 'because the report differs from the one that may have arrived'
	assert_json "$(made 2 | rw-record --lookup)" .sent_content_sha256 "$(digest 11)"
	run --separate-stderr rw-record --claim < <(made 1)
	assert_json "$output" .follower_id f-1
}

@test "a claim without a begun mail is taken over with any document" {
	start_run r1
	made 1 | rw-record --claim >/dev/null
	kill_run
	assert_json "$(made 2 | rw-record --lookup)" 'has("sent_content_sha256")' false
	run --separate-stderr rw-record --claim < <(made 2)
	assert_json "$output" .follower_id f-1
}

@test "in doubt and changed: after either resolution, the new document is sent" {
	local how
	for how in retry sent; do
		made 1 | rw-record --claim | doubtful | rw-record --result >/dev/null
		assert_held made 2
		rw-status --in-doubt --json | rw-record --resolve $how >/dev/null
		if [ $how = retry ]; then
			assert_json "$(made 2 | rw-record --lookup)" \
				'has("sent_content_sha256")' false
			made 2 | rw-record --claim | refused | rw-record --result >/dev/null
		fi
	done
	assert_json "$(made 2 | rw-record --lookup --again)" \
		'[.sent_content_sha256,has("sent_drawn_sha256")]' "[\"$(digest 11)\",false]"
	run --separate-stderr rw-record --claim --again < <(made 2)
	assert_status 1
	assert_stderr_has 'it was sent as a different document: --revise sends this one'
	assert_entry f-1 .state sent
	made 2 | rw-record --lookup --revise | rw-record --claim --revise >claimed
	assert_json "$(cat claimed)" '[.revision,has("sent_content_sha256")]' '[2,false]'
}

@test "reports that a dead run left in doubt can be settled at once" {
	start_run r1
	lines 2 | rw-record --claim >claimed
	sed -n 1p claimed | begun | journal r1
	kill_run
	RW_RUN_ID=r2 rw-record --resolve sent <claimed >out 2>err || true
	assert_entry f-1 '[.state,.email_sent]' '["sent",true]'
	assert_entry f-2 .state claimed
}

# figures PNL MARK [MORE]: prints a line with these figures.
figures() {
	lines 1 2025-05 "\"email\":\"f-1@example.com\",\"currency\":\"EUR\",\"total_pnl\":\"$1\",\"high_water_mark_after\":\"$2\",\"pdf_url\":\"https://s/p\",\"excel_url\":\"https://s/x\"${3:+,$3}"
}

@test "a revision that was in doubt and is settled as sent has its own figures" {
	export REPORT_SENDER_EMAIL=reports@example.com \
		RW_MAIL_TRANSPORT=maildir:$BATS_TEST_TMPDIR/mail
	figures 500.00 10500.00 | rw-record --claim | mailed |
		rw-record --result >/dev/null
	start_run r1
	figures 900.00 10900.00 '"revision":2' | rw-record --claim --revise >claimed
	# Outside a run: the operator chooses the links.
	RW_FAULT=rw-mail:accepted env -u RW_RUN_ID rw-mail <claimed ||
		assert_equal $? 137
	kill_run
	lines 1 2024-12 | rw-record --claim >/dev/null
	assert_entry f-1 'select(.report_period == "2025-05") | [.state, .revision, .total_pnl]' \
		'["in_doubt",2,"900.00"]'
	lines 1 2025-05 | rw-record --resolve sent >/dev/null
	assert_entry f-1 'select(.report_period == "2025-05") | [.state, .total_pnl, .high_water_mark_after]' \
		'["sent","900.00","10900.00"]'
	assert_json "$(lines 1 | rw-record --lookup)" .high_water_mark 10900.00
}

@test "a revision of a different host that is settled as sent has only its own figures" {
	figures 500.00 10500.00 | rw-record --claim | mailed |
		rw-record --result >/dev/null
	figures 900.00 10900.00 '"revision":2' |
		RW_HOST=elsewhere RW_LEASE=1 rw-record --claim --revise >/dev/null
	sleep 2
	lines 1 2025-05 | rw-record --resolve sent >/dev/null
	assert_entry f-1 '[.state, .revision, .total_pnl, .high_water_mark_after]' \
		'["sent",2,null,null]'
	assert_json "$(lines 1 | rw-record --lookup)" 'has("high_water_mark")' false
}

@test "only reports in doubt can be settled" {
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	run --separate-stderr rw-record --resolve retry < <(lines 2)
	assert_status 1
	assert_stderr_has 'f-1 2025-06: it is sent, not in doubt: --again sends it once more'
	assert_stderr_has 'f-2 2025-06: it has no entry in the ledger, and is not in doubt'
	assert_entry f-1 .state sent
}

@test "settled as retry: an old outcome cannot return" {
	lines 1 | rw-record --claim | doubtful >done
	rw-record --result <done >/dev/null
	rw-status --in-doubt --json | rw-record --resolve sent >/dev/null
	run rw-record --result <done
	assert_status 1
	assert_entry f-1 .state sent
}
