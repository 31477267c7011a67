#!/bin/bash
# shellcheck disable=SC2086 # an option or none
# How these files were made, by release 1.0.0 (BIN) in an empty directory.
set -eu
bin=$1
PATH=$bin:$PATH
state=/var/tmp/report-worker
rm -rf "$state" reports mails
export RW_STATE_DIR=$state RW_HOST=worker-1 REPORT_SENDER_EMAIL=reports@example.com
export RW_MAIL_TRANSPORT=maildir:$PWD/mails SOURCE_DATE_EPOCH=1751328000
unset RW_LEDGER MONGO_URI RW_RUN_ID || true

# line ID MONTH PNL [MEMBERS]
line() {
	printf '{"follower_id":"%s","report_period":"%s","email":"%s@example.com","commission_pct":20,"high_water_mark":"0","opening_balance":"1000","daily_pnl":{"%s-02":"%s"}%s}\n' \
		"$1" "$2" "$1" "$2" "$3" "${4:+,$4}"
}
# send MODE < lines
send() {
	rw-record --lookup ${1-} | rw-gen --fee-model hwm --out reports | rw-record --claim ${1-} | rw-mail | rw-record --result ${1-}
}
# run ID: as rw-report's, with a lock
locked() {
	id=$1
	shift
	mkdir -p "$state/runs/$id"
	RW_RUN_ID=$id flock "$state/runs/$id.lock" "$@"
}
export -f send line
export state bin PATH
rw-record --init
locked 20250601T061000Z bash -c '{ line f-sent 2025-05 100; line f-again 2025-05 50; } | send >"$state/runs/20250601T061000Z/done"'
locked 20250701T061000Z bash -c '{ line f-sent 2025-06 200.25; line f-again 2025-06 1; line f-revised 2025-06 2; line f-failed 2025-06 -3 "\"iban\":7"; } | send >"$state/runs/20250701T061000Z/done"' || true
line f-again 2025-06 1 | send --again >/dev/null
line f-revised 2025-06 3.5 | send --revise >/dev/null
line f-links 2025-06 8 | rw-record --lookup | rw-gen --fee-model hwm --out reports | rw-record --claim |
	jq -c '. + {email_sent: true, sent_timestamp: "2025-07-01T06:10:09Z", delivery: "links", message_id: "<m@example.com>", minio_upload: true, pdf_key: "reports/2025-06/f-links/report_2025-06.pdf", excel_key: "reports/2025-06/f-links/report_2025-06.xlsx", pdf_version_id: "v1", excel_version_id: "v2", object_expires_at: "2025-09-29T00:00:00Z", url_expires_at: "2025-07-31T06:10:00Z", url_scheme: "sigv2", currency: "EUR", pdf_url: "https://s3.example.com/reports/p?Signature=x", excel_url: "https://s3.example.com/reports/x?Signature=x"}' |
	rw-record --result >/dev/null
# Counts of what was kept back.
locked 20250701T071000Z bash -c '{ line f-sent 2025-06 200.25; line f-again 2025-06 1; } | send' >/dev/null
# In doubt, known to be.
line f-doubt 2025-06 4 | rw-record --lookup | rw-gen --fee-model hwm --out reports | rw-record --claim |
	{ read -r l; printf '%s\n' "$l" | jq -c '. + {email_sent: false, state: "in_doubt", error: {tool: "rw-mail", kind: "in_doubt", message: "the connection was lost", retryable: true}}'; } |
	rw-record --result >/dev/null || true
# Claimed by a run, and nothing begun.
locked 20250702T061000Z bash -c 'line f-claimed 2025-06 5 | rw-gen --fee-model hwm --out reports | rw-record --claim >"$state/runs/20250702T061000Z/ready"'
# A run that died: f-begun was begun, f-accepted sent, neither recorded.
locked 20250703T061000Z bash -c '{ line f-accepted 2025-06 6; line f-begun 2025-06 7; } | rw-gen --fee-model hwm --out reports | rw-record --claim | RW_MAIL_CONNECTIONS=1 RW_FAULT=rw-mail:accepted:2 rw-mail' >/dev/null || true
