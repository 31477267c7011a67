# The memory of a tool does not grow with its input: its peak over many lines
# stays within 4 MB of the peak over 1,000 lines. tests/gen.bats tests rw-gen.
#
# bats file_tags=plain

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export REPORT_SENDER_EMAIL=reports@example.com
	export MINIO_ENDPOINT_URL=https://s3.example.com MINIO_ACCESS_KEY=a \
		MINIO_SECRET_KEY=s MINIO_BUCKET_NAME=b
	need_command /usr/bin/time
}

# lines N MEMBERS: prints N followers from f0 on; % in MEMBERS becomes the
# number.
lines() {
	"$PYTHON" - "$1" "$2" <<'END'
import sys
members = sys.argv[2]
for i in range(int(sys.argv[1])):
    sys.stdout.write('{"follower_id":"f%d","report_period":"2025-06",%s}\n'
                     % (i, members.replace("%", str(i))))
END
}

# peak INPUT COMMAND...: prints the peak in kB; the output is discarded.
peak() {
	/usr/bin/time -f %M -o rss "${@:2}" <"$1" >/dev/null ||
		fail "${*:2} ended with $?"
	tail -n 1 rss
}

# does_not_grow COMMAND...: compares the peaks for the files "few" and "many".
does_not_grow() {
	local few many
	few=$(peak few "$@")
	many=$(peak many "$@")
	echo "# $*: $few kB over $(wc -l <few) lines, $many kB over $(wc -l <many)" >&3
	[ "$many" -le $((few + 4096)) ] ||
		fail "$*: $few kB over 1,000 lines, $many kB over many"
}

KEYS='"pdf_key":"reports/2025-06/f%/report_2025-06.pdf","excel_key":"reports/2025-06/f%/report_2025-06.xlsx","minio_upload":true'
LINKS='"email":"f%@example.com","name":"Follower %","pdf_url":"https://s3.example.com/b/%.pdf?x=1","excel_url":"https://s3.example.com/b/%.xlsx?x=1","url_expires_at":"2090-01-01T00:00:00Z"'
SENT='"email_sent":true,"delivery":"links","sent_timestamp":"2025-07-01T00:10:00Z"'

@test "rw-presign: 1,000,000 lines" {
	lines 1000 "$KEYS" >few
	lines 1000000 "$KEYS" >many
	does_not_grow rw-presign
}

@test "rw-record: 200,000 lines looked up, claimed, completed" {
	rw-record --init --quiet
	lines 200000 "$KEYS" >many
	head -n 1000 many >few
	does_not_grow rw-record --lookup
	does_not_grow rw-record --claim
	rm -rf "$RW_STATE_DIR"
	rw-record --init --quiet
	rw-record --claim <many >claimed
	sed "s|}\$|,$SENT}|" claimed >many
	assert_lines 200000 many
	head -n 1000 many >few
	does_not_grow rw-record --result
	assert_equal "$(rw-status --all --json | grep -c '"state":"sent"')" 200000
	does_not_grow rw-record --lookup
}

@test "rw-mail --print: 100,000 lines" {
	lines 100000 "$LINKS" >many
	head -n 1000 many >few
	does_not_grow rw-mail --print
}
