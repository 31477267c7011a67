# The contract of the ledger (ledger_helpers.bash): the file of a run in the
# journal, and its removal.

load ledger_helpers

# claim N: a run, $run, claims N reports, writes them to "claimed", and dies.
claim() {
	lines "$1" >due
	# shellcheck disable=SC2016
	rw-run -- sh -c 'echo "$RW_RUN_ID" >run; rw-record --claim <due >claimed'
	run=$(<run)
	file=$RW_STATE_DIR/journal/$run.run
	assert_lines "$1" claimed
}

# begin N: mails the first N claimed reports, without recording the outcome in
# the ledger. The pipeline runs by hand, so that the links are not checked.
begin() {
	export REPORT_SENDER_EMAIL=reports@example.com
	mkdir -p mail
	head -n "$1" claimed | jq -c '. + {email: "a@example.com",
		pdf_url: "https://s/p", excel_url: "https://s/x",
		url_expires_at: "2099-01-01T00:00:00Z"}' >letters
	rw-mail --transport maildir:mail <letters >mailed
	journal=$(find "$RW_STATE_DIR/journal" -name "*.jsonl" | tail -n 1)
}

# claim_again: a second run claims the same reports.
claim_again() {
	run --separate-stderr rw-run -- rw-record --claim "$@" <due
	assert_status 0
	again=$(json .follower_id <<<"$output" | tr '\n' ' ')
}

# Prints the remaining files of the run, and all journals.
left() {
	find "$RW_STATE_DIR/journal" -name "$run.run" -o -name '*.jsonl' | wc -l
}

@test "a run that has mailed nobody: all its claims are free" {
	claim 3
	[ -s "$file" ]
	claim_again --in-doubt hold
	assert_equal "$again" 'f-1 f-2 f-3 '
	assert_stderr_lacks 'in doubt'
	assert_equal "$(left)" 0
}

@test "more claims than one batch are freed" {
	claim 350
	claim_again --in-doubt hold
	assert_lines 350 <(printf '%s\n' "$output")
	assert_equal "$(left)" 0
}

@test "reports that the journal has as sent are sent, reports without a begin are free" {
	claim 3
	begin 1
	claim_again --in-doubt hold
	assert_equal "$again" 'f-2 f-3 '
	assert_entry f-1 '[.state,.run_id]' "[\"sent\",\"$run\"]"
	assert_equal "$(left)" 0
}

@test "a journal is removed: all reports without a recorded outcome are in doubt" {
	claim 3
	begin 1
	rm "$journal"
	claim_again --in-doubt hold
	assert_equal "$again" ''
	assert_stderr_has '3 of 3 are in doubt and were held back'
	assert_equal "$(left)" 0
	claim_again
	assert_equal "$again" 'f-1 f-2 f-3 '
	assert_stderr_has '3 of 3 are in doubt: the same message may go out a second time'
}

@test "the run's file is removed: reports that no journal settles are in doubt" {
	claim 3
	begin 1
	rm "$file"
	claim_again --in-doubt hold
	assert_equal "$again" ''
	assert_stderr_has '2 of 3 are in doubt and were held back'
	assert_entry f-1 .state sent
}

@test "file, journal and locks are removed: the claims are free, or in doubt" {
	claim 3
	begin 1
	rm -rf "$RW_STATE_DIR/journal" "$RW_STATE_DIR/runs"
	claim_again --in-doubt hold
	assert_equal "$again" ''
	assert_entry f-2 .state claimed
	claim_again --in-doubt hold --take-over
	assert_equal "$again" ''
	assert_stderr_has '3 of 3 are in doubt and were held back'
}

@test "the run's file, or a journal, is damaged or a copy: in doubt" {
	local how
	for how in 'echo x >>"$file"' ': >"$file"' \
		'cp "$file" f && mv f "$file"' 'cp "$journal" j && mv j "$journal"'; do
		rm -rf "$RW_STATE_DIR" mail
		rm -f ledger.db*
		[ -z "${MONGO_URI-}" ] || { drop_database; new_database; }
		rw-record --init
		claim 3
		begin 1
		eval "$how"
		claim_again --in-doubt hold
		assert_equal "$again" '' "$how"
		assert_entry f-1 .state sent
		assert_entry f-2 .state in_doubt
		assert_equal "$(left)" 0
	done
}

@test "rw-mail in a run whose file was removed sends nothing, and reports in doubt" {
	claim 2
	rm "$file"
	begin 2 || true
	assert_equal "$(find mail -type f | wc -l)" 0
	assert_equal "$(jq -r .state mailed | sort -u)" in_doubt
	rw-record --result <mailed >/dev/null || true
	assert_entry f-1 .state in_doubt
}

@test "the same lines again by hand, after the first journal was removed" {
	claim 2
	begin 2
	rm "$journal"
	begin 2 || true
	assert_equal "$(find mail/new -type f | wc -l)" 2
	assert_equal "$(jq -r .state mailed | sort -u)" in_doubt
}

@test "two rw-mail of one run: both journals count" {
	claim 4
	begin 1
	sed -i 1d claimed
	begin 1
	assert_equal "$(left)" 3
	claim_again --in-doubt hold
	assert_equal "$again" 'f-3 f-4 '
	assert_entry f-1 .state sent
	assert_entry f-2 .state sent
	assert_equal "$(left)" 0
}

@test "killed while the journal of a run is settled: settled again, with the same result" {
	local point
	for point in journal-replayed result-committed journal-run-freed \
		journal-removed; do
		rm -rf "$RW_STATE_DIR" mail
		rm -f ledger.db*
		[ -z "${MONGO_URI-}" ] || { drop_database; new_database; }
		rw-record --init
		claim 3
		begin 1
		RW_FAULT=rw-record:$point run rw-record --claim --run-id r2 <due
		assert_status 137
		claim_again --in-doubt hold
		assert_equal "$again" 'f-2 f-3 ' "$point"
		assert_entry f-1 .state sent
		assert_equal "$(left)" 0 "$point"
	done
}

@test "a report that was in doubt before is in doubt again if the run did not mail it" {
	claim 1
	rm "$file"
	claim_again --in-doubt hold
	assert_equal "$again" ''
	rw-run -- rw-record --claim <due >second
	assert_lines 1 second
	claim_again --in-doubt hold
	assert_equal "$again" ''
	assert_stderr_has '1 of 1 are in doubt and were held back'
}

@test "killed before the first claim: the run's file exists, or no file" {
	RW_FAULT=rw-run:run-recorded run rw-run -- true
	assert_status 137
	assert_equal "$(find "$RW_STATE_DIR/journal" -name '*.run' | wc -l)" 1
	lines 1 >due
	claim_again
	assert_equal "$again" 'f-1 '
}

@test "the journal of a different kernel is settled after its lease, or with --take-over" {
	export ASAN_OPTIONS=verify_asan_link_order=0 \
		RW_TEST_BOOT_ID=11111111-2222-3333-4444-555555555555
	lines 2 >due
	LD_PRELOAD=$BUILD/clock.so rw-record --claim <due >claimed
	LD_PRELOAD=$BUILD/clock.so begin 1
	unset RW_TEST_BOOT_ID
	# On a file system that others may have mounted the lock proves nothing.
	LD_PRELOAD=$BUILD/clock.so RW_TEST_FS=6969 claim_again
	assert_equal "$again" ''
	assert_entry f-1 .state claimed
	[ -e "$journal" ]
	LD_PRELOAD=$BUILD/clock.so RW_TEST_FS=6969 claim_again --take-over
	assert_entry f-1 .state sent
	[ ! -e "$journal" ]
}

@test "a different boot ID, and no other kernel can mount the directory: the lock decides" {
	export ASAN_OPTIONS=verify_asan_link_order=0
	lines 2 >due
	rw-record --claim <due >claimed
	begin 1
	RW_TEST_BOOT_ID=11111111-2222-3333-4444-555555555555 \
		LD_PRELOAD=$BUILD/clock.so claim_again
	assert_entry f-1 .state sent
	[ ! -e "$journal" ]
}

@test "a damaged journal: nobody is mailed; the manual's steps settle it" {
	claim 3
	begin 2
	# The outcome of f-2 is the last line.
	sed -i '$s/email_sent":true/email_sent":tru3/' "$journal"
	run --separate-stderr rw-run -- rw-record --claim <due
	assert_status 74
	assert_output ''
	assert_stderr_has "the journal ${journal##*/} is damaged at line 5; what to do about it: man rw-journal"
	run --separate-stderr rw-mail --transport maildir:mail <letters
	assert_status 74
	grep -a '^{"journal":"begin"' "$journal" | jq -cR 'fromjson? |
		. + {state: "in_doubt", email_sent: false}' |
		rw-record --result >/dev/null
	mv "$journal" aside
	claim_again --in-doubt hold
	assert_equal "$again" ''
	assert_entry f-1 .state in_doubt
	assert_entry f-2 .state in_doubt
	assert_entry f-3 .state in_doubt
	rw-status --in-doubt --follower f-1 --follower f-2 --json |
		rw-record --resolve sent >/dev/null
	rw-status --in-doubt --json | rw-record --resolve retry >/dev/null
	claim_again --in-doubt hold
	assert_equal "$again" 'f-3 '
}
