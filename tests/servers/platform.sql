-- The tables of the platform that rw-list reads, as the platform makes them.
CREATE TABLE pnl_daily (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	follower_id varchar(50) NOT NULL,
	trading_date date NOT NULL,
	total_pnl numeric(12,4) NOT NULL,
	realized_pnl numeric(12,4) NOT NULL DEFAULT 0,
	unrealized_pnl_start numeric(12,4) NOT NULL DEFAULT 0,
	unrealized_pnl_end numeric(12,4) NOT NULL DEFAULT 0,
	opening_balance numeric(12,4) NOT NULL DEFAULT 0,
	closing_balance numeric(12,4) NOT NULL DEFAULT 0,
	trades_count integer NOT NULL DEFAULT 0,
	total_commission numeric(10,4) NOT NULL DEFAULT 0,
	is_finalized boolean NOT NULL DEFAULT false,
	rollup_time timestamp,
	created_at timestamp NOT NULL DEFAULT now()
);
CREATE INDEX idx_pnl_daily_follower_date
	ON pnl_daily (follower_id, trading_date);
CREATE TABLE commission_monthly (
	id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
	follower_id varchar(50) NOT NULL,
	year integer NOT NULL,
	month integer NOT NULL,
	monthly_pnl numeric(12,4) NOT NULL,
	commission_pct numeric(5,4) NOT NULL,
	commission_amount numeric(12,4) NOT NULL,
	commission_currency varchar(3) NOT NULL DEFAULT 'EUR',
	follower_iban varchar(34),
	follower_email varchar(255),
	is_payable boolean NOT NULL DEFAULT false,
	is_paid boolean NOT NULL DEFAULT false,
	payment_date date,
	payment_reference varchar(100),
	sent boolean NOT NULL DEFAULT false,
	sent_at timestamp,
	created_at timestamp NOT NULL DEFAULT now()
);
CREATE INDEX idx_commission_monthly_period
	ON commission_monthly (year, month);
GRANT SELECT ON pnl_daily, commission_monthly TO worker;
