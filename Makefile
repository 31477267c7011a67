# report-worker. "make demo" and "make check" are the two commands; see README.
#
# Each tool has one link line below: it names every object that the tool is
# made of, and so draws the architecture. tools -> rooms -> wire -> base.
# EXTRA_CFLAGS beside it names the objects that see foreign headers.

include config.mk

all: tools

# No recipe works with the settings of this host (report-worker(7)).
export RW_ENV_FILE = /dev/null

o = $(addprefix $(BUILD)/obj/,$(addsuffix .o,$(1)))

# A line for each file that is made; V=1 shows the commands instead, and -s
# nothing.
ifdef V
tell =
else ifneq ($(findstring s,$(firstword -$(MAKEFLAGS))),)
tell = @
else
tell = @printf '  %-4s %s\n' $(1) $(patsubst $(BUILD)/%,%,$@);
endif
LINK = $(call tell,LD)$(CC) $(RW_LDFLAGS) -o $@ $(filter %.o %.a,$^)

# What make demo and make check build, they build on all cores, unless -j said
# how many.
JOBS ?= $(shell nproc)
MAKE_ALL = +$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))

# ---- what tools are made of ---------------------------------------------

# libc only; every tool links what it uses of it.
BASE = $(BUILD)/obj/base.a
BASE_OBJECTS = $(call o,$(patsubst %.c,%,$(wildcard lib/base/*.c)))

JSON = lib/wire/jsonl lib/wire/jsonl_reader lib/wire/json lib/wire/json_scan
RECORD = lib/record/record lib/record/setter lib/record/name \
	lib/record/members lib/record/member_names $(JSON)
# The command line of all tools, and the settings file that it names.
DOTENV = lib/wire/dotenv lib/wire/dotenv_read lib/wire/settings
CLI = tools/cli tools/cli_env $(DOTENV) lib/wire/config
FILTER = tools/filter_loop tools/filter_input tools/filter_output \
	tools/filter_jobs tools/filter_state \
	tools/complaints tools/input_hint \
	tools/outcome tools/progress $(CLI) $(RECORD)

# ---- foundation ---------------------------------------------------------

UNIT += test_base test_secret test_url test_boot test_jsonl test_record

$(BUILD)/test_base: $(call o,tests/unit/test_base) $(BASE)
	$(LINK)

$(BUILD)/test_boot: $(call o,tests/unit/test_boot) $(BASE)
	$(LINK)

$(BUILD)/test_url: $(call o,tests/unit/test_url lib/wire/proxy lib/wire/config) $(BASE)
	$(LINK)

$(BUILD)/test_secret: $(call o,tests/unit/test_secret) $(BASE)
	$(LINK)

$(BUILD)/test_jsonl: $(call o,tests/unit/test_jsonl $(JSON)) $(BASE)
	$(LINK) $(JANSSON_LIBS)

$(call o,tests/unit/test_jsonl): EXTRA_CFLAGS = $(JANSSON_CFLAGS)

$(BUILD)/test_record: $(call o,tests/unit/test_record $(RECORD)) $(BASE)
	$(LINK)

# Not a test: what tests/filter.bats runs.
PROBES += filter_probe

# Not a test: what tests/differential.py asks.
PROBES += parse_probe

$(BUILD)/parse_probe: $(call o,tests/unit/parse_probe lib/mail/address \
		lib/wire/idn lib/wire/json lib/wire/json_scan) $(BASE)
	$(LINK) $(IDN_LIBS)

$(BUILD)/filter_probe: $(call o,tests/unit/filter_probe $(FILTER)) $(BASE)
	$(LINK)

# ---- statement: rw-gen --------------------------------------------------

TOOLS += rw-gen
UNIT += test_currency test_unicode test_fee test_iban test_issuer test_statement test_chart test_pool test_zip \
	test_xlsx_memory test_truetype test_expected

STATEMENT = lib/statement/statement lib/statement/sentences \
	lib/statement/payment \
	lib/statement/words lib/statement/fee lib/statement/earlier \
	lib/statement/compare lib/statement/compare_words
PDF = lib/wire/pdf_document lib/wire/pdf_draw lib/wire/pdf_image lib/wire/image \
	lib/wire/pdf_paragraph \
	lib/wire/pdf_font lib/wire/pdf_map lib/wire/pdf_truetype \
	lib/wire/truetype lib/wire/truetype_check lib/wire/pdf_glyphs \
	lib/wire/pdf_shape lib/wire/pdf_text \
	lib/wire/shape lib/wire/fonts lib/wire/face
STATEMENT_PDF = lib/statement/pdf_pages lib/statement/pdf_sheet \
	lib/statement/pdf_charts lib/statement/pdf_tiles \
	lib/statement/pdf_commission lib/statement/pdf_tables \
	lib/statement/pdf_payment lib/statement/pdf_foot lib/wire/qr \
	lib/statement/chart lib/statement/pdf_corrections \
	lib/statement/pdf_year $(PDF)
STATEMENT_XLSX = lib/statement/xlsx lib/statement/xlsx_book \
	lib/statement/xlsx_sheets lib/statement/xlsx_summary \
	lib/statement/xlsx_compare lib/statement/xlsx_charts lib/statement/xlsx_payment
REPORT = lib/statement/report lib/statement/report_draw \
	lib/statement/report_place lib/statement/report_sent \
	lib/statement/identity \
	lib/statement/report_settings lib/statement/input \
	lib/statement/expected lib/record/change lib/record/issuer \
	$(STATEMENT) $(STATEMENT_PDF) $(STATEMENT_XLSX) lib/wire/deflate \
	lib/wire/digest lib/record/report_name
# Where workbooks are written: XLSX_MEMORY=0 leaves libxlsxwriter as it is.
XLSX_IN_MEMORY = lib/wire/xlsx_memory lib/wire/zip
XLSX_IN_FILES = lib/wire/xlsx_file
XLSX_ARCHIVE = $(if $(filter 0,$(XLSX_MEMORY)),$(XLSX_IN_FILES),$(XLSX_IN_MEMORY))
GEN_LIBS = $(HPDF_LIBS) $(QR_LIBS) $(FONT_LIBS) $(IMAGE_LIBS) $(HARFBUZZ_LIBS) $(XLSX_LIBS) $(MINIZIP_LIBS) \
	$(DEFLATE_LIBS) $(CRYPTO_LIBS) -lm -pthread

GEN = tools/rw-gen tools/gen_unchanged tools/checklist

$(BUILD)/rw-gen: $(call o,$(GEN) $(REPORT) $(XLSX_ARCHIVE) $(FILTER)) \
		$(BASE)
	$(LINK) $(GEN_LIBS)

$(BUILD)/test_expected: $(call o,tests/unit/test_expected \
		lib/statement/expected lib/record/change lib/wire/config \
		$(STATEMENT) $(RECORD)) $(BASE)
	$(LINK)

# Not tests: rw-gen with libxlsxwriter as it is, and what looks to it like a
# later libxlsxwriter, for gen-workbook.bats.
PROBES += rw-gen-files other_xlsxwriter.so

$(BUILD)/rw-gen-files: $(call o,$(GEN) $(REPORT) $(XLSX_IN_FILES) \
		$(FILTER)) $(BASE)
	$(LINK) $(GEN_LIBS)

$(BUILD)/other_xlsxwriter.so: tests/other_xlsxwriter.c
	@mkdir -p $(@D)
	$(call tell,LD)$(CC) -shared -fPIC -std=c17 -D_GNU_SOURCE -O2 $(WARN) \
		$(WERROR) $(XLSX_CFLAGS) -o $@ $<

$(call o,lib/wire/image): EXTRA_CFLAGS = $(IMAGE_CFLAGS)
$(call o,lib/wire/truetype lib/wire/face): EXTRA_CFLAGS = $(HARFBUZZ_CFLAGS)
$(call o,lib/wire/shape): EXTRA_CFLAGS = $(HARFBUZZ_CFLAGS) $(FRIBIDI_CFLAGS)
$(call o,lib/wire/fonts): EXTRA_CFLAGS = $(FONTCONFIG_CFLAGS)
$(call o,$(STATEMENT_XLSX)): EXTRA_CFLAGS = $(XLSX_CFLAGS)

$(BUILD)/test_pool: $(call o,tests/unit/test_pool) $(BASE)
	$(LINK) -pthread

$(BUILD)/test_truetype: $(call o,tests/unit/test_truetype \
		lib/wire/truetype lib/wire/truetype_check) $(BASE)
	$(LINK) $(HARFBUZZ_LIBS)

$(BUILD)/test_zip: $(call o,tests/unit/test_zip lib/wire/zip \
		lib/wire/deflate) $(BASE)
	$(LINK) $(DEFLATE_LIBS)

$(BUILD)/test_xlsx_memory: $(call o,tests/unit/test_xlsx_memory \
		$(XLSX_IN_MEMORY) lib/wire/deflate) $(BASE)
	$(LINK) $(XLSX_LIBS) $(MINIZIP_LIBS) $(DEFLATE_LIBS)

$(call o,lib/wire/xlsx_memory tests/unit/test_xlsx_memory): \
	EXTRA_CFLAGS = $(XLSX_CFLAGS)

$(BUILD)/test_fee: $(call o,tests/unit/test_fee lib/statement/fee) $(BASE)
	$(LINK)

$(BUILD)/test_iban: $(call o,tests/unit/test_iban) $(BASE)
	$(LINK)

$(BUILD)/test_issuer: $(call o,tests/unit/test_issuer lib/record/issuer \
		lib/wire/config) $(BASE)
	$(LINK)

$(BUILD)/test_unicode: $(call o,tests/unit/test_unicode) $(BASE)
	$(LINK)

$(BUILD)/test_currency: $(call o,tests/unit/test_currency) $(BASE)
	$(LINK)

$(BUILD)/test_chart: $(call o,tests/unit/test_chart lib/statement/chart) $(BASE)
	$(LINK)

$(BUILD)/test_statement: $(call o,tests/unit/test_statement \
		lib/statement/input lib/statement/expected lib/record/change \
		lib/wire/config $(STATEMENT) $(RECORD)) $(BASE)
	$(LINK)

$(call o,lib/wire/deflate): EXTRA_CFLAGS = $(DEFLATE_CFLAGS)

# ---- store: rw-put, rw-presign, rw-verify, rw-bucket --------------------

UNIT += test_retry test_budget test_store test_s3 test_verdict test_notes test_xml \
	test_lifecycle test_deflate \
	test_digest test_sigv4 test_sigv2 test_cloudfront

TOOLS += rw-put rw-presign rw-verify rw-bucket

STORE = lib/store/store lib/store/endpoint lib/store/endpoint_bucket \
	lib/store/provider lib/wire/idn
SIGN = lib/wire/sigv4 lib/wire/sigv2 lib/wire/cloudfront lib/wire/digest
LINK_SCHEMES = lib/store/link_schemes lib/store/link_object \
	lib/store/link_sigv4 lib/store/link_link lib/store/link_cloudfront \
	lib/store/link_sigv2 $(SIGN)
LINK_PLACE = lib/store/link_place $(LINK_SCHEMES) $(STORE)
LINK_MAKER = lib/store/link lib/store/link_open $(LINK_SCHEMES) \
	lib/record/report_name

$(BUILD)/test_budget: $(call o,tests/unit/test_budget) $(BASE)
	$(LINK)

$(BUILD)/test_retry: $(call o,tests/unit/test_retry) $(BASE)
	$(LINK)

# The client: requests, their signatures, and when to repeat them.
XML = lib/wire/xml lib/wire/body_text lib/wire/deflate
XML_READER_LIBS = $(XML_LIBS) $(DEFLATE_LIBS)
HTTP = lib/wire/http lib/wire/http_call lib/wire/http_curl lib/wire/proxy
S3 = lib/store/s3 lib/store/s3_call lib/store/s3_attempt lib/store/s3_answer \
	lib/store/s3_refusal lib/store/s3_error lib/store/s3_error_text lib/store/s3_xml $(XML) \
	lib/wire/json lib/wire/json_scan $(STORE) $(HTTP) lib/wire/sigv4 lib/wire/digest
LIFECYCLE = lib/store/lifecycle lib/store/lifecycle_read
RULES = lib/store/s3_rules lib/store/s3_document $(LIFECYCLE)
S3_LIBS = $(IDN_LIBS) $(CURL_LIBS) $(CRYPTO_LIBS) $(XML_READER_LIBS)
# What is a record's own, and how its files are called.
OWN = lib/record/own lib/record/report_name
PUT = lib/store/report_put $(OWN) lib/store/s3_put lib/store/s3_file \
	lib/store/s3_verdict lib/store/s3_proof lib/store/s3_probe lib/store/s3_notes \
	lib/store/s3_uploads lib/store/s3_sweep lib/store/s3_multipart \
	lib/store/s3_parts

$(call o,lib/wire/xml lib/store/lifecycle): \
	EXTRA_CFLAGS = $(XML_CFLAGS)
$(call o,lib/wire/http lib/wire/http_curl lib/wire/http_connect): \
	EXTRA_CFLAGS = $(CURL_CFLAGS)

# It tries a link with --check.
$(BUILD)/rw-put: $(call o,tools/rw-put tools/put_check tools/put_links \
		tools/put_fate tools/checklist tools/stop lib/store/link_trial $(PUT) \
		$(RULES) $(LINK_MAKER) $(S3) $(FILTER)) $(BASE)
	$(LINK) $(S3_LIBS)

$(BUILD)/rw-verify: $(call o,tools/rw-verify tools/verify_links tools/checklist \
		lib/store/link_trial lib/wire/http_connect $(S3) $(FILTER)) \
		$(BASE)
	$(LINK) $(S3_LIBS)

$(BUILD)/rw-bucket: $(call o,tools/rw-bucket tools/checklist $(CLI) tools/outcome \
		lib/store/s3_bucket $(RULES) $(S3) lib/wire/config) \
		$(BASE)
	$(LINK) $(S3_LIBS)

# For put.bats: any key on a real server.
$(BUILD)/try_s3: $(call o,tests/unit/try_s3 $(LINK_MAKER) \
		lib/record/member_names lib/wire/config $(S3)) $(BASE)
	$(LINK) $(S3_LIBS)

unit-programs: $(BUILD)/try_s3

$(BUILD)/test_store: $(call o,tests/unit/test_store $(STORE) lib/wire/config) \
		$(BASE)
	$(LINK) $(IDN_LIBS)

$(BUILD)/test_s3: $(call o,tests/unit/test_s3 $(PUT) $(S3) $(RECORD) \
		lib/wire/config) $(BASE)
	$(LINK) $(S3_LIBS)

$(BUILD)/test_lifecycle: $(call o,tests/unit/test_lifecycle \
		$(LIFECYCLE) $(XML)) $(BASE)
	$(LINK) $(XML_READER_LIBS)

$(BUILD)/test_verdict: $(call o,tests/unit/test_verdict lib/store/s3_verdict \
		lib/store/s3_error_text lib/wire/http_call lib/wire/json \
		lib/wire/json_scan $(XML)) $(BASE)
	$(LINK) $(XML_READER_LIBS)

$(BUILD)/test_notes: $(call o,tests/unit/test_notes lib/store/s3_notes) \
		$(BASE)
	$(LINK)

$(BUILD)/test_xml: $(call o,tests/unit/test_xml lib/store/s3_error_text \
		lib/wire/json lib/wire/json_scan $(XML)) $(BASE)
	$(LINK) $(XML_READER_LIBS)

$(BUILD)/test_deflate: $(call o,tests/unit/test_deflate lib/wire/deflate) \
		$(BASE)
	$(LINK) $(DEFLATE_LIBS) -lz

# No libcurl: links are made offline.
$(BUILD)/rw-presign: $(call o,tools/rw-presign $(LINK_MAKER) lib/record/own \
		$(STORE) $(FILTER)) $(BASE)
	$(LINK) $(IDN_LIBS) $(CRYPTO_LIBS)

UNIT += test_link_place

$(BUILD)/test_link_place: $(call o,tests/unit/test_link_place $(LINK_MAKER) \
		lib/record/member_names $(LINK_PLACE) lib/wire/config) $(BASE)
	$(LINK) $(IDN_LIBS) $(CRYPTO_LIBS)

$(BUILD)/test_digest: $(call o,tests/unit/test_digest lib/wire/digest) $(BASE)
	$(LINK) $(CRYPTO_LIBS)

$(BUILD)/test_sigv4: $(call o,tests/unit/test_sigv4 $(SIGN)) $(BASE)
	$(LINK) $(CRYPTO_LIBS)

$(BUILD)/test_sigv2: $(call o,tests/unit/test_sigv2 $(SIGN)) $(BASE)
	$(LINK) $(CRYPTO_LIBS)

$(BUILD)/test_cloudfront: $(call o,tests/unit/test_cloudfront $(SIGN)) $(BASE)
	$(LINK) $(CRYPTO_LIBS)

# ---- ledger: rw-record, rw-status, rw-list, rw-secrets ------------------

# What rw-run has of it.
JOURNAL_RUN = lib/journal/run_file lib/journal/line
JOURNAL = lib/journal/writer lib/journal/writer_file lib/journal/read \
	lib/journal/lines lib/journal/used lib/journal/watch \
	$(JOURNAL_RUN)
CLAIM = lib/ledger/claim lib/ledger/claim_text lib/ledger/claim_fill \
	lib/ledger/claim_same \
	lib/ledger/claim_settle lib/ledger/claim_members lib/ledger/entry \
	lib/ledger/liveness lib/run/run
LEDGER_SQLITE = lib/ledger/sqlite_ledger lib/ledger/sqlite_base \
	lib/ledger/sqlite_file \
	lib/ledger/sqlite_schema lib/ledger/sqlite_rows \
	lib/ledger/sqlite_write lib/ledger/sqlite_writes \
	lib/ledger/sqlite_runs \
	lib/ledger/seen
MONGO = lib/wire/mongo lib/wire/mongo_uri
LEDGER_MONGO = lib/ledger/mongo_ledger lib/ledger/mongo_index \
	lib/ledger/mongo_read lib/ledger/mongo_list lib/ledger/mongo_runs \
	lib/ledger/mongo_change lib/ledger/mongo_write \
	lib/ledger/mongo_document lib/ledger/mongo_probe \
	lib/ledger/mongo_odd $(MONGO)
LEDGER = lib/ledger/open lib/ledger/batch lib/ledger/batch_twice lib/ledger/runs \
	lib/ledger/step_lookup lib/ledger/step_claim lib/ledger/step_result \
	lib/ledger/step_audit lib/ledger/step_largest lib/ledger/step_earlier lib/ledger/step_replaces lib/ledger/step_resolve lib/ledger/step_rehearsal \
	lib/ledger/step_later lib/ledger/step_bounce lib/ledger/journal_replay lib/ledger/step_replay \
	lib/ledger/journal_replay_runs lib/ledger/journal_replay_kept \
	$(LEDGER_SQLITE) $(LEDGER_MONGO) $(CLAIM) $(JOURNAL)

TOOLS += rw-record rw-status rw-list rw-secrets

$(BUILD)/rw-record: $(call o,tools/rw-record tools/stop tools/record_filter \
		tools/record_elsewhere tools/record_resolve tools/record_count tools/record_note \
		tools/record_batch tools/record_words tools/record_audit \
		tools/record_replay tools/record_proof lib/journal/proof \
		lib/record/change lib/ledger/run_lines \
		lib/followers/selection $(LEDGER) $(FILTER)) $(BASE)
	$(LINK) $(SQLITE_LIBS) $(MONGO_LIBS) -pthread

$(BUILD)/rw-status: $(call o,tools/rw-status tools/status_entry \
		tools/status_runs tools/status_behind tools/status_follower \
		tools/look_back \
		lib/base/currency \
		lib/ledger/status $(LEDGER) $(RECORD) $(CLI) tools/outcome \
		lib/wire/config) $(BASE)
	$(LINK) $(SQLITE_LIBS) $(MONGO_LIBS)

FOLLOWERS_MONGO = lib/followers/followers_mongo lib/followers/mongo_days \
	lib/followers/mongo_merge lib/followers/mongo_query lib/followers/bson \
	lib/followers/odd_day
PG_CONNECTION = lib/wire/pg lib/wire/pg_connect
DUE = lib/followers/due lib/followers/due_month lib/followers/due_stray \
	lib/followers/gate
LIST_FILES = lib/followers/followers_file lib/followers/pnl_file lib/followers/table \
	lib/wire/csv
PNL = lib/followers/pnl_postgres lib/followers/commission_postgres \
	lib/followers/postgres lib/followers/pnl_settings lib/wire/pg_target \
	$(PG_CONNECTION)

$(BUILD)/rw-list: $(call o,tools/rw-list tools/list_platform tools/list_month tools/list_gate \
		$(DUE) lib/followers/commission \
		lib/followers/followers $(FOLLOWERS_MONGO) lib/followers/selection \
		$(MONGO) $(PNL) $(LIST_FILES) $(FILTER)) $(BASE)
	$(LINK) $(MONGO_LIBS) $(PQ_LIBS)

UNIT += test_pg_target test_csv test_due test_gate test_commission test_odd_day

$(BUILD)/test_odd_day: $(call o,tests/unit/test_odd_day \
		lib/followers/odd_day) $(BASE)
	$(LINK)

$(BUILD)/test_commission: $(call o,tests/unit/test_commission \
		lib/followers/commission $(RECORD)) $(BASE)
	$(LINK)

$(BUILD)/test_due: $(call o,tests/unit/test_due $(DUE) \
		lib/followers/commission \
		lib/followers/followers lib/followers/selection $(RECORD) \
		lib/wire/config) $(BASE)
	$(LINK)

$(BUILD)/test_gate: $(call o,tests/unit/test_gate lib/followers/gate \
		$(RECORD) lib/wire/config) $(BASE)
	$(LINK)

$(BUILD)/test_csv: $(call o,tests/unit/test_csv lib/wire/csv) $(BASE)
	$(LINK)

$(BUILD)/test_pg_target: $(call o,tests/unit/test_pg_target \
		lib/wire/pg_target) $(BASE)
	$(LINK)

$(BUILD)/rw-secrets: $(call o,tools/rw-secrets lib/followers/secrets $(MONGO) \
		tools/command $(CLI) tools/outcome lib/wire/config) $(BASE)
	$(LINK) $(MONGO_LIBS)

$(call o,$(FOLLOWERS_MONGO) lib/followers/secrets): EXTRA_CFLAGS = $(MONGO_CFLAGS)
$(call o,$(PG_CONNECTION)): EXTRA_CFLAGS = $(PQ_CFLAGS)
$(call o,$(LEDGER_SQLITE)): EXTRA_CFLAGS = $(SQLITE_CFLAGS)
$(call o,$(LEDGER_MONGO)): EXTRA_CFLAGS = $(MONGO_CFLAGS)

UNIT += test_claim test_claim_text test_liveness

$(BUILD)/test_claim_text: $(call o,tests/unit/test_claim_text \
		lib/ledger/claim_text lib/ledger/entry $(RECORD)) $(BASE)
	$(LINK)

$(BUILD)/test_liveness: $(call o,tests/unit/test_liveness \
		lib/ledger/liveness lib/ledger/entry $(RECORD)) $(BASE)
	$(LINK)

$(BUILD)/test_claim: $(call o,tests/unit/test_claim $(CLAIM) $(RECORD)) $(BASE)
	$(LINK)

# ---- mail: rw-mail ------------------------------------------------------

MIME = lib/wire/mime lib/wire/mime_header lib/wire/mime_parameter \
	lib/wire/mime_words
MESSAGE = lib/mail/message lib/mail/message_id lib/mail/message_first $(TEXTS) \
	lib/mail/address lib/record/issuer \
	lib/wire/idn $(MIME) lib/wire/digest
TEXTS = lib/mail/message_text lib/mail/message_default \
	lib/mail/message_first_text lib/mail/template
DELIVERY = lib/mail/verp lib/mail/pace lib/mail/delivery_run lib/mail/delivery_start \
	lib/mail/delivery_check lib/mail/delivery_outcome \
	lib/mail/delivery_queue lib/mail/lease lib/mail/letter \
	lib/mail/letter_words lib/mail/letter_correction lib/mail/letter_cc lib/mail/letter_content \
	lib/mail/copies lib/mail/mail_settings \
	lib/mail/summary $(OWN)
SMTP = lib/mail/smtp_client lib/mail/smtp_open lib/mail/smtp_talk \
	lib/mail/smtp_link lib/mail/smtp_refusal lib/mail/smtp_login \
	lib/mail/smtp_probe lib/mail/smtp_token lib/wire/child \
	lib/wire/smtp_connect lib/wire/smtp_dialog lib/wire/smtp_answer \
	lib/wire/smtp_case \
	lib/mail/smtp_settings \
	lib/wire/proxy lib/wire/idn
TRANSPORT = lib/mail/transport lib/mail/transport_local \
	lib/mail/transport_smtp lib/wire/mail lib/wire/maildir \
	lib/wire/sendmail $(SMTP)

TOOLS += rw-mail

$(BUILD)/rw-mail: $(call o,tools/rw-mail tools/mail_filter tools/mail_own \
		tools/stop $(DELIVERY) $(LINK_PLACE) $(MESSAGE) $(TRANSPORT) \
		$(JOURNAL) $(FILTER)) $(BASE)
	$(LINK) $(GMIME_LIBS) $(CURL_LIBS) $(IDN_LIBS) $(CRYPTO_LIBS)

$(call o,lib/mail/message_first lib/mail/notification): EXTRA_CFLAGS = $(GMIME_CFLAGS)
$(call o,$(SMTP)): EXTRA_CFLAGS = $(CURL_CFLAGS)

UNIT += test_journal test_members test_smtp_dialog test_address test_template \
	test_message_text test_mime test_mime_header test_smtp_settings test_lease

UNIT += test_pace

$(BUILD)/test_pace: $(call o,tests/unit/test_pace lib/mail/pace \
		lib/mail/address lib/wire/idn) $(BASE)
	$(LINK) $(IDN_LIBS)

$(BUILD)/test_lease: $(call o,tests/unit/test_lease lib/mail/lease) $(BASE)
	$(LINK)

$(BUILD)/test_smtp_settings: $(call o,tests/unit/test_smtp_settings \
		lib/mail/smtp_settings lib/mail/smtp_token lib/wire/child \
		lib/wire/proxy lib/wire/idn \
		lib/wire/config) $(BASE)
	$(LINK) $(CURL_LIBS) $(IDN_LIBS)

$(BUILD)/test_mime: $(call o,tests/unit/test_mime lib/wire/mime) $(BASE)
	$(LINK)

$(BUILD)/test_mime_header: $(call o,tests/unit/test_mime_header $(MIME)) \
		$(BASE)
	$(LINK)

$(BUILD)/test_address: $(call o,tests/unit/test_address lib/mail/address \
		lib/wire/idn) $(BASE)
	$(LINK) $(IDN_LIBS)

$(BUILD)/test_template: $(call o,tests/unit/test_template \
		lib/mail/template) $(BASE)
	$(LINK)

$(BUILD)/test_message_text: $(call o,tests/unit/test_message_text \
		$(TEXTS)) $(BASE)
	$(LINK)

$(BUILD)/test_smtp_dialog: $(call o,tests/unit/test_smtp_dialog \
		lib/wire/smtp_dialog lib/wire/smtp_answer \
		lib/wire/smtp_case) $(BASE)
	$(LINK)

$(BUILD)/test_journal: $(call o,tests/unit/test_journal $(JOURNAL) $(RECORD)) \
		$(BASE)
	$(LINK)

$(BUILD)/test_members: $(call o,tests/unit/test_members $(JOURNAL) $(CLAIM) \
		$(RECORD)) $(BASE)
	$(LINK)

# ---- what comes back: rw-bounce -----------------------------------------

NOTIFICATION = lib/mail/notification lib/mail/message_id lib/mail/verp \
	lib/mail/address lib/wire/idn lib/wire/digest

TOOLS += rw-bounce
UNIT += test_verp

$(BUILD)/test_verp: $(call o,tests/unit/test_verp $(NOTIFICATION) \
		lib/wire/config) $(BASE)
	$(LINK) $(GMIME_LIBS) $(IDN_LIBS) $(CRYPTO_LIBS)

$(BUILD)/rw-bounce: $(call o,tools/rw-bounce tools/bounce_notice \
		tools/bounce_match $(CLI) tools/outcome lib/wire/mailbox \
		$(NOTIFICATION) $(LEDGER) $(RECORD) lib/wire/config) $(BASE)
	$(LINK) $(GMIME_LIBS) $(IDN_LIBS) $(CRYPTO_LIBS) $(SQLITE_LIBS) \
		$(MONGO_LIBS)

# ---- around a command: rw-env, rw-run -----------------------------------

TOOLS += rw-env rw-run

$(BUILD)/rw-run: $(call o,tools/rw-run tools/run_check tools/checklist \
		tools/heartbeat tools/replace tools/command $(CLI) tools/outcome \
		lib/run/begin lib/run/clean lib/followers/selection \
		$(JOURNAL_RUN) \
		lib/wire/config lib/wire/proxy $(RECORD)) $(BASE)
	$(LINK)

UNIT += test_dotenv

$(BUILD)/rw-env: $(call o,tools/rw-env tools/command $(CLI) \
		tools/outcome) $(BASE)
	$(LINK)

# Of the script: the sum of its stages, and what they reported.
TOOLS += rw-splice rw-outcome rw-relay rw-options

$(BUILD)/rw-options: $(call o,tools/rw-options tools/options_tools tools/options_values \
		tools/options_check tools/look_back tools/stages $(CLI) \
		tools/outcome lib/wire/config $(RECORD)) $(BASE)
	$(LINK)

$(BUILD)/rw-relay: $(call o,tools/rw-relay tools/relay_loop tools/relay_stage tools/relay_lines \
		tools/relay_check tools/splice_lines tools/outcome_file \
		tools/stop $(CLI) tools/outcome lib/wire/config $(RECORD)) \
		$(BASE)
	$(LINK)

$(BUILD)/rw-outcome: $(call o,tools/rw-outcome tools/outcome_file tools/outcome_words \
		tools/tally tools/stage_limit tools/replace tools/stages \
		tools/summary $(CLI) tools/outcome lib/wire/config $(JSON)) $(BASE)
	$(LINK)

$(BUILD)/rw-splice: $(call o,tools/rw-splice tools/splice_lines tools/splice_sets \
		tools/splice_outcome tools/relay_lines tools/outcome_file tools/stages $(CLI) \
		tools/outcome \
		lib/wire/config $(RECORD)) $(BASE)
	$(LINK)

$(BUILD)/test_dotenv: $(call o,tests/unit/test_dotenv \
		$(DOTENV)) $(BASE)
	$(LINK)

# ---- how objects are made -----------------------------------------------

$(BASE): $(BASE_OBJECTS)
	@rm -f $@
	$(call tell,AR)$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c config.mk
	@mkdir -p $(@D)
	$(call tell,CC)$(CC) $(RW_CPPFLAGS) $(RW_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP \
		-c -o $@ $<

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# ---- checks -------------------------------------------------------------

tools: $(addprefix $(BUILD)/,$(TOOLS))

unit-programs: $(addprefix $(BUILD)/,$(UNIT) $(PROBES)) $(BUILD)/clock.so \
	$(BUILD)/resolver.so

$(BUILD)/%.so: tests/%.c
	@mkdir -p $(@D)
	$(call tell,LD)$(CC) -shared -fPIC -std=c17 -D_GNU_SOURCE -O2 $(WARN) \
		$(WERROR) -o $@ $<

unit: unit-programs
	@for t in $(UNIT); do \
		$(BUILD)/$$t >$(BUILD)/$$t.tap || { cat $(BUILD)/$$t.tap; \
		echo "$$t failed"; exit 1; }; done

# make check TESTS="put mail" runs these alone: tests/put.bats, tests/put-*.bats,
# build/test_put.
TESTS = $(addprefix $(BUILD)/,$(UNIT)) $(wildcard tests/*.bats)

check:
	sh scripts/deps test
	$(MAKE_ALL) tools unit-programs
	sh tests/servers/build-all
	BUILD=$(abspath $(BUILD)) sh tests/run $(TESTS)

include tests/fuzz/farm.mk
include tests/analyze.mk
include tests/coverage.mk

# The tests of the store once more, against a real MinIO.
check-minio: tools
	RW_TEST_STORE=minio BUILD=$(abspath $(BUILD)) \
		sh tests/run $(patsubst %,tests/%.bats,put put-ways \
		bucket store-check store-settings)

# Hours of what make check does for minutes: 300 pairs of faults, 300 kills, and
# 10,000 good and 10,000 bad lines and 300 hostile servers under the sanitizers.
soak: tools
	RW_TEST_SOAK=1 BUILD=$(abspath $(BUILD)) sh tests/run kill-matrix \
		fault-matrix put-time
	$(MAKE_ALL) SAN=1 BUILD=$(BUILD)/asan tools
	RW_TEST_SOAK=1 RW_TEST_SANITIZED=1 BUILD=$(abspath $(BUILD)/asan) \
		ASAN_OPTIONS=detect_stack_use_after_return=1 \
		sh tests/run isolation hostile

# docs/first-month.md in a new Debian, which mmdebstrap makes, and which needs the
# packages of the network. SUITE is its release.
SUITE ?= $(shell . /etc/os-release && echo $$VERSION_CODENAME)
FRESH = $(abspath $(BUILD))/debian-$(SUITE)

check-month: tools
	[ -e $(FRESH) ] || { mmdebstrap --variant=apt \
		--include=ca-certificates,systemd $(SUITE) $(FRESH).new && \
		mv $(FRESH).new $(FRESH); }
	RW_TEST_MACHINE=$(FRESH) RW_TEST_TIMEOUT=3000 \
		BUILD=$(abspath $(BUILD)) sh tests/run first-month

# make bench BENCH="gen put" runs these alone.
bench: tools
	/usr/bin/python3 bench/run.py $(BUILD) $(BENCH)

# ---- to use -------------------------------------------------------------

demo:
	sh scripts/deps demo
	$(MAKE_ALL) tools
	sh scripts/demo $(BUILD)

BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
DOCDIR ?= $(PREFIX)/share/doc/report-worker
DOCUMENTS = README.md CHANGELOG.md DEVIATIONS.md LICENSE \
	docs/moving-from-the-python-system.md docs/first-month.md docs/restore.md

install: tools
	install -d $(foreach d,$(BINDIR) $(MANDIR)/man1 $(MANDIR)/man5 \
		$(MANDIR)/man7 $(DOCDIR)/examples,"$(DESTDIR)$(d)")
	install -m 755 $(addprefix $(BUILD)/,$(TOOLS)) scripts/rw-report \
		"$(DESTDIR)$(BINDIR)"
	install -m 644 $(wildcard man/*.1) "$(DESTDIR)$(MANDIR)/man1"
	install -m 644 $(wildcard man/*.5) "$(DESTDIR)$(MANDIR)/man5"
	install -m 644 $(wildcard man/*.7) "$(DESTDIR)$(MANDIR)/man7"
	install -m 644 $(DOCUMENTS) "$(DESTDIR)$(DOCDIR)"
	install -m 644 $(filter-out %.sh,$(wildcard examples/*)) \
		"$(DESTDIR)$(DOCDIR)/examples"
	install -m 755 $(wildcard examples/*.sh) "$(DESTDIR)$(DOCDIR)/examples"
	sed -i 's|/usr/local/bin|$(BINDIR)|g; s|/usr/local/share/doc/report-worker|$(DOCDIR)|g' \
		"$(DESTDIR)$(DOCDIR)"/examples/* \
		$(foreach d,$(notdir $(DOCUMENTS)),"$(DESTDIR)$(DOCDIR)/$(d)")

# Removes what install puts there, and directories of our own.
uninstall:
	cd "$(DESTDIR)$(BINDIR)" && rm -f $(TOOLS) rw-report
	$(foreach n,1 5 7,cd "$(DESTDIR)$(MANDIR)/man$(n)" && \
		rm -f $(notdir $(wildcard man/*.$(n))) &&) true
	rm -rf "$(DESTDIR)$(DOCDIR)"

clean:
	rm -rf $(BUILD)

help:
	@printf '%s\n' \
	'make               build the tools, in $(BUILD)/' \
	'make demo          install what is missing, build, send 14 example reports' \
	'make check         the same, and run all tests (TESTS="put mail": these alone)' \
	'make unit          unit tests only' \
	'make check-minio   the tests of the store against a real MinIO' \
	'make check-month   docs/first-month.md in a new Debian' \
	'make soak          hours of faults and kills' \
	'make fuzz          fuzz the parsers (FUZZ_SECONDS=$(FUZZ_SECONDS) each; needs clang)' \
	'make fuzz-replay   past findings once more' \
	'make analyze       static analysis' \
	'make coverage      what of lib the tests reach (COVERED="put mail": by these)' \
	'make bench         figures, beside peers (BENCH="gen put": these alone)' \
	'make install       to PREFIX=$(PREFIX), below DESTDIR' \
	'make uninstall     remove what install put there' \
	'make clean         remove $(BUILD)/' \
	'' \
	'V=1 shows commands; CC, CFLAGS, BUILD, SAN=1, WERROR=-Werror, XLSX_MEMORY=0:' \
	'see config.mk'

.PHONY: all tools unit unit-programs check check-minio check-month soak \
	bench demo install uninstall clean help
.DELETE_ON_ERROR:
