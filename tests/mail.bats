#!/usr/bin/env bats
# rw-mail: what it composes, whom it refuses, and the ways without a network.
# Mail servers are in smtp.bats and postfix.bats.

load helpers

setup() {
	export REPORT_SENDER_EMAIL=reports@example.com \
		RW_MAIL_TRANSPORT=maildir:$BATS_TEST_TMPDIR/mail
	cd "$BATS_TEST_TMPDIR" || return 1
	printf 'a PDF' >a.pdf
	head -c 5000 /dev/urandom >a.xlsx
	links='"pdf_url":"https://s.example/a.pdf?x=1&y=2","excel_url":"https://s.example/a.xlsx?x=1&y=2","url_expires_at":"2025-07-31T00:10:00Z","mail_date":"2025-07-01T00:10:00Z"'
	files='"pdf_path":"a.pdf","excel_path":"a.xlsx"'
	export SOURCE_DATE_EPOCH=1751328600 # 2025-07-01T00:10:00Z
}

# record MEMBERS...: a line for f-1, with the members given.
record() {
	local IFS=,
	printf '{"follower_id":"f-1","report_period":"2025-06","email":"anna@example.com",%s}\n' "$*"
}

# letter [OPTION...]: what a mail reader makes of the printed message.
letter() {
	rw-mail --print "$@" <line >message || return
	"$PYTHON" "$ROOT/tests/mail_parse.py" message >letter
}

# assert_letter FILTER EXPECTED
assert_letter() {
	assert_json "$(cat letter)" "$1" "$2"
}

assert_letter_is_sound() {
	assert_letter .defects '[]'
	assert_letter .bare_lf 0
	assert_letter .bare_cr 0
	assert_letter '.longest_line <= 76' true
	assert_letter .ascii true
}

mail() {
	run --separate-stderr rw-mail "$@" <line
}

mails() {
	find mail/new -type f 2>/dev/null | wc -l
}

# ---- what it says ---------------------------------------------------------

@test "a letter with links: its headers, its two texts, how long they live" {
	record '"name":"Anna Example"' "$links" >line
	ADMIN_EMAIL=admin@example.com RW_REPLY_TO=help@example.com letter
	assert_letter_is_sound
	assert_letter .from 'SpreadPilot <reports@example.com>'
	assert_letter .to 'Anna Example <anna@example.com>'
	assert_letter .cc admin@example.com
	assert_letter '.["reply-to"]' help@example.com
	assert_letter .subject 'SpreadPilot Monthly Report - 2025-06'
	assert_letter .date 'Tue, 01 Jul 2025 00:10:00 +0000'
	assert_letter '.["auto-submitted"]' auto-generated
	assert_letter '.["message-id"] | test("^<2025-06[.][0-9a-f]{24}@example[.]com>$")' true
	assert_letter .types '["multipart/alternative","text/plain","text/html"]'
	for part in text html; do
		json ".$part" letter >$part
		assert_file_has $part "Your monthly report for 2025-06 is ready."
		assert_file_has $part "You can download your reports using the links below (valid for 30 days):"
		assert_file_has $part "Download PDF Report"
		assert_file_has $part "Download Excel Report"
		assert_file_has $part "31 July 2025, 00:10 UTC"
		assert_file_has $part "Hello Anna Example,"
	done
	assert_file_has text 'https://s.example/a.pdf?x=1&y=2'
	assert_file_has html '<a class="button" href="https://s.example/a.xlsx?x=1&amp;y=2"'
}

@test "a letter with attachments: the files are whole, under the links' names" {
	record "$files" '"revision":2' >line
	letter
	assert_letter_is_sound
	assert_letter .types '["multipart/mixed","multipart/alternative","text/plain","text/html","application/pdf","application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]'
	assert_letter '.attachments | map([.name, .disposition])' \
		'[["SpreadPilot_Report_2025-06_r2.pdf","attachment"],["SpreadPilot_Report_2025-06_r2.xlsx","attachment"]]'
	assert_letter '.attachments[0].sha256' "$(sha256sum <a.pdf | cut -d ' ' -f 1)"
	assert_letter '.attachments[1].sha256' "$(sha256sum <a.xlsx | cut -d ' ' -f 1)"
	for part in text html; do
		json ".$part" letter >$part
		assert_file_has $part "Please find attached your monthly report for 2025-06."
		assert_file_has $part "The report includes your performance summary and commission details."
	done
}

@test "no IBAN and no figure is in a body" {
	record "$files" '"iban":"DE02120300000000202051","total_pnl":"4321.09","commission_amount":"432.11"' >line
	letter
	json '.text + .html' letter >bodies
	for secret in DE02120300000000202051 4321 432.11; do
		assert_file_lacks bodies "$secret"
	done
}

@test "names outside ASCII are right in headers, file names and bodies" {
	record '"name":"Zoë Šimůnková 山田"' "$files" >line
	sed -i 's/anna@example.com/zoe@bücher.example/' line
	RW_BRAND='Größe & Söhne' letter
	assert_letter_is_sound
	assert_letter .from 'Größe & Söhne <reports@example.com>'
	assert_letter .to 'Zoë Šimůnková 山田 <zoe@xn--bcher-kva.example>'
	assert_letter .subject 'Größe & Söhne Monthly Report - 2025-06'
	assert_letter '.attachments[0].name' 'Größe_&_Söhne_Report_2025-06.pdf'
	assert_letter '.text | startswith("Hello Zoë Šimůnková 山田,")' true
	assert_letter '.html | contains("Größe &amp; Söhne")' true
}

@test "names that mean something in HTML or in a header stay names" {
	record '"name":"<b>\"Bob\" & Co, <x@example.com></b>"' "$links" >line
	letter
	assert_letter_is_sound
	assert_letter .to '"<b>\"Bob\" & Co, <x@example.com></b>" <anna@example.com>'
	assert_letter '.html | contains("&lt;b&gt;&quot;Bob&quot; &amp; Co")' true
	name=$(printf 'Maximiliana-%.0s' {1..5})$(printf ' von Beispiel%.0s' {1..30})
	record "\"name\":\"$name\"" "$links" >line
	letter
	assert_letter_is_sound
	assert_letter .to "$name <anna@example.com>"
}

@test "the same record gives the same bytes; another one another Message-ID" {
	record "$files" >line
	letter
	cp message first
	letter
	cmp message first
	json '.["message-id"]' letter >ids
	for members in '"revision":2' '"sequence":1' '"follower_id":"f-2"' \
		'"report_period":"2025-07"'; do
		record "$files" | jq -c ". + {$members}" >line
		letter
		json '.["message-id"]' letter >>ids
	done
	record "$files" >line
	letter --to staging@example.com
	json '.["message-id"]' letter >>ids
	assert_equal "$(sort -u ids | wc -l)" 6
}

@test "--print writes exactly what is sent" {
	record "$files" >line
	letter
	mail
	assert_status 0
	assert_equal "$(tr -d '\r' <message | sha256sum)" "$(cat mail/new/* | sha256sum)"
}

@test "--attach attaches although there are links" {
	record "$links" "$files" >line
	letter --attach
	assert_letter '.attachments | length' 2
	mail --attach --verbose
	assert_json "$output" .delivery attachments
	assert_stderr_lacks "MinIO not available"
}

@test "a dead link makes it attach, and so does a missing one" {
	record "$links" "$files" '"error":{"tool":"rw-verify","kind":"refused","message":"404","retryable":true}' >line
	mail
	assert_json "$output" .delivery attachments
	record '"pdf_url":"https://s.example/a.pdf"' "$files" >line
	mail --verbose
	assert_json "$output" .delivery attachments
	assert_stderr_has "rw-mail: Using email attachments (MinIO not available)"
}

@test "links without an end say so" {
	record '"pdf_url":"https://s.example/1","excel_url":"https://s.example/2"' >line
	letter
	assert_letter '.text | contains("(valid for a limited time)")' true
}

@test "links that have ended are not sent, but may be again" {
	record "$links" >line
	SOURCE_DATE_EPOCH=1753920600 mail
	assert_status 1
	assert_json "$output" '[.error.kind, .error.retryable, .email_sent]' '["data",true,false]'
	assert_stderr_has "the links ended on 31 July 2025, 00:10 UTC"
	assert_equal "$(mails)" 0
}

# ---- templates ------------------------------------------------------------

@test "templates of one's own, each alone, escaped for where they stand" {
	mkdir templates
	echo 'Report {report_period} for {name}' >templates/subject
	printf 'Dear {name}: {pdf_url} {excel_url}\r\n{month} {brand} {validity} {url_expires_at}\n' >templates/links.txt
	echo '<style>p{color:red}</style><p>{name} <a href="{pdf_url}">{pdf_name}</a></p>' >templates/links.html
	record '"name":"A & <B>"' "$links" >line
	RW_TEMPLATE_DIR=templates letter
	assert_letter_is_sound
	assert_letter .subject 'Report 2025-06 for A & <B>'
	assert_letter '.text | split("\r\n")[0]' 'Dear A & <B>: https://s.example/a.pdf?x=1&y=2 https://s.example/a.xlsx?x=1&y=2'
	assert_letter '.text | split("\r\n")[1:]' '["June 2025 SpreadPilot valid for 30 days 31 July 2025, 00:10 UTC",""]'
	assert_letter '.html | rtrimstr("\r\n")' '<style>p{color:red}</style><p>A &amp; &lt;B&gt; <a href="https://s.example/a.pdf?x=1&amp;y=2">SpreadPilot_Report_2025-06.pdf</a></p>'
	record "$files" >line
	RW_TEMPLATE_DIR=templates letter
	assert_letter '.text | contains("Please find attached")' true
}

@test "an unknown placeholder ends the run before anything is sent" {
	mkdir templates
	printf 'a\nb {total_pnl}\n' >templates/attachments.html
	record "$links" >line
	RW_TEMPLATE_DIR=templates mail
	assert_status 78
	assert_stderr_has "templates/attachments.html:2: unknown placeholder {total_pnl}"
	assert_equal "$(mails)" 0
	printf 'a\nb\n' >templates/subject
	rm templates/attachments.html
	RW_TEMPLATE_DIR=templates mail
	assert_status 78
	assert_stderr_has "templates/subject: expected one line"
	printf '\377' >templates/subject
	RW_TEMPLATE_DIR=templates mail
	assert_status 78
	RW_TEMPLATE_DIR=nowhere mail
	assert_status 78
	assert_stderr_has "there is no directory nowhere"
}

# ---- records that cannot be mailed -----------------------------------------

@test "line ends in an address or a name are bad input" {
	for bad in '"a@example.com\r\nBcc: b@example.com","name":"A"' \
		'"a@example.com\u0000","name":"A"' '"a\n@example.com","name":"A"' \
		'"a@example.com","name":"A\r\nBcc: b@example.com"' \
		'"a@example.com","name":"A\u0085B"' \
		'"a@example.com","name":"A\u0000"'; do
		printf '{"follower_id":"f-1","report_period":"2025-06",%s,"email":%s}\n' \
			"$files" "$bad" >line
		mail
		[ "$status" = 1 ] || [ "$status" = 65 ] ||
			fail "$bad gave $status"
		assert_equal "$(mails)" 0 "$bad was mailed"
	done
}

@test "what is wrong with a record is said, and the others go on" {
	{
		record "$files"
		record "$files" | jq -c 'del(.email)'
		record "$files" | jq -c '.email = "Anna <anna@example.com>"'
		record "$files" | jq -c 'del(.excel_path)'
		record "$files" | jq -c '.pdf_path = "gone.pdf"'
		record "$files" | jq -c '.pdf_path = "."'
		record "$files" | jq -c '.pdf_sha256 = "0000"'
		record '"pdf_url":"javascript:alert(1)","excel_url":"https://s.example/"'
		record "$files"
	} >line
	mail
	assert_status 1
	assert_equal "$(mails)" 2
	printf '%s\n' "$output" >out
	assert_lines 9 out
	assert_equal "$(json 'select(.email_sent) | .delivery' out)" $'attachments\nattachments'
	json 'select(.error) | .error | [.tool, .kind, .retryable]' out >errors
	assert_lines 7 errors
	assert_equal "$(sort errors | uniq -c | tr -s ' ')" \
		$' 6 ["rw-mail","data",false]\n 1 ["rw-mail","data",true]'
	for why in "email is missing" "is no mail address" \
		"excel_path is missing" "gone.pdf: No such file" ". is no file" \
		"pdf_sha256 differs" "pdf_url is no http"; do
		assert_stderr_has "$why"
	done
	assert_stderr_lacks "javascript:"
}

@test "a record that fails keeps nothing of an earlier run" {
	record '"pdf_path":"gone"' '"email_sent":true,"sent_timestamp":"2025-07-01T00:00:00Z","message_id":"<1@x>","delivery":"links"' >line
	mail
	assert_json "$output" '[.email_sent, .sent_timestamp, .message_id, .delivery]' '[false,null,null,null]'
}

@test "files larger than RW_MAX_ATTACH are refused" {
	record "$files" >line
	RW_MAX_ATTACH=5005 mail
	assert_status 0
	RW_MAX_ATTACH=5004 mail
	assert_status 1
	assert_stderr_has "larger than RW_MAX_ATTACH, 5004 bytes"
	assert_json "$output" .error.retryable false
	assert_equal "$(mails)" 1
}

@test "another tool's failure is not mailed and passes untouched" {
	record "$files" '"error":{"tool":"rw-gen","kind":"data","message":"x","retryable":false}' >line
	mail
	assert_status 0
	assert_output "$(cat line)"
	assert_equal "$(mails)" 0
	record "$files" '"error":{"tool":"rw-put","kind":"unreachable","message":"x","retryable":true}' >line
	mail
	assert_status 0
	assert_json "$output" '[.email_sent, .error.tool]' '[true,"rw-put"]'
	assert_equal "$(mails)" 1
}

@test "members that it does not know pass byte for byte" {
	echo '{ "z" : 0.10,"follower_id":"f-1","report_period":"2025-06","email":"a@example.com","pdf_path":"a.pdf","excel_path":"a.xlsx", "n":12345678901234567890,"u":"\u00e9" }' >line
	mail
	assert_status 0
	[[ $output == *'"z":0.10,'*'"n":12345678901234567890,"u":"\u00e9","email_sent":true'* ]] ||
		fail "members have changed"
}

# ---- what comes out ----------------------------------------------------------

@test "an accepted letter: email_sent, sent_timestamp, message_id, delivery" {
	record "$links" >line
	mail
	assert_status 0
	assert_stderr ""
	assert_json "$output" '[.email_sent, .delivery]' '[true,"links"]'
	assert_json "$output" '.sent_timestamp | fromdate > 1700000000' true
	"$PYTHON" "$ROOT/tests/mail_parse.py" mail/new/* >letter
	assert_letter '.["message-id"]' "$(json .message_id <<<"$output")"
}

@test "--to sends to one address, and nothing counts as sent" {
	record "$links" '"claim":"c1","lease_until":"2000-01-01T00:00:00Z"' >line
	ADMIN_EMAIL=admin@example.com mail --to staging@example.com
	assert_status 0
	assert_json "$output" '[.email_sent, .sent_timestamp, .delivery]' '[false,null,"links"]'
	"$PYTHON" "$ROOT/tests/mail_parse.py" mail/new/* >letter
	assert_letter .to staging@example.com
	assert_letter '.["x-original-to"]' anna@example.com
	assert_letter .cc null
	[ ! -e "$RW_STATE_DIR/journal" ] || fail "it was journaled"
}

@test "--dry-run composes everything and sends nothing" {
	{
		record "$links"
		record '"pdf_path":"gone"'
	} >line
	for dry in --dry-run --quiet; do
		[ $dry = --dry-run ] || export DRY_RUN_MODE=true
		mail $dry --verbose
		assert_status 1
		assert_json "${lines[0]}" '[.email_sent, .delivery]' '[false,"links"]'
		assert_json "${lines[1]}" '[.email_sent, .error.kind]' '[false,"data"]'
		[ ! -e mail ] || fail "a maildir was made"
	done
	mail --dry-run --verbose
	assert_stderr_has "f-1 2025-06: would send links to anna@example.com"
	unset RW_MAIL_TRANSPORT
	mail --dry-run
	assert_status 78
}

@test "--check of a maildir says what could be done, and makes nothing" {
	run --separate-stderr rw-mail --check
	assert_status 0
	assert_output "maildir $PWD/mail: can be made"
	[ ! -e mail ] || fail "a maildir was made"
	rw-mail --check --transport maildir:deep/below/mail
	[ ! -e deep ] || fail "directories were made"
	record "$links" >line
	rw-mail <line >/dev/null
	run --separate-stderr rw-mail --check
	assert_output "maildir $PWD/mail: can be written"
	: >file
	for dir in file file/mail; do
		run --separate-stderr rw-mail --check --transport "maildir:$dir"
		assert_status 74
		assert_stderr_has "cannot write to file"
		assert_output ""
	done
}

@test "a copy of a maildir's letter would lie beside it: there is none" {
	record "$links" >line
	ADMIN_EMAIL=admin@example.com mail
	assert_equal "$(mails)" 1
}

@test "RW_ADMIN_COPY=summary: one mail about the run" {
	{
		record "$links"
		record "$files"
		record '"pdf_path":"gone"'
	} >line
	ADMIN_EMAIL=admin@example.com RW_ADMIN_COPY=summary mail
	assert_status 1
	assert_equal "$(mails)" 3
	"$PYTHON" "$ROOT/tests/mail_parse.py" mail/new/* |
		jq -c 'select(.to == "admin@example.com")' >letter
	assert_lines 1 letter
	assert_letter .subject 'SpreadPilot Monthly Report - 2025-06: 2 sent, 1 failed, 0 in doubt'
	assert_letter '.text | contains("f-1 2025-06: pdf_path: cannot open gone")' true
	assert_letter .defects '[]'
	: >line
	ADMIN_EMAIL=admin@example.com RW_ADMIN_COPY=summary mail
	assert_equal "$(mails)" 3 "a run without records is nothing to write home about"
}

# ---- settings ---------------------------------------------------------------

@test "settings that are missing or wrong: 78, and what to set" {
	record "$links" >line
	local setting
	for setting in RW_ADMIN_COPY=often RW_ADMIN_COPY=summary \
		ADMIN_EMAIL=nobody REPORT_SENDER_EMAIL=nobody \
		REPORT_SENDER_EMAIL= ADMIN_EMAIL=zoë@example.com \
		RW_MAIL_TRANSPORT=gopher://x RW_MAIL_TRANSPORT=maildir: \
		RW_MAIL_TRANSPORT=sendmail:/nonexistent RW_MAX_ATTACH=lots \
		RW_SMTP_DOT_TIMEOUT=long RW_RUN_ID=a/b 'RW_BRAND=a	b'; do
		run --separate-stderr env "$setting" rw-mail <line
		[ "$status" = 78 ] || fail "$setting gave $status"
		[ -n "$stderr" ] || fail "$setting was not explained"
	done
	unset RW_MAIL_TRANSPORT
	mail
	assert_status 78
	assert_stderr_has "set SMTP_HOST, SMTP_URI or RW_MAIL_TRANSPORT"
	assert_equal "$(mails)" 0
}

@test "mail servers' settings: contradictions are 78, and secrets unseen" {
	unset RW_MAIL_TRANSPORT
	record "$links" >line
	local settings
	for settings in "SMTP_URI=smtp://u:hunter2@" \
		"SMTP_URI=smtp://u:hunter2@h/path" "SMTP_URI=http://u:hunter2@h" \
		"SMTP_URI=smtps://u:hunter2@h SMTP_TLS=false" \
		"SMTP_URI=smtp://u:hunter2@mail.example SMTP_TLS=false" \
		"SMTP_HOST=h SMTP_PORT=70000" "SMTP_HOST=h SMTP_USER=u" \
		"SMTP_HOST=h SMTP_PASSWORD=hunter2" "SMTP_HOST=h@i" \
		"SMTP_HOST=h SMTP_PORT=465 SMTP_TLS=false" \
		"SMTP_HOST=h SMTP_TLS=maybe" "SMTP_HOST=h RW_SMTP_HELLO=a/b" \
		"SMTP_HOST=h SMTP_USER=u SMTP_PASSWORD=a SMTP_PASSWORD_FILE=b"; do
		# shellcheck disable=SC2086 # several settings
		run --separate-stderr env $settings rw-mail --dry-run <line
		[ "$status" = 78 ] || fail "$settings gave $status"
		assert_stderr_lacks hunter2
	done
	SMTP_HOST=h SMTP_TLS=false mail --dry-run
	assert_status 0
	mail --transport smtp://u:hunter2@h
	assert_status 64
	assert_stderr_lacks hunter2
}

@test "--rate wants a number and a unit" {
	record "$links" >line
	for rate in 5 0/s 5/d /s x/s 5/s/s; do
		mail --rate $rate
		[ "$status" = 64 ] || fail "--rate $rate gave $status"
	done
}

@test "--rate spaces the letters" {
	for _ in 1 2 3 4 5; do record "$links"; done >line
	began=$(date +%s%N)
	mail --rate 10/s
	assert_status 0
	took=$((($(date +%s%N) - began) / 1000000))
	[ $took -ge 400 ] || fail "five letters in $took ms"
	assert_equal "$(mails)" 5
}

@test "links of a dry run lead to nothing: they are mailed to nobody" {
	record "$links" '"dry_run":true' >line
	for options in '' '--to staging@example.com'; do
		# shellcheck disable=SC2086
		mail $options
		assert_status 1
		assert_stderr_has "it comes from rw-put --dry-run"
		assert_json "$output" '[.email_sent, .error.kind, .error.retryable]' \
			'[false,"data",false]'
		assert_equal "$(mails)" 0
	done
	mail --dry-run --verbose
	assert_status 0
	assert_stderr_has "would send links to anna@example.com"
	letter
	record "$links" '"dry_run":false' >line
	mail
	assert_status 0
}

# ---- maildir and sendmail ----------------------------------------------------

@test "a full disk leaves nothing in new, and the record knows" {
	[ "$(id -u)" = 0 ] || skip "only root can mount a small disk"
	record '"pdf_path":"big","excel_path":"a.xlsx"' >line
	head -c 900000 /dev/zero >big
	mkdir disk
	run --separate-stderr unshare -m sh -c '
		mount -t tmpfs -o size=1m none disk &&
		rw-mail --transport maildir:disk/m <line
		status=$?
		find disk/m -type f | wc -l >left
		exit $status'
	assert_status 74
	assert_stderr_has "No space left on device"
	assert_json "$output" '[.email_sent, .error.kind]' '[false,"io"]'
	assert_equal "$(cat left)" 0
}

@test "sendmail: it gets sender, recipient and the message, with LF" {
	cat >sendmail <<-'END'
		#!/bin/sh
		printf '%s\n' "$@" >args
		cat >got
		exit "$(cat code 2>/dev/null || echo 0)"
	END
	chmod +x sendmail
	record "$links" >line
	mail --transport sendmail:./sendmail
	assert_status 0
	assert_json "$output" .email_sent true
	assert_equal "$(cat args)" $'-i\n-f\nreports@example.com\n--\nanna@example.com'
	letter
	assert_equal "$(sha256sum <got)" "$(tr -d '\r' <message | sha256sum)"
	for code in 75:true 69:true 67:false 65:false 77:true; do
		echo ${code%:*} >code
		mail --transport sendmail:./sendmail
		assert_status 1
		assert_json "$output" '[.email_sent, .error.kind, (.error.retryable|tostring)] | join(" ")' "false refused ${code#*:}"
	done
	ADMIN_EMAIL=admin@example.com mail --transport sendmail:./sendmail
	assert_equal "$(tail -n 1 args)" anna@example.com "a refused letter was copied"
	rm code
	ADMIN_EMAIL=admin@example.com mail --transport sendmail:./sendmail
	assert_equal "$(tail -n 1 args)" admin@example.com
}

@test "sendmail that is killed or does not end is in doubt" {
	printf '#!/bin/sh\nkill -9 $$\n' >sendmail
	chmod +x sendmail
	record "$links" >line
	mail --transport sendmail:./sendmail
	assert_status 1
	assert_json "$output" '[.email_sent, .state, .error.kind]' '[false,"in_doubt","in_doubt"]'
	printf '#!/bin/sh\nexec sleep 60\n' >sendmail
	RW_SMTP_DOT_TIMEOUT=1 mail --transport sendmail:./sendmail
	assert_status 1
	assert_json "$output" .error.kind in_doubt
}

# ---- journal, lease, signals, output -----------------------------------------

@test "a claim that stands in the input twice is good for one mail" {
	{
		record "$links" '"claim":"c1"'
		record "$links" '"claim":"c2"' | sed 's/f-1/f-2/'
		record "$links" '"claim":"c1"'
	} >twice
	cat twice twice >line
	mail
	assert_status 1
	assert_equal "$(mails)" 2
	assert_equal "$(json 'select(.email_sent) | .claim' <<<"$output" | sort | tr '\n' ' ')" \
		'c1 c2 '
	assert_equal "$(json 'select(.email_sent | not) | [.state, .error.kind]' <<<"$output" | sort -u)" \
		'["in_doubt","in_doubt"]'
}

@test "the journal has begin and outcome of a claimed record, and no other" {
	{
		record "$links" '"claim":"c1","revision":2,"sequence":1'
		record "$links"
	} >line
	RW_RUN_ID=run-7 mail
	assert_status 0
	set -- "$RW_STATE_DIR"/journal/*
	assert_equal $# 1
	[[ ${1##*/} =~ ^run-7\.[0-9]+\.[0-9]+\.jsonl$ ]] || fail "named $1"
	assert_lines 2 "$1"
	assert_json "$(sed -n 1p "$1")" '[.journal, .follower_id, .report_period, .claim, .revision, .sequence] | tostring' \
		'["begin","f-1","2025-06","c1",2,1]'
	claimed=$(printf '%s\n' "${lines[@]}" | grep c1)
	assert_equal "$(sed -n 2p "$1")" "{\"journal\":\"sent\",${claimed#\{}"
}

@test "a lease of less than 15 minutes is refused" {
	lease() { date -u -d "now + $1 seconds" +%Y-%m-%dT%H:%M:%SZ; }
	record "$links" '"claim":"c1"' "\"lease_until\":\"$(lease 890)\"" >line
	mail
	assert_status 75
	assert_json "$output" '[.email_sent, .error.kind, .error.retryable]' '[false,"locked",true]'
	assert_equal "$(mails)" 0
	record "$links" '"claim":"c1"' "\"lease_until\":\"$(lease 910)\"" >line
	mail
	assert_status 0
}

@test "a journal that cannot be written: nothing is sent without it" {
	mkdir -p "$RW_STATE_DIR"
	: >"$RW_STATE_DIR/journal"
	{
		record "$links" '"claim":"c1"'
		record "$links"
	} >line
	mail
	assert_status 74
	assert_equal "$(mails)" 1
	assert_equal "$(printf '%s\n' "${lines[@]}" | json 'select(.claim) | [.email_sent, .error.kind, .error.retryable]')" \
		'[false,"io",true]'
}

@test "killed at each step: what the journal says is what was done" {
	record "$links" '"claim":"c1"' >line
	local point
	for point in journal-begin-synced:0: accepted:1: \
		journal-outcome-synced:1:sent lines-written:1:sent; do
		IFS=: read -r name sent outcome <<<"$point"
		rm -rf mail "$RW_STATE_DIR"
		RW_FAULT=rw-mail:$name mail
		assert_status 137
		assert_equal "$(mails)" "$sent" "sent at $name"
		assert_equal "$(json 'select(.journal != "begin") | .journal' "$RW_STATE_DIR"/journal/*)" \
			"$outcome" "outcome at $name"
		[ "$name" = lines-written ] || assert_output ""
	done
}

@test "nothing more begins when nobody reads the output" {
	for i in {1..200}; do record "$links" "\"n\":$i"; done >line
	run bash -c 'rw-mail <line 2>err | head -n 1; echo "${PIPESTATUS[0]}"'
	assert_equal "${lines[1]}" 74
	[ "$(mails)" -lt 100 ] || fail "$(mails) were sent after the output went"
}

@test "SIGTERM: what waits is not sent, and the caller knows" {
	mkfifo input
	rw-mail <input >out 2>err &
	exec 7>input
	record "$links" >&7
	wait_for 10 grep -q email_sent out
	kill -TERM $!
	local code=0
	wait $! || code=$?
	exec 7>&-
	assert_equal "$code" 143
	assert_lines 1 out
	assert_file_has err "stopped by a signal"
}
