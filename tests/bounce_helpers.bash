# shellcheck shell=bash
# Mails that were sent, and what servers report about them. Loaded after
# ledger_helpers.

# The program of "sendmail:": notes the sender of each recipient.
make_sendmail() {
	cat >sendmail <<-'END'
		#!/bin/sh
		cat >/dev/null
		printf '%s %s\n' "$5" "$3" >>"${0%/*}/senders"
	END
	chmod +x sendmail
}

# mail_out N [PERIOD]: mails links to N followers, f-1@example.com and so on.
mail_out() {
	lines "$1" "${2:-2025-06}" "$(cat <<-'END'
		"pdf_url":"https://s.example/p","excel_url":"https://s.example/x"
	END
	)" | jq -c '. + {email: "\(.follower_id)@example.com"}' >due
	rw-record --claim --run-id "r-${2:-2025-06}" <due | rw-mail | rw-record --result >sent
}

# sender_of FOLLOWER: of the last mail to it.
sender_of() {
	grep "^$1@" senders | tail -n 1 | cut -d ' ' -f 2
}

# id_of FOLLOWER [FILE]: its Message-ID.
id_of() {
	jq -r --arg f "$1" 'select(.follower_id == $f).message_id' "${2:-sent}"
}

# notification TO ACTION STATUS RECIPIENT [MESSAGE-ID]: as servers write it.
notification() {
	cat <<-END
		From: MAILER-DAEMON@mx.example (Mail Delivery System)
		To: $1
		Date: ${DATE:-$(date -R)}
		Subject: Undelivered Mail Returned to Sender
		Auto-Submitted: auto-replied
		MIME-Version: 1.0
		Content-Type: multipart/report; report-type=delivery-status;
		 boundary="=_b"

		--=_b
		Content-Type: text/plain

		I could not deliver the message.
		--=_b
		Content-Type: message/delivery-status

		Reporting-MTA: dns; mx.example
		Arrival-Date: Tue, 01 Jul 2025 10:00:00 +0000

		Final-Recipient: rfc822; $4
		Action: $2
		Status: $3
		Diagnostic-Code: smtp; 550 5.1.1 no such user

		--=_b
		Content-Type: text/rfc822-headers

		From: reports@example.com
		To: $4
		Message-ID: ${5:-<other@example.com>}
		Subject: Your report

		--=_b--
	END
}

# bounce_counts JSON: the counts of rw-bounce --json that are not 0.
bounce_counts() {
	jq -c 'del(.[] | select(. == 0))' <<<"$1"
}
