<?php

declare(strict_types=1);

namespace Hookproof\Store;

use Hookproof\Exception\ConfigException;

/**
 * Remembers in a table of a database, through PDO: SQLite, PostgreSQL or MySQL and MariaDB. Make the table with
 * PdoStore::tableSql().
 *
 * A claim must not be part of the application's own transaction, whose end would take it along: inside one the store
 * refuses. Give it a connection of its own where requests run in transactions. All machines need clocks that agree within the
 * policy's leeway.
 */
final class PdoStore extends HostStore
{
    private const SCHEMA = <<<'SQL'
        CREATE TABLE %1$s (
            identity    CHAR(32)     NOT NULL,
            namespace   VARCHAR(64)  NOT NULL,
            owner       CHAR(32)     NOT NULL,
            done        SMALLINT     NOT NULL,
            lease_until BIGINT       NOT NULL,
            keep_until  BIGINT       NOT NULL,
            PRIMARY KEY (identity)
        );
        CREATE INDEX %2$s_keep_until ON %1$s (keep_until);

        SQL;

    private const CLAIM = <<<'SQL'
        INSERT INTO %1$s (identity, namespace, owner, done, lease_until, keep_until)
        VALUES (:identity, :namespace, :owner, :done, :lease_until, :keep_until)
        ON CONFLICT (identity) DO UPDATE SET owner = excluded.owner, done = excluded.done,
            lease_until = excluded.lease_until,
            keep_until = CASE WHEN %1$s.keep_until > excluded.keep_until THEN %1$s.keep_until ELSE excluded.keep_until END
        WHERE %1$s.done = 0 AND %1$s.lease_until <= :now
        SQL;

    // Each assignment sees those before it: what the condition reads is assigned last.
    private const CLAIM_MYSQL = <<<'SQL'
        INSERT INTO %1$s (identity, namespace, owner, done, lease_until, keep_until)
        VALUES (:identity, :namespace, :owner, :done, :lease_until, :keep_until)
        ON DUPLICATE KEY UPDATE
            keep_until = IF(done = 0 AND lease_until <= :now1, GREATEST(keep_until, :keep_until1), keep_until),
            owner = IF(done = 0 AND lease_until <= :now2, :owner2, owner),
            lease_until = IF(done = 0 AND lease_until <= :now3, IF(:done3 = 1, -1, :lease_until3), lease_until),
            done = IF(done = 0 AND lease_until = -1, 1, done)
        SQL;

    // What is no longer needed is kept a day longer: a clock that falls back by less brings nothing back.
    private const PURGE_AFTER = 86400;
    private const PURGE_EVERY = 1000;

    private readonly \Closure $connect;
    private readonly string $table;

    /**
     * @param \PDO|callable(): \PDO $connection a connection, or what returns one when it is needed
     *
     * @throws ConfigException
     */
    public function __construct(
        \PDO|callable $connection,
        string $namespace = 'default',
        string $table = 'hookproof_replay',
    ) {
        parent::__construct($namespace);
        $this->connect = $connection instanceof \PDO ? static fn (): \PDO => $connection : $connection(...);
        $this->table = self::checked($table);
    }

    /** The SQL that makes the table: for a migration, or to run by hand. */
    public static function tableSql(string $table = 'hookproof_replay'): string
    {
        $table = self::checked($table);
        $parts = explode('.', $table);
        return sprintf(self::SCHEMA, $table, end($parts));
    }

    public function extent(): string
    {
        return "whatever shares the table {$this->table} and the namespace {$this->namespace}";
    }

    protected function ask(Question $question, int $now): Answer
    {
        return $this->committed(function (\PDO $pdo) use ($question, $now): Answer {
            // What was there may have been released or purged before it was looked at.
            for ($round = 0; $round < 3; $round++) {
                $this->insert($pdo, $question, $now);
                $held = $this->held($pdo, $question->identity);
                if ($held !== null) {
                    if ($round === 0 && random_int(1, self::PURGE_EVERY) === 1) {
                        $this->run($pdo, "DELETE FROM {$this->table} WHERE keep_until < :before", [
                            'before' => $now - self::PURGE_AFTER,
                        ]);
                    }
                    return match (true) {
                        $held[0] === $question->owner => Answer::Claimed,
                        $held[1] => Answer::Duplicate,
                        default => Answer::InProgress,
                    };
                }
            }
            return Answer::InProgress;
        });
    }

    protected function confirm(string $identity, string $owner, int $now): bool
    {
        return $this->committed(function (\PDO $pdo) use ($identity, $owner): bool {
            $this->run($pdo, "UPDATE {$this->table} SET done = 1 WHERE identity = :identity AND owner = :owner", [
                'identity' => $identity,
                'owner' => $owner,
            ]);
            // MySQL counts only rows that changed, and a confirm that is sent again changes none.
            return $this->held($pdo, $identity) === [$owner, true];
        });
    }

    protected function release(string $identity, string $owner, int $now): bool
    {
        $sql = "DELETE FROM {$this->table} WHERE identity = :identity AND owner = :owner AND done = 0";
        return $this->committed(
            fn (\PDO $pdo): bool => $this->run($pdo, $sql, ['identity' => $identity, 'owner' => $owner])->rowCount() === 1,
        );
    }

    /**
     * Runs statements, and sees to it that what they wrote stands when it returns.
     *
     * @template T
     *
     * @param \Closure(\PDO): T $statements
     *
     * @return T
     */
    private function committed(\Closure $statements): mixed
    {
        $pdo = ($this->connect)();
        self::refuseTransaction($pdo);
        if ($pdo->getAttribute(\PDO::ATTR_DRIVER_NAME) !== 'sqlite') {
            $answer = $statements($pdo);
            // Without autocommit, MySQL has begun one by itself.
            self::refuseTransaction($pdo);
            return $answer;
        }
        // PDO does not know of a transaction that began in SQL. SQLite does: inside one this fails.
        self::execute($pdo, 'BEGIN IMMEDIATE');
        try {
            $answer = $statements($pdo);
            self::execute($pdo, 'COMMIT');
            return $answer;
        } catch (\Throwable $failure) {
            try {
                $pdo->exec('ROLLBACK');
            } catch (\Throwable) {
                // Some failures have rolled it back already.
            }
            throw $failure;
        }
    }

    /** @return array{string, bool}|null the owner of an identity, and whether it is done */
    private function held(\PDO $pdo, string $identity): ?array
    {
        $look = $this->run($pdo, "SELECT owner, done FROM {$this->table} WHERE identity = :identity", ['identity' => $identity]);
        $held = $look->fetch(\PDO::FETCH_NUM);
        $look->closeCursor();
        return $held === false ? null : [trim((string) $held[0]), (bool) $held[1]];
    }

    private function insert(\PDO $pdo, Question $question, int $now): void
    {
        $row = [
            'identity' => $question->identity,
            'namespace' => $this->namespace,
            'owner' => $question->owner,
            'done' => $question->leaseSeconds === 0 ? 1 : 0,
            'lease_until' => $now + $question->leaseSeconds,
            'keep_until' => $now + $question->keepSeconds,
        ];
        if ($pdo->getAttribute(\PDO::ATTR_DRIVER_NAME) === 'mysql') {
            // A name may stand only once in a statement that the server prepares.
            $again = ['now1' => $now, 'now2' => $now, 'now3' => $now, 'keep_until1' => $row['keep_until'],
                'owner2' => $row['owner'], 'done3' => $row['done'], 'lease_until3' => $row['lease_until']];
            $this->run($pdo, sprintf(self::CLAIM_MYSQL, $this->table), $row + $again);
            return;
        }
        $this->run($pdo, sprintf(self::CLAIM, $this->table), $row + ['now' => $now]);
    }

    /** @param array<string, int|string> $values */
    private function run(\PDO $pdo, string $sql, array $values): \PDOStatement
    {
        // Whatever the connection's error mode is: a failure must not read as an answer.
        $statement = $pdo->prepare($sql);
        if ($statement === false) {
            throw new \RuntimeException('the database refused the statement: SQLSTATE ' . $pdo->errorCode());
        }
        foreach ($values as $name => $value) {
            $statement->bindValue(":$name", $value, is_int($value) ? \PDO::PARAM_INT : \PDO::PARAM_STR);
        }
        if (!$statement->execute()) {
            throw new \RuntimeException('the database did not answer: SQLSTATE ' . $statement->errorCode());
        }
        return $statement;
    }

    private static function execute(\PDO $pdo, string $sql): void
    {
        if ($pdo->exec($sql) === false) {
            throw new \RuntimeException("the database refused $sql: SQLSTATE " . $pdo->errorCode());
        }
    }

    private static function refuseTransaction(\PDO $pdo): void
    {
        if ($pdo->inTransaction()) {
            throw new \LogicException('a claim must not be part of the application\'s transaction');
        }
    }

    private static function checked(string $table): string
    {
        if (preg_match('/^[A-Za-z_][A-Za-z0-9_]{0,47}(\.[A-Za-z_][A-Za-z0-9_]{0,47})?\z/', $table) !== 1) {
            throw new ConfigException('table: must be a plain name of a table, with its schema at most');
        }
        return $table;
    }
}
