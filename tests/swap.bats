# A stage that exchanges the paths, keys, links or checksums of followers must
# not send a follower foreign files: rw-report with the real tools, one of which
# rotates members among its lines (rotate.py).
#
# bats file_tags=plain,long

load helpers

FILES='pdf_path excel_path'
SUMS='pdf_sha256 excel_sha256'
KEYS='pdf_key excel_key'
LINKS='pdf_url excel_url'

setup() {
	local tool
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_MAIL_TRANSPORT=maildir:$BATS_TEST_TMPDIR/mail
	# rw-mail itself refuses a foreign link, even if no link is tried.
	export RW_VERIFY=off
	cd "$BATS_TEST_TMPDIR"
	mkdir tools
	for tool in "$BUILD"/rw-*; do
		[ -x "$tool" ] || continue
		[ ! -d "$tool" ] || continue
		cat >"tools/${tool##*/}" <<-SH
			#!/bin/sh
			stage=\${0##*/rw-}
			case \$stage\$1 in
			record--*) stage=\${1#--} ;;
			presign--check) stage=check ;;
			esac
			[ "\$stage" = "\${FAKE_STAGE-}" ] || exec "$tool" "\$@"
			"$tool" "\$@" >"$PWD/made"
			rc=\$?
			eval "\$FAKE_DOES" <"$PWD/made"
			exit \$rc
		SH
		chmod +x "tools/${tool##*/}"
	done
	export RW_BUILD=$PWD/tools
	due 3
}

# due N: prints f-1 to f-N, each with different figures.
due() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f-%d@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"%d.50"}}\n' \
			"$i" "$i" "$i"
	done >due
}

# fake STAGE COMMAND [OPTION...]: a run in which the command filters the output
# of the stage.
fake() {
	FAKE_STAGE=$1 FAKE_DOES=$2 run --separate-stderr rw-report \
		--input due --out out "${@:3}"
}

# Makes a new ledger and a new mailbox for each run.
anew() {
	rm -rf state mail out
	rw-record --init
}

# refused STAGE COMMAND [WORDS]: expects that nobody is mailed, and that the
# ledger has the reason. A changed line of --claim does not count as a claim.
refused() {
	anew
	fake "$1" "$2"
	if [ "$1" = claim ]; then
		assert_status 70
		assert_stderr_has 'rw-record --claim lost, repeated or reordered reports: '
		assert_stderr_has '; nobody was mailed'
		[ ! -e mail/new ] || [ -z "$(ls mail/new)" ]
		return
	fi
	assert_status 1
	[ ! -e mail/new ] || [ -z "$(ls mail/new)" ] ||
		fail "$1, $2: somebody was mailed"
	assert_equal "$(rw-status --all --json | jq -r .state | sort | uniq -c | tr -s ' ')" \
		' 3 failed' "$1, $2"
	assert_equal "$(jq -r '.error.tool + " " + .error.kind' \
		state/runs/*/done | sort -u)" 'rw-mail data' "$1, $2"
	[ -z "${3-}" ] || assert_stderr_has "$3"
}

# mixed STAGE MEMBER...
mixed() {
	refused "$1" "$PYTHON '$ROOT/tests/rotate.py' ${*:2}"
}

# Expects that the files or links of each mail belong to its recipient.
right() {
	"$PYTHON" "$ROOT/tests/read_mail.py" mail/new >mails
	assert_equal "$(jq -r .to mails | sort | tr '\n' ' ')" \
		'f-1@example.com f-2@example.com f-3@example.com '
	while read -r id links; do
		[ -n "$links" ] || fail "no links for $id"
		for link in $links; do
			[[ $link == *"/2025-06/$id/"* ]] ||
				fail "$id got $link"
		done
	done < <(jq -r '(.to | sub("@.*"; "")) + " " + (.links | join(" "))' mails)
}

store() {
	own_server http-script '{}'
}

@test "with a store: each member alone and together, by each stage" {
	store
	local member stage
	# The control: without a rotation all followers get their own files.
	anew
	fake none cat
	assert_status 0
	right
	for stage in gen put presign claim; do
		for member in $FILES $SUMS "$FILES $SUMS"; do
			# shellcheck disable=SC2086
			mixed "$stage" $member
		done
	done
	for stage in put presign claim; do
		for member in $KEYS "$KEYS" "$FILES $SUMS $KEYS"; do
			# shellcheck disable=SC2086
			mixed "$stage" $member
		done
	done
	for stage in presign claim; do
		for member in $LINKS "$LINKS" "$KEYS $LINKS" \
			"$FILES $SUMS $KEYS $LINKS pdf_bytes excel_bytes url_expires_at url_scheme minio_upload"; do
			# shellcheck disable=SC2086
			mixed "$stage" $member
		done
	done
}

@test "without a store: each member alone and together, by each stage" {
	local member stage
	for stage in gen put presign claim; do
		for member in $FILES $SUMS "$FILES" "$SUMS" "$FILES $SUMS"; do
			# shellcheck disable=SC2086
			mixed "$stage" $member
		done
	done
}

@test "one follower with a wrong line does not delay the others" {
	store
	anew
	fake presign 'sed "2s/f-2\/report/f-1\/report/g"'
	assert_status 1
	assert_equal "$("$PYTHON" "$ROOT/tests/read_mail.py" mail/new | jq -r .to | sort)" \
		'f-1@example.com
f-3@example.com'
	assert_stderr_has 'f-2 2025-06: pdf_path is "out/2025-06/f-1/report_2025-06.pdf", which is not a file of this report: expected a path that ends in 2025-06/f-2/report_2025-06.pdf'
}

@test "invented values of a stage are refused: files, links, missing checksums" {
	store
	local url
	printf secret >secret
	refused gen "jq -c '.pdf_path = \"/etc/passwd\"'" \
		'pdf_path is "/etc/passwd", which is not a file of this report'
	refused gen "jq -c 'del(.pdf_sha256)'" 'pdf_sha256 is missing'
	refused gen "jq -c '.excel_sha256 = null'" 'excel_sha256 is missing'
	refused gen "jq -c '.excel_sha256 |= ascii_upcase'" \
		'expected 64 hexadecimal digits in lower case'
	refused put "jq -c '.pdf_path |= sub(\"out/\"; \"out/x\")'"
	refused presign "jq -c '.pdf_key = \"reports/2025-06/f-9/report_2025-06.pdf\"'" \
		'pdf_key is "reports/2025-06/f-9/report_2025-06.pdf", which is not a key of this report: expected reports/2025-06/f-'
	for url in https://evil.example/ http://127.0.0.1:1/ \
		"${MINIO_ENDPOINT_URL/127/hunter2@127}/"; do
		refused presign "jq -c '.pdf_url |= sub(\"^https?://[^/]*/\"; \"$url\")'" \
			'pdf_url leads to '
		assert_stderr_lacks Signature
		assert_stderr_lacks hunter2
	done
	refused presign "jq -c '.excel_url = .pdf_url'" 'excel_url leads to "reports/'
	refused presign "jq -c '.excel_url |= sub(\"report_\"; \"%72eport_\")'"
	refused presign "jq -c '.excel_url += \"#x\"'"
	refused claim "jq -c '.pdf_version_id = \"v1\"'"
	refused presign "jq -c '.pdf_version_id = \"v1\"'" \
		'expected version v1'
}

@test "a file that is not the report: links, pipes, other bytes" {
	local at=out/2025-06
	refused gen "cp -r $at/f-1 x; rm -r $at/f-1; ln -s ../../x $at/f-1; cat >/dev/null; jq -c 'select(.follower_id == \"f-1\")' made; rm $at/f-[23]/*; tail -n 2 made" \
		'leads through a symbolic link'
	refused gen "for i in 1 2 3; do mv $at/f-\$i/report_2025-06.pdf a\$i; ln -s ../../../a\$i $at/f-\$i/report_2025-06.pdf; done; cat" \
		'leads through a symbolic link'
	refused gen "for i in 1 2 3; do rm $at/f-\$i/report_2025-06.xlsx; mkfifo $at/f-\$i/report_2025-06.xlsx; done; cat" \
		'is not a regular file'
	refused gen "for i in 1 2 3; do echo >>$at/f-\$i/report_2025-06.xlsx; done; cat" \
		'is not the file that was made for this report (excel_sha256 differs)'
	refused gen "for i in 1 2 3; do : >$at/f-\$i/report_2025-06.pdf; done; cat"
	refused gen "for i in 1 2 3; do truncate -s 9G $at/f-\$i/report_2025-06.pdf; done; cat" \
		'larger than RW_MAX_ATTACH'
	refused gen "rm -r $at; cat" 'No such file'
}

@test "links are mailed only with the files that the ledger will name" {
	store
	refused presign "for i in 1 2 3; do echo >>out/2025-06/f-\$i/report_2025-06.pdf; done; cat" \
		'(pdf_sha256 differs)'
}

@test "mixed-up members from the ledger: nobody is mailed" {
	store
	anew
	fake none cat
	assert_status 0
	rm -r mail
	local change
	for change in "$PYTHON '$ROOT/tests/rotate.py' stored_pdf_sha256 stored_excel_sha256" \
		"$PYTHON '$ROOT/tests/rotate.py' $KEYS" \
		"$PYTHON '$ROOT/tests/rotate.py' sent_content_sha256" \
		"jq -c '.replaces = {revision: 1, total_pnl: \"9.99\"}'" \
		"jq -c '.earlier_months = {months: []}'"; do
		fake lookup "$change" --again
		assert_status 70
		assert_stderr_has 'its outcome does not match its output; nobody was mailed'
		[ ! -e mail/new ] || [ -z "$(ls mail/new)" ]
	done
}

@test "a run without links and with a store of wrong settings mails the files" {
	anew
	MINIO_ENDPOINT_URL=http://127.0.0.1:9 fake none cat
	assert_status 0
	assert_equal "$(ls mail/new | wc -l)" 3
}

@test "addresses and figures of a different follower: nobody gets a foreign report" {
	store
	local members
	for members in email "email name" daily_pnl; do
		anew
		fake gen "$PYTHON '$ROOT/tests/rotate.py' $members"
		assert_status 70
		[ ! -e mail/new ] || [ -z "$(ls mail/new)" ]
	done
	for stage in put presign; do
		anew
		fake "$stage" "$PYTHON '$ROOT/tests/rotate.py' email"
		assert_status 70
		# To the addresses that rw-gen wrote, with the files.
		"$PYTHON" "$ROOT/tests/read_mail.py" mail/new >mails
		assert_equal "$(jq -r '.to' mails | sort | tr '\n' ' ')" \
			'f-1@example.com f-2@example.com f-3@example.com '
		for i in 1 2 3; do
			assert_equal "$(jq -r "select(.to == \"f-$i@example.com\") |
				.attachments[]" mails | sort)" \
				"$(sha256sum out/2025-06/f-$i/* | cut -d ' ' -f 1 | sort)"
		done
	done
}

@test "figures, digests and corrections of a different follower: they are neither mailed nor recorded" {
	local stage change
	store
	anew
	fake none cat
	assert_status 0
	rw-status --all --json >ledger
	for stage in put presign; do
		for change in '.correction = {text: "FOREIGN", changes: []}' \
			'.total_pnl = "9.99" | .cc = ["x@example.com"]' \
			'.issue_date = "2025-07-09"' \
			'.content_sha256 = .pdf_sha256' '.revision = 2'; do
			anew
			fake "$stage" "jq -c '$change'"
			assert_status 70
			assert_stderr_has 'does not have the '
			assert_equal "$(ls mail/new | wc -l)" 3 "$stage $change"
			assert_equal "$(rw-status --all --json | jq -c \
				'[.follower_id, .revision, .total_pnl, .issue_date, .content_sha256]')" \
				"$(jq -c '[.follower_id, .revision, .total_pnl, .issue_date, .content_sha256]' ledger)"
			refute grep -rq 'FOREIGN\|x@example' mail/new
		done
	done
	anew
	fake gen "jq -c '.revision = 2'"
	assert_status 70
	[ ! -e mail/new ] || [ -z "$(ls mail/new)" ]
}

@test "outside a run, the operator chooses files and links" {
	anew
	printf 'a PDF' >x.pdf
	printf 'a workbook' >x.xlsx
	rw-mail >sent <<-'END'
		{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com","pdf_path":"x.pdf","excel_path":"x.xlsx"}
		{"follower_id":"f-2","report_period":"2025-06","email":"f-2@example.com","claim":"c","pdf_url":"https://my.example/a","excel_url":"https://my.example/b"}
	END
	assert_equal "$(jq -r .delivery sent | sort | tr '\n' ' ')" 'attachments links '
	RW_RUN_ID='' rw-mail >sent <<<'{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com","pdf_path":"x.pdf","excel_path":"x.xlsx"}'
	assert_json "$(cat sent)" .email_sent true
	RW_RUN_ID=r run --separate-stderr rw-mail <<<'{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com","claim":"c","pdf_path":"x.pdf","excel_path":"x.xlsx"}'
	assert_status 1
	assert_json "$output" '[.email_sent,.error.kind]' '[false,"data"]'
}
