#!/usr/bin/env bats
# rw-bounce: what is noted of notifications, and what is passed over. On SQLite,
# and once more as bounce-mongo.bats on MongoDB.

load ledger_helpers
load bounce_helpers

setup() {
	case $BATS_TEST_FILENAME in
	*-mongo.bats)	new_database ;;
	*)		export RW_LEDGER=$BATS_TEST_TMPDIR/ledger.db ;;
	esac
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_ENVELOPE_FROM=bounces@mail.example
	export RW_VERP_KEY=0123456789abcdef
	export RW_MAIL_TRANSPORT=sendmail:$PWD/sendmail
	make_sendmail
	rw-record --init
}

# bounce COUNTS [ARG]...: runs rw-bounce --json on standard input.
bounce() {
	local counts=$1
	shift
	run --separate-stderr rw-bounce --json "$@"
	assert_status 0
	assert_stderr ''
	assert_equal "$(bounce_counts "$output")" "$counts"
}

notes() {
	assert_entry "$1" '[.state,.bounce_code]' "$2"
}

# assert_entry_of FOLLOWER PERIOD FILTER EXPECTED
assert_entry_of() {
	assert_equal "$(rw-status --follower "$1" --period "$2" --json | jq -r "$3")" "$4"
}

# All of the entries but the notes.
without_notes() {
	rw-status --all --json | jq -c 'del(.bounce_code,.bounced_at)'
}

# ---- what counts -----------------------------------------------------------

@test "the sender of each mail has a MAC, and a notification to it is noted once" {
	mail_out 2
	[[ $(sender_of f-1) =~ ^bounces\+202506\.[0-9a-f]{16}\.[0-9a-f]{20}@mail\.example$ ]]
	[ "$(sender_of f-1)" != "$(sender_of f-2)" ]
	before=$(without_notes)
	notification "$(sender_of f-1)" failed 5.1.1 f-1@example.com >note
	bounce '{"messages":1,"noted":1}' <note
	notes f-1 '["sent","5.1.1"]'
	notes f-2 '["sent",null]'
	after=$(rw-status --all --json)
	bounce '{"messages":1,"known":1}' <note
	assert_equal "$(rw-status --all --json)" "$after"
	assert_equal "$(without_notes)" "$before"
}

@test "the address may come in another field, in another case, and without a code" {
	mail_out 3
	notification "undisclosed-recipients:;" failed 5.1.1 x@forwarded.example |
		sed "1i Delivered-To: $(sender_of f-1 | tr '[:lower:]' '[:upper:]')" >note
	bounce '{"messages":1,"noted":1}' <note
	notification "<$(sender_of f-2)>, \"B\" <b@example.com>" 'Failed (bounced)' 'none' x@forwarded.example >note
	bounce '{"messages":1,"noted":1}' <note
	notes f-2 '["sent","5.0.0"]'
	# As a server pipes it to a command, with CRLF.
	{
		echo 'From MAILER-DAEMON  Wed Jul  2 10:00:00 2025'
		notification "$(sender_of f-3)" failed 5.2.1 f-3@example.com
	} | sed 's/$/\r/' >note
	bounce '{"messages":1,"noted":1}' <note
	notes f-3 '["sent","5.2.1"]'
}

@test "without an address of its own, Message-ID and recipient must both match" {
	unset RW_VERP_KEY
	mail_out 2
	assert_equal "$(sender_of f-1)" bounces@mail.example
	notification bounces@mail.example failed 5.1.1 f-2@example.com "$(id_of f-1)" >note
	bounce '{"messages":1,"unknown":1}' <note
	notification bounces@mail.example failed 5.1.1 f-1@example.com '<2025-06.000000000000000000000000@example.com>' >note
	bounce '{"messages":1,"unknown":1}' <note
	notification bounces@mail.example failed 5.1.1 f-1@example.com '<x@example.com>' >note
	bounce '{"messages":1,"unrelated":1}' <note
	notes f-1 '["sent",null]'
	notification bounces@mail.example failed 5.1.1 F-1@Example.com "$(id_of f-1)" >note
	bounce '{"messages":1,"noted":1}' <note
	notes f-1 '["sent","5.1.1"]'
	notes f-2 '["sent",null]'
	# The original recipient counts as well, and a returned message.
	notification bounces@mail.example failed 5.1.1 other@example.net "$(id_of f-2)" |
		sed 's/^Action/Original-Recipient: rfc822;f-2@example.com\n&/;
			s|^Content-Type: text/rfc822-headers|Content-Type: message/rfc822|' >note
	bounce '{"messages":1,"noted":1}' <note
	notes f-2 '["sent","5.1.1"]'
}

@test "the moment is that of the notification, unless it is impossible" {
	mail_out 3
	export DATE
	for f in 1:"$(date -R)" 2:'Wed, 02 Jan 2002 10:00:00 +0000' 3:'Wed, 02 Jan 2199 10:00:00 +0000'; do
		DATE=${f#*:} notification "$(sender_of "f-${f%%:*}")" failed 5.1.1 a@b.example
	done >note.all
	DATE='Tue, 1 Jul 2003 10:00:00 +0000'
	csplit -sz -f note. note.all '/^From: MAILER/' '{*}'
	for f in note.0?; do
		bounce '{"messages":1,"noted":1}' <"$f"
	done
	assert_json "$(rw-status --bounced --json | jq -c -s '[.[] | (now - (.bounced_at | fromdate)) | . >= -1 and . < 600]')" . '[true,true,true]'
}

# ---- what does not count ---------------------------------------------------

@test "delays, successes, and a failure that is not for good" {
	mail_out 2
	to=$(sender_of f-1)
	notification "$to" delayed 4.4.1 f-1@example.com >note
	bounce '{"messages":1,"delayed":1}' <note
	notification "$to" delivered 2.0.0 f-1@example.com >note
	bounce '{"messages":1,"delivered":1}' <note
	notification "$to" relayed 2.0.0 f-1@example.com >note
	bounce '{"messages":1,"delivered":1}' <note
	notification "$to" failed 2.0.0 f-1@example.com >note
	bounce '{"messages":1,"malformed":1}' <note
	notification "$to" exploded 5.0.0 f-1@example.com >note
	bounce '{"messages":1,"malformed":1}' <note
	notes f-1 '["sent",null]'
	# It gave up: noted, and one for good replaces it, but not the reverse.
	notification "$to" failed 4.4.7 f-1@example.com >note
	bounce '{"messages":1,"noted":1}' <note
	notes f-1 '["sent","4.4.7"]'
	notification "$to" failed 5.1.1 f-1@example.com >note2
	bounce '{"messages":1,"noted":1}' <note2
	bounce '{"messages":1,"known":1}' <note
	notes f-1 '["sent","5.1.1"]'
	# A later success does not take the note back.
	notification "$to" delivered 2.0.0 f-1@example.com >note
	bounce '{"messages":1,"delivered":1}' <note
	notes f-1 '["sent","5.1.1"]'
}

@test "one failure among the members of a list that has taken the mail" {
	mail_out 1
	notification "$(sender_of f-1)" failed 5.1.1 member@list.example |
		sed 's/^Diagnostic-Code.*/&\n\nFinal-Recipient: rfc822; second@list.example\nAction: relayed\nStatus: 2.0.0/' >note
	bounce '{"messages":1,"delivered":1}' <note
	notes f-1 '["sent",null]'
}

@test "forged addresses count as such, whatever else matches" {
	mail_out 2
	to=$(sender_of f-1)
	mac=${to#*.*.} mac=${mac%%@*}
	for wrong in "${to/$mac/00000000000000000000}" "${to/.$mac/}" \
		"${to/202506/202507}" "${to/+202506/+x202506}" \
		"${to/@/0@}" "$(sender_of f-2 | sed "s/\.[^.]*@/.$mac@/")"; do
		notification "$wrong" failed 5.1.1 f-1@example.com "$(id_of f-1)" >note
		bounce '{"messages":1,"forged":1}' <note
	done
	# These are addresses of others.
	for other in "x$to" "$to.evil.example" "${to/+/-}" "a@b.example"; do
		notification "$other" failed 5.1.1 f-9@example.com >note
		bounce '{"messages":1,"unrelated":1}' <note
	done
	notes f-1 '["sent",null]'
	RW_VERP_KEY=another-key-of-16-c bounce '{"messages":1,"forged":1}' < <(
		notification "$to" failed 5.1.1 f-1@example.com)
	notes f-1 '["sent",null]'
}

@test "answers, other reports, nested notifications and their likes are unrelated" {
	mail_out 1
	to=$(sender_of f-1)
	printf 'From: f-1@example.com\nTo: %s\nSubject: Out of office\nAuto-Submitted: auto-replied\n\nI am on holiday. Action: failed\n' "$to" >note
	bounce '{"messages":1,"unrelated":1}' <note
	notification "$to" failed 5.1.1 f-1@example.com "$(id_of f-1)" >real
	sed 's/report-type=delivery-status/report-type=disposition-notification/' real >note
	bounce '{"messages":1,"unrelated":1}' <note
	sed 's/report-type=delivery-status;/x=y;/' real >note
	bounce '{"messages":1,"unrelated":1}' <note
	sed 's|multipart/report|multipart/mixed|' real >note
	bounce '{"messages":1,"unrelated":1}' <note
	{
		printf 'From: x@example.com\nTo: %s\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n' "$to"
		cat real
	} >note
	bounce '{"messages":1,"unrelated":1}' <note
	# A notification inside a notification about another mail.
	{
		printf 'From: x@example.com\nTo: reports@example.com\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=o\n\n--o\nContent-Type: message/rfc822\n\n'
		cat real
		printf -- '\n--o--\n'
	} >note
	bounce '{"messages":1,"unrelated":1}' <note
	sed 's|message/delivery-status|text/plain|' real >note
	bounce '{"messages":1,"malformed":1}' <note
	sed 's|^Action.*||' real >note
	bounce '{"messages":1,"malformed":1}' <note
	: >note
	bounce '{}' <note
	head -c 100000 /dev/urandom >note
	run --separate-stderr rw-bounce --json <note
	assert_status 0
	assert_json "$output" '[.noted,.known]' '[0,0]'
	notes f-1 '["sent",null]'
}

@test "huge, deep and endless mail is passed over, in bounded time and memory" {
	mail_out 1
	to=$(sender_of f-1)
	{
		printf 'To: %s\nX-Long: ' "$to"
		head -c 30000000 /dev/zero | tr '\0' x
		notification "$to" failed 5.1.1 f-1@example.com
	} >long
	/usr/bin/python3 - "$to" <<-'END'
		import sys
		def deep(name, part):
		    with open(name, 'w') as f:
		        f.write(f'To: {sys.argv[1]}\nMIME-Version: 1.0\n')
		        for i in range(20000):
		            f.write(part.format(i=i))
		deep('deep1', 'Content-Type: multipart/report; report-type=delivery-status; boundary=b{i}\n\n--b{i}\n')
		deep('deep2', 'Content-Type: message/rfc822\n\n')
		with open('many', 'w') as f:
		    f.write(f'To: {sys.argv[1]}\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n')
		    f.write('Final-Recipient: rfc822; a@b.example\nAction: delayed\n\n' * 200000)
		with open('loop', 'w') as f:
		    f.write(f'To: {sys.argv[1]}\n' + 'Received: from a by b\n' * 100000 + '\nhello\n')
		with open('tos', 'w') as f:
		    f.write('To: ' + ', '.join([f'bounces+202506.{i:016x}.{i:020x}@mail.example' for i in range(5000)]) + '\n')
		    f.write('MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.0.0\n')
	END
	[ -n "${RW_TEST_SANITIZED:-}" ] || ulimit -v 1500000
	bounce '{"messages":1,"unrelated":1}' <long
	mkdir -p box/new box/cur
	ln long box/new/1
	bounce '{"messages":1,"unrelated":1}' --maildir box
	bounce '{"messages":1,"malformed":1}' <deep1
	bounce '{"messages":1,"unrelated":1}' <deep2
	bounce '{"messages":1,"delayed":1}' <many
	bounce '{"messages":1,"unrelated":1}' <loop
	bounce '{"messages":1,"forged":1}' <tos
	notes f-1 '["sent",null]'
}

@test "a notification about a mail that was sent again since then" {
	mail_out 1
	first=$(sender_of f-1)
	notification "$first" failed 5.1.1 f-1@example.com >note
	bounce '{"messages":1,"noted":1}' <note
	# The note is about the mail that was: a new one begins without it.
	rw-record --claim --again <due | rw-mail | rw-record --result >again
	[ "$(sender_of f-1)" != "$first" ]
	notes f-1 '["sent",null]'
	bounce '{"messages":1,"superseded":1}' <note
	notes f-1 '["sent",null]'
	# One that fails leaves the mail, and its note, as they were.
	notification "$(sender_of f-1)" failed 5.1.2 f-1@example.com >note
	bounce '{"messages":1,"noted":1}' <note
	rw-record --claim --again <due | refused | rw-record --result >again
	notes f-1 '["sent","5.1.2"]'
}

@test "one that comes before the outcome of the mail is recorded" {
	lines 1 2025-06 '"pdf_url":"https://s.example/p","excel_url":"https://s.example/x","email":"f-1@example.com"' |
		rw-record --claim | rw-mail >mailed
	notification "$(sender_of f-1)" failed 5.1.1 f-1@example.com >note
	bounce '{"messages":1,"noted":1}' <note
	rw-record --result <mailed >sent
	notes f-1 '["sent","5.1.1"]'
	bounce '{"messages":1,"known":1}' <note
}

# ---- where they are read from ------------------------------------------------

@test "a maildir, an mbox, and several notifications of one mail" {
	mail_out 3
	mkdir -p box/new box/cur box/tmp
	notification "$(sender_of f-1)" failed 5.1.1 f-1@example.com >box/new/1
	notification "$(sender_of f-1)" failed 5.1.1 f-1@example.com >box/cur/2:2,S
	notification "$(sender_of f-2)" failed 4.4.7 f-2@example.com >box/new/3
	notification "$(sender_of f-2)" failed 5.7.1 f-2@example.com >box/new/4
	notification "$(sender_of f-3)" failed 5.7.1 f-3@example.com >box/tmp/5
	printf 'To: a@b.example\n\nhello\n' >box/new/6
	ln -s /etc/passwd box/new/7
	mkfifo box/new/8
	mkdir box/new/9
	find box -type f -exec md5sum {} + | sort >before
	bounce '{"messages":5,"noted":2,"known":2,"unrelated":1}' --maildir box
	notes f-1 '["sent","5.1.1"]'
	notes f-2 '["sent","5.7.1"]'
	notes f-3 '["sent",null]'
	bounce '{"messages":5,"known":4,"unrelated":1}' --maildir box
	find box -type f -exec md5sum {} + | sort | cmp - before
	{
		echo 'From a Wed Jul  2 10:00:00 2025'
		notification "$(sender_of f-2)" failed 5.1.1 f-2@example.com
		printf '\nFrom b Wed Jul  2 10:00:00 2025\nTo: x\n\n\0\0\nFrom here it is text\n\n'
		echo 'From c Wed Jul  2 10:00:00 2025'
		notification "$(sender_of f-3)" failed 5.1.1 f-3@example.com
	} >mbox
	bounce '{"messages":3,"noted":1,"known":1,"unrelated":1}' --mbox mbox
	notes f-3 '["sent","5.1.1"]'
}

@test "a dry run tells, and changes nothing; --quiet prints nothing" {
	mail_out 1
	notification "$(sender_of f-1)" failed 5.1.1 f-1@example.com >note
	run --separate-stderr rw-bounce --dry-run <note
	assert_status 0
	assert_output 'dry run: 1 message, 1 bounced'
	notes f-1 '["sent",null]'
	run --separate-stderr rw-bounce --verbose <note
	assert_output '1 message, 1 bounced'
	assert_stderr_has 'standard input: message 1: the mail to f-1 for 2025-06 bounced (5.1.1)'
	run rw-bounce --quiet <note
	assert_status 0
	assert_output ''
}

@test "more notifications than are looked up at once" {
	mail_out 3
	mkdir -p box/new box/cur
	for i in 1 2 3; do
		notification "$(sender_of "f-$i")" failed 5.1.1 f@example.com >"box/new/$i"
	done
	for i in {1..399}; do
		ln box/new/1 "box/cur/1-$i"
		ln box/new/2 "box/cur/2-$i"
		ln box/new/3 "box/cur/3-$i"
	done
	bounce '{"messages":1200,"noted":3,"known":1197}' --maildir box
}

# ---- who sees it -----------------------------------------------------------

@test "rw-status shows and counts what bounced" {
	mail_out 3
	notification "$(sender_of f-2)" failed 5.1.1 f-2@example.com | rw-bounce --quiet
	run rw-status --bounced
	assert_status 0
	assert_output_has 'bounced, 5.1.1 on 20'
	assert_output_lacks f-1
	assert_json "$(rw-status --bounced --json)" '[.follower_id,.state,.bounce_code]' \
		'["f-2","sent","5.1.1"]'
	assert_json "$(rw-status --run r-2025-06 --json)" '[.sent,.bounced,.failed]' '[3,1,0]'
	assert_equal "$(rw-status --run r-2025-06 --line)" '3 sent, 3 links, 1 bounced'
	run rw-status --run r-2025-06
	assert_output_has '1    of those sent, bounced'
	run rw-status --prom
	assert_output_has 'report_worker_reports_bounced 1'
	assert_output_has 'report_worker_reports{outcome="sent"} 3'
	assert_output_lacks 'outcome="bounced"'
	run rw-status --run r-2025-06 --prom
	assert_output_has 'report_worker_run_reports_bounced 1'
}

@test "the next month is sent all the same, and one warning names who bounced for good" {
	mail_out 12
	for i in {1..11}; do
		notification "$(sender_of "f-$i")" failed 5.1.1 "f-$i@example.com"
		printf '\nFrom x\n'
	done >mbox
	notification "$(sender_of f-12)" failed 4.4.7 f-12@example.com >>mbox
	bounce '{"messages":12,"noted":12}' --mbox mbox
	run --separate-stderr rw-record --lookup < <(lines 12 2025-07 '"high_water_mark":"1.00"')
	assert_status 0
	assert_equal "$(wc -l <<<"$output")" 12
	assert_equal "$(grep -c bounced <<<"$stderr")" 1
	assert_stderr_has 'rw-record: warning: 11 of 12 are for followers whose last mail bounced for good (rw-status --bounced); check their addresses: f-1, f-2, f-3, f-4, f-5, f-6, f-7, f-8, f-9, f-10 and 1 more'
	assert_equal "$(jq -c "[.high_water_mark, has(\"bounced_at\")]" <<<"$output" | sort -u)" '["1.00",false]'
	mail_out 12 2025-07
	assert_entry_of f-1 2025-07 .state sent
	# The mail of the month before is what counts.
	run --separate-stderr rw-record --lookup < <(lines 12 2025-08)
	assert_stderr ''
	run --separate-stderr rw-record --lookup < <(lines 1 2025-06)
	assert_stderr ''
}

# ---- settings and failures -----------------------------------------------------

@test "settings that are wrong, and what cannot be read" {
	run --separate-stderr env RW_VERP_KEY=fifteen-letters rw-bounce
	assert_status 78
	assert_stderr_has 'RW_VERP_KEY is too short: expected at least 16 characters'
	assert_stderr_lacks fifteen
	run --separate-stderr env -u RW_ENVELOPE_FROM rw-bounce
	assert_status 78
	assert_stderr_has 'RW_VERP_KEY is set, but RW_ENVELOPE_FROM is not'
	run --separate-stderr env RW_ENVELOPE_FROM=here rw-bounce
	assert_status 78
	assert_stderr_has RW_ENVELOPE_FROM
	run --separate-stderr env RW_ENVELOPE_FROM=bounces-of-the-reports@mail.example rw-mail --check
	assert_status 78
	assert_stderr_has 'RW_ENVELOPE_FROM has 22 characters before the @: expected at most 19 with RW_VERP_KEY'
	run --separate-stderr rw-bounce --maildir nowhere
	assert_status 78
	assert_stderr_has "cannot read the maildir's directory nowhere/new"
	run --separate-stderr rw-bounce --mbox nowhere
	assert_status 74
	mkfifo fifo
	run --separate-stderr timeout 20 rw-bounce --mbox fifo
	assert_status 78
	assert_stderr 'rw-bounce: error: fifo is not a regular file'
	run --separate-stderr rw-bounce --mbox a --maildir b
	assert_status 64
	assert_stderr_has '--maildir and --mbox exclude each other'
	printf '0123456789abcdef\n' >key
	run --separate-stderr env -u RW_VERP_KEY RW_VERP_KEY_FILE="$PWD/key" rw-bounce --check
	assert_status 0
	assert_output_has 'addresses: those of bounces@mail.example with a valid MAC'
	run --separate-stderr env -u RW_VERP_KEY rw-bounce --check
	assert_output_has 'notifications count by Message-ID and recipient'
}

@test "the key is in no output and no log" {
	export RW_LOG_FILE=$PWD/log
	mail_out 1
	notification "$(sender_of f-1)" failed 5.1.1 f-1@example.com |
		rw-bounce --verbose >all 2>&1
	rw-bounce --check >>all 2>&1
	rw-mail --check >>all 2>&1
	assert_file_lacks all "$RW_VERP_KEY"
	assert_file_lacks log "$RW_VERP_KEY"
}
