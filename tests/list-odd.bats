#!/usr/bin/env bats
# Days and followers of an unexpected form never vanish: each is named, and the
# follower's statement is not made from the rest.
#
# bats file_tags=plain

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
}

# fill PYTHON: each follower has one good day in 2025-06, and odd() adds a
# second day to a further follower.
fill() {
	"$PYTHON" -c "
import os, pymongo
from datetime import datetime, timezone, timedelta
from bson import ObjectId, Decimal128 as D, Int64, Binary, Regex
db = pymongo.MongoClient(os.environ['MONGO_URI'])[os.environ['MONGO_DB_NAME']]
for name in {'followers', 'daily_pnl'} - set(db.list_collection_names()):
    db.create_collection(name)
def follower(id, **more):
    db.followers.insert_one({'_id': id, 'email': 'a@example.com',
        'commission_pct': 20, 'enabled': True, **more})
def day(id, date, pnl, **more):
    db.daily_pnl.insert_one({'follower_id': id, 'date': date,
        'total_pnl': pnl, **more})
n = 0
def odd(date, pnl=2):
    global n
    n += 1
    f = 'f-%03d' % n
    follower(f)
    day(f, '2025-06-02', 1)
    day(f, date, pnl, _id='doc-%d' % n)
$1"
}

list() {
	run --separate-stderr rw-list --period 2025-06 "$@"
}

# withheld: prints followers with an error; made: followers without.
withheld() {
	json 'select(.error) | .follower_id' <<<"$output" | tr '\n' ' '
}

made() {
	json 'select(.error | not) | .follower_id' <<<"$output" | tr '\n' ' '
}

@test "a date of any other type: named with its document, and no statement" {
	new_database
	fill "
for v in ['2025/06/03', '2025.06.03', '2025-6-3', '2025-06-3', '2025 06 03',
        ' 2025-06-03', '2025-06-03 ', '\t2025-06-03', '2025-06-03T00:00:00',
        '2025-06-03T22:00:00Z', '20250603T00', '2025603', '03.06.2025',
        '20.06.2025', '20062025', '200625', '06/03/2025', '3 June 2025',
        'June 3, 2025', '2025-Jun-03', '2025年6月3日', '', ' ', '2025', '2025-06',
        '2025-06-31', '2025-13-06', '2025-19-06', '20251306', '2025-154',
        '2025-154T09:00', '1748908800', 'x', '~', 'NaN', '٢٠٢٥-٠٦-٠٣',
        20250603, 1748908800, 1748908800000, Int64(1748908800), 1748908800.0,
        20242, 45811, 0, 7, -1, D('20250603'), float('nan'),
        datetime(2025, 6, 3), datetime(2025, 5, 31, 22), datetime(2025, 7, 1),
        datetime(2025, 7, 1, 3, 59), None, True, [], ['2025-06-03'],
        ['2025/06/03'], [2025, 6, 3], {'y': 2025}, Binary(b'x'), Regex('x'),
        ObjectId('665f00000000000000000001')]:
    odd(v)
follower('g'); day('g', '2025-06-02', 1)
db.daily_pnl.insert_one({'_id': 'doc-none', 'follower_id': 'g', 'total_pnl': 2})
# These followers are correct.
follower('ok'); day('ok', '2025-06-02', 1); day('ok', '20250603', 2)
for v in ['2025-05-31', '2025-07-01', '20250701', '2024-06-03', '2025/05/31',
        '2025/07/01', 20250531, 20250701, 1754179200, 1754179200000,
        datetime(2025, 8, 1), datetime(2025, 5, 1), '2025-07-04T00:00',
        '2025-106', '2025-1-5', '2025-12-06', '2025-07', '2025-1',
        '2025-07/03', '2025/07']:
    day('ok', v, 9)
print(n)" >n
	list
	assert_status 1
	assert_equal "$(made)" 'ok '
	local i n
	n=$(cat n)
	[ "$n" = 62 ]
	for ((i = 1; i <= n; i++)); do
		[[ $stderr == *"daily_pnl of f-$(printf %03d "$i"), "*"_id \"doc-$i\""* ]] ||
			[[ $stderr == *"daily_pnl of f-$(printf %03d "$i"), "*"doc-$i"* ]] ||
			fail "day $i is not named" "$stderr"
	done
	assert_equal "$(withheld | wc -w)" 63
	assert_stderr_has 'daily_pnl of f-001, 2025/06/03: date is "2025/06/03" (a string): expected a date as 2025-06-30'
	assert_stderr_has 'daily_pnl of g, no date: date is nothing'
	assert_equal "$(json 'select(.error) | .error.tool + .error.kind' \
		<<<"$output" | sort -u)" 'rw-listdata'
	assert_json "$(json 'select(.follower_id == "ok")' <<<"$output")" .daily_pnl \
		'{"2025-06-02":"1.00","2025-06-03":"2.00"}'
}

@test "the same in January and in December, and for one follower alone" {
	local month
	new_database
	fill "
for y, m in [(2025, 1), (2025, 12), (2012, 12), (2020, 10)]:
    for p in ['%d/%d/3', '%d.%02d.03', '%d-%d-3', ' %d-%02d-03', '%d%02d03T',
            '%d%d3']:
        odd(p % (y, m))
        db.daily_pnl.insert_one({'follower_id': 'f-%03d' % n,
            'date': '%d-%02d-02' % (y, m), 'total_pnl': 1})
    for v in [datetime(y, m, 1) - timedelta(hours=2), datetime(y, m, 15),
            y * 10000 + m * 100 + 3,
            int(datetime(y, m, 3, tzinfo=timezone.utc).timestamp())]:
        odd(v)"
	for month in 2025-01 2025-12 2012-12 2020-10; do
		run --separate-stderr rw-list --period "$month"
		assert_status 1
		[ "$month" = 2012-12 ] ||
			assert_equal "$(sort <<<"$stderr" | uniq -d)" '' 'named twice'
		assert_equal "$(withheld | wc -w)" 10
	done
	run --separate-stderr rw-list --period 2025-12 --follower f-011
	assert_status 1
	assert_equal "$(withheld)" 'f-011 '
	run --separate-stderr rw-list --period 2025-12 --follower f-001
	assert_status 0
}

@test "an amount of any other type" {
	new_database
	fill "
for v in ['12,50', '1 250', ' 12', 'x', '', 'NaN', float('nan'), float('inf'),
        D('NaN'), D('Infinity'), D('-Infinity'), D('1E-7'), 1e300, None, True,
        [1], [], {'a': 1}, datetime(2025, 6, 3), '0x10', '1e400', '-', '.']:
    odd('2025-06-03', v)
odd('2025-06-03', 1.5); odd('2025-06-03', '1.5')"
	list
	assert_status 1
	assert_equal "$(made)" 'f-024 f-025 '
	assert_equal "$(withheld | wc -w)" 23
	assert_stderr_has 'daily_pnl of f-016, 2025-06-03: total_pnl'
	assert_stderr_has 'doc-16'
}

@test "a follower_id of a different type withholds the statement of the follower that it means" {
	new_database
	fill "
for f in ['42', 'f-1', 'f-2', 'f-3', 'f-4', 'f-5', '665f00000000000000000001',
        'f-6', 'f-7', '43', 'f-8', 'n-1', 'n-1-a', 'n-2', 'n-3', 'ok']:
    follower(f); day(f, '2025-06-02', 1)
day(42, '2025-06-03', 2); day(' f-1', '2025-06-03', 2)
day('f-2 ', '2025-06-03', 2); day('\tf-3\n', '2025-06-03', 2)
day(['f-4', 'f-5'], '2025-06-03', 2)
day({'oid': '665f00000000000000000001'}, '2025-06-03', 2)
day([ObjectId('665f00000000000000000001')], '2025-06-03', 2)
day(D('43'), '2025/06/03', 2); day('f-6 ', '2025-05-03', 9)
day('n-1\\u00a0', '2025-06-03', 2); day('\\ufeffn-2', '2025-06-03', 2)
day('\\u3000n-3\\u200b', '2025-06-03', 2)
day(True, '2025-06-03', 2); day('', '2025-06-03', 2)
day('  ', '2025-06-03', 2); day([], '2025-06-03', 2)
day(7.0, '2025-06-03', 2); day(datetime(2025, 6, 1), '2025-06-03', 2)
day(44, '2025-05-03', 9)"
	list
	assert_status 1
	assert_equal "$(made)" 'f-6 f-7 f-8 n-1-a ok '
	assert_equal "$(withheld)" '42 43 665f00000000000000000001 f-1 f-2 f-3 f-4 f-5 n-1 n-2 n-3 '
	assert_stderr_has 'follower_id is 42 (a number): expected a string'
	assert_stderr_has 'follower_id is " f-1" (a string): expected a string without blanks around it'
	assert_stderr_has 'follower_id is true (a boolean)'
	assert_stderr_has 'follower_id is an array that begins with "f-4" (a string)'
	assert_stderr_has 'follower_id is 7 (a number)'
	assert_stderr_lacks 'follower_id is 44'
	local id
	for id in 42 43 665f00000000000000000001 f-1 f-2 f-3 f-4 f-5 n-1 n-2 n-3; do
		list --follower $id
		assert_status 1
		assert_equal "$(withheld)" "$id "
	done
	list --follower f-6
	assert_status 1 # those that are nobody's may be
	assert_equal "$(made)" 'f-6 '
}

@test "a malformed follower is named, and has no statement" {
	new_database
	fill "
for i, v in enumerate(['true', 'yes', '1', 1, 0, 1.0, 'false', [True], {},
        ObjectId('665f00000000000000000001')]):
    follower('e-%d' % i, enabled=v); day('e-%d' % i, '2025-06-02', 1)
def bare(id, **more):
    db.followers.insert_one({'_id': id, 'email': 'a@example.com', **more})
bare('n', enabled=None)
for i, v in enumerate(['Active', 'ACTIVE', ' active', 'active ', 1, True, ['active']]):
    bare('s-%d' % i, status=v)
bare('x', status='active'); bare('y', enabled=None, status='active')
bare('z', status='pending')
follower(42); day(42, '2025-06-02', 1)
follower(D('43')); follower(4.5); follower(' b '); follower(datetime(2025, 6, 1))
follower(ObjectId('665f00000000000000000001'))
day('665f00000000000000000001', '2025-06-02', 1)"
	list
	assert_status 1
	assert_equal "$(made)" '665f00000000000000000001 x y '
	assert_equal "$(withheld)" 'e-0 e-1 e-2 e-3 e-4 e-5 e-6 e-7 e-8 e-9 n s-0 s-1 s-2 s-3 s-4 s-5 s-6 '
	assert_stderr_has 'follower e-0: enabled is neither true nor false but "true" (a string)'
	assert_stderr_has 'follower e-3: enabled is neither true nor false but 1 (a number)'
	assert_stderr_has 'follower n: enabled is null, and there is no status'
	assert_stderr_has 'follower s-0: status is "Active": expected "active"'
	assert_stderr_has 'follower ?: _id is 42 (a number): expected a string or an ObjectId'
	assert_stderr_has 'follower ?: _id is 43 (a number)'
	assert_stderr_has 'follower ?: _id is 4.5 (a number)'
	assert_stderr_has 'follower  b : _id cannot be a follower_id'
	assert_stderr_has 'follower ?: _id is 2025-06-01T00:00:00Z (a date and time)'
}

@test "files: blanks around an ID, dates and amounts of other types" {
	printf '%s\n' '{"follower_id":"a","email":"a@example.com"}' \
		'{"follower_id":"b","email":"b@example.com"}' \
		'{"follower_id":"c","email":"c@example.com"}' \
		'{"follower_id":"d","email":"d@example.com"}' \
		'{"follower_id":"e","email":"e@example.com","enabled":"maybe"}' \
		'{"follower_id":"f","email":"f@example.com","status":"Active"}' \
		'{"follower_id":"g","email":"g@example.com"}' \
		'{"follower_id":"g-1","email":"g@example.com"}' \
		'{"follower_id":42,"email":"g@example.com"}' >followers
	printf '%s\n' '{"follower_id":"a","date":"2025-06-02","pnl":1}' \
		'{"follower_id":" a","date":"2025-06-03","pnl":2}' \
		'{"follower_id":"b","date":"2025-06-02","pnl":1}' \
		'{"follower_id":"b ","date":"2025-06-03","pnl":2}' \
		'{"follower_id":"c","date":"2025-06-02","pnl":1}' \
		'{"follower_id":"c","date":1748908800,"pnl":2}' \
		'{"follower_id":"d","date":"2025-06-02","pnl":1}' \
		'{"follower_id":"d","date":null,"pnl":2}' \
		'{"follower_id":"g-1","date":"2025-06-02","pnl":1}' \
		'{"follower_id":"g","date":"2025-06-02","pnl":1}' \
		'{"follower_id":"g\u00a0","date":"2025-06-03","pnl":2}' \
		'{"follower_id":42,"date":"2025-06-02","pnl":2}' >pnl
	list --followers followers --pnl pnl
	assert_status 1
	assert_equal "$(made)" '42 g-1 '
	assert_equal "$(withheld)" 'a b c d e f g '
	printf '%s\n' 'follower_id,date,pnl' 'a,2025-06-02,1' ' a,2025-06-03,2' \
		'b,2025/06/03,1' 'c, 2025-06-03,1' 'd,2025-06-02,"1,5"' >pnl.csv
	list --followers followers --pnl pnl.csv
	assert_status 1
	assert_equal "$(withheld)" 'a b c d e f '
}

@test "PostgreSQL: missing dates, infinite dates and amounts, padded IDs" {
	need_server postgres
	local schema
	schema=$(od -An -N 6 -tx1 /dev/urandom | tr -d ' \n')
	server postgres sql "CREATE SCHEMA s$schema;
		CREATE TABLE s$schema.pnl_daily (follower_id text, trading_date date,
			total_pnl numeric, is_finalized boolean);
		INSERT INTO s$schema.pnl_daily SELECT f, '2025-06-02', 1, true
			FROM unnest('{a,b,c,d,e,f,g,h,i,i-1,j,ok}'::text[]) f;
		INSERT INTO s$schema.pnl_daily VALUES ('a', NULL, 2, true),
			('b', 'infinity', 2, true), ('c', '2025-06-03', 'NaN', true),
			('d', '2025-06-03', 'Infinity', true), (' e', '2025-06-03', 2, true),
			('f ', '2025-06-03', 2, true), ('g', '2025-06-03', NULL, true),
			('h', '-infinity', 2, true), (E'i\\u00a0', '2025-06-03', 2, true),
			(E'\\ufeffj', '2025-06-03', 2, true), ('ok', '2025-06-03', 2, true);
		GRANT USAGE ON SCHEMA s$schema TO PUBLIC;
		GRANT SELECT ON s$schema.pnl_daily TO PUBLIC"
	local f
	for f in a b c d e f g h i i-1 j ok; do
		printf '{"follower_id":"%s","email":"a@example.com"}\n' $f
	done >followers
	export PGOPTIONS="-c search_path=s$schema" RW_COMMISSION_CHECK=off
	list --followers followers
	assert_equal "$(made)" 'i-1 ok '
	assert_status 1
	assert_equal "$(withheld)" 'a b c d e f g h i j '
	for f in a b c d e f g h i j; do
		list --followers followers --follower $f
		assert_status 1
		assert_equal "$(withheld)" "$f "
	done
	server postgres sql "ALTER TABLE s$schema.pnl_daily
		ALTER follower_id TYPE character(12)"
	list --followers followers
	assert_status 1
	assert_equal "$(made)" ''
	list --followers followers --follower ok
	assert_status 1
	assert_equal "$(made)" ''
	server postgres sql "DROP SCHEMA s$schema CASCADE"
}
