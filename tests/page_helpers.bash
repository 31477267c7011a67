# shellcheck shell=bash
# Executes the commands of a page in docs/, in their order, in a copy of this
# machine; see machine_helpers.bash.

# take_blocks PAGE: writes each block of commands to the file block.N.
take_blocks() {
	awk '/^```sh$/ { n++; inside = 1; next } /^```$/ { inside = 0 }
		inside { print >("block." n) }' "$ROOT/docs/$1"
	blocks=0
}

# next_block EXPECTED: runs the next block, which must have these words, in the
# directory of the clone. Variables and functions of earlier blocks are set.
next_block() {
	local earlier='' n
	blocks=$((blocks + 1))
	assert_file_has "block.$blocks" "$1"
	for ((n = 1; n < blocks; n++)); do
		earlier+=$(awk '/^[a-z_]+=/; /^[a-z_]+\(\) {$/, /^}$/' "block.$n")$'\n'
	done
	mkdir -p "$MACHINE/upper/root"
	{
		printf 'cd %q\n%s' "${CLONE:-/root}" "$earlier"
		cat "block.$blocks"
	} >"$MACHINE/upper/root/block"
	run --separate-stderr in_machine bash -e block
}

# no_more_blocks: expects that all blocks were executed.
no_more_blocks() {
	[ "$blocks" -gt 0 ]
	refute test -e "block.$((blocks + 1))"
}

# make_clone: the clone in the copy, as CLONE: the source directory itself, if the
# copy has it, otherwise a new copy of its files.
make_clone() {
	CLONE=$ROOT
	[ -n "${RW_TEST_MACHINE:-}" ] || ! in_machine test -e "$ROOT/Makefile" || return 0
	CLONE=/root/report-worker
	mkdir -p "$MACHINE/upper$CLONE"
	tar -C "$ROOT" --exclude=./build --exclude=./.git -cf - . |
		tar -C "$MACHINE/upper$CLONE" -xf -
}
