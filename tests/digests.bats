#!/usr/bin/env bats
# content_sha256 and drawn_sha256 of rw-gen: what belongs to which.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

# due [MORE]: a line; a member of MORE replaces one of the same name.
due() {
	local more=${1-}
	jq -c -n '{follower_id: "f-1", report_period: "2025-06", name: "Anna",
		commission_pct: 20, opening_balance: "1000",
		daily_pnl: {"2025-06-02": "100", "2025-06-03": "-1.50"}} + '"${more:-null}"
}

# digests [MORE] [OPTION...]: both, on one line.
digests() {
	local more=${1-}
	shift || true
	due "$more" | rw-gen --out "out$((RANDOM))" "$@" |
		jq -r '"\(.content_sha256) \(.drawn_sha256)"'
}

# assert_differs WHICH WORD...: of the digests of WORD... and those of the line
# as it is, with CHANGE as settings: both, drawn, or none.
assert_differs() {
	local which=$1 now then content drawn
	shift
	then=$(digests)
	now=$("$@")
	content=same drawn=same
	[ "${then% *}" = "${now% *}" ] || content=other
	[ "${then#* }" = "${now#* }" ] || drawn=other
	assert_equal "$content $drawn" "$which" "$*"
}

@test "both digests are 64 hexadecimal digits, and the same each time" {
	local both
	both=$(digests '')
	[[ $both =~ ^[0-9a-f]{64}\ [0-9a-f]{64}$ ]]
	assert_differs 'same same' digests
}

@test "what the statement is about is the content" {
	local more
	for more in '{daily_pnl: {"2025-06-02": "98.50"}}' \
		'{daily_pnl: {"2025-06-02": "-1.50", "2025-06-03": "100"}}' \
		'{daily_pnl: {"2025-06-03": "100", "2025-06-04": "-1.50"}}' \
		'{daily_pnl: {"2025-06-02": "100", "2025-06-03": "-1.50", "2025-06-04": 0}}' \
		'{commission_pct: 21}' '{currency: "USD"}' \
		'{opening_balance: "1000.01"}' '{opening_balance: null}' \
		'{high_water_mark: "5"}' '{name: "Anna B"}' \
		'{name: null}' '{iban: "DE89370400440532013000"}' \
		'{follower_id: "f-2"}'; do
		assert_differs 'other other' digests "$more"
	done
	assert_differs 'other other' digests \
		'{high_water_mark: "1000"}' --fee-model hwm
}

@test "how a value is written, and what is not drawn, is neither" {
	local more
	for more in '{daily_pnl: {"20250603": -1.5, "20250602": "100.00"}}' \
		'{commission_pct: "20.0", opening_balance: 1000}' \
		'{email: "a@example.com", unknown: 1, revision: 2}' \
		'{currency: "EUR"}' \
		'{pdf_sha256: "00", run_id: "r"}'; do
		assert_differs 'same same' digests "$more"
	done
}

with() {
	local setting=$1
	shift
	env "$setting" bash -c "$(declare -f due digests); digests"
}

@test "the look is drawn, and no content" {
	local setting
	for setting in RW_BRAND=Another RW_PAPER=letter \
		MARKET_CLOSE_TIMEZONE=Europe/Berlin RW_ISSUER_NAME=Example \
		RW_ISSUER_FOOTER=Footer RW_PAYMENT_DAYS=14; do
		assert_differs 'same other' with "$setting"
	done
	export RW_PAYEE_NAME=Payee RW_PAYEE_IBAN=DE89370400440532013000
	assert_differs 'same other' with RW_PAYEE_NAME=Another
	assert_differs 'same other' with RW_PAYEE_IBAN=GB82WEST12345698765432
	assert_differs 'same same' with RW_COMMISSION_CHECK=off
}

@test "the issue date is drawn" {
	assert_differs 'same other' digests '{issue_date: "2025-07-04"}'
	assert_differs 'same same' digests '{issue_date: "2025-07-01"}'
}

@test "a payment state is neither" {
	assert_differs 'same same' digests '{commission_paid_on: "2025-07-03", commission_reference: "X 1"}'
}
