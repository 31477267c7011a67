# shellcheck shell=bash
# The platform's two databases: followers in MongoDB, P&L in PostgreSQL.

# new_platform: makes empty databases for this test. sql uses PostgreSQL.
new_platform() {
	new_database
	need_server postgres
	RW_TEST_PG_DB=rw_$(od -An -N 6 -tx1 /dev/urandom | tr -d ' \n')
	export RW_TEST_PG_DB POSTGRES_DB=$RW_TEST_PG_DB
	RW_TEST_PG_DB=postgres server postgres sql \
		"CREATE DATABASE $POSTGRES_DB"
	sql <"$ROOT/tests/servers/platform.sql"
}

# sql [STATEMENT]: executes it as the superuser.
sql() {
	server postgres sql "$@"
}

# followers PYTHON: runs it with first() and second(), which add a follower in
# either form of the platform.
followers() {
	"$PYTHON" -c "
import os, pymongo
from bson import ObjectId
from datetime import datetime
db = pymongo.MongoClient(os.environ['MONGO_URI'])[os.environ['MONGO_DB_NAME']]
def first(id, **more):
    db.followers.insert_one({'_id': id, 'email': '%s@example.com' % id,
        'iban': 'DE89370400440532013000', 'commission_pct': 20.0,
        'enabled': True, 'state': 'ACTIVE',
        'created_at': datetime(2025, 1, 1), **more})
def second(id, **more):
    db.followers.insert_one({'_id': ObjectId(id), 'name': 'Name of %s' % id,
        'email': '%s@example.com' % id[-4:], 'status': 'active', **more})
$1"
}

# day FOLLOWER DATE TOTAL [FINALISED]
day() {
	sql "INSERT INTO pnl_daily (follower_id, trading_date, total_pnl,
		opening_balance, closing_balance, is_finalized) VALUES
		('$1', '$2', $3, 50000, 51000, ${4:-true})"
}

# The daily_pnl of the whole platform, which belongs to no follower.
platform_day() {
	followers "db.daily_pnl.insert_one({'date': '$1', 'total_pnl': $2,
    'position_count': 3, 'calculated_at': datetime(2025, 7, 1)})"
}
