# Exhausted memory: at every limit a tool does its work, fails a record, or ends
# with 74. It never crashes, and never treats good input as bad.
#
# bats file_tags=plain

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com
	local i
	seen=0
	for i in 1 2 3; do
		printf '{"follower_id":"f-%d","report_period":"2025-06","email":"f-%d@example.com","name":"Änna","commission_pct":20,"daily_pnl":{"2025-06-02":"125.50","2025-06-03":"-40.25"}}\n' $i $i
	done >due
}

# under KB COMMAND...: sets $code to its status, and writes its messages to err.
under() {
	code=0
	timeout 60 prlimit --core=0 --as=$(($1 * 1024)) -- "${@:2}" \
		<in >out 2>err || code=$?
}

# least COMMAND...: sets $least to the lowest limit at which it succeeds, by
# bisection.
least() {
	local low=1000 high=600000 middle
	while [ $((high - low)) -gt 64 ]; do
		middle=$(((low + high) / 2))
		forget
		under $middle "$@"
		if [ "$code" -eq 0 ]; then high=$middle; else low=$middle; fi
	done
	least=$high
}

# wanting COMMAND...: tests 40 limits, from the lowest at which the program
# starts (the dynamic linker decides this) to the lowest at which the work is
# done.
wanting() {
	local code least begins limit
	under 600000 "$@"
	[ "$code" -eq 0 ] || fail "$* ended with $code: $(cat err)"
	least "$1" --version
	begins=$least
	least "$@"
	for ((limit = begins; limit <= least; \
		limit += (least - begins) / 40 + 1)); do
		forget
		under $limit "$@"
		case $code in
		0) ;;
		1) grep -qE 'memory|allocate' err || fail "$*, $limit: $(cat err)" ;;
		74) seen=$((seen + 1)) ;;
		*) fail "$* ended with $code at $limit KB: $(cat err)" ;;
		esac
	done
}

# Removes files of a run that would change the next one.
forget() {
	rm -rf "$RW_STATE_DIR/journal" mail
}

@test "rw-gen" {
	cp due in
	wanting rw-gen --out reports
	wanting rw-gen --out reports -j 4
	[ "$seen" -gt 0 ]
}

@test "rw-mail into a maildir: letters with links and with files" {
	rw-gen --out reports <due >in
	wanting rw-mail --transport "maildir:$PWD/mail"
	jq -c '. + {pdf_url: "https://s.example/a", excel_url: "https://s.example/b"}' \
		in >links
	cp links in
	wanting rw-mail --transport "maildir:$PWD/mail"
}

@test "rw-mail to a mail server" {
	own_server smtp-script '{"auth":["PLAIN"],"auth_needs_tls":false,"user":"u","password":"p"}'
	rw-gen --out reports <due >in
	SMTP_USER=u SMTP_PASSWORD=p wanting rw-mail -j 2
}

@test "rw-put, rw-presign and rw-verify" {
	own_server http-script '{}'
	rw-gen --out reports <due >in
	wanting rw-put
	rw-put <in >put
	cp put in
	wanting rw-presign
	rw-presign <put >in
	wanting rw-list --input - --follower f-1
	[ "$seen" -gt 0 ]
}

@test "rw-record and rw-status, on SQLite" {
	forget() {
		rm -rf "$RW_STATE_DIR"
		rw-record --init
	}
	forget
	cp due in
	wanting rw-record --lookup
	jq -c '. + {pdf_url: "https://s.example/a", excel_url: "https://s.example/b"}' \
		due >in
	wanting rw-record --claim
	: >in
	wanting rw-status
	[ "$seen" -gt 0 ]
}

@test "rw-list and rw-record, on MongoDB" {
	RW_TEST_MONGO_MEMORY=1 own_server mongo
	export MONGO_DB_NAME=want$RANDOM
	rw-record --init
	cp due in
	wanting rw-record --lookup
	wanting rw-record --claim
	[ "$seen" -gt 0 ]
}

@test "a line that is too long for the memory does not count as unreadable" {
	{
		printf '{"follower_id":"f-1","report_period":"2025-06","x":"'
		head -c 60000000 /dev/zero | tr '\0' x
		printf '"}\n'
	} >in
	export RW_MAX_LINE=1000000000
	for limit in 30000 60000 90000 120000; do
		under $limit rw-presign
		assert_equal "$code" 74 "$(cat err)"
		assert_file_has err 'rw-presign: error: out of memory'
		[ ! -s out ]
	done
}
