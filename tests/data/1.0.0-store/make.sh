#!/bin/bash
# How these files were made, by release 1.0.0 (BIN has its rw-report and tools)
# in an empty directory, with an empty bucket in MINIO_ENDPOINT_URL and its keys:
# two reports mailed with links, one whose mail may have arrived, as only the
# journal of a killed rw-mail tells. The files of reports/ are the objects.
set -eu
script=$1/scripts/rw-report
state=/var/tmp/report-worker
export RW_BUILD=$1/build RW_STATE_DIR=$state RW_HOST=worker-1
export REPORT_SENDER_EMAIL=reports@example.com RW_MAIL_TRANSPORT=maildir:$PWD/mails
unset RW_LEDGER MONGO_URI RW_RUN_ID || true
rm -rf "$state"

# line ID PNL
line() {
	printf '{"follower_id":"%s","report_period":"2025-06","email":"%s@example.com","name":"Anna Lindqvist","commission_pct":20,"currency":"EUR","daily_pnl":{"2025-06-02":"%s","2025-06-03":"-1.50"}}\n' \
		"$1" "$1" "$2"
}

"$RW_BUILD/rw-record" --init
{ line f-1 100 && line f-2 200; } >due.jsonl
"$script" --input due.jsonl --out reports
line f-3 300 >last.jsonl
RW_FAULT=rw-mail:accepted "$script" --input last.jsonl --out reports || true
cat last.jsonl >>due.jsonl
rm -f last.jsonl
rm -rf "$state"/runs mails
cp -r "$state" state
