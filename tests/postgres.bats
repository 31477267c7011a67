#!/usr/bin/env bats
# rw-list on the platform's own data: followers in MongoDB, daily P&L in
# PostgreSQL.

load helpers
load platform_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

o=665f00000000000000000001

@test "both shapes of a follower, with their days from PostgreSQL" {
	new_platform
	followers "
first('f-1'); first('f-2', state='MANUAL_INTERVENTION', commission_pct=12.5)
first('f-3', enabled=False, state='DISABLED')
second('$o', locale='de', cc=['x@example.com', 'y@example.com'])
second('665f00000000000000000002', status='pending')
second('665f00000000000000000003', cc='z@example.com')"
	platform_day 2025-06-02 99999
	day f-1 2025-06-02 125.5; day f-1 2025-06-30 -0.0001
	day f-1 2025-05-30 9; day f-1 2025-07-01 9
	day f-2 2025-06-03 99999999.9999
	day "$o" 2025-06-02 7
	run --separate-stderr rw-list --period 2025-06
	assert_status 0
	assert_stderr ''
	assert_output '{"follower_id":"665f00000000000000000001","report_period":"2025-06","email":"0001@example.com","name":"Name of 665f00000000000000000001","locale":"de","cc":["x@example.com","y@example.com"],"daily_pnl":{"2025-06-02":"7.00"}}
{"follower_id":"665f00000000000000000003","report_period":"2025-06","email":"0003@example.com","name":"Name of 665f00000000000000000003","cc":["z@example.com"],"daily_pnl":{}}
{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com","iban":"DE89370400440532013000","commission_pct":"20","daily_pnl":{"2025-06-02":"125.50","2025-06-30":"-0.0001"}}
{"follower_id":"f-2","report_period":"2025-06","email":"f-2@example.com","iban":"DE89370400440532013000","commission_pct":"12.5","daily_pnl":{"2025-06-03":"99999999.9999"}}'
	run --separate-stderr rw-list --period 2025-06 --verbose
	assert_stderr_has 'follower f-3 is left out: enabled is false, state is DISABLED'
	assert_stderr_has 'follower 665f00000000000000000002 is left out: status is pending'
	assert_stderr_has '2 followers are left out'
}
