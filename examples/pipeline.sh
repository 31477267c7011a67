#!/bin/sh
# The pipeline, typed by hand: no ledger, no lock, just tools and lines.
#
#   examples/pipeline.sh [LINES [DIR]]
#
# It makes the reports of LINES (the followers beside this file), stores and
# links them if a store is configured (MINIO_*), and puts one mail a follower
# into the maildir DIR/mail. Every stage's lines stay in DIR to be looked at.
set -eu
here=$(cd -- "$(dirname -- "$0")" && pwd)
lines=${1:-$here/followers.jsonl}
dir=${2:-$(mktemp -d)}

# The tools: those on PATH, else those that "make" has built here.
command -v rw-gen >/dev/null || PATH=$here/../build:$PATH
export REPORT_SENDER_EMAIL="${REPORT_SENDER_EMAIL:-reports@example.com}"

mkdir -p "$dir"
# tee(1) shows what passes between two tools, and does not disturb it.
rw-gen --out "$dir/reports" <"$lines" |
	tee "$dir/1-gen.jsonl" |
	rw-put |
	tee "$dir/2-put.jsonl" |
	rw-presign |
	tee "$dir/3-presign.jsonl" |
	rw-mail --transport "maildir:$dir/mail" >"$dir/4-mail.jsonl"

echo "Mails: $dir/mail/new"
echo "Lines: $dir/1-gen.jsonl and so on"
