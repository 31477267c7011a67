# shellcheck shell=sh
# Shared by the server scripts beside this file. Not a program: it is sourced.
#
# A server script sets "dir" and "name" by calling server_main, and defines
#   server_start   make the data if there is none, spawn, wait, write env
#   server_stop    end what was spawned (by default: every process of DIR)
# and, where it has more to offer, server_pause, server_resume, server_kill
# and server_COMMAND for further commands.
#
# Layout of DIR: env (what a test sources), *.pid, *.log, *.port, and data.
# Exit status: 0 success, 1 failure, 64 usage error, 77 not available on this
# host.

# A server outlives the test that started it.
unset RW_TEST_CASE
export PATH="$PATH:/usr/sbin:/sbin" PYTHONDONTWRITEBYTECODE=1
# shellcheck disable=SC2034 # for the scripts
here=${0%/*}
# shellcheck disable=SC2034
python=/usr/bin/python3
# shellcheck disable=SC2034
cache=${XDG_CACHE_HOME:-$HOME/.cache}/report-worker

say() {
	printf '%s: %s\n' "$name" "$*" >&2
}

die() {
	say "$@"
	exit 1
}

# The one line that a skipped test shows.
not_here() {
	say "$@"
	exit 77
}

need_command() {
	for need_command in "$@"; do
		command -v "$need_command" >/dev/null 2>&1 ||
			not_here "$need_command is not installed"
	done
}

# A port below the range that the kernel gives to outgoing connections, so that
# no other process takes it while a server is restarted.
free_port() {
	while :; do
		free_port=$(($(od -An -N 2 -tu2 /dev/urandom) % 22000 + 10000))
		grep -qs ":$(printf %04X "$free_port") " /proc/net/tcp \
			/proc/net/tcp6 || break
	done
	echo "$free_port"
}

# port_of NAME: the port that this DIR uses for NAME, the same at every start.
port_of() {
	[ -s "$dir/$1.port" ] || free_port >"$dir/$1.port"
	cat "$dir/$1.port"
}

# listens PORT: asks the kernel, since a server may count its connections.
listens() {
	grep -qs ":$(printf %04X "$1") 0*:0000 0A" /proc/net/tcp /proc/net/tcp6
}

# A process is identified by its number and its start time, because numbers are
# reused. look_at PID: prints its state and its start time.
look_at() {
	state='' began=''
	{ read -r look_at <"/proc/$1/stat"; } 2>/dev/null || return 0
	# shellcheck disable=SC2086 # words
	set -- ${look_at##*) }
	state=$1 began=${20}
}

# pid_of NAME: prints the process number if the same process is still alive.
pid_of() {
	[ -s "$dir/$1.pid" ] || return 1
	read -r pid_of pid_of_began <"$dir/$1.pid"
	look_at "$pid_of"
	[ "$began" = "$pid_of_began" ] || return 1
	case $state in
	'') return 1 ;;
	Z)
		# Its other threads may still hold the port.
		set -- "/proc/$pid_of/task/"*
		[ $# -gt 1 ] || return 1
		;;
	esac
	echo "$pid_of"
}

# adopt NAME PID: from now on PID is what stop ends under NAME.
adopt() {
	look_at "$2"
	echo "$2 $began" >"$dir/$1.pid"
}

# spawn NAME COMMAND [ARG...]: in the background, in a session of its own,
# with no descriptor of ours: a test runner waits for its own to be closed.
spawn() {
	spawn_name=$1
	shift
	setsid "$@" </dev/null >>"$dir/$spawn_name.log" 2>&1 \
		3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
	adopt "$spawn_name" $!
}

# wait_until SECONDS NAME COMMAND...: until COMMAND succeeds; gives up when
# the time is over or the process NAME has ended, and shows its last words.
wait_until() {
	wait_end=$(($(date +%s) + $1))
	wait_name=$2
	shift 2
	until "$@"; do
		if ! pid_of "$wait_name" >/dev/null; then
			wait_why='ended'
		elif [ "$(date +%s)" -ge "$wait_end" ]; then
			wait_why='is not ready in time'
		else
			sleep 0.03
			continue
		fi
		say "$wait_name $wait_why: $*"
		tail -n 15 "$dir/$wait_name.log" | sed 's/^/    /' >&2
		return 1
	done
}

# signal NAME SIGNAL: to the process and all that it started.
signal() {
	signal_pid=$(pid_of "$1") || return 0
	kill -s "$2" -- "-$signal_pid" 2>/dev/null ||
		kill -s "$2" "$signal_pid" 2>/dev/null || :
}

# end NAME: TERM, then KILL. A stopped process hears TERM only once continued.
end() {
	signal "$1" TERM
	signal "$1" CONT
	end_tries=0
	while pid_of "$1" >/dev/null; do
		end_tries=$((end_tries + 1))
		[ "$end_tries" -lt 250 ] || signal "$1" KILL
		sleep 0.02
	done
	rm -f "$dir/$1.pid"
}

end_all() {
	for end_file in "$dir"/*.pid; do
		[ -e "$end_file" ] || continue
		end_file=${end_file##*/}
		end "${end_file%.pid}"
	done
}

# kill_hard NAME: kills the process with -9, and waits for its end.
kill_hard() {
	pid_of "$1" >/dev/null || die "$1 is not running"
	signal "$1" KILL
	while pid_of "$1" >/dev/null; do
		sleep 0.02
	done
}

# put_env NAME VALUE [NAME VALUE]...: writes the file that a test sources, at
# once.
put_env() {
	while [ $# -gt 0 ]; do
		case $2 in
		*\'*) put_env=$(printf '%s' "$2" | sed "s/'/'\\\\''/g") ;;
		*) put_env=$2 ;;
		esac
		printf "export %s='%s'\n" "$1" "$put_env"
		shift 2
	done >"$dir/env.new"
	mv "$dir/env.new" "$dir/env"
}

# make_certs: a certificate authority of our own in DIR/ca.pem, and signed by
# it "good" (localhost, 127.0.0.1, ::1), "other-host" and "expired"; and
# "unknown-ca", which is signed by another. Each NAME.pem holds key and chain.
make_certs() {
	[ ! -e "$dir/ca.pem" ] || return 0
	need_command openssl
	make_ca "$dir/ca" 'Test CA'
	make_ca "$dir/another-ca" 'Another CA'
	make_cert good ca 'DNS:localhost,IP:127.0.0.1,IP:::1' -days 30
	make_cert other-host ca 'DNS:elsewhere.example' -days 30
	make_cert unknown-ca another-ca 'DNS:localhost,IP:127.0.0.1' -days 30
	make_cert expired ca 'DNS:localhost,IP:127.0.0.1' \
		-startdate 20200101000000Z -enddate 20200131000000Z
}

# With all extensions that Python 3.13 requires of a CA and of its certificates.
make_ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-addext keyUsage=critical,keyCertSign,cRLSign \
		-subj "/CN=$2" -days 30 -keyout "$1.key" -out "$1.pem" \
		2>>"$dir/openssl.log"
}

# make_cert NAME CA NAMES VALIDITY...: signed by "openssl ca", because "openssl
# x509" accepts dates in the past only from version 3.4 on, and "-days -1" only
# before that version.
make_cert() {
	make_cert=$dir/$1
	make_cert_ca=$dir/$2
	cat >"$make_cert.cnf" <<-END
		[ca]
		default_ca = test
		[test]
		database = $make_cert.index
		rand_serial = yes
		default_md = sha256
		policy = any
		x509_extensions = names
		[any]
		commonName = supplied
		[names]
		subjectAltName = $3
		authorityKeyIdentifier = keyid
	END
	: >"$make_cert.index"
	mkdir "$make_cert.new"	# for a copy under the serial number
	shift 3
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-subj "/CN=${make_cert##*/}" -keyout "$make_cert.key" \
		-out "$make_cert.csr" 2>>"$dir/openssl.log"
	openssl ca -batch -notext -config "$make_cert.cnf" "$@" \
		-outdir "$make_cert.new" \
		-cert "$make_cert_ca.pem" -keyfile "$make_cert_ca.key" \
		-in "$make_cert.csr" -out "$make_cert.crt" 2>>"$dir/openssl.log"
	cat "$make_cert.key" "$make_cert.crt" >"$make_cert.pem"
	rm -r "$make_cert.csr" "$make_cert.cnf" "$make_cert.index"* "$make_cert.new"
}

# take_script [SCRIPT]: JSON or the name of a file of it, to DIR/script.json.
take_script() {
	case ${1:-} in
	'') [ -e "$dir/script.json" ] || echo '{}' >"$dir/script.json" ;;
	*'{'*) printf '%s\n' "$1" >"$dir/script.json" ;;
	*) cp "$1" "$dir/script.json" ;;
	esac
}

# signed_curl ACCESS SECRET ARG...: an S3 request; the answer is DIR/answer.
signed_curl() {
	signed_user=$1:$2
	shift 2
	curl -sS --fail-with-body -m 30 -o "$dir/answer" --user "$signed_user" \
		--aws-sigv4 aws:amz:us-east-1:s3 "$@" ||
		die "$(cat "$dir/answer")"
}

# make_bucket ACCESS SECRET URL. curl leaves the checksum of the body, here of
# none, to the caller.
make_bucket() {
	signed_curl "$1" "$2" -X PUT "$3" -H 'x-amz-content-sha256: '\
'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
}

random_hex() {
	od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'
}

server_stop() { end_all; }
server_pause() { signal "$name" STOP; }
server_resume() { signal "$name" CONT; }
server_kill() { kill_hard "$name"; }

# server_main COMMANDS "$@": COMMANDS are those offered besides start and stop.
server_main() {
	name=${0##*/}
	commands="start stop $1"
	shift
	if [ $# -lt 2 ]; then
		say "usage: $name COMMAND DIR, where COMMAND is one of: $commands"
		exit 64
	fi
	command=$1
	dir=$2
	shift 2
	case " $commands " in
	*" $command "*) ;;
	*)
		say "no command $command, there are: $commands"
		exit 64
		;;
	esac
	if [ "$command" = start ]; then
		mkdir -p "$dir" || exit 1
	fi
	[ -d "$dir" ] || die "no directory $dir"
	dir=$(cd "$dir" && pwd) || exit 1
	if [ "$command" = start ]; then
		# A failed start must not leave processes behind.
		trap 'end_all' EXIT
		trap 'exit 130' INT
		trap 'exit 143' TERM
		server_start "$@"
		trap - EXIT
	else
		"server_$command" "$@"
	fi
}
