# shellcheck shell=bash
# A copy of this machine, in which documentation is executed as printed, with its
# absolute paths: an overlay of the root directory in a mount namespace. The
# network, and therefore the servers of the tests, are those of this machine.
#
# MACHINE is the directory of the copy: upper has the files that differ from this
# machine's.
# RW_TEST_MACHINE=DIR takes the root directory of a fresh Debian instead of this
# machine's (see "make check-month").

# why_no_machine: prints why no copy can be made here; nothing if one can.
why_no_machine() {
	if [ "$(id -u)" != 0 ]; then
		echo 'only root can make a copy of this machine'
	elif ! unshare -m true 2>/dev/null; then
		echo 'may not make a namespace of its own (unshare -m)'
	else
		new_machine "${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/probe"
		in_machine true 2>/dev/null ||
			echo "cannot make an overlay of ${RW_TEST_MACHINE:-/}"
	fi
}

need_machine() {
	local why
	why=$(why_no_machine)
	[ -z "$why" ] || skip "$why"
}

# new_machine DIR [MACHINE]: makes the copy, with the differences of another copy.
# (An overlay cannot have one of its own layers below another.)
new_machine() {
	MACHINE=$1
	mkdir -p "$MACHINE/upper/root" "$MACHINE/work" "$MACHINE/root"
	# The home directory is empty.
	"$PYTHON" -c 'import os, sys
os.setxattr(sys.argv[1], "trusted.overlay.opaque", b"y")' "$MACHINE/upper/root"
	[ -n "${2:-}" ] || return 0
	cp -al "$2/upper/usr" "$MACHINE/upper/" # programs, which nothing changes
	tar -C "$2/upper" --exclude=./usr -cf - . | tar -C "$MACHINE/upper" -xpf -
}

# in_machine COMMAND...: runs it as root in the copy, in root's home directory,
# with the environment of a login.
in_machine() {
	# shellcheck disable=SC2016 # for the inner shell
	unshare -m sh -ec '
		machine=$1 lower=$2
		shift 2
		mount -t overlay overlay -o \
			"lowerdir=$lower,upperdir=$machine/upper,workdir=$machine/work" \
			"$machine/root"
		for dir in dev proc sys; do
			mount --rbind "/$dir" "$machine/root/$dir"
		done
		mkdir -p "$machine/root/root"
		exec env -i HOME=/root USER=root LOGNAME=root LANG=C.UTF-8 \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			SYSTEMD_OFFLINE=1 PYTHONDONTWRITEBYTECODE=1 RW_TEST_CASE="$RW_TEST_CASE" \
			chroot "$machine/root" sh -c '\''cd && exec "$@"'\'' sh "$@"
	' sh "$MACHINE" "${RW_TEST_MACHINE:-/}" "$@"
}

# install_tools: into the copy, without building them.
install_tools() {
	make -s -C "$ROOT" -o tools install BUILD="$BUILD" PREFIX=/usr/local \
		DESTDIR="$MACHINE/upper"
}

# write_settings: the settings of the servers in use, as lines NAME="value".
write_settings() {
	local name
	for name in MONGO_URI MONGO_DB_NAME POSTGRES_HOST POSTGRES_PORT POSTGRES_DB \
		POSTGRES_USER POSTGRES_PASSWORD MINIO_ENDPOINT_URL MINIO_ACCESS_KEY \
		MINIO_SECRET_KEY MINIO_BUCKET_NAME MINIO_REGION MINIO_SECURE SMTP_HOST \
		SMTP_PORT SMTP_TLS SMTP_USER SMTP_PASSWORD RW_CA_FILE; do
		[ -z "${!name:-}" ] || printf '%s="%s"\n' "$name" "${!name}"
	done
	cat <<-END
		REPORT_SENDER_EMAIL=reports@example.com
		DEFAULT_COMMISSION_PERCENTAGE=20
		RW_COMMISSION_CHECK=off
	END
}
