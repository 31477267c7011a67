# How things are compiled: warnings, hardening, and where each library is.
#
#   make CC=clang BUILD=build/clang      another compiler, its own directory
#   make SAN=1 BUILD=build/asan          address and undefined behaviour checked
#   make SAN=thread BUILD=build/tsan     races between threads found
#   make WERROR=-Werror                  warnings are errors (CI)
#   make XLSX_MEMORY=0                   libxlsxwriter as it is (HACKING.md)

BUILD ?= build
PREFIX ?= /usr/local
PKG_CONFIG ?= pkg-config

WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wformat=2 -Wundef -Wwrite-strings -Wcast-qual -Wstrict-prototypes \
	-Wmissing-prototypes -Wswitch-enum -Wimplicit-fallthrough -Wvla \
	-Wnull-dereference
ifeq ($(findstring clang,$(CC)),)
WARN += -Wduplicated-cond -Wduplicated-branches -Wlogical-op \
	-Wjump-misses-init
endif

ifeq ($(SAN),1)
OPTIMISE = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
LDSAN = -fsanitize=address,undefined
else ifeq ($(SAN),thread)
OPTIMISE = -O1 -g -fsanitize=thread -fno-omit-frame-pointer
LDSAN = -fsanitize=thread
else
OPTIMISE = -O2 -g
HARDEN = -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
	-fstack-clash-protection -fcf-protection
endif

VERSION = 1.0.0

# _GNU_SOURCE: strchrnul, memrchr, pipe2 and vasprintf are used.
RW_CPPFLAGS = -D_GNU_SOURCE -DRW_VERSION='"$(VERSION)"' -Ilib -Itools $(CPPFLAGS)
RW_CFLAGS = -std=c17 -fPIE $(OPTIMISE) $(HARDEN) $(WARN) $(WERROR) $(CFLAGS)
RW_LDFLAGS = -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(LDSAN) $(LDFLAGS)

# One library, one pair of variables. Headers that do not stand our warnings
# are read as system headers.
sys = $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(1) 2>/dev/null))
lib = $(shell $(PKG_CONFIG) --libs $(1) 2>/dev/null)

IMAGE_CFLAGS := $(call sys,libpng libturbojpeg libexif)
IMAGE_LIBS := $(call lib,libpng libturbojpeg libexif)
JANSSON_CFLAGS := $(call sys,jansson)
JANSSON_LIBS := $(call lib,jansson)
CRYPTO_LIBS := $(call lib,libcrypto)
DEFLATE_CFLAGS := $(call sys,libdeflate)
DEFLATE_LIBS := $(call lib,libdeflate)
CURL_CFLAGS := $(call sys,libcurl)
CURL_LIBS := $(call lib,libcurl)
SQLITE_CFLAGS := $(call sys,sqlite3)
SQLITE_LIBS := $(call lib,sqlite3)
MONGO_CFLAGS := $(call sys,libmongoc-1.0)
MONGO_LIBS := $(call lib,libmongoc-1.0)
PQ_CFLAGS := $(call sys,libpq)
PQ_LIBS := $(call lib,libpq)
IDN_LIBS := $(call lib,libidn2)
GMIME_CFLAGS := $(call sys,gmime-3.0)
GMIME_LIBS := $(call lib,gmime-3.0)
XML_CFLAGS := $(call sys,libxml-2.0)
XML_LIBS := $(call lib,libxml-2.0)
XLSX_CFLAGS := $(call sys,xlsxwriter)
XLSX_LIBS := -lxlsxwriter
MINIZIP_LIBS := $(call lib,minizip)
HARFBUZZ_CFLAGS := $(call sys,harfbuzz-subset)
HARFBUZZ_LIBS := $(call lib,harfbuzz-subset)
# libharu has no .pc file.
HPDF_LIBS := -lhpdf
FONTCONFIG_CFLAGS := $(call sys,fontconfig)
FRIBIDI_CFLAGS := $(call sys,fribidi)
FONT_LIBS := $(call lib,fontconfig) $(call lib,fribidi)
QR_LIBS := $(call lib,libqrencode)
