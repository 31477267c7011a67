# report-worker. "make demo" and "make check" are the two commands; see README.
#
# Each tool has one link line below: it names every object that the tool is
# made of, and so draws the architecture. tools -> work -> wire -> base.
# EXTRA_CFLAGS beside it names the objects that see foreign headers.

include config.mk

all: tools

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
RECORD = lib/work/record lib/work/record_members $(JSON)
FILTER = tools/filter tools/filter_input tools/filter_jobs tools/filter_output \
	tools/outcome tools/progress tools/cli lib/wire/config $(RECORD)

# ---- foundation ---------------------------------------------------------

UNIT += test_base test_secret test_boot test_jsonl test_record

$(BUILD)/test_base: $(call o,tests/unit/test_base) $(BASE)
	$(LINK)

$(BUILD)/test_boot: $(call o,tests/unit/test_boot) $(BASE)
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

$(BUILD)/filter_probe: $(call o,tests/unit/filter_probe $(FILTER)) $(BASE)
	$(LINK)

# ---- statement: rw-gen --------------------------------------------------

TOOLS += rw-gen
UNIT += test_fee test_iban test_statement test_chart test_pool test_zip \
	test_xlsx_memory test_truetype test_expected

STATEMENT = lib/work/statement lib/work/statement_text lib/work/fee \
	lib/work/iban
PDF = lib/wire/pdf_document lib/wire/pdf_draw lib/wire/pdf_paragraph \
	lib/wire/pdf_font lib/wire/pdf_truetype lib/wire/truetype
STATEMENT_PDF = lib/work/statement_pdf lib/work/statement_pdf_sheet \
	lib/work/statement_pdf_charts lib/work/statement_pdf_tiles \
	lib/work/statement_pdf_commission lib/work/statement_pdf_tables \
	lib/work/chart $(PDF)
STATEMENT_XLSX = lib/work/statement_xlsx lib/work/statement_xlsx_book \
	lib/work/statement_xlsx_sheets lib/work/statement_xlsx_summary \
	lib/work/statement_xlsx_charts
REPORT = lib/work/report lib/work/report_settings lib/work/statement_input \
	lib/work/expected \
	$(STATEMENT) $(STATEMENT_PDF) $(STATEMENT_XLSX) lib/wire/deflate \
	lib/wire/digest lib/work/report_name
# Where workbooks are written: XLSX_MEMORY=0 leaves libxlsxwriter as it is.
XLSX_IN_MEMORY = lib/wire/xlsx_memory lib/wire/zip
XLSX_IN_FILES = lib/wire/xlsx_file
XLSX_ARCHIVE = $(if $(filter 0,$(XLSX_MEMORY)),$(XLSX_IN_FILES),$(XLSX_IN_MEMORY))
GEN_LIBS = $(HPDF_LIBS) $(HARFBUZZ_LIBS) $(XLSX_LIBS) $(MINIZIP_LIBS) \
	$(DEFLATE_LIBS) $(CRYPTO_LIBS) -lm -pthread

$(BUILD)/rw-gen: $(call o,tools/rw-gen $(REPORT) $(XLSX_ARCHIVE) $(FILTER)) \
		$(BASE)
	$(LINK) $(GEN_LIBS)

$(BUILD)/test_expected: $(call o,tests/unit/test_expected \
		lib/work/expected $(STATEMENT) $(RECORD)) $(BASE)
	$(LINK)

# Not tests: rw-gen with libxlsxwriter as it is, and what looks to it like a
# later libxlsxwriter, for gen-workbook.bats.
PROBES += rw-gen-files other_xlsxwriter.so

$(BUILD)/rw-gen-files: $(call o,tools/rw-gen $(REPORT) $(XLSX_IN_FILES) \
		$(FILTER)) $(BASE)
	$(LINK) $(GEN_LIBS)

$(BUILD)/other_xlsxwriter.so: tests/other_xlsxwriter.c
	@mkdir -p $(@D)
	$(call tell,LD)$(CC) -shared -fPIC -std=c17 -D_GNU_SOURCE -O2 $(WARN) \
		$(WERROR) $(XLSX_CFLAGS) -o $@ $<

$(call o,lib/wire/truetype): EXTRA_CFLAGS = $(HARFBUZZ_CFLAGS)
$(call o,$(STATEMENT_XLSX)): EXTRA_CFLAGS = $(XLSX_CFLAGS)

$(BUILD)/test_pool: $(call o,tests/unit/test_pool) $(BASE)
	$(LINK) -pthread

$(BUILD)/test_truetype: $(call o,tests/unit/test_truetype \
		lib/wire/truetype) $(BASE)
	$(LINK) $(HARFBUZZ_LIBS)

$(BUILD)/test_zip: $(call o,tests/unit/test_zip lib/wire/zip \
		lib/wire/deflate) $(BASE)
	$(LINK) $(DEFLATE_LIBS)

$(BUILD)/test_xlsx_memory: $(call o,tests/unit/test_xlsx_memory \
		$(XLSX_IN_MEMORY) lib/wire/deflate) $(BASE)
	$(LINK) $(XLSX_LIBS) $(MINIZIP_LIBS) $(DEFLATE_LIBS)

$(call o,lib/wire/xlsx_memory tests/unit/test_xlsx_memory): \
	EXTRA_CFLAGS = $(XLSX_CFLAGS)

$(BUILD)/test_fee: $(call o,tests/unit/test_fee lib/work/fee) $(BASE)
	$(LINK)

$(BUILD)/test_iban: $(call o,tests/unit/test_iban lib/work/iban) $(BASE)
	$(LINK)

$(BUILD)/test_chart: $(call o,tests/unit/test_chart lib/work/chart) $(BASE)
	$(LINK)

$(BUILD)/test_statement: $(call o,tests/unit/test_statement \
		lib/work/statement_input lib/work/expected $(STATEMENT) $(RECORD)) $(BASE)
	$(LINK)

$(call o,lib/wire/deflate): EXTRA_CFLAGS = $(DEFLATE_CFLAGS)

# ---- store: rw-put, rw-presign, rw-verify, rw-bucket --------------------

UNIT += test_retry test_budget test_store test_s3 test_lifecycle test_deflate \
	test_digest test_sigv4 test_sigv2 test_cloudfront

TOOLS += rw-put rw-presign rw-verify rw-bucket

STORE = lib/work/store lib/work/endpoint lib/wire/idn
LINK_PLACE = lib/work/link_place $(STORE)
LINK_MAKER = lib/work/link lib/work/link_open lib/work/link_place \
	lib/work/report_name
SIGN = lib/wire/sigv4 lib/wire/sigv2 lib/wire/cloudfront lib/wire/digest

$(BUILD)/test_budget: $(call o,tests/unit/test_budget) $(BASE)
	$(LINK)

$(BUILD)/test_retry: $(call o,tests/unit/test_retry) $(BASE)
	$(LINK)

# The client: requests, their signatures, and when to repeat them.
S3 = lib/work/s3 lib/work/s3_attempt lib/work/s3_error lib/work/s3_xml \
	$(STORE) lib/wire/http lib/wire/http_call lib/wire/sigv4 lib/wire/digest
S3_LIBS = $(IDN_LIBS) $(CURL_LIBS) $(CRYPTO_LIBS) $(XML_LIBS)
# What is a record's own, and how its files are called.
OWN = lib/work/own lib/work/report_name
PUT = lib/work/report_put $(OWN) lib/work/s3_put lib/work/s3_file \
	lib/work/s3_multipart lib/work/s3_parts lib/wire/deflate

$(call o,lib/work/s3_error lib/work/s3_xml lib/work/lifecycle): \
	EXTRA_CFLAGS = $(XML_CFLAGS)
$(call o,lib/wire/http lib/wire/http_call): EXTRA_CFLAGS = $(CURL_CFLAGS)

$(BUILD)/rw-put: $(call o,tools/rw-put tools/put_check tools/checklist tools/stop \
		$(PUT) $(S3) $(FILTER)) $(BASE)
	$(LINK) $(S3_LIBS) $(DEFLATE_LIBS)

$(BUILD)/rw-verify: $(call o,tools/rw-verify tools/checklist $(S3) $(FILTER)) \
		$(BASE)
	$(LINK) $(S3_LIBS)

$(BUILD)/rw-bucket: $(call o,tools/rw-bucket tools/checklist tools/cli \
		lib/work/s3_bucket lib/work/lifecycle $(S3) lib/wire/config) \
		$(BASE)
	$(LINK) $(S3_LIBS)

# For put.bats: any key on a real server.
$(BUILD)/try_s3: $(call o,tests/unit/try_s3 $(LINK_MAKER) lib/wire/sigv2 \
		lib/wire/cloudfront lib/wire/config $(S3)) $(BASE)
	$(LINK) $(S3_LIBS)

unit-programs: $(BUILD)/try_s3

$(BUILD)/test_store: $(call o,tests/unit/test_store $(STORE) lib/wire/config) \
		$(BASE)
	$(LINK) $(IDN_LIBS)

$(BUILD)/test_s3: $(call o,tests/unit/test_s3 $(PUT) $(S3) $(RECORD) \
		lib/wire/config) $(BASE)
	$(LINK) $(S3_LIBS) $(DEFLATE_LIBS)

$(BUILD)/test_lifecycle: $(call o,tests/unit/test_lifecycle \
		lib/work/lifecycle) $(BASE)
	$(LINK) $(XML_LIBS)

$(BUILD)/test_deflate: $(call o,tests/unit/test_deflate lib/wire/deflate) \
		$(BASE)
	$(LINK) $(DEFLATE_LIBS) -lz

# No libcurl: links are made offline.
$(BUILD)/rw-presign: $(call o,tools/rw-presign $(LINK_MAKER) lib/work/own \
		$(STORE) $(SIGN) $(FILTER)) $(BASE)
	$(LINK) $(IDN_LIBS) $(CRYPTO_LIBS)

UNIT += test_link_place

$(BUILD)/test_link_place: $(call o,tests/unit/test_link_place $(LINK_MAKER) \
		$(STORE) $(SIGN) lib/wire/config) $(BASE)
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
JOURNAL_RUN = lib/work/journal_run lib/work/journal_line
JOURNAL = lib/work/journal lib/work/journal_file lib/work/journal_read \
	lib/work/journal_lines lib/work/journal_used lib/work/journal_watch \
	$(JOURNAL_RUN)
CLAIM = lib/work/claim lib/work/claim_text lib/work/claim_fill \
	lib/work/claim_settle lib/work/claim_members lib/work/entry \
	lib/work/liveness lib/work/run
LEDGER_SQLITE = lib/work/ledger_sqlite lib/work/ledger_sqlite_file \
	lib/work/ledger_sqlite_schema lib/work/ledger_sqlite_rows \
	lib/work/ledger_sqlite_write lib/work/ledger_sqlite_writes \
	lib/work/ledger_seen
LEDGER_MONGO = lib/work/ledger_mongo lib/work/ledger_mongo_index \
	lib/work/ledger_mongo_read lib/work/ledger_mongo_list \
	lib/work/ledger_mongo_change lib/work/ledger_mongo_write \
	lib/work/ledger_mongo_document lib/wire/mongo
LEDGER = lib/work/ledger lib/work/ledger_batch lib/work/ledger_runs \
	lib/work/ledger_lookup lib/work/ledger_claim lib/work/ledger_result \
	lib/work/ledger_audit lib/work/ledger_resolve lib/work/ledger_rehearsal \
	lib/work/ledger_later lib/work/ledger_fold lib/work/ledger_replay \
	lib/work/ledger_fold_run lib/work/ledger_folded \
	$(LEDGER_SQLITE) $(LEDGER_MONGO) $(CLAIM) $(JOURNAL)

TOOLS += rw-record rw-status rw-list rw-secrets

$(BUILD)/rw-record: $(call o,tools/rw-record tools/stop tools/record_filter \
		tools/record_batch tools/record_words tools/record_audit \
		tools/record_replay lib/work/replay $(LEDGER) $(FILTER)) $(BASE)
	$(LINK) $(SQLITE_LIBS) $(MONGO_LIBS) -pthread

$(BUILD)/rw-status: $(call o,tools/rw-status tools/status_entry \
		lib/work/status $(LEDGER) $(RECORD) tools/cli \
		lib/wire/config) $(BASE)
	$(LINK) $(SQLITE_LIBS) $(MONGO_LIBS)

FOLLOWERS_MONGO = lib/work/followers_mongo lib/work/followers_mongo_merge \
	lib/work/followers_mongo_query lib/work/followers_bson
PG_CONNECTION = lib/wire/pg lib/wire/pg_connect
LIST_FILES = lib/work/followers_file lib/work/pnl_file lib/work/table \
	lib/wire/csv
PNL = lib/work/pnl_postgres lib/work/commission_postgres lib/work/pnl_settings lib/wire/pg_target \
	$(PG_CONNECTION)

$(BUILD)/rw-list: $(call o,tools/rw-list tools/list_platform lib/work/due \
		lib/work/commission lib/work/due_month \
		lib/work/followers $(FOLLOWERS_MONGO) lib/work/selection \
		lib/wire/mongo $(PNL) $(LIST_FILES) $(FILTER)) $(BASE)
	$(LINK) $(MONGO_LIBS) $(PQ_LIBS)

UNIT += test_pg_target test_csv test_due test_commission

$(BUILD)/test_commission: $(call o,tests/unit/test_commission \
		lib/work/commission $(RECORD)) $(BASE)
	$(LINK)

$(BUILD)/test_due: $(call o,tests/unit/test_due lib/work/due \
		lib/work/commission lib/work/due_month \
		lib/work/followers lib/work/selection $(RECORD)) $(BASE)
	$(LINK)

$(BUILD)/test_csv: $(call o,tests/unit/test_csv lib/wire/csv) $(BASE)
	$(LINK)

$(BUILD)/test_pg_target: $(call o,tests/unit/test_pg_target \
		lib/wire/pg_target) $(BASE)
	$(LINK)

$(BUILD)/rw-secrets: $(call o,tools/rw-secrets lib/work/secrets lib/wire/mongo \
		tools/command tools/cli lib/wire/config) $(BASE)
	$(LINK) $(MONGO_LIBS)

$(call o,$(FOLLOWERS_MONGO) lib/work/secrets): EXTRA_CFLAGS = $(MONGO_CFLAGS)
$(call o,$(PG_CONNECTION)): EXTRA_CFLAGS = $(PQ_CFLAGS)
$(call o,$(LEDGER_SQLITE)): EXTRA_CFLAGS = $(SQLITE_CFLAGS)
$(call o,$(LEDGER_MONGO)): EXTRA_CFLAGS = $(MONGO_CFLAGS)

UNIT += test_claim test_claim_text test_liveness

$(BUILD)/test_claim_text: $(call o,tests/unit/test_claim_text \
		lib/work/claim_text lib/work/entry $(RECORD)) $(BASE)
	$(LINK)

$(BUILD)/test_liveness: $(call o,tests/unit/test_liveness \
		lib/work/liveness lib/work/entry $(RECORD)) $(BASE)
	$(LINK)

$(BUILD)/test_claim: $(call o,tests/unit/test_claim $(CLAIM) $(RECORD)) $(BASE)
	$(LINK)

# ---- mail: rw-mail ------------------------------------------------------

MESSAGE = lib/work/message lib/work/message_text lib/work/message_default \
	lib/work/template lib/work/address lib/wire/idn lib/wire/mime \
	lib/wire/digest
DELIVERY = lib/work/delivery lib/work/delivery_end lib/work/lease lib/work/letter \
	lib/work/letter_content lib/work/letter_own lib/work/mail_settings \
	lib/work/summary $(OWN) $(LINK_PLACE)
SMTP = lib/wire/smtp lib/wire/smtp_open lib/wire/smtp_talk \
	lib/wire/smtp_connect lib/wire/smtp_dialog lib/wire/smtp_settings \
	lib/wire/proxy lib/wire/idn
TRANSPORT = lib/work/transport lib/work/transport_local \
	lib/work/transport_smtp lib/wire/mail lib/wire/maildir \
	lib/wire/sendmail $(SMTP)

TOOLS += rw-mail

$(BUILD)/rw-mail: $(call o,tools/rw-mail tools/mail_filter tools/stop $(DELIVERY) \
		$(MESSAGE) $(TRANSPORT) $(JOURNAL) $(FILTER)) $(BASE)
	$(LINK) $(GMIME_LIBS) $(CURL_LIBS) $(IDN_LIBS) $(CRYPTO_LIBS)

$(call o,lib/work/message): EXTRA_CFLAGS = $(GMIME_CFLAGS)
$(call o,$(SMTP)): EXTRA_CFLAGS = $(CURL_CFLAGS)

UNIT += test_journal test_smtp_dialog test_address test_template \
	test_message_text test_mime test_smtp_settings test_lease

$(BUILD)/test_lease: $(call o,tests/unit/test_lease lib/work/lease) $(BASE)
	$(LINK)

$(BUILD)/test_smtp_settings: $(call o,tests/unit/test_smtp_settings \
		lib/wire/smtp_settings lib/wire/proxy lib/wire/idn \
		lib/wire/config) $(BASE)
	$(LINK) $(CURL_LIBS) $(IDN_LIBS)

$(BUILD)/test_mime: $(call o,tests/unit/test_mime lib/wire/mime) $(BASE)
	$(LINK)

$(BUILD)/test_address: $(call o,tests/unit/test_address lib/work/address \
		lib/wire/idn) $(BASE)
	$(LINK) $(IDN_LIBS)

$(BUILD)/test_template: $(call o,tests/unit/test_template \
		lib/work/template) $(BASE)
	$(LINK)

$(BUILD)/test_message_text: $(call o,tests/unit/test_message_text \
		lib/work/message_text lib/work/message_default \
		lib/work/template) $(BASE)
	$(LINK)

$(BUILD)/test_smtp_dialog: $(call o,tests/unit/test_smtp_dialog \
		lib/wire/smtp_dialog) $(BASE)
	$(LINK)

$(BUILD)/test_journal: $(call o,tests/unit/test_journal $(JOURNAL) $(RECORD)) \
		$(BASE)
	$(LINK)

# ---- around a command: rw-env, rw-run -----------------------------------

TOOLS += rw-env rw-run

$(BUILD)/rw-run: $(call o,tools/rw-run tools/command tools/cli \
		lib/work/run_begin lib/work/run_clean lib/work/selection \
		$(JOURNAL_RUN) \
		lib/wire/config $(RECORD)) $(BASE)
	$(LINK)

UNIT += test_dotenv

$(BUILD)/rw-env: $(call o,tools/rw-env tools/command tools/cli \
		lib/wire/dotenv lib/wire/settings lib/wire/config) $(BASE)
	$(LINK)

# Of the script: the sum of its stages.
TOOLS += rw-splice

$(BUILD)/rw-splice: $(call o,tools/rw-splice tools/splice_lines tools/cli \
		lib/wire/config $(RECORD)) $(BASE)
	$(LINK)

$(BUILD)/test_dotenv: $(call o,tests/unit/test_dotenv lib/wire/dotenv \
		lib/wire/settings) $(BASE)
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

# Needs clang; FUZZ_SECONDS for each target. Findings are left in $(BUILD).
FUZZ_SECONDS ?= 60
FUZZ = fuzz_jsonl fuzz_money

fuzz:
	$(MAKE) CC=clang BUILD=$(BUILD)/fuzz SAN=1 \
		CFLAGS="-fsanitize=fuzzer-no-link" fuzz-run

fuzz-run: $(addprefix $(BUILD)/,$(FUZZ))
	@for f in $(FUZZ); do mkdir -p $(BUILD)/corpus/$$f; \
		$(BUILD)/$$f -max_total_time=$(FUZZ_SECONDS) -verbosity=1 \
		-print_final_stats=1 -artifact_prefix=$(BUILD)/$$f. \
		$(BUILD)/corpus/$$f tests/data/fuzz || exit 1; done

$(BUILD)/fuzz_jsonl: $(call o,tests/fuzz/fuzz_jsonl $(JSON)) $(BASE)
	$(LINK) -fsanitize=fuzzer

$(BUILD)/fuzz_money: $(call o,tests/fuzz/fuzz_money) $(BASE)
	$(LINK) -fsanitize=fuzzer

# The tests of the store once more, against a real MinIO.
check-minio: tools
	RW_TEST_STORE=minio BUILD=$(abspath $(BUILD)) \
		sh tests/run $(patsubst %,tests/%.bats,put put-ways bucket)

# Hours of what make check does for minutes: every pair of faults, 300 kills.
soak: tools
	RW_TEST_SOAK=1 BUILD=$(abspath $(BUILD)) sh tests/run kill-matrix \
		fault-matrix put-time

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
DOCUMENTS = README.md CHANGELOG.md DEVIATIONS.md LICENSE

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
	'make soak          hours of faults and kills' \
	'make fuzz          fuzz the parsers (FUZZ_SECONDS=$(FUZZ_SECONDS) each; needs clang)' \
	'make bench         figures, beside peers (BENCH="gen put": these alone)' \
	'make install       to PREFIX=$(PREFIX), below DESTDIR' \
	'make uninstall     remove what install put there' \
	'make clean         remove $(BUILD)/' \
	'' \
	'V=1 shows commands; CC, CFLAGS, BUILD, SAN=1, WERROR=-Werror, XLSX_MEMORY=0:' \
	'see config.mk'

.PHONY: all fuzz fuzz-run tools unit unit-programs check check-minio soak \
	bench demo install uninstall clean help
.DELETE_ON_ERROR:
