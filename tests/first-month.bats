#!/usr/bin/env bats
# Executes the commands of docs/first-month.md, in their order, in a copy of this
# machine, or with RW_TEST_MACHINE in that of a new Debian, with real servers.
#
# bats file_tags=plain,long

load helpers
load platform_helpers
load machine_helpers
load page_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	id=$(od -An -N 6 -tx1 /dev/urandom | tr -d ' \n')
}

teardown() {
	[ -z "${role:-}" ] || sql "DROP OWNED BY $role; DROP ROLE $role" >/dev/null || true
	drop_database
	drop_buckets
	stop_own_servers
}

# Three followers, with P&L on each weekday of the last two months.
fill() {
	followers "
for n in (1, 2, 3): first('$id-%d' % n)"
	sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl, is_finalized)
		SELECT f, d, round((cos(extract(doy FROM d) * length(f)) * 997 + 50)::numeric, 2), true
		FROM unnest(ARRAY['$id-1', '$id-2', '$id-3']) f,
			generate_series(current_date - 62, current_date, '1 day') d
		WHERE extract(isodow FROM d) < 6"
}

# What a reader writes with "editor FILE": the file of the same name in the
# directory "reader". In the settings file it replaces the lines of the same names.
write_editor() {
	mkdir -p "$MACHINE/upper/usr/local/bin" "$MACHINE/upper/root/reader"
	cat >"$MACHINE/upper/usr/local/bin/editor" <<-'END'
		#!/bin/sh -e
		from=/root/reader/${1##*/}
		case $1 in
		/etc/report-worker/report-worker.env)
			sed -i "/^\($(sed 's/=.*//' "$from" | paste -s -d '|' |
				sed 's/|/\\|/g')\)=/d" "$1"
			cat "$from" >>"$1"
			;;
		*) cat "$from" >"$1" ;;
		esac
	END
	chmod +x "$MACHINE/upper/usr/local/bin/editor"
}

# reader FILE: what the reader writes into this file.
reader() {
	cat >"$MACHINE/upper/root/reader/$1"
}

reader_writes() {
	role=rw_$id
	sql "CREATE ROLE $role LOGIN PASSWORD '$id'" >/dev/null
	cp "$RW_CA_FILE" "$MACHINE/upper/root/reader/ca.pem"
	install -D -m 0644 "$RW_CA_FILE" "$MACHINE/upper/etc/ssl/mail-ca.pem"
	reader report-worker.env <<-END
		MINIO_ENDPOINT_URL=$MINIO_ENDPOINT_URL
		MINIO_BUCKET_NAME=$MINIO_BUCKET_NAME
		MINIO_SECURE=false
		MONGO_URI="$MONGO_URI"
		MONGO_DB_NAME=$MONGO_DB_NAME
		POSTGRES_HOST=$POSTGRES_HOST
		POSTGRES_PORT=$POSTGRES_PORT
		POSTGRES_DB=$POSTGRES_DB
		POSTGRES_USER=$role
		RW_COMMISSION_CHECK=off
		SMTP_HOST=$SMTP_HOST
		SMTP_PORT=$SMTP_PORT
		SMTP_USER=$SMTP_USER
		RW_CA_FILE=/etc/ssl/mail-ca.pem
		ADMIN_EMAIL=$id-admin@example.com
	END
	reader pnl-password <<<"$id"
	reader smtp-password <<<"$SMTP_PASSWORD"
	reader owner.env <<-END
		MINIO_ACCESS_KEY=$MINIO_ACCESS_KEY
		MINIO_SECRET_KEY_FILE=owner.key
	END
	reader owner.key <<<"$MINIO_SECRET_KEY"
}

# The store's administrator makes the worker's user, with the printed policy.
make_worker() {
	local store=${RW_TEST_STORE:-radosgw}
	server "$store" user "$id" "$MACHINE/upper$CLONE/worker.json"
	(
		# shellcheck source=/dev/null
		source "${SERVER_DIR[$store]}/user-$id.env"
		echo "MINIO_ACCESS_KEY=$MINIO_ACCESS_KEY" >>"$MACHINE/upper/root/reader/report-worker.env"
		echo "$MINIO_SECRET_KEY" >"$MACHINE/upper/root/reader/minio-key"
	)
}

# mailed ADDRESS: prints the number of delivered mails.
mailed() {
	{ grep -ls "^Delivered-To: $1@example.com" -r "$POSTFIX_MAILDIR" || true; } | wc -l
}

all_mailed() {
	[ "$(mailed "$id-1")$(mailed "$id-2")$(mailed "$id-3")" = 111 ]
}

rehearsed() {
	[ "$(mailed "$id-you")" = 3 ]
}

@test "the page's commands lead from an empty machine to the first month" {
	need_machine
	need_users
	new_platform
	need_store
	use_new_name
	RW_TEST_SASL=1 need_server postfix.sasl
	fill
	new_machine "$BATS_TEST_TMPDIR/machine"
	make_clone
	write_editor
	reader_writes
	take_blocks first-month.md
	sed -i "s/you@example.com/$id-you@example.com/" block.*

	next_block 'make install'
	assert_status 0
	next_block useradd
	assert_status 0
	next_block pnl-password
	assert_status 0
	next_block 'editor /etc/report-worker/report-worker.env'
	assert_status 0
	next_block --print-policy
	assert_status 0
	assert_output_has versioning
	refute test -e "$MACHINE/upper$CLONE/owner.key"
	make_worker
	next_block 'editor /etc/report-worker/minio-key'
	assert_status 0
	next_block --print-grants
	assert_status 0
	sql <"$MACHINE/upper$CLONE/grants.sql"
	next_block --init
	assert_status 0
	next_block --check
	assert_status 0
	assert_equal "$(mailed "$id-1")" 0
	next_block --to
	assert_status 0
	wait_for 30 rehearsed
	next_block --dry-run
	assert_status 0
	assert_equal "$(mailed "$id-1")$(mailed "$id-2")$(mailed "$id-3")" 000
	next_block --expect-min
	assert_status 0
	wait_for 30 all_mailed

	next_block rw-status
	assert_status 0
	assert_output_has "$id-3"
	next_block --unsent
	assert_status 0
	assert_output ''
	next_block rw-verify
	assert_status 0
	next_block report-worker.log
	assert_status 0
	assert_output_has 'report_worker_last_run_status 0'
	next_block /runs/
	assert_status 0
	next_block 'systemctl enable'
	assert_status 0
	test -L "$MACHINE/upper/etc/systemd/system/timers.target.wants/report-worker.timer"
	no_more_blocks
	rehearsed
	all_mailed
}
