# shellcheck shell=sh
# Shared by the server scripts that Go builds: sourced after common.sh.
#
# What is built stays in the cache, under a name that contains its version, so
# that it is built once for each version.

# On a terminal: the number of packages that Go has built.
show_progress() {
	[ -t 2 ] || return 0
	while sleep 1; do
		printf '\r%s: %d packages built' "$name" \
			"$(grep -cv ' ' "$dir/build.log")" >&2
	done
}

# go_build PROGRAM FUNCTION: FUNCTION is called in an empty directory and leaves
# PROGRAM in its folder bin. Prints where the program is. What Go needs for the
# build is removed.
go_build() {
	go_program=$cache/bin/$1
	if [ -x "$go_program" ]; then
		echo "$go_program"
		return
	fi
	command -v go >/dev/null 2>&1 ||
		not_here "$1 is not installed, nor Go to build it"
	say "building $1, which takes some minutes once"
	mkdir -p "$cache/bin"
	build=$(mktemp -d "$cache/build.XXXXXX")
	mkdir "$build/bin"
	: >"$dir/build.log"
	show_progress &
	progress=$!
	built=yes
	(
		cd "$build" || exit
		export GOPATH="$build" GOCACHE="$build/cache" \
			GOBIN="$build/bin" GOFLAGS=-modcacherw CGO_ENABLED=0
		"$2"
	) >"$dir/build.log" 2>&1 </dev/null || built=
	kill "$progress" 2>/dev/null || :
	[ ! -t 2 ] || printf '\r\033[K' >&2
	if [ -z "$built" ] || [ ! -x "$build/bin/$1" ]; then
		rm -rf "$build"
		not_here "$1 cannot be built: $(tail -n 1 "$dir/build.log")"
	fi
	mv "$build/bin/$1" "$go_program"
	rm -rf "$build"
	echo "$go_program"
}
