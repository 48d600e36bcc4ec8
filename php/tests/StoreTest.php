<?php

declare(strict_types=1);

namespace Hookproof\Tests;

use Hookproof\Abi;
use Hookproof\Duplicates;
use Hookproof\Exception\ConfigException;
use Hookproof\Exception\ReplayRefused;
use Hookproof\Exception\StoreException;
use Hookproof\Reason;
use Hookproof\Received;
use Hookproof\Store\Answer;
use Hookproof\Store\FileStore;
use Hookproof\Store\HostStore;
use Hookproof\Store\MemoryStore;
use Hookproof\Store\PdoStore;
use Hookproof\Store\Question;
use Hookproof\Store\RedisStore;
use Hookproof\Store\Store;
use PHPUnit\Framework\TestCase;

/** One story, with every store there is. */
final class StoreTest extends TestCase
{
    private static ?RunningRedis $redis = null;

    public static function tearDownAfterClass(): void
    {
        self::$redis?->stop();
        self::$redis = null;
    }

    private static function redis(): RunningRedis
    {
        return self::$redis ??= new RunningRedis();
    }

    /** @return iterable<string, array{\Closure(): \Closure(): Store}> what makes stores that share what they know */
    public static function stores(): iterable
    {
        yield 'memory' => [static function (): \Closure {
            $store = new MemoryStore(64);
            return static fn (): Store => $store;
        }];
        yield 'file' => [static function (): \Closure {
            $path = Fixture::folder() . '/seen.db';
            return static fn (): Store => new FileStore($path, budgetMs: 10000);
        }];
        yield 'sqlite' => [static function (): \Closure {
            $path = Fixture::folder() . '/table.db';
            $connect = static fn (): \PDO => new \PDO("sqlite:$path");
            $connect()->exec(PdoStore::tableSql());
            return static fn (): Store => new PdoStore($connect);
        }];
        yield 'redis, by the extension' => [static function (): \Closure {
            $namespace = 'n' . bin2hex(random_bytes(4));
            // A prefix and a serializer of the application's must not lead to other keys.
            return static function () use ($namespace): Store {
                $client = self::redis()->extension();
                $client->setOption(\Redis::OPT_PREFIX, 'app:');
                $client->setOption(\Redis::OPT_SERIALIZER, \Redis::SERIALIZER_PHP);
                return new RedisStore($client, $namespace);
            };
        }];
        yield 'redis, by Predis' => [static function (): \Closure {
            $namespace = 'n' . bin2hex(random_bytes(4));
            return static fn (): Store => new RedisStore(self::redis()->predis(['prefix' => 'app:']), $namespace);
        }];
    }

    /** @dataProvider stores */
    public function testARequestIsWorkedOnOnce(\Closure $make): void
    {
        $open = $make();
        $verifier = Fixture::verifier();
        $request = Fixture::signer()->request(Fixture::BODY, 'once');
        self::assertNotSame('', $open()->extent());

        $worked = $verifier->receive($request, $open(), function (Received $received) use ($verifier, $request, $open): string {
            self::assertTrue($received->isOpen());
            self::assertSame('claimed', $received->webhook->replay());
            $busy = Fixture::refusal(fn () => $verifier->claim($request, $open()));
            self::assertSame([Reason::ReplayInProgress, 503], [$busy->reason, $busy->httpStatus]);
            return 'worked';
        });
        self::assertSame('worked', $worked);
        $refusal = Fixture::refusal(fn () => $verifier->claim($request, $open()));
        self::assertInstanceOf(ReplayRefused::class, $refusal);
        self::assertSame([Reason::ReplayDuplicate, 200, null], [$refusal->reason, $refusal->httpStatus, $refusal->retryAfter]);

        $again = $verifier->claim($request, $open(), Duplicates::HandOn);
        self::assertTrue($again->webhook->isDuplicate());
        self::assertFalse($again->isOpen());
        self::assertFalse($again->confirm());
    }

    /** @dataProvider stores */
    public function testWorkThatFailedIsDoneAgain(\Closure $make): void
    {
        $store = $make()();
        $verifier = Fixture::verifier();
        $request = Fixture::signer()->request(Fixture::BODY, 'again');
        try {
            $verifier->receive($request, $store, fn () => throw new \DomainException('the database is away'));
            self::fail('the failure was swallowed');
        } catch (\DomainException) {
        }
        $verifier->receive($request, $store, fn (Received $received) => $received->answer(500));
        $received = $verifier->claim($request, $store);
        self::assertTrue($received->release());
        self::assertFalse($received->release());
        self::assertFalse($received->confirm());
        $verifier->receive($request, $store, fn (Received $received) => $received->answer(204));
        self::assertSame(Reason::ReplayDuplicate, Fixture::refusal(fn () => $verifier->claim($request, $store))->reason);
    }

    /** @dataProvider stores */
    public function testAnOldOwnerEndsNothing(\Closure $make): void
    {
        $open = $make();
        // Redis has a clock of its own: the lease is waited for there.
        $isLive = $open() instanceof RedisStore;
        $now = Fixture::NOW;
        $verifier = new \Hookproof\Verifier([Fixture::API_KEY => Fixture::SECRET], lease: 1, clock: function () use (&$now): int {
            return $now;
        });
        $request = Fixture::signer()->request(Fixture::BODY, 'lease');
        $first = $verifier->claim($request, $open());
        $isLive ? usleep(1_100_000) : $now += 1;
        $second = $verifier->claim($request, $open());
        self::assertFalse($first->confirm());
        self::assertFalse($first->release());
        self::assertTrue($second->confirm());
        self::assertTrue($second->confirm());
        self::assertFalse($second->release());
    }

    /** @dataProvider stores */
    public function testAtMostOnce(\Closure $make): void
    {
        $open = $make();
        $verifier = Fixture::verifier();
        $request = Fixture::signer()->request(Fixture::BODY, 'at most');
        self::assertSame('recorded', $verifier->verifyOnce($request, $open())->replay());
        self::assertSame(Reason::ReplayDuplicate, Fixture::refusal(fn () => $verifier->verifyOnce($request, $open()))->reason);
        $pending = $verifier->begin(Fixture::signer()->request(Fixture::BODY, 'streamed'));
        $pending->update(Fixture::BODY);
        self::assertSame('recorded', $pending->finishOnce($open())->replay());
        $pending = $verifier->begin(Fixture::signer()->request(Fixture::BODY, 'streamed too'));
        $pending->update(Fixture::BODY);
        self::assertSame('claimed', $pending->receive($open(), fn (Received $received) => $received->webhook->replay()));
    }

    /** @dataProvider stores */
    public function testARefusedRequestUsesNothingUp(\Closure $make): void
    {
        $store = $make()();
        $verifier = Fixture::verifier();
        $request = Fixture::signer()->request(Fixture::BODY, 'tampered');
        $tampered = \Hookproof\Request::post($request->headers, 'other');
        self::assertSame(Reason::PayloadMismatch, Fixture::refusal(fn () => $verifier->claim($tampered, $store))->reason);
        self::assertSame('claimed', $verifier->claim($request, $store)->webhook->replay());
    }

    public function testAFullMemoryStoreRefuses(): void
    {
        $store = new MemoryStore(1);
        Fixture::verifier()->claim(Fixture::signer()->request(Fixture::BODY, 'a'), $store);
        $refusal = Fixture::refusal(fn () => Fixture::verifier()->claim(Fixture::signer()->request(Fixture::BODY, 'b'), $store));
        self::assertSame([Reason::ReplayStoreFull, 503], [$refusal->reason, $refusal->httpStatus]);
        $cold = new MemoryStore(8, refuseIssuedUntil: Fixture::NOW);
        $refusal = Fixture::refusal(fn () => Fixture::verifier()->claim(Fixture::signer()->request(Fixture::BODY), $cold));
        self::assertSame(Reason::ReplayStoreUnavailable, $refusal->reason);
    }

    /** @dataProvider misconfigured */
    public function testAStoreThatCannotBeMadeSaysWhy(\Closure $make, string $says): void
    {
        $this->expectException(ConfigException::class);
        $this->expectExceptionMessageMatches("/$says/");
        $make();
    }

    /** @return iterable<string, array{\Closure(): mixed, string}> */
    public static function misconfigured(): iterable
    {
        yield 'file' => [fn () => new FileStore('/nowhere/at/all/seen.db'), 'nowhere|directory'];
        yield 'budget' => [fn () => new FileStore(Fixture::folder() . '/x', budgetMs: Abi::MAX_STORE_BUDGET_MS + 1), 'budgetMs'];
        yield 'capacity' => [fn () => new MemoryStore(0), 'capacity'];
        yield 'namespace' => [fn () => new RedisStore(self::redis()->extension(), 'a b'), 'namespace'];
        yield 'client' => [fn () => new RedisStore(new \stdClass()), 'client'];
        yield 'client without a timeout' => [function () {
            $client = new \Redis();
            $client->connect('127.0.0.1', self::redis()->port);
            return new RedisStore($client);
        }, 'read timeout'];
        yield 'table' => [fn () => new PdoStore(new \PDO('sqlite::memory:'), table: 'x; DROP'), 'table'];
    }

    public function testADatabaseThatFailsRefuses(): void
    {
        $pdo = new \PDO('sqlite::memory:');
        $verifier = Fixture::verifier();
        $request = Fixture::signer()->request(Fixture::BODY);
        // No table, in every error mode: silence must not read as an answer.
        foreach ([\PDO::ERRMODE_EXCEPTION, \PDO::ERRMODE_SILENT] as $mode) {
            $pdo->setAttribute(\PDO::ATTR_ERRMODE, $mode);
            $refusal = Fixture::refusal(fn () => $verifier->claim($request, new PdoStore($pdo)));
            self::assertSame(Reason::ReplayStoreUnavailable, $refusal->reason);
            self::assertNotNull($refusal->getPrevious());
        }
        $pdo->exec(PdoStore::tableSql());
        // Inside the application's own transaction.
        $pdo->beginTransaction();
        $refusal = Fixture::refusal(fn () => $verifier->claim($request, new PdoStore($pdo)));
        self::assertStringContainsString('transaction', $refusal->getPrevious()->getMessage());
        $pdo->rollBack();
        // Also in one that PDO does not know of: what is rolled back would be forgotten.
        $pdo->exec('BEGIN');
        self::assertSame(Reason::ReplayStoreUnavailable, Fixture::refusal(fn () => $verifier->claim($request, new PdoStore($pdo)))->reason);
        $pdo->exec('ROLLBACK');
        $received = $verifier->claim(Fixture::signer()->request(Fixture::BODY, 'in a transaction'), new PdoStore($pdo));
        $pdo->exec('BEGIN');
        try {
            $received->confirm();
            self::fail('it would be rolled back');
        } catch (StoreException) {
            $pdo->exec('ROLLBACK');
        }
        self::assertTrue($received->confirm());
        // The table goes away before the claim ends: the work is done all the same.
        $received = $verifier->claim($request, new PdoStore($pdo));
        $pdo->exec('DROP TABLE hookproof_replay');
        $before = ini_set('error_log', '/dev/null');
        $received->run(fn () => null);
        ini_set('error_log', (string) $before);
        self::assertInstanceOf(StoreException::class, $received->storeFailure);
        self::assertTrue($received->isOpen());
        // Accepted and flagged, where somebody spelled that out.
        $daring = Fixture::verifier(dangerouslyAcceptAndFlagStoreFailures: true)->claim($request, new PdoStore($pdo));
        self::assertSame(['unavailable', false], [$daring->webhook->replay(), $daring->isOpen()]);
    }

    public function testAServerThatEvictsIsRefused(): void
    {
        $client = self::redis()->extension();
        $verifier = Fixture::verifier();
        $request = Fixture::signer()->request(Fixture::BODY, 'evicting');
        $client->config('SET', 'maxmemory-policy', 'allkeys-lru');
        try {
            $refusal = Fixture::refusal(fn () => $verifier->claim($request, new RedisStore($client)));
            self::assertSame(Reason::ReplayStoreUnavailable, $refusal->reason);
            self::assertStringContainsString('noeviction', $refusal->getPrevious()->getMessage());
        } finally {
            $client->config('SET', 'maxmemory-policy', 'noeviction');
        }
        // One without room says that it is full, and still confirms what it knows.
        $received = $verifier->claim($request, new RedisStore($client));
        $client->config('SET', 'maxmemory', '1');
        try {
            $other = Fixture::signer()->request(Fixture::BODY, 'no room');
            self::assertSame(Reason::ReplayStoreFull, Fixture::refusal(fn () => $verifier->claim($other, new RedisStore($client)))->reason);
            self::assertTrue($received->confirm());
        } finally {
            $client->config('SET', 'maxmemory', '0');
        }
        // Inside the application's own batch of commands.
        $client->multi();
        $refusal = Fixture::refusal(fn () => $verifier->claim($request, new RedisStore($client)));
        self::assertSame(Reason::ReplayStoreUnavailable, $refusal->reason);
        $client->discard();
        // Scripts are lost with a flush, and loaded again.
        $store = new RedisStore($client);
        $verifier->claim(Fixture::signer()->request(Fixture::BODY, 'before'), $store);
        $client->script('flush');
        self::assertSame('claimed', $verifier->claim(Fixture::signer()->request(Fixture::BODY, 'after'), $store)->webhook->replay());
    }

    public function testAReplicaIsRefused(): void
    {
        $replica = new RunningRedis('--replicaof', '127.0.0.1', (string) self::redis()->port);
        try {
            $request = Fixture::signer()->request(Fixture::BODY, 'replica');
            $refusal = Fixture::refusal(fn () => Fixture::verifier()->claim($request, new RedisStore($replica->extension())));
            self::assertStringContainsString('must be master', $refusal->getPrevious()->getMessage());
        } finally {
            $replica->stop();
        }
    }

    public function testAServerThatIsAwayRefuses(): void
    {
        $redis = new RunningRedis();
        $store = new RedisStore($redis->extension());
        $verifier = Fixture::verifier();
        $received = $verifier->claim(Fixture::signer()->request(Fixture::BODY, 'a'), $store);
        $redis->stop();
        $refusal = Fixture::refusal(fn () => $verifier->claim(Fixture::signer()->request(Fixture::BODY, 'b'), $store));
        self::assertSame(Reason::ReplayStoreUnavailable, $refusal->reason);
        $this->expectException(StoreException::class);
        $received->confirm();
    }

    /** What the server says too late must not be read as its answer about another request. */
    public function testALateAnswerIsNobodysAnswer(): void
    {
        $redis = new RunningRedis();
        foreach (['extension' => $redis->extension(), 'predis' => $redis->predis()] as $name => $client) {
            $claim = fn (string $jti) => Fixture::verifier()->claim(
                Fixture::signer()->request(Fixture::BODY, $jti),
                new RedisStore($client, $name),
            );
            self::assertTrue($claim('first')->confirm());
            $control = $redis->extension();
            $control->rawCommand('CLIENT', 'PAUSE', '60000', 'WRITE');
            if ($client instanceof \Redis) {
                $client->setOption(\Redis::OPT_READ_TIMEOUT, 0.2);
            }
            self::assertSame(Reason::ReplayStoreUnavailable, Fixture::refusal(fn () => $claim('late'))->reason);
            if ($client instanceof \Redis) {
                $client->setOption(\Redis::OPT_READ_TIMEOUT, 2.0);
            }
            $control->rawCommand('CLIENT', 'UNPAUSE');
            self::assertSame(Reason::ReplayDuplicate, Fixture::refusal(fn () => $claim('first'))->reason);
            self::assertTrue($claim('second')->confirm());
        }
        $redis->stop();
    }

    public function testAStoreOfYourOwn(): void
    {
        $store = new class ('mine') extends HostStore {
            public ?Answer $answer = Answer::Claimed;
            public ?Question $asked = null;

            protected function ask(Question $question, int $now): Answer
            {
                $this->asked = $question;
                return $this->answer ?? throw new \RuntimeException('away');
            }

            protected function confirm(string $identity, string $owner, int $now): bool
            {
                return [$identity, $owner] === [$this->asked->identity, $this->asked->owner];
            }

            protected function release(string $identity, string $owner, int $now): bool
            {
                return false;
            }
        };
        $verifier = Fixture::verifier();
        $request = Fixture::signer()->request(Fixture::BODY, 'own');
        self::assertTrue($verifier->claim($request, $store)->confirm());
        self::assertMatchesRegularExpression('/^[0-9a-f]{32}$/', $store->asked->identity);
        self::assertSame([30, 420], [$store->asked->leaseSeconds, $store->asked->keepSeconds]);
        self::assertFalse($verifier->claim($request, $store)->release());
        $verifier->verifyOnce($request, $store);
        self::assertSame(0, $store->asked->leaseSeconds);
        foreach ([
            [Answer::InProgress, Reason::ReplayInProgress], [Answer::Duplicate, Reason::ReplayDuplicate],
            [Answer::Full, Reason::ReplayStoreFull], [Answer::Unavailable, Reason::ReplayStoreUnavailable],
            [null, Reason::ReplayStoreUnavailable],
        ] as [$store->answer, $reason]) {
            self::assertSame($reason, Fixture::refusal(fn () => $verifier->claim($request, $store))->reason);
        }
        // A store that answered when the token was stale has claimed nothing.
        $now = Fixture::NOW;
        $store->answer = Answer::Claimed;
        $slow = new \Hookproof\Verifier([Fixture::API_KEY => Fixture::SECRET], clock: function () use (&$now): int {
            return ($now += 301) - 301;
        });
        self::assertSame(Reason::TimeStale, Fixture::refusal(fn () => $slow->claim($request, $store))->reason);
    }
}
