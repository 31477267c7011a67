# shellcheck shell=bash
# For rw-mail without mail servers, mail*.bats: a line, its letter, and a
# maildir.

load helpers

setup() {
	export REPORT_SENDER_EMAIL=reports@example.com \
		RW_MAIL_TRANSPORT=maildir:$BATS_TEST_TMPDIR/mail
	cd "$BATS_TEST_TMPDIR" || return 1
	printf 'a PDF' >a.pdf
	head -c 5000 /dev/urandom >a.xlsx
	# shellcheck disable=SC2034 # members for the tests to choose from
	links='"pdf_url":"https://s.example/a.pdf?x=1&y=2","excel_url":"https://s.example/a.xlsx?x=1&y=2","url_expires_at":"2025-07-31T00:10:00Z","mail_date":"2025-07-01T00:10:00Z"'
	# shellcheck disable=SC2034
	files='"pdf_path":"a.pdf","excel_path":"a.xlsx"'
	export SOURCE_DATE_EPOCH=1751328600 # 2025-07-01T00:10:00Z
}

# record MEMBERS...: a line for f-1, with the members given.
record() {
	local IFS=,
	printf '{"follower_id":"f-1","report_period":"2025-06","email":"anna@example.com",%s}\n' "$*"
}

# own [SUFFIX [ID]]: prints the members of files with the names of rw-gen, which
# rw-mail requires in a run.
own() {
	local at=2025-06/${2:-f-1}/report_2025-06${1-}
	mkdir -p "${at%/*}"
	cp a.pdf "$at.pdf"
	cp a.xlsx "$at.xlsx"
	printf '"pdf_path":"%s","pdf_sha256":"%s","excel_path":"%s","excel_sha256":"%s"' \
		"$at.pdf" "$(sha256sum <"$at.pdf" | cut -d ' ' -f 1)" \
		"$at.xlsx" "$(sha256sum <"$at.xlsx" | cut -d ' ' -f 1)"
}

# letter [OPTION...]: parses the printed message like a mail program.
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
