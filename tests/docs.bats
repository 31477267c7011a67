# Compares the documentation with the code: everything that it names exists, and
# it names everything that exists.

load helpers

@test "HACKING names files that exist" {
	local name found
	while read -r name; do
		found=$(cd "$ROOT" && compgen -G "$name" || compgen -G "lib/$name*" ||
			compgen -G "tools/$name*" || true)
		[ -n "$found" ] || fail "there is no $name"
	done < <(grep -oE '`[a-z0-9_*./-]+`' "$ROOT/HACKING.md" | tr -d '`' |
		grep -E '/|.\.[ch]$|\.py$' | grep -vE 'rw-count|^build|count.bats' | sort -u)
}

@test "the tests that HACKING names as proofs exist" {
	local name count=0
	while read -r name; do
		[ -e "$ROOT/tests/$name.bats" ] || [ -e "$ROOT/tests/unit/$name.c" ] ||
			[ -e "$ROOT/tests/fuzz/$name.c" ] ||
			fail "there is no test $name"
		count=$((count + 1))
	done < <(sed -n '/^## Threats/,/^## Add/s/^| .* | \(.*\) |$/\1/p' \
		"$ROOT/HACKING.md" | tail -n +2 | tr -d ' ' | tr , '\n')
	[ "$count" -gt 40 ]
}

@test "every tool has a page with all sections, and is in the index" {
	local tool page section
	for tool in $(sed -n 's/^TOOLS += //p' "$ROOT/Makefile") rw-report; do
		page=$ROOT/man/$tool.1
		[ -f "$page" ] || fail "$tool has no page"
		for section in NAME SYNOPSIS DESCRIPTION ENVIRONMENT 'EXIT STATUS' \
			EXAMPLES DIAGNOSTICS 'SEE ALSO'; do
			grep -qx "\.Sh $section" "$page" || fail "$tool: no $section"
		done
		grep -qF ".It Xr $tool 1" "$ROOT/man/report-worker.7" ||
			fail "$tool is not in report-worker(7)"
		grep -qF "\`$tool\`" "$ROOT/README.md" ||
			fail "$tool is not in the README"
	done
}

@test "every page has every option of its tool" {
	local tool option
	for tool in $(sed -n 's/^TOOLS += //p' "$ROOT/Makefile") rw-report; do
		for option in $("$tool" --help | grep -oE '^ +--?[a-z-]+' |
			tr -d ' '); do
			grep -qE -e "Fl ${option#-}\b" "$ROOT/man/$tool.1" ||
				fail "$option is not in $tool(1)"
		done
	done
}

@test "the man pages pass the lints" {
	need_command mandoc
	run mandoc -T lint -W warning "$ROOT"/man/*.[157]
	assert_output ''
	assert_status 0
}

# section NAME: prints this section of rw-lines(5).
section() {
	sed -n "/^\.Ss $1\$/,/^\.S[sh]/p" "$ROOT/man/rw-lines.5"
}

@test "rw-lines(5) has each member in the section of its group, with its type" {
	local -A titles=([INPUT]='Input members' [ERROR]='The member error'
		[FIGURES]='Members that rw-gen sets'
		[FILES]='Members that rw-gen sets'
		[STORED]='Members that rw-put sets'
		[LINK]='Members that rw-presign sets'
		[DELIVERY]='Members that rw-mail sets'
		[LOOKUP]='Members that rw-record sets'
		[CLAIM]='Members that rw-record sets')
	local -A types=([TEXT]=string [BOOL]=boolean [INT]=integer [TIME]=time
		[MONEY]=money [DECIMAL]=decimal [LIST]=array [OBJECT]=object)
	local name type group count=0
	while read -r name type group _; do
		[ "$group" != LEDGER ] || continue
		count=$((count + 1))
		section "${titles[$group]}" |
			grep -A1 -E "^\.(It Li|Ss The member) .*\b$name\b" |
			grep -qiE "\b${types[$type]}s?\b" ||
			fail "$name ($group, $type) is not described so"
	done < <(table_of_members)
	[ "$count" -gt 50 ]
}

@test "every member is in rw-lines(5), and every setting is in a page" {
	local name
	while read -r name; do
		grep -qE "^\.(It Li|Ss The member) .*\b$name\b" \
			"$ROOT/man/rw-lines.5" ||
			fail "$name is not in rw-lines(5)"
	done < <(table_of_members | awk '$3 != "LEDGER" { print $1 }')
	while read -r name; do
		grep -qwF "$name" "$ROOT"/man/*.[17] ||
			fail "$name is in no page"
	done < <({
		grep -rhoE '(rw_config_[a-z0-9]+|getenv)\("[A-Z_0-9]+"' \
			"$ROOT/lib" "$ROOT/tools" | sed 's/.*("//; s/"//'
		grep -oE '\bRW_[A-Z_]+' "$ROOT/scripts/rw-report"
	} | grep -vxE 'HOME|TZ|TZDIR|XDG_STATE_HOME|RW_FAULT|RW_TOOL_OPTIONS|RW_RUN_ID' |
		sort -u)
}

@test "the make targets and scripts that the README names exist" {
	local target
	while read -r target; do
		grep -qE "^$target:" "$ROOT/Makefile" \
			"$ROOT"/tests/*.mk "$ROOT"/tests/*/*.mk ||
			fail "no make $target"
	done < <(grep -hoE '\bmake [a-z-]+' "$ROOT/README.md" "$ROOT/HACKING.md" |
		cut -d ' ' -f 2 | grep -vxE 'it|calls' | sort -u)
	while read -r target; do
		[ -e "$ROOT/$target" ] || fail "README links to $target"
	done < <(grep -oE '\]\([^)]*\)' "$ROOT/README.md" | tr -d '()]')
}
