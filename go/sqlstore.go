package hookproof

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const defaultTable = "hookproof_replay"

const sqlSchema = `CREATE TABLE {table} (
    identity    CHAR(32)     NOT NULL,
    namespace   VARCHAR(64)  NOT NULL,
    owner       CHAR(32)     NOT NULL,
    done        SMALLINT     NOT NULL,
    lease_until BIGINT       NOT NULL,
    keep_until  BIGINT       NOT NULL,
    PRIMARY KEY (identity)
);
CREATE INDEX {table}_keep_until ON {table} (keep_until);
`

// One atomic statement each, which compares the owner.
const (
	sqlClaim = "INSERT INTO {table} (identity, namespace, owner, done, lease_until, keep_until) " +
		"VALUES (?, ?, ?, ?, ?, ?) " +
		"ON CONFLICT (identity) DO UPDATE SET owner = excluded.owner, done = excluded.done, " +
		"lease_until = excluded.lease_until, keep_until = CASE WHEN {table}.keep_until > excluded.keep_until " +
		"THEN {table}.keep_until ELSE excluded.keep_until END " +
		"WHERE {table}.done = 0 AND {table}.lease_until <= ?"
	sqlLook    = "SELECT owner, done FROM {table} WHERE identity = ?"
	sqlConfirm = "UPDATE {table} SET done = 1 WHERE identity = ? AND owner = ?"
	sqlRelease = "DELETE FROM {table} WHERE identity = ? AND owner = ? AND done = 0"
	sqlPurge   = "DELETE FROM {table} WHERE keep_until < ?"
)

const (
	// What is no longer needed is kept a day longer: a clock that falls back by less brings nothing back.
	purgeAfter = 86_400
	purgeEvery = 1_000
)

var plainTable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,47}(\.[A-Za-z_][A-Za-z0-9_]{0,47})?$`)

// WithTable names the table of [NewSQLStore], "hookproof_replay" by default; with its schema at most.
func WithTable(table string) StoreOption {
	return func(s *storeSettings) error {
		s.table = table
		return nil
	}
}

// WithDollarPlaceholders lets [NewSQLStore] write $1 in place of ?, for PostgreSQL.
func WithDollarPlaceholders() StoreOption {
	return func(s *storeSettings) error {
		s.placeholders = "$"
		return nil
	}
}

// TableSQL is the SQL that makes the table of [NewSQLStore], for a migration or to run by hand. It is the table of the other languages
// too.
func TableSQL(table string) (string, error) {
	if !plainTable.MatchString(table) {
		return "", &ConfigError{"table: must be a plain name of a table, with its schema at most"}
	}
	return strings.ReplaceAll(strings.Replace(sqlSchema, "INDEX {table}_", "INDEX "+table[strings.LastIndexByte(table, '.')+1:]+"_", 1),
		"{table}", table), nil
}

// NewSQLStore remembers in a table of a database: PostgreSQL and SQLite have the statement that it needs. Make the table with
// [TableSQL]. Each answer is a statement of its own on a connection of db: never part of the application's transaction, whose end would
// take the claim along.
func NewSQLStore(db *sql.DB, namespace string, options ...StoreOption) (*Store, error) {
	if db == nil {
		return nil, &ConfigError{"store: the database is nil"}
	}
	s, err := storeSettingsOf(options)
	if err != nil {
		return nil, err
	}
	if _, err := TableSQL(s.table); err != nil {
		return nil, err
	}
	store := &sqlStore{
		db: db, namespace: namespace, claim: statement(sqlClaim, s), look: statement(sqlLook, s), confirm: statement(sqlConfirm, s),
		release: statement(sqlRelease, s), purge: statement(sqlPurge, s),
	}
	return hostStore(namespace, store, s, "")
}

func statement(text string, s storeSettings) string {
	text = strings.ReplaceAll(text, "{table}", s.table)
	if s.placeholders == "?" {
		return text
	}
	var out strings.Builder
	for number, part := range strings.Split(text, "?") {
		if number > 0 {
			out.WriteString(s.placeholders + strconv.Itoa(number))
		}
		out.WriteString(part)
	}
	return out.String()
}

type sqlStore struct {
	db                                   *sql.DB
	namespace                            string
	claim, look, confirm, release, purge string
	claims                               atomic.Uint64
}

func (s *sqlStore) Claim(ctx context.Context, question Question) (Answer, error) {
	now, done := question.Now.Unix(), 0
	if question.Lease == 0 {
		done = 1
	}
	// What was there may have been released or purged before it was looked at.
	for range 3 {
		claimed, err := s.affects(ctx, s.claim, question.Identity, s.namespace, question.Owner, done,
			now+int64(question.Lease/time.Second), now+int64(question.Keep/time.Second), now)
		if err != nil {
			return 0, err
		}
		if claimed {
			if s.claims.Add(1)%purgeEvery == 1 {
				go s.tidy(now)
			}
			return Claimed, nil
		}
		var owner string
		err = s.db.QueryRowContext(ctx, s.look, question.Identity).Scan(&owner, &done)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			continue
		case err != nil:
			return 0, err
		case strings.TrimSpace(owner) == question.Owner:
			return Claimed, nil
		case done != 0:
			return Duplicate, nil
		default:
			return InProgress, nil
		}
	}
	return InProgress, nil
}

const purgeBudget = 10 * time.Second

// tidy drops what is over, now and then and beside the requests. That it failed is no reason to refuse one.
func (s *sqlStore) tidy(now int64) {
	ctx, cancel := context.WithTimeout(context.Background(), purgeBudget)
	defer cancel()
	_, _ = s.db.ExecContext(ctx, s.purge, now-purgeAfter)
}

func (s *sqlStore) Confirm(ctx context.Context, identity, owner string, _ time.Time) (bool, error) {
	return s.affects(ctx, s.confirm, identity, owner)
}

func (s *sqlStore) Release(ctx context.Context, identity, owner string, _ time.Time) (bool, error) {
	return s.affects(ctx, s.release, identity, owner)
}

func (s *sqlStore) affects(ctx context.Context, statement string, arguments ...any) (bool, error) {
	result, err := s.db.ExecContext(ctx, statement, arguments...)
	if err != nil {
		return false, err
	}
	rows, err := result.RowsAffected()
	return rows == 1, err
}
