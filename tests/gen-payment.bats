#!/usr/bin/env bats
# rw-gen (gen_helpers.bash): how the commission is paid, in words and as a code,
# the issue date, and the issuer.
#
# bats file_tags=plain

load helpers
load gen_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset RW_ISSUER_NAME RW_ISSUER_ADDRESS RW_ISSUER_NUMBER RW_ISSUER_EMAIL
	unset RW_ISSUER_URL RW_ISSUER_FOOTER RW_PAYEE_NAME RW_PAYEE_IBAN
	unset RW_PAYEE_BIC RW_PAYMENT_DAYS RW_COLLECTION SOURCE_DATE_EPOCH
	pdf=reports/2025-06/f-1/report_2025-06.pdf
	book=reports/2025-06/f-1/report_2025-06.xlsx
}

# made JSON [FILTER]: the report of a line, its words in words and those of
# the workbook in cells.
made() {
	line "$1" >due
	rm -rf reports
	gen <due
	assert_status 0
	assert_stderr ""
	pdftotext -raw "$pdf" text
	tr -s '[:space:]' ' ' <text >words
	"$PYTHON" - "$book" >cells <<'END'
import sys, openpyxl
for sheet in openpyxl.load_workbook(sys.argv[1]):
    for row in sheet.iter_rows(values_only=True):
        if any(value is not None for value in row):
            print(sheet.title, *["" if v is None else v for v in row], sep="|")
END
}

due='"iban":"DE89 3704 0044 0532 0130 00","daily_pnl":{"2025-06-02":"1642.85"}'

pay() {
	export RW_PAYEE_NAME='Example Capital Ltd'
	export RW_PAYEE_IBAN='NL91 ABNA 0417 1643 00'
}

# The text of the code on the first page; fails when there is none.
scan() {
	pdftoppm -r 150 -f 1 -l 1 -png "$pdf" page
	zbarimg -q --raw page-*.png 2>zbar-errors
}

no_code() {
	run scan
	[ "$status" -ne 0 ] || fail "a code: $output"
}

@test "without settings the page names the account on file and asks for nothing" {
	made "$due"
	assert_file_has words 'Account on file DE89 3704 0044 0532 0130 00'
	assert_file_has words 'Issued 1 July 2025'
	assert_file_has cells 'Commission|Account on file|DE89 3704 0044 0532 0130 00'
	assert_file_has cells 'Summary|Issued|1 July 2025'
	refute grep -Ei 'pay |reference|debit|due by' words cells
	no_code
	made '"daily_pnl":{"2025-06-02":1}'
	assert_file_has words 'Account on file None'
}

@test "a transfer: words, account and code say the same" {
	pay
	RW_PAYEE_BIC=ABNANL2A RW_PAYMENT_DAYS=14 made "$due"
	assert_file_has words 'Pay 328.57 EUR to Example Capital Ltd by 15 July 2025, reference Commission 2025-06-f-1.'
	assert_file_has words 'IBAN NL91 ABNA 0417 1643 00'
	assert_file_has words 'BIC ABNANL2A'
	assert_file_has words 'Account on file DE89 3704 0044 0532 0130 00'
	assert_file_has cells 'Commission|In words|Pay 328.57 EUR to Example Capital Ltd by 15 July 2025, reference Commission 2025-06-f-1.'
	assert_file_has cells 'Commission|Payee|Example Capital Ltd'
	assert_file_has cells 'Commission|IBAN|NL91 ABNA 0417 1643 00'
	assert_file_has cells 'Commission|BIC|ABNANL2A'
	assert_file_has cells 'Commission|Due|15 July 2025'
	assert_file_has cells 'Commission|Payment reference|Commission 2025-06-f-1'
	scan >code
	printf '%s\n' BCD 002 1 SCT ABNANL2A 'Example Capital Ltd' \
		NL91ABNA0417164300 EUR328.57 '' '' \
		'Commission 2025-06-f-1' >expected
	diff code expected
}

@test "the code has every field, for names, accounts and amounts of all sizes" {
	local name iban bic amount pnl
	while IFS='|' read -r name iban bic pnl amount; do
		export RW_PAYEE_NAME=$name RW_PAYEE_IBAN=$iban RW_PAYEE_BIC=$bic
		made "\"daily_pnl\":{\"2025-06-02\":\"$pnl\"}"
		scan >code
		printf '%s\n' BCD 002 1 SCT "$bic" "$name" "${iban// /}" \
			"EUR$amount" '' '' 'Commission 2025-06-f-1' >expected
		diff code expected || fail "$name $iban $pnl"
	done <<'END'
Größe & Söhne GmbH|DE89 3704 0044 0532 0130 00|COBADEFFXXX|0.05|0.01
A|MT84MALT011000012345MTLCAST001S||4999999999.95|999999999.99
Ένα όνομα με εβδομήντα γράμματα, που είναι το πιο μακρύ που επιτρέπετα|GR1601101250000000012300695||1000|200.00
Banque SA|FR1420041010050500013M02606|BNPAFRPPXXX|123.45|24.69
END
}

@test "no code: another currency, nothing due, too much, an account outside SEPA" {
	pay
	made '"currency":"USD","daily_pnl":{"2025-06-02":"100"}'
	assert_file_has words 'Pay 20.00 USD to Example Capital Ltd, reference Commission 2025-06-f-1.'
	no_code
	made '"daily_pnl":{"2025-06-02":"5000000000"}'
	assert_file_has words 'Pay 1,000,000,000.00 EUR to Example Capital Ltd'
	no_code
	RW_PAYEE_IBAN=SA0380000000608010167519 made "$due"
	assert_file_has words 'IBAN SA03 8000 0000 6080 1016 7519'
	no_code
	RW_COLLECTION=none made "$due"
	refute grep -Ei 'pay |reference|NL91' words cells
	no_code
	RW_COLLECTION=debit made "$due"
	no_code
}

@test "nothing due, nothing said about paying" {
	pay
	local days
	for days in '{}' '{"2025-06-02":"-5"}' '{"2025-06-02":"0.01"}'; do
		RW_PAYMENT_DAYS=14 made "\"commission_paid_on\":\"2025-07-03\",\"daily_pnl\":$days"
		refute grep -Ei '(^| )(pay|paid) |reference|NL91|15 July' words cells
		no_code
	done
}

@test "a debit names the account by its end, and its day" {
	RW_COLLECTION=debit RW_PAYMENT_DAYS=14 made "$due"
	assert_file_has words 'Will be debited from your account ending 3000 on 15 July 2025.'
	assert_file_has cells 'Commission|In words|Will be debited from your account ending 3000 on 15 July 2025.'
	refute grep -i 'reference' words cells
	RW_COLLECTION=debit made '"daily_pnl":{"2025-06-02":"100"}'
	assert_file_has words 'Will be debited from your account.'
}

@test "a commission that was paid says so, and asks for nothing" {
	pay
	RW_PAYMENT_DAYS=14 made "\"commission_paid_on\":\"2025-07-03\",\"commission_reference\":\"SEPA (1)\",$due"
	assert_file_has words 'Paid on 3 July 2025, reference SEPA (1).'
	assert_file_has words 'EUR, paid on 3 July 2025'
	assert_file_has cells 'Commission|In words|Paid on 3 July 2025, reference SEPA (1).'
	refute grep -E 'Pay |NL91' words cells
	no_code
	unset RW_PAYEE_NAME RW_PAYEE_IBAN
	made "\"commission_paid_on\":\"2025-07-03\",$due"
	assert_file_has words 'Paid on 3 July 2025.'
	# The reference alone does not record a payment.
	made "\"commission_reference\":\"SEPA 1\",$due"
	refute grep -E 'Paid|SEPA' words cells
}

@test "the issue date comes from the line, and the due date follows it" {
	pay
	RW_PAYMENT_DAYS=30 made "\"issue_date\":\"2025-07-31\",$due"
	assert_file_has words 'Issued 31 July 2025'
	assert_file_has words 'by 30 August 2025,'
	assert_file_has cells 'Summary|Issued|31 July 2025'
	pdfinfo -isodates "$pdf" >info
	assert_file_has info '2025-07-31T00:00:00Z'
	RW_PAYMENT_DAYS=0 made "$due"
	assert_file_has words 'by 1 July 2025,'
	SOURCE_DATE_EPOCH=0 made "$due"
	assert_file_has words 'Issued 1 July 2025'
}

@test "dates that are none, or before the end of the month, fail the report" {
	local member words
	while IFS='|' read -r member words; do
		line "$member,$due" >bad
		gen <bad
		assert_status 1
		assert_json "$output" .error.kind data
		[[ $(jq -r .error.message <<<"$output") == *"$words"* ]] ||
			fail "$output"
	done <<'END'
"issue_date":"1 July 2025"|issue_date: "1 July 2025" is not a valid date
"issue_date":"2025-02-30"|issue_date: "2025-02-30" is not in the calendar
"issue_date":"2025-06-29"|issue_date is before 2025-06-30
"issue_date":7|issue_date: expected a string, found a number
"commission_paid_on":"soon"|commission_paid_on: "soon" is not a valid date
"commission_paid_on":"2025-07-03","commission_reference":"a\nb"|commission_reference has a control character
END
}

@test "a reference of a long ID stays whole, within what a transfer can carry" {
	pay
	local id
	id=$(printf 'x%.0s' {1..128})
	line "$due" | jq -c --arg id "$id" '.follower_id = $id' >due
	gen <due
	assert_status 0
	pdf=reports/2025-06/$id/report_2025-06.pdf
	[ "$(scan | tail -n 1)" = "2025-06-$id" ]
	line "$due" | jq -c --arg id "$id" '.follower_id = $id | .revision = 2' >due
	gen <due
	assert_status 0
	pdf=${pdf%.pdf}_r2.pdf
	[ "$(scan | tail -n 1)" = "2025-06-$id-r2" ]
}

@test "the issuer is on each page and in the workbook" {
	export RW_ISSUER_NAME='Größe & Söhne GmbH' RW_ISSUER_ADDRESS='Hauptstr. 1|10115 Berlin'
	export RW_ISSUER_NUMBER='VAT ID DE123456789' RW_ISSUER_EMAIL=office@example.com
	export RW_ISSUER_URL=https://example.com/s RW_ISSUER_FOOTER='Supervised by BaFin.'
	made "$due"
	local word
	for word in 'Größe & Söhne GmbH' 'Hauptstr. 1' '10115 Berlin' \
		'VAT ID DE123456789' office@example.com https://example.com/s \
		'Supervised by BaFin.'; do
		assert_equal "$(grep -o -F "$word" words | wc -l)" 2 "$word"
		assert_file_has cells "|$word"
	done
}

@test "the longest issuer leaves the text readable, on its pages" {
	local name line footer
	name=$(printf 'Name %.0s' {1..20})
	line=$(printf 'Street %.0s' {1..10})
	footer=$(printf 'Footer %.0s' {1..57})
	export RW_ISSUER_NAME=${name% } RW_ISSUER_FOOTER=${footer% }
	export RW_ISSUER_ADDRESS="$line|$line|$line|$line|$line|$line"
	pay
	gen --fee-model hwm < <(line "\"opening_balance\":\"1000\",\"high_water_mark\":\"1000\",$due")
	assert_status 0
	pdfinfo "$pdf" >info
	assert_file_has info 'Pages:           2'
	pdftotext -layout "$pdf" text
	assert_equal "$(grep -o Footer text | wc -l)" 114
	assert_equal "$(grep -o Street text | wc -l)" 120
	scan >code
}

@test "a text that the fonts cannot show, and a transfer without a payee, end the run before it" {
	local setting
	pay
	for setting in RW_ISSUER_NAME RW_ISSUER_ADDRESS RW_ISSUER_NUMBER \
		RW_ISSUER_FOOTER RW_PAYEE_NAME; do
		run --separate-stderr env \
			"$setting=$(printf "\xf0\x9f\x9a\x80")" rw-gen --out other <<<''
		assert_status 78
		assert_stderr_has "$setting has characters that"
	done
	unset RW_PAYEE_NAME RW_PAYEE_IBAN
	line "$due" >due
	RW_COLLECTION=transfer gen <due
	assert_status 78
	assert_output ""
	assert_stderr_has 'RW_COLLECTION is transfer, but RW_PAYEE_NAME and RW_PAYEE_IBAN are not set'
	[ ! -e reports ]
}
