#!/bin/sh
# The pipeline, run by hand, without a ledger and without a lock.
#
#   examples/pipeline.sh [LINES [DIR]]
#
# It makes the reports of LINES (by default followers.jsonl in this directory),
# uploads them and makes links if a store is configured (MINIO_*), and writes one
# mail per follower to the maildir DIR/mail. The lines of every stage are kept in
# DIR.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
lines=${1:-$here/followers.jsonl}
dir=${2:-$(mktemp -d)}

# Use the tools on PATH, otherwise those that "make" has built here.
command -v rw-gen >/dev/null || PATH=$here/../build:$PATH
export REPORT_SENDER_EMAIL="${REPORT_SENDER_EMAIL:-reports@example.com}"

mkdir -p "$dir"
# tee(1) keeps a copy of the lines between two tools.
rw-gen --out "$dir/reports" <"$lines" |
	tee "$dir/1-gen.jsonl" |
	rw-put |
	tee "$dir/2-put.jsonl" |
	rw-presign |
	tee "$dir/3-presign.jsonl" |
	rw-mail --transport "maildir:$dir/mail" >"$dir/4-mail.jsonl"

echo "Mails: $dir/mail/new"
echo "Lines: $dir/1-gen.jsonl and so on"
