# MongoDB behind a dripping connection: no operation takes longer than its
# timeouts, in whatever way its answer arrives.
#
# bats file_tags=plain,long

load helpers

teardown() {
	[ -z "${proxy:-}" ] || kill "$proxy" || true
	drop_database
	stop_own_servers
}

# behind EVERY [AFTER]: sets MONGO_URI to a proxy that drips.
behind() {
	new_database
	rw-record --init
	local server=${MONGO_URI##*:} port
	server=${server%%/*}
	port=$("$PYTHON" -c 'import socket
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
	"$PYTHON" "$ROOT/tests/servers/drip_proxy.py" "$port" "$server" "$@" \
		>"$BATS_TEST_TMPDIR/proxy" 2>&1 3>&- &
	proxy=$!
	wait_for 10 grep -q listening "$BATS_TEST_TMPDIR/proxy"
	MONGO_URI=${MONGO_URI/:$server/:$port}
	case $MONGO_URI in
	*\?*) MONGO_URI="$MONGO_URI&" ;;
	*) MONGO_URI="$MONGO_URI?" ;;
	esac
	# A tenth of the default, or less.
	MONGO_URI="${MONGO_URI}directConnection=true&connectTimeoutMS=1000&socketTimeoutMS=2000&serverSelectionTimeoutMS=2000"
	export MONGO_URI
}

line() {
	echo '{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com"}'
}

@test "a handshake that drips: 69, in bounded time" {
	mongo_is_ours
	behind 0.3
	local tool
	for tool in 'rw-record --claim' 'rw-record --lookup' \
		'rw-record --result' rw-status rw-list; do
		# shellcheck disable=SC2086
		run --separate-stderr timeout 30 $tool --period 2025-06 < <(line)
		assert_status 69
	done
}

@test "an answer that drips: 69, in bounded time" {
	mongo_is_ours
	# The first answers pass; their length depends on the server.
	local after failed=0
	for after in 200 350 500 650 800; do
		behind 0.3 $after
		run --separate-stderr timeout 40 rw-record --claim < <(line)
		[ "$status" = 0 ] || assert_status 69
		[ "$status" = 0 ] || failed=$((failed + 1))
		kill "$proxy"
		proxy=
		drop_database
	done
	[ "$failed" -ge 2 ] || fail 'nothing dripped'
}
