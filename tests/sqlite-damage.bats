#!/usr/bin/env bats
# A damaged SQLite ledger: no follower is mailed because of it, and the message
# names the file, the damage and the remedy.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export RW_LEDGER=$PWD/ledger.db
	rw-record --init
}

lines() {
	awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++)
		printf "{\"follower_id\":\"f-%d\",\"report_period\":\"2025-06\"}\n", i }'
}

# sent N: records N followers as mailed, in the file itself (not in the log).
sent() {
	lines "$1" | rw-record --claim | jq -c '. + {email_sent: true,
		delivery: "links", message_id: "<\(.follower_id)@x>",
		pdf_url: "https://s/p", excel_url: "https://s/x"}' |
		rw-record --result >done
	assert_lines "$1" done
	sqlite3 "$RW_LEDGER" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
}

# page_of NAME: prints the offset in bytes of the root page of a table or an
# index.
page_of() {
	echo $((($(sqlite3 "$RW_LEDGER" "SELECT rootpage FROM sqlite_schema
		WHERE name='$1'") - 1) * 4096))
}

# write_at OFFSET: writes standard input at the offset.
write_at() {
	dd of="$RW_LEDGER" bs=1 seek="$1" conv=notrunc 2>/dev/null
}

# empty_page index|table: prints an empty page as SQLite writes it.
empty_page() {
	case $1 in
	index) printf '\x0a\0\0\0\0\x10\0\0' ;;
	table) printf '\x0d\0\0\0\0\x10\0\0' ;;
	esac
}

# assert_refused: expects that a lookup of a whole month and --check refuse it.
assert_refused() {
	run --separate-stderr rw-record --lookup < <(lines 5)
	assert_status 74
	assert_output ''
	assert_stderr_has "$RW_LEDGER"
	assert_stderr_has 'A damaged ledger'
	run --separate-stderr rw-record --check --lookup
	assert_status 74
	assert_stderr_has "$RW_LEDGER"
	assert_stderr_has 'A damaged ledger'
}

@test "a healthy ledger passes, and --check says so" {
	sent 5
	run --separate-stderr rw-record --lookup < <(lines 5)
	assert_status 0
	assert_output ''
	assert_stderr ''
	run rw-record --check
	assert_status 0
}

@test "an overwritten index page: no report is claimed again" {
	sent 5
	empty_page index | write_at "$(page_of sqlite_autoindex_report_sent_1)"
	assert_refused
	assert_stderr_has 'index sqlite_autoindex_report_sent_1'
}

@test "an overwritten index page: a whole month is refused by rw-report" {
	sent 5
	empty_page index | write_at "$(page_of sqlite_autoindex_report_sent_1)"
	lines 5 | jq -c '. + {email: "\(.follower_id)@example.com",
		commission_pct: 20, daily_pnl: {"2025-06-02": "1"}}' >due
	export RW_MAIL_TRANSPORT=maildir:$PWD/mails SMTP_TLS=false \
		REPORT_SENDER_EMAIL=reports@example.com
	run rw-report --input due --period 2025-06
	assert_status 74
	assert_output_has 'A damaged ledger'
	refute ls mails/new/*
}

@test "for chosen followers only the pages that are read count" {
	sent 2000
	# The history is not read for a lookup.
	lines 10 | rw-record --claim --again >/dev/null
	sqlite3 "$RW_LEDGER" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	empty_page index | write_at "$(page_of sqlite_autoindex_report_sent_history_1)"
	run rw-record --lookup --chosen < <(lines 1)
	assert_status 0
	assert_refused
	head -c 4096 /dev/urandom |
		write_at "$(page_of sqlite_autoindex_report_sent_1)"
	run --separate-stderr rw-record --lookup --chosen < <(lines 1)
	assert_status 74
	assert_output ''
}

@test "rw-report says which followers were chosen" {
	sent 5
	lines 5 | jq -c '. + {email: "\(.follower_id)@example.com",
		commission_pct: 20, daily_pnl: {"2025-06-02": "1"}}' >due
	export RW_MAIL_TRANSPORT=maildir:$PWD/mails SMTP_TLS=false \
		REPORT_SENDER_EMAIL=reports@example.com
	# A page that no lookup reads.
	head -c 4096 /dev/urandom |
		write_at "$(page_of sqlite_autoindex_report_sent_history_1)"
	run rw-report --input due --period 2025-06
	assert_status 74
	run rw-report --input due --period 2025-06 --follower f-2
	assert_status 0
	echo f-3 >select
	run rw-report --input due --period 2025-06 --select select
	assert_status 0
}

@test "a table page that was overwritten" {
	sent 5
	empty_page table | write_at "$(page_of report_sent)"
	assert_refused
}

@test "pages of zeros, of noise, and of a different page" {
	sent 300
	local what offset
	cp "$RW_LEDGER" whole.db
	offset=$(page_of sqlite_autoindex_report_sent_1)
	for what in zeros noise another; do
		cp whole.db "$RW_LEDGER"
		case $what in
		zeros) head -c 4096 /dev/zero | write_at "$offset" ;;
		noise) head -c 4096 /dev/urandom | write_at "$offset" ;;
		another) head -c $((offset + 8192)) whole.db | tail -c 4096 |
			write_at "$offset" ;;
		esac
		echo "$what"
		assert_refused
	done
}

@test "the schema's page, and the header" {
	sent 5
	cp "$RW_LEDGER" whole.db
	# The tables are missing, but the file still counts as a ledger.
	empty_page table | write_at 100
	assert_refused
	run rw-record --init
	assert_status 74
	cp whole.db "$RW_LEDGER"
	head -c 100 /dev/urandom | write_at 0
	assert_refused
	cp whole.db "$RW_LEDGER"
	head -c 4096 /dev/zero | write_at 0
	assert_refused
	run rw-record --init
	assert_status 74
}

@test "the list of free pages" {
	sent 300
	sqlite3 "$RW_LEDGER" "DELETE FROM report_sent WHERE follower_id>'f-2'" \
		'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	[ "$(sqlite3 "$RW_LEDGER" 'PRAGMA freelist_count')" -gt 5 ]
	# The first page of the list is marked as a page that a table uses.
	printf '\0\0\0\3' | write_at 32
	assert_refused
}

@test "a file that was cut off" {
	sent 300
	local size
	size=$(stat -c %s "$RW_LEDGER")
	truncate -s $((size / 2)) "$RW_LEDGER"
	assert_refused
	truncate -s 4096 "$RW_LEDGER"
	assert_refused
	truncate -s 1000 "$RW_LEDGER"
	assert_refused
}

@test "a file that is missing or empty is made again only by --init" {
	sent 5
	local how
	for how in 'rm -f' 'truncate -s 0'; do
		# shellcheck disable=SC2086
		$how "$RW_LEDGER"
		local args
		for args in --lookup --claim --result '--check --lookup' \
			'--resolve sent'; do
			# shellcheck disable=SC2086
			run --separate-stderr rw-record $args < <(lines 5)
			assert_status 78
			assert_output ''
			assert_stderr_has "there is no ledger at $RW_LEDGER"
		done
		if [ "$how" = 'rm -f' ]; then
			[ ! -e "$RW_LEDGER" ]
		else
			[ ! -s "$RW_LEDGER" ]
		fi
		rw-record --init
		sent 5
	done
}

@test "the write-ahead log of a different ledger" {
	sent 300
	cp "$RW_LEDGER" mine.db
	RW_LEDGER=$PWD/other.db rw-record --init
	lines 40 | sed 's/f-/another-/' | RW_LEDGER=$PWD/other.db rw-record --claim >/dev/null
	sqlite3 other.db >/dev/null <<-'SQL'
		PRAGMA wal_autocheckpoint=0;
		UPDATE report_sent SET last_error=hex(zeroblob(400));
		.shell cp other.db-wal ledger.db-wal
	SQL
	[ -s ledger.db-wal ]
	assert_refused
}

@test "other journal modes are corrected" {
	sent 5
	local mode
	for mode in DELETE TRUNCATE PERSIST MEMORY OFF; do
		sqlite3 "$RW_LEDGER" "PRAGMA journal_mode=$mode" >/dev/null
		run --separate-stderr rw-record --lookup < <(lines 6)
		assert_status 0
		assert_equal "$(jq -r .follower_id <<<"$output")" f-6
		assert_equal "$(sqlite3 "$RW_LEDGER" 'PRAGMA journal_mode')" wal
	done
}

@test "the remedies of the manual: an index is rebuilt, a file is recovered" {
	sent 300
	local version
	version=$(sqlite3 "$RW_LEDGER" 'PRAGMA user_version')
	empty_page index | write_at "$(page_of sqlite_autoindex_report_sent_1)"
	assert_refused
	sqlite3 ledger.db 'REINDEX; VACUUM'
	run rw-record --lookup < <(lines 300)
	assert_status 0
	assert_output ''
	head -c 4096 /dev/urandom |
		write_at "$(page_of sqlite_autoindex_report_sent_1)"
	assert_refused
	sqlite3 ledger.db .dump 2>errors | sed 's/^ROLLBACK.*/COMMIT;/' |
		sqlite3 recovered.db
	run sqlite3 recovered.db "PRAGMA application_id=1381452871;
		PRAGMA user_version=$version; PRAGMA integrity_check"
	assert_output ok
	mv recovered.db ledger.db && rm -f ledger.db-wal ledger.db-shm
	run rw-record --lookup < <(lines 301)
	assert_status 0
	assert_output "$(lines 301 | tail -n 1)"
}
