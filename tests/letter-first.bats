#!/usr/bin/env bats
# rw-mail: a mail that a release before the second edition of the letter may
# have sent. When it is sent again, it is the same message, byte for byte.
# data/first-letter has these messages, as those releases made them.

load mail_helpers

setup() {
	first=$BATS_TEST_DIRNAME/data/first-letter
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com SOURCE_DATE_EPOCH=1751328600
	printf 'a PDF' >a.pdf
	printf 'a workbook' >a.xlsx
	links='"pdf_url":"https://s.example/a.pdf?x=1&y=2","excel_url":"https://s.example/a.xlsx?x=1&y=2","url_expires_at":"2025-07-31T00:10:00Z"'
	files='"pdf_path":"a.pdf","excel_path":"a.xlsx"'
}

# print MEMBERS: the message for a line with a claim that an earlier release
# made.
print() {
	rw-mail --print <<<'{"follower_id":"f-1","report_period":"2025-06","email":"anna@example.com","claim":"0123456789abcdef0123456789abcdef+none.1.0@","sequence":0,"mail_date":"2025-07-01T00:10:00Z",'"$1}"
}

# check CASE MEMBERS
check() {
	print "$2" >"$1.eml"
	if [ -n "${RW_TEST_FIRST_LETTERS:-}" ]; then
		cp "$1.eml" "$RW_TEST_FIRST_LETTERS"
	fi
	diff "$1.eml" "$first/$1.eml" >&2 || fail "$1 is another message"
}

@test "first letters: links, a name, Cc and Reply-To" {
	ADMIN_EMAIL='admin@example.com; other@example.com' \
		RW_REPLY_TO=help@example.com check links \
		'"name":"Anna Example",'"$links"
	ADMIN_EMAIL=admin@example.com RW_ADMIN_COPY=cc check cc "$links"
	ADMIN_EMAIL=admin@example.com RW_ADMIN_COPY=summary check plain \
		'"pdf_url":"https://s.example/1","excel_url":"https://s.example/2"'
}

@test "first letters: attachments, a correction, names outside ASCII" {
	RW_BRAND='Größe & Söhne' check files \
		'"revision":2,"name":"Zoë Šimůnková 山田",'"$files" || return
	RW_BRAND='Ελληνική Εταιρεία Διαχείρισης Χαρτοφυλακίων' check greek \
		'"name":"山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎",'"$files"
}

@test "first letters: names that look like encoded words, specials, a long name" {
	check encoded '"name":"=?utf-8?q?Anna?= Example",'"$links"
	check special '"name":"<b>\"Bob\" & Co, <x@example.com></b>",'"$links"
	check long '"name":"'"$(printf 'Maximiliana-%.0s' {1..5})$(printf ' von Beispiel%.0s' {1..20})"'",'"$files"
	check blanks '"name":" Anna  Example ",'"$links"
}

@test "first letters: templates fill both editions alike" {
	mkdir templates
	echo 'Report {report_period} for {name}, {month}' >templates/subject
	echo '<p>{name} <a href="{pdf_url}">{pdf_name}</a></p>' >templates/links.html
	RW_TEMPLATE_DIR=templates check template '"name":"A & <B>",'"$links"
}
