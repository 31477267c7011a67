#!/usr/bin/env bats
# rw-mail and Mailpit: STARTTLS, AUTH, and every byte.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com RW_BRAND='Größe & Söhne'
	head -c 30000 /dev/urandom >a.pdf
	head -c 200000 /dev/urandom >a.xlsx
	{
		followers 1 '"pdf_path":"a.pdf","excel_path":"a.xlsx","name":"Zoë Šimůnková"'
		followers 1 "$links" | sed 's/f-1/f-2/g'
		printf '%s\n' '{"follower_id":"f-3","report_period":"2025-06","email":"zoë@bücher.example","name":".","mail_date":"2025-07-01T00:10:00Z",'"$links}"
	} >line
}

links='"pdf_url":"https://s.example/a?b=c&d=e","excel_url":"https://s.example/f"'

# followers N MEMBERS
followers() {
	local i
	for ((i = 1; i <= $1; i++)); do
		printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f-%d@example.com","mail_date":"2025-07-01T00:10:00Z",%s}\n' \
			$i $i "$2"
	done
}

# kept: prints the checksum of each message on the server, without the lines
# that the server has added at the top.
kept() {
	local id
	server mailpit messages | while read -r id; do
		server mailpit message "$id" >raw || return 1
		sed '1,/^Date: /{/^Date: /!d;}' raw | sha256sum
	done | sort
}

printed() {
	local one
	while read -r one; do
		rw-mail --print <<<"$one" | sha256sum
	done <"$1" | sort
}

count() {
	server mailpit messages | wc -l
}

assert_sent() {
	assert_equal "$(json '[.email_sent,.error.message]' "$1" | sort -u)" '[true,null]'
}

@test "Mailpit has the same bytes as --print, over STARTTLS with AUTH" {
	RW_TEST_USER='wörk@er' RW_TEST_PASSWORD='p@ss:w/o?r#d%"x"' \
		own_server mailpit
	rw-mail <line >out
	assert_sent out
	assert_equal "$(kept)" "$(printed line)"
	assert_equal "$(count)" 3
	# The same login in a URI.
	local uri
	uri=smtp://$(jq -rn '"\(env.SMTP_USER | @uri):\(env.SMTP_PASSWORD | @uri)"')@$SMTP_HOST:$SMTP_PORT
	(
		unset SMTP_HOST SMTP_PORT SMTP_USER SMTP_PASSWORD
		SMTP_URI=$uri rw-mail <line >out
	)
	assert_sent out
	assert_equal "$(count)" 6
	run --separate-stderr rw-mail --check </dev/null
	assert_status 0
	assert_output_has 'authentication: accepted, as wörk@er'
	assert_output_has 'sender: accepted'
	assert_stderr ''
	assert_equal "$(count)" 6
}

@test "Mailpit: a login, TLS or a certificate that is missing or wrong" {
	local cert
	RW_TEST_USER=worker RW_TEST_PASSWORD=right own_server mailpit
	SMTP_PASSWORD=mistake run --separate-stderr rw-mail <line
	assert_status 78
	assert_stderr_has 'at AUTH'
	assert_stderr_lacks mistake
	(
		unset SMTP_USER SMTP_PASSWORD
		for option in '' --check; do
			# shellcheck disable=SC2086 # none
			run --separate-stderr rw-mail $option <line
			assert_status 78
			assert_stderr_has 'refuses all mail: the server answered to MAIL: 530'
			assert_stderr_has '(SMTP_USER is not set)'
		done
		SMTP_TLS=false run --separate-stderr rw-mail --check <line
		assert_status 78
		assert_stderr_has '(SMTP_TLS is false, and the server offers STARTTLS)'
	)
	RW_CA_FILE='' run --separate-stderr rw-mail <line
	assert_status 69
	assert_stderr_has 'at STARTTLS'
	for cert in other-host expired unknown-ca; do
		server mailpit stop
		RW_TEST_CERT=$cert RW_TEST_USER=worker RW_TEST_PASSWORD=right \
			own_server mailpit
		run --separate-stderr rw-mail <line
		assert_status 69
		assert_stderr_has 'at STARTTLS'
	done
	assert_equal "$(count)" 0
}

@test "Mailpit: recipients that are refused, one of several and all" {
	own_server mailpit --smtp-allowed-recipients '^(f-1|admin)@example\.com$'
	run --separate-stderr rw-mail <line
	assert_status 1
	assert_equal "$(json -s 'sort_by(.follower_id) | map(.email_sent)' <<<"$output")" \
		'[true,false,false]'
	ADMIN_EMAIL=admin@example.com run --separate-stderr rw-mail --check
	assert_status 0
	ADMIN_EMAIL=other@example.com run --separate-stderr rw-mail --check
	assert_status 78
	assert_stderr_has 'refuses mail to other@example.com'
	assert_equal "$(count)" 1
}

@test "Mailpit: TLS from the first byte, and many messages over few connections" {
	RW_TEST_USER=worker RW_TEST_PASSWORD=right own_server mailpit \
		--smtp-require-tls
	followers 300 "$links" >many
	SMTP_URI=smtps://$SMTP_HOST:$SMTP_PORT rw-mail -j 8 <many >out
	assert_lines 300 out
	assert_sent out
	assert_equal "$(count)" 300
}

# share LINE: the share of mail programs that support what the HTML of the
# message uses, in percent, as Mailpit's HTML check weighs it; and the rest.
share() {
	rw-mail <<<"$1" >out
	assert_sent out
	curl -sS "$MAILPIT_URL/api/v1/message/$(server mailpit messages |
		tail -n 1)/html-check" >check.json
	jq .Total.Supported check.json
}

@test "Mailpit: at least 92 percent of mail programs support what a mail uses" {
	local kind
	own_server mailpit
	export RW_BRAND=SpreadPilot
	for kind in plain full; do
		if [ "$kind" = full ]; then
			export RW_LOGO_URL=https://example.com/logo.png \
				RW_ISSUER_NAME='Example Ltd' \
				RW_ISSUER_ADDRESS='1 Main St|London' \
				RW_ISSUER_EMAIL=office@example.com \
				RW_ISSUER_URL=https://example.com/ \
				RW_ISSUER_FOOTER=Authorised.
		fi
		share "$(sed -n 1p line)" >files
		share "$(sed -n 2p line)" >links
		jq -e -n --slurpfile a files --slurpfile b links \
			'$a[0] >= 92 and $b[0] >= 92' >shares ||
			fail "$(cat files links)" \
				"$(jq -r '.Warnings[].Slug' check.json)"
		# The manual names what is not supported everywhere.
		jq -r '.Warnings[].Slug' check.json >>slugs
	done
	sed -n '/^.Ss How it looks/,/^.Ss Outcomes/p' "$ROOT/man/rw-mail.1" >manual
	sort -u slugs | sed 's/^css-//;s/^html-//' >features
	while read -r kind; do
		grep -qw -- "${kind/#at-/@}" manual ||
			fail "rw-mail(1) does not name $kind"
	done <features
}
