#!/usr/bin/env bats
# rw-mail: the letter that it composes, and records that cannot be mailed.

load mail_helpers

# ---- the letter ------------------------------------------------------------

@test "a letter with links: headers, both texts, lifetime of the links" {
	record '"name":"Anna Example"' "$links" >line
	ADMIN_EMAIL=admin@example.com RW_ADMIN_COPY=cc RW_REPLY_TO=help@example.com letter
	assert_letter_is_sound
	assert_letter .from 'SpreadPilot <reports@example.com>'
	assert_letter .to 'Anna Example <anna@example.com>'
	assert_letter .cc admin@example.com
	assert_letter '.["reply-to"]' help@example.com
	assert_letter .subject 'SpreadPilot Monthly Report - June 2025'
	assert_letter .date 'Tue, 01 Jul 2025 00:10:00 +0000'
	assert_letter '.["auto-submitted"]' auto-generated
	assert_letter '.["message-id"] | test("^<2025-06[.][0-9a-f]{24}@example[.]com>$")' true
	assert_letter .types '["multipart/alternative","text/plain","text/html"]'
	for part in text html; do
		json ".$part" letter >$part
		assert_file_has $part "Your monthly report for June 2025 is ready."
		assert_file_has $part "You can download your reports using the links below (valid for 30 days):"
		assert_file_has $part "Download PDF Report"
		assert_file_has $part "Download Excel Report"
		assert_file_has $part "31 July 2025, 00:10 UTC"
		assert_file_has $part "Hello Anna Example,"
	done
	assert_file_has text 'https://s.example/a.pdf?x=1&y=2'
	# Each link can be clicked and read, and the button of the PDF is the first.
	assert_equal "$(grep -o 'href="https://s.example/a.pdf?x=1&amp;y=2"' html | wc -l)" 2
	assert_equal "$(grep -o '>https://s.example/a.xlsx?x=1&amp;y=2<' html | wc -l)" 1
	assert_equal "$(grep -o 'class="\(first\|second\)"' html | xargs)" \
		'class=first class=second'
	assert_file_has html 'Download your PDF and Excel reports, valid for 30 days.</div>'
}

@test "the end of the links is the earliest of their own and of the objects" {
	end() { # MEMBERS WORDS VALIDITY
		record "$1" "$links" >line
		letter
		for part in text html; do
			json ".$part" letter >$part
			assert_file_has $part "$2"
			assert_file_has $part "($3)"
		done
	}
	end '"object_expires_at":"2025-07-15T00:00:00Z"' "15 July 2025, 00:00 UTC" \
		"valid for 14 days"
	end '"object_expires_at":"2025-12-29T00:00:00Z"' "31 July 2025, 00:10 UTC" \
		"valid for 30 days"
	links=${links/'"url_expires_at":"2025-07-31T00:10:00Z",'/} \
		end '"object_expires_at":"2025-07-15T00:00:00Z"' \
		"15 July 2025, 00:00 UTC" "valid for 14 days"
	record '"object_expires_at":"2025-07-01T00:00:00Z"' "$links" >line
	run --separate-stderr rw-mail <line
	assert_status 1
	assert_stderr_has "the store deleted the files on 1 July 2025, 00:00 UTC"
	assert_json "$output" .error.retryable true
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
	assert_letter .subject 'SpreadPilot Monthly Report - June 2025 (corrected)'
	for part in text html; do
		json ".$part" letter >$part
		assert_file_has $part "Please find attached your monthly report for June 2025 (corrected)."
		assert_file_has $part "The report includes your performance summary and commission details."
	done
}

@test "a letter says why it is sent, and who sends it, as far as it is known" {
	record '"name":"Anna"' "$links" >line
	letter
	for part in text html; do
		json ".$part" letter | tr -s '\n ' ' ' | tr -d '\r' >$part
		assert_file_has $part "You receive this message because you are a follower at SpreadPilot, and anna@example.com is the address for your monthly report. It was sent automatically."
		assert_file_lacks $part 'If you have a question'
		assert_file_lacks $part '<img'
	done
	RW_REPLY_TO=help@example.com letter
	for part in text html; do
		json ".$part" letter >$part
		assert_file_has $part 'If you have a question, write to '
		assert_file_has $part 'help@example.com'
	done
	RW_REPLY_TO=help@example.com RW_ISSUER_NAME='Größe & Söhne' \
		RW_ISSUER_ADDRESS='1 Main St|<London>' RW_ISSUER_NUMBER='VAT 7' \
		RW_ISSUER_EMAIL=office@example.com \
		RW_ISSUER_URL='https://example.com/?a=1&b=2' \
		RW_ISSUER_FOOTER='Authorised.' \
		RW_LOGO_URL='https://example.com/l.png?a=1&b=2' letter
	assert_letter_is_sound
	json .text letter | tr -d '\r' | tail -n 8 >text
	assert_equal "$(cat text)" 'It was sent automatically.
If you have a question, write to office@example.com.
Größe & Söhne
1 Main St, <London>
VAT 7
https://example.com/?a=1&b=2
Authorised.'
	json .html letter >html
	for part in 'Größe &amp; Söhne' '1 Main St, &lt;London&gt;' 'VAT 7' \
		'href="mailto:office@example.com"' \
		'href="https://example.com/?a=1&amp;b=2"' 'Authorised.' \
		'src="https://example.com/l.png?a=1&amp;b=2"' 'alt="SpreadPilot"'; do
		assert_file_has html "$part"
	done
	assert_file_lacks html help@example.com
}

@test "a logo has an https address, or the run does not begin" {
	record "$links" >line
	for url in http://example.com/l.png l.png javascript:alert\(1\) https:// \
		'https://example.com/a b' 'https://user:secret@example.com/' \
		'https://example.com/"onerror=x' "https://example.com/$(printf '%0500d' 0)"; do
		RW_LOGO_URL=$url mail
		assert_status 78
		assert_stderr_has RW_LOGO_URL
		assert_stderr_lacks secret
	done
	RW_ISSUER_EMAIL='no address' mail
	assert_status 78
	assert_equal "$(mails)" 0
}

@test "the text has the checksums of the files, as sha256sum reads them" {
	local sum
	sum=$(sha256sum <a.pdf | cut -d ' ' -f 1)
	record "$files" >line
	letter
	json .text letter | tr -d '\r' >text
	grep -E '^[0-9a-f]{64}  ' text >SUMS
	assert_lines 2 SUMS
	cp a.pdf SpreadPilot_Report_2025-06.pdf
	cp a.xlsx SpreadPilot_Report_2025-06.xlsx
	sha256sum -c SUMS
	# Behind links: of the members, as far as there are any.
	record "$links" "\"pdf_sha256\":\"$sum\",\"excel_sha256\":\"0000\"" >line
	letter
	json .text letter | tr -d '\r' >text
	assert_equal "$(grep -c '^[0-9a-f]\{64\}  ' text)" 1
	assert_file_has text "$sum  SpreadPilot_Report_2025-06.pdf"
	record "$links" >line
	letter
	assert_letter '.text | contains("SHA-256")' false
}

@test "links to a corrected report are called corrected" {
	record "$links" '"revision":3' >line
	letter
	assert_letter .subject 'SpreadPilot Monthly Report - June 2025 (corrected)'
	for part in text html; do
		json ".$part" letter >$part
		assert_file_has $part "Your monthly report for June 2025 (corrected) is ready."
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

@test "names outside ASCII are correct in headers, file names and bodies" {
	record '"name":"Zoë Šimůnková 山田"' "$files" >line
	sed -i 's/anna@example.com/zoe@bücher.example/' line
	RW_BRAND='Größe & Söhne' letter
	assert_letter_is_sound
	assert_letter .from 'Größe & Söhne <reports@example.com>'
	assert_letter .to 'Zoë Šimůnková 山田 <zoe@xn--bcher-kva.example>'
	assert_letter .subject 'Größe & Söhne Monthly Report - June 2025'
	assert_letter '.attachments[0].name' 'Größe_&_Söhne_Report_2025-06.pdf'
	assert_letter '.text | startswith("Hello Zoë Šimůnková 山田,")' true
	assert_letter '.html | contains("Größe &amp; Söhne")' true
}

@test "a name in any script, or like an encoded word, arrives as it was written" {
	"$PYTHON" - <<-'END' >names
		scripts = ["Анна", "Ελένη", "山田太郎", "דוד", "سارة", "สมชาย", "அனு",
		           "😀👩‍👩‍👧", "Zoë", "é", "Ж"]
		for script in scripts:
		    for n in 1, 7, 30:
		        print(script * n)
		        print(" ".join([script] * n))
		        print("A " + script * n + " B")
		print("=?utf-8?q?Anna?=")
		print("=?utf-8?b?QW5uYQ==?= =?utf-8?q?x?=")
		print("Anna =?utf-8?q?Anna?= Zoë")
		print("(=?utf-8?q?Anna?=)")
		print('"=?utf-8?q?Anna?=" <a@b.example>, ?=')
		print("?= =? =?a")
		print("a_b=20c=3F")
		print("Zoë  Example")
		print("Maximiliana" * 20)
	END
	jq -Rc '{follower_id: "f-\(input_line_number)", report_period: "2025-06",
		email: "anna@example.com", name: ., pdf_path: "a.pdf",
		excel_path: "a.xlsx"}' names >lines
	RW_TEMPLATE_DIR=templates
	mkdir templates
	echo 'Report for {name}' >templates/subject
	export RW_TEMPLATE_DIR
	"$PYTHON" "$BATS_TEST_DIRNAME/header_check.py" lines >out
	assert_file_has out 'all arrived'
}

@test "a file name in any script is in RFC 2231's form and in the older one" {
	local brand
	record "$files" >line
	for brand in 'Größe' '山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎' \
		'Ελληνική Εταιρεία Διαχείρισης Χαρτοφυλακίων' '😀😀' \
		"$(printf 'Long%.0s' {1..40})" "a'b(c)@=,100" '=?utf-8?q?A?='; do
		RW_BRAND=$brand letter || return
		assert_letter_is_sound
		assert_letter '.attachments[0] | [.name, .old_name]' \
			"$(jq -nc --arg n "$(tr ' ?' __ <<<"$brand")_Report_2025-06.pdf" \
				'[$n, $n]')"
	done
	RW_BRAND='Größe' letter
	tr -d '\r' <message >unix
	assert_file_has unix "filename*=UTF-8''Gr%C3%B6%C3%9Fe_Report_2025-06.pdf"
	assert_file_has unix 'name="=?UTF-8?'
}

@test "names with special characters of HTML or headers are escaped" {
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

@test "the same record gives the same bytes; a different record a new Message-ID" {
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

@test "--attach attaches even if there are links" {
	record "$links" "$files" >line
	letter --attach
	assert_letter '.attachments | length' 2
	mail --attach --verbose
	assert_json "$output" .delivery attachments
	assert_stderr_lacks "MinIO not available"
}

@test "a dead or missing link makes rw-mail attach" {
	record "$links" "$files" '"error":{"tool":"rw-verify","kind":"refused","message":"404","retryable":true}' >line
	mail
	assert_json "$output" .delivery attachments
	record '"pdf_url":"https://s.example/a.pdf"' "$files" >line
	mail --verbose
	assert_json "$output" .delivery attachments
	assert_stderr_has "rw-mail: Using email attachments (MinIO not available)"
}

@test "links without an expiry time are described so" {
	record '"pdf_url":"https://s.example/1","excel_url":"https://s.example/2"' >line
	letter
	assert_letter '.text | contains("(valid for a limited time)")' true
}

@test "expired links are not sent; the error is retryable" {
	record "$links" >line
	SOURCE_DATE_EPOCH=1753920600 mail
	assert_status 1
	assert_json "$output" '[.error.kind, .error.retryable, .email_sent]' '["data",true,false]'
	assert_stderr_has "the links expired on 31 July 2025, 00:10 UTC"
	assert_equal "$(mails)" 0
}

# ---- templates -------------------------------------------------------------

@test "custom templates, one at a time, with values escaped for their place" {
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

@test "the byte order mark of a template is not part of the mail" {
	local file
	mkdir plain marked
	echo 'Report {report_period}' >plain/subject
	printf 'Dear reader: {pdf_url}\r\n' | tee plain/links.txt \
		>plain/attachments.txt
	printf '\r\n<p>{pdf_url}</p>\n' >plain/links.html
	for file in plain/*; do
		{
			printf '\357\273\277'
			cat "$file"
		} >"marked/${file##*/}"
	done
	record "$links" >line
	RW_TEMPLATE_DIR=plain letter
	cp message expected
	RW_TEMPLATE_DIR=marked letter
	cmp message expected
	# A file with only the mark is empty; a different encoding is named.
	printf '\357\273\277\n' >marked/subject
	RW_TEMPLATE_DIR=marked mail
	assert_status 78
	assert_stderr_has 'marked/subject: expected one line'
	printf '\377\376R\0' >marked/subject
	RW_TEMPLATE_DIR=marked mail
	assert_status 78
	assert_stderr_has 'marked/subject: not UTF-8 at byte 0'
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

@test "a defect of a record is reported, and the other records go on" {
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
	for why in "email is missing" "is not a valid mail address" \
		"excel_path is missing" "gone.pdf: No such file" ". is not a regular file" \
		"pdf_sha256 differs" "pdf_url is not an http"; do
		assert_stderr_has "$why"
	done
	assert_stderr_lacks "javascript:"
}

@test "a record that fails keeps no members of an earlier mail" {
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

@test "the failure of a different tool is not mailed and passes unchanged" {
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

@test "unknown members pass byte for byte" {
	echo '{ "z" : 0.10,"follower_id":"f-1","report_period":"2025-06","email":"a@example.com","pdf_path":"a.pdf","excel_path":"a.xlsx", "n":12345678901234567890,"u":"\u00e9" }' >line
	mail
	assert_status 0
	[[ $output == *'"z":0.10,'*'"n":12345678901234567890,"u":"\u00e9","email_sent":true'* ]] ||
		fail "members have changed"
}

@test "no header field has a control character, whatever its source" {
	local bad name
	# C1, a line separator, an override; and characters of real names.
	for bad in '\u0085' '\u009b31m' '\u2028' '\u202e' '\u2067'; do
		run --separate-stderr rw-mail --print <<<'{"follower_id":"f-1","report_period":"2025-06","email":"a@example.com","name":"A'"$bad"'B","pdf_url":"https://s.example/a.pdf","excel_url":"https://s.example/a.xlsx"}'
		assert_status 1
		assert_stderr_has 'name has a control character'
		RW_BRAND=$(printf %b "Bank${bad/31m/}") run rw-mail --print </dev/null
		assert_status 78
	done
	run --separate-stderr rw-mail --print <<<'{"follower_id":"f-1","report_period":"2025-06","email":"a@xn--ab-qa.example","pdf_url":"https://s.example/a.pdf","excel_url":"https://s.example/a.xlsx"}'
	assert_status 1
	assert_stderr_has 'the domain is malformed'
}
