#!/usr/bin/env bats
# Faults of a PostgreSQL server, as seen by rw-list.
#
# bats file_tags=plain

load helpers
load platform_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

# ask WHAT: queries this server with a URL that ends in WHAT.
ask() {
	PNL_DATABASE_URL="postgresql://$POSTGRES_USER:$POSTGRES_PASSWORD@$1" \
		run --separate-stderr rw-list --period 2025-06
	if [[ $output$stderr == *"$POSTGRES_PASSWORD"* ]]; then
		fail 'the password is shown'
	fi
}

@test "TLS is required for remote hosts, and verified" {
	new_database
	own_server postgres
	export RW_TEST_PG_DB=$POSTGRES_DB
	followers "first('f-1')"
	day f-1 2025-06-02 1
	local at=$POSTGRES_HOST:$POSTGRES_PORT/$POSTGRES_DB
	local far="elsewhere.example:$POSTGRES_PORT/$POSTGRES_DB?hostaddr=127.0.0.1"
	sql "CREATE FUNCTION secure() RETURNS boolean LANGUAGE sql SECURITY DEFINER
		AS 'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'"
	export HOME=$BATS_TEST_TMPDIR # no root.crt
	ask "$far"
	assert_status 78
	assert_stderr_has 'root certificate file'
	assert_stderr_has 'name the authority with RW_CA_FILE'
	export RW_CA_FILE=$RW_TEST_PG_CA
	ask "$far"
	assert_status 78
	assert_stderr_has 'does not match host name "elsewhere.example"'
	ask "$at?sslmode=verify-full"
	assert_status 0
	ask "$far&sslmode=require"
	assert_status 0
	# Among libpq's own settings the most specific one applies.
	PGSSLMODE=require ask "$far"
	assert_status 0
	ask "$far&sslrootcert=nowhere"
	assert_status 78
	PGSSLROOTCERT=nowhere ask "$far"
	assert_status 78
	server postgres tls other-host
	ask "$far"
	assert_status 0
	server postgres tls unknown-ca
	ask "$at?sslmode=verify-full"
	assert_status 78
	assert_stderr_has 'certificate verify failed'
	server postgres tls expired
	ask "$at?ssl=true"
	assert_status 78
	server postgres tls off
	ask "$at"
	assert_status 0
	for mode in '' '&sslmode=require' '&ssl=verify-full'; do
		ask "$far$mode"
		assert_status 78
		assert_stderr_has 'server does not support SSL'
		assert_stderr_has '?sslmode=disable'
	done
	ask "$far&sslmode=disable"
	assert_status 0
	ask "$at?sslmode=perhaps"
	assert_status 78
}

@test "missing logins, databases, tables and columns" {
	new_platform
	followers "first('f-1')"
	local at=$POSTGRES_HOST:$POSTGRES_PORT/$POSTGRES_DB
	POSTGRES_PASSWORD=wr0ng ask "$at"
	assert_status 78
	assert_stderr_has 'password authentication failed for user "worker"'
	assert_stderr_lacks 28P01
	ask "$POSTGRES_HOST:$POSTGRES_PORT/nowhere"
	assert_status 78
	assert_stderr_has 'database "nowhere" does not exist'
	sql 'ALTER TABLE pnl_daily RENAME is_finalized TO final'
	ask "$at"
	assert_status 78
	assert_stderr_has "PostgreSQL $POSTGRES_DB at 127.0.0.1:$POSTGRES_PORT: cannot read pnl_daily: column \"is_finalized\" does not exist"
	sql 'CREATE SCHEMA pnl; ALTER TABLE pnl_daily RENAME final TO is_finalized;
		ALTER TABLE pnl_daily SET SCHEMA pnl;
		ALTER TABLE commission_monthly SET SCHEMA pnl; GRANT USAGE ON SCHEMA pnl TO worker'
	ask "$at"
	assert_status 78
	assert_stderr_has 'relation "pnl_daily" does not exist (is it in the search_path of this role?)'
	ask "$at?options=-csearch_path%3Dpnl"
	assert_status 0
	sql "ALTER ROLE worker IN DATABASE $POSTGRES_DB SET search_path = pnl"
	ask "$at"
	assert_status 0
}

@test "a role with only the rights that --print-grants prints" {
	new_platform
	followers "first('f-1')"
	day f-1 2025-06-02 7
	local role=reader_${POSTGRES_DB#rw_} superuser_at=$POSTGRES_HOST:$POSTGRES_PORT/$POSTGRES_DB
	sql "CREATE ROLE $role LOGIN PASSWORD 'secret'"
	unset POSTGRES_HOST POSTGRES_DB
	export PNL_DATABASE_URL="postgresql://$role:secret@$superuser_at"
	run --separate-stderr rw-list --period 2025-06
	assert_status 78
	assert_stderr_has 'permission denied for table pnl_daily (rw-list --print-grants prints the rights that it needs)'
	run --separate-stderr rw-list --print-grants
	assert_status 0
	assert_output_lacks secret
	sql "$output"
	run --separate-stderr rw-list --period 2025-06
	assert_status 0
	assert_json "$output" '.daily_pnl | add' 7.00
	run sql "SET ROLE $role; SELECT opening_balance FROM pnl_daily"
	assert_output_has 'permission denied'
	PNL_DATABASE_URL=${PNL_DATABASE_URL/$role/postgres} run rw-list --print-grants
	assert_output_has 'TO "report_worker";'
	unset PNL_DATABASE_URL
	run rw-list --print-grants
	assert_status 0
	assert_output_has 'GRANT SELECT (follower_id, trading_date, total_pnl, is_finalized) ON public.pnl_daily TO "report_worker";'
}

@test "nothing is changed: the transaction is read-only" {
	new_platform
	followers "first('f-1')"
	sql "ALTER TABLE pnl_daily RENAME TO hidden;
		CREATE FUNCTION spoil() RETURNS SETOF hidden LANGUAGE plpgsql AS
		'BEGIN DELETE FROM hidden; RETURN; END';
		CREATE VIEW pnl_daily AS SELECT * FROM spoil();
		GRANT ALL ON pnl_daily, hidden TO worker"
	run --separate-stderr rw-list --period 2025-06
	assert_status 69
	assert_stderr_has 'cannot execute DELETE in a read-only transaction'
}

@test "a server that is missing, busy or slow: 69" {
	new_platform
	followers "first('f-1')"
	ask '127.0.0.1:1/x'
	assert_status 69
	assert_stderr_has 'Connection refused'
	ask 'no-such-host.invalid/x?sslmode=disable'
	assert_status 69
	# A silent server.
	local port
	port=$("$ROOT/tests/servers/http-script" 2>/dev/null || :; echo $((20000 + RANDOM % 10000)))
	"$PYTHON" -c "
import socket, time
s = socket.create_server(('127.0.0.1', $port))
time.sleep(20)" 3>&- &
	local pid=$!
	wait_for 5 bash -c "exec 9<>/dev/tcp/127.0.0.1/$port" 2>/dev/null
	SECONDS=0
	ask "127.0.0.1:$port/x?connect_timeout=2"
	assert_status 69
	assert_stderr_has 'the server took too long to answer'
	[ "$SECONDS" -lt 6 ]
	kill "$pid"
	sql "ALTER ROLE worker IN DATABASE $POSTGRES_DB SET statement_timeout = 1;
		INSERT INTO pnl_daily (follower_id, trading_date, total_pnl)
		SELECT i || 'x', '2025-06-02', 1 FROM generate_series(1, 100000) i"
	run --separate-stderr rw-list --period 2025-06
	assert_status 69
	assert_output ''
	assert_stderr_has 'canceling statement due to statement timeout'
	sql "ALTER ROLE worker IN DATABASE $POSTGRES_DB RESET statement_timeout;
		ALTER DATABASE $POSTGRES_DB CONNECTION LIMIT 0"
	run --separate-stderr rw-list --period 2025-06
	assert_status 69
	assert_stderr_has 'too many connections for database'
}

@test "the first of several hosts that answers is used" {
	new_platform
	followers "first('f-1')"
	day f-1 2025-06-02 1
	ask "127.0.0.1:1,127.0.0.1:$POSTGRES_PORT/$POSTGRES_DB"
	assert_status 0
	# A server with a full queue drops new connections.
	"$PYTHON" -c "
import socket, time
s = socket.socket()
s.bind(('127.0.0.1', 0))
s.listen(0)
port = s.getsockname()[1]
held = []
for i in range(4):
    held.append(socket.socket())
    held[-1].setblocking(False)
    held[-1].connect_ex(('127.0.0.1', port))
time.sleep(0.5)
open('port', 'w').write(str(port))
time.sleep(60)" 3>&- &
	local pid=$!
	wait_for 5 test -s port
	SECONDS=0
	ask "127.0.0.1:$(cat port),127.0.0.1:$POSTGRES_PORT/$POSTGRES_DB"
	kill "$pid"
	assert_status 0
	[ "$SECONDS" -ge 3 ] # it was silent
}

@test "a server that drips has an overall deadline" {
	new_platform
	followers "first('f-1')"
	sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl)
		SELECT i || 'x', '2025-06-02', 1 FROM generate_series(1, 5000) i"
	# After the login the server's data arrives 20 bytes at a time.
	cat >drip.py <<-'END'
		import socket, sys, threading, time
		listener = socket.create_server(("127.0.0.1", 0))
		open("port", "w").write(str(listener.getsockname()[1]))
		client = listener.accept()[0]
		server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
		def up():
		    while data := client.recv(65536):
		        server.sendall(data)
		threading.Thread(target=up, daemon=True).start()
		passed = 0
		while data := server.recv(20 if passed > 2000 else 4096):
		    passed += len(data)
		    if passed > 2000:
		        time.sleep(0.02)
		    try:
		        client.sendall(data)
		    except OSError:
		        break
	END
	"$PYTHON" drip.py "$POSTGRES_PORT" 3>&- &
	wait_for 5 test -s port
	SECONDS=0
	RW_PNL_TIMEOUT=3 POSTGRES_PORT=$(cat port) PGSSLMODE=disable \
		run --separate-stderr rw-list --period 2025-06
	assert_status 69
	assert_stderr_has 'cannot read pnl_daily: the server took too long to answer'
	[ "$SECONDS" -lt 12 ]
}

@test "the server dies in the middle: a partial list does not look complete" {
	new_database
	own_server postgres
	export RW_TEST_PG_DB=$POSTGRES_DB
	followers "
db.followers.insert_many({'_id': 'f-%05d' % i, 'email': 'a', 'enabled': True,
    'name': 'x' * 300} for i in range(20000))"
	sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl, is_finalized)
		SELECT 'f-' || lpad(i::text, 5, '0'), '2025-06-02', 1, true
		FROM generate_series(0, 19999) i"
	mkfifo pipe
	rw-list --period 2025-06 >pipe 2>err 3>&- &
	local pid=$! status=0
	exec 7<pipe
	head -c 1000 <&7 >/dev/null
	server postgres kill
	cat <&7 >/dev/null
	wait "$pid" || status=$?
	assert_equal "$status" 69 "$(cat err)"
	# And a server that is halted.
	server postgres start
	RW_PNL_TIMEOUT=2 rw-list --period 2025-06 >pipe 2>err 3>&- &
	pid=$! status=0
	exec 7<pipe
	head -c 1000 <&7 >/dev/null
	server postgres pause
	cat <&7 >/dev/null
	wait "$pid" || status=$?
	server postgres resume
	assert_equal "$status" 69 "$(cat err)"
	assert_file_has err 'took too long to answer'
}

@test "no form of a URL shows a password" {
	new_database
	followers "first('f-1')"
	local url
	for url in 'u:SEC@RET@h/db' 'u:SEC/RET@h/db' 'u:SEC?RET@h/db' 'u:SEC#RET@h' \
		'u:SECRET%@h' 'u:SECRET%zz@h' 'u:SEC RET@h' 'u:SECRET@h:port/db' \
		'u:SECRET@[h' 'u:SECRET@h/db?x' 'u:SECRET@127.0.0.1:1/db?nonsense=1' \
		'u:SECRET@127.0.0.1:1/db' 'u:SECRET@127.0.0.1:1/db?sslmode=no' \
		'u@127.0.0.1:1/db?password=SECRET' 'u:SECRET'; do
		PNL_DATABASE_URL=postgresql://$url run --separate-stderr rw-list \
			--period 2025-06 --verbose
		[ "$status" = 78 ] || [ "$status" = 69 ]
		if [[ $output$stderr == *SEC* || $output$stderr == *RET* ]]; then
			fail "shown of $url"
		fi
	done
	PNL_DATABASE_URL='postgresql://u:a@b@h/db' run rw-list --period 2025-06
	assert_output_has 'percent-encoded: "@" as %40'
}

# 1,000 and 4,000 followers; RW_TEST_FOLLOWERS=100000 for the second.
@test "many followers with 22 days each: memory does not grow" {
	need_plain_build
	need_command /usr/bin/time
	new_platform
	local followers=${RW_TEST_FOLLOWERS:-6000}
	more() {
		followers "
for i in range($1, $2, 1000):
    db.followers.insert_many({'_id': 'f-%06d' % k, 'email': 'a@b.example',
        'commission_pct': 20.0, 'enabled': True} for k in range(i, i + 1000))"
		sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl, is_finalized)
			SELECT 'f-' || lpad(f::text, 6, '0'), '2025-06-01'::date + d,
			(f * 31 + d * 7.7777) % 1000 - 500, true
			FROM generate_series($1, $2 - 1) f, generate_series(1, 22) d"
	}
	more 0 1000
	/usr/bin/time -f %M -o small rw-list --period 2025-06 >/dev/null
	more 1000 "$followers"
	/usr/bin/time -f %M -o large rw-list --period 2025-06 >out
	assert_lines "$followers" out
	echo "KB: $(cat small) and $(cat large)"
	[ "$(cat large)" -le "$(($(cat small) + 4096))" ]
	# The figures equal SQL's sums.
	json '[.follower_id, (.daily_pnl | length), (.daily_pnl | map(tonumber * 10000 | round) | add)] | join(" ")' \
		out >sums
	sql "SELECT follower_id || ' ' || count(*) || ' ' || (sum(total_pnl) * 10000)::bigint
		FROM pnl_daily GROUP BY follower_id ORDER BY follower_id COLLATE \"C\"" >expected
	cmp sums expected
}
