<?php

declare(strict_types=1);

namespace Hookproof\Tests;

use Hookproof\Carrier;
use Hookproof\Event\Event;
use Hookproof\Event\MessagesInbound;
use Hookproof\Event\SmsReceipt;
use Hookproof\Exception\CallException;
use Hookproof\Exception\ConfigException;
use Hookproof\Exception\HeaderRefused;
use Hookproof\Exception\KeyRefused;
use Hookproof\Exception\PayloadRefused;
use Hookproof\Exception\SignatureRefused;
use Hookproof\Exception\SmsRefused;
use Hookproof\Exception\TimeRefused;
use Hookproof\Exception\TokenRefused;
use Hookproof\Keyring;
use Hookproof\KeySource;
use Hookproof\Reason;
use Hookproof\Request;
use Hookproof\Secret;
use Hookproof\Testing\Signer;
use Hookproof\Verifier;
use PHPUnit\Framework\TestCase;

final class VerifierTest extends TestCase
{
    public function testAGenuineWebhookTellsWhatItsTokenSays(): void
    {
        $signer = new Signer(Fixture::API_KEY, Fixture::SECRET, 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab');
        $webhook = (new Verifier([Fixture::API_KEY => [new Secret('old', 'another'), new Secret('new', Fixture::SECRET)]]))
            ->verify($signer->request(Fixture::BODY, 'id-1', Fixture::NOW), now: Fixture::NOW + 7);
        self::assertSame(Fixture::API_KEY, $webhook->apiKey());
        self::assertSame('id-1', $webhook->jti());
        self::assertSame(Fixture::NOW, $webhook->issuedAt());
        self::assertSame(7, $webhook->ageSeconds());
        self::assertSame('aaaaaaaa-bbbb-cccc-dddd-0123456789ab', $webhook->applicationId());
        self::assertSame('new', $webhook->keyLabel());
        self::assertSame(1, $webhook->keyringGeneration());
        self::assertSame('body', $webhook->payloadForm());
        self::assertSame(['not_checked', 'not checked'], [$webhook->replay(), $webhook->replayExtent()]);
        self::assertFalse($webhook->isDuplicate());
        self::assertSame('Vonage', $webhook->claims()['iss']);
        self::assertSame(Fixture::BODY, $webhook->body());
    }

    /** @dataProvider refusals */
    public function testARefusalIsOfItsFamily(\Closure $request, string $class, Reason $reason, int $status, bool $retry): void
    {
        $refusal = Fixture::refusal(fn () => Fixture::verifier()->verify($request(Fixture::signer())));
        self::assertInstanceOf($class, $refusal);
        self::assertSame($reason, $refusal->reason);
        self::assertSame([$reason->value, $reason->code()], [$refusal->reasonName, $refusal->getCode()]);
        self::assertSame([$status, $retry], [$refusal->httpStatus, $refusal->retry]);
        self::assertSame($status === 503 ? 5 : null, $refusal->retryAfter);
        self::assertSame($reason->hint(), $refusal->hint);
        self::assertStringStartsWith($reason->value . ': ', $refusal->getMessage());
    }

    /** @return iterable<string, array{\Closure(Signer): Request, class-string, Reason, int, bool}> */
    public static function refusals(): iterable
    {
        $body = Fixture::BODY;
        yield 'unsigned' => [fn () => Request::post(null, $body), HeaderRefused::class, Reason::HeaderMissing, 503, true];
        yield 'no bearer' => [fn () => Request::post('Basic x', $body), HeaderRefused::class, Reason::HeaderMalformed, 401, false];
        yield 'twice' => [
            fn (Signer $signer) => new Request($body, ['authorization' => [$signer->sign($body), $signer->sign($body)]]),
            HeaderRefused::class, Reason::HeaderDuplicated, 401, false,
        ];
        yield 'twice, by names of another case' => [
            fn (Signer $signer) => new Request($body, ['authorization' => $signer->sign($body), 'AUTHORIZATION' => 'x']),
            HeaderRefused::class, Reason::HeaderDuplicated, 401, false,
        ];
        yield 'alg none' => [
            fn () => Request::post('Bearer ' . rtrim(base64_encode('{"alg":"none"}'), '=') . '.e30.', $body),
            TokenRefused::class, Reason::TokenAlgorithm, 401, false,
        ];
        yield 'another account' => [
            fn () => (new Signer('ffffffff', 'x', clock: fn () => Fixture::NOW))->request($body),
            KeyRefused::class, Reason::KeyUnknown, 503, true,
        ];
        yield 'another secret' => [
            fn () => (new Signer(Fixture::API_KEY, 'x', clock: fn () => Fixture::NOW))->request($body),
            SignatureRefused::class, Reason::SignatureInvalid, 503, true,
        ];
        yield 'old' => [
            fn (Signer $signer) => $signer->request($body, issuedAt: Fixture::NOW - 301),
            TimeRefused::class, Reason::TimeStale, 503, true,
        ];
        yield 'changed' => [
            fn (Signer $signer) => Request::post($signer->sign($body), "$body "),
            PayloadRefused::class, Reason::PayloadMismatch, 503, true,
        ];
        yield 'too large' => [
            fn (Signer $signer) => $signer->request(str_repeat('x', (1 << 20) + 1)),
            PayloadRefused::class, Reason::PayloadTooLarge, 413, false,
        ];
    }

    public function testARefusalTellsWhatIsKnownAndNoSecret(): void
    {
        $verifier = new Verifier([Fixture::API_KEY => "pasted\n"], clock: static fn (): int => Fixture::NOW);
        $header = Fixture::signer()->sign(Fixture::BODY);
        $refusal = Fixture::refusal(fn () => $verifier->verify(Request::post($header, Fixture::BODY)));
        self::assertSame(Fixture::API_KEY, $refusal->untrustedApiKey);
        self::assertSame(['key-1: ends with a newline'], array_values(preg_grep('/newline/', $refusal->lints)));
        $shown = print_r($refusal, true) . $refusal;
        self::assertStringNotContainsString(substr($header, 7), $shown);
        self::assertStringNotContainsString('pasted', $shown);
        self::assertStringNotContainsString(Fixture::BODY, $shown);
        $stale = Fixture::refusal(fn () => Fixture::verifier()->verify(
            Fixture::signer()->request(Fixture::BODY, issuedAt: Fixture::NOW - 400),
        ));
        self::assertSame(['key-1', 400, 1], [$stale->keyLabel, $stale->ageSeconds, $stale->keyringGeneration]);
    }

    public function testEveryReasonIsTheLibrarysOwn(): void
    {
        $native = \Hookproof\Native::get();
        $text = static fn (string $what, int $code): string => $native->text($native->ffi->{"hookproof_status_$what"}($code));
        foreach (Reason::cases() as $reason) {
            self::assertSame($reason, Reason::ofCode($reason->code()));
            self::assertSame($reason->value, $text('name', $reason->code()));
            self::assertSame($reason->sentence(), $text('message', $reason->code()));
            self::assertSame($reason->hint(), $text('hint', $reason->code()));
            self::assertTrue(is_subclass_of($reason->exception(), \Hookproof\Exception\WebhookRefused::class));
        }
        // And the other way round: no number that the library names is unknown here.
        for ($code = 100; $code < 2000; $code++) {
            self::assertSame($text('name', $code) === 'unknown', Reason::ofCode($code) === null, (string) $code);
        }
    }

    public function testAnEndpointServesOneAccount(): void
    {
        $request = Fixture::signer()->request(Fixture::BODY);
        self::assertSame(Fixture::API_KEY, Fixture::verifier()->verify($request, account: Fixture::API_KEY)->apiKey());
        $refusal = Fixture::refusal(fn () => Fixture::verifier()->verify($request, account: 'ffffffff'));
        self::assertSame(Reason::KeyMismatch, $refusal->reason);
        // An empty name is a name, and nobody's.
        self::assertSame(Reason::KeyMismatch, Fixture::refusal(fn () => Fixture::verifier()->verify($request, account: ''))->reason);
    }

    /** @dataProvider configurations */
    public function testAConfigurationThatIsRefusedSaysWhere(\Closure $make, string $says): void
    {
        try {
            $make();
        } catch (ConfigException $failure) {
            self::assertStringContainsString($says, $failure->getMessage());
            self::assertStringNotContainsString('hush', $failure->getMessage());
            return;
        }
        self::fail('the configuration was taken');
    }

    /** @return iterable<string, array{\Closure(): mixed, string}> */
    public static function configurations(): iterable
    {
        yield 'no account' => [fn () => new Verifier([]), 'no account'];
        yield 'empty secret' => [fn () => new Verifier(['a' => '']), 'secret'];
        yield 'secret of another type' => [fn () => new Verifier(['a' => [7]]), 'secret'];
        yield 'two secrets of one label' => [fn () => new Keyring(['a' => [new Secret('x', 'hush'), new Secret('x', 'hush')]]), 'label'];
        yield 'max age' => [fn () => Fixture::verifier(maxAge: 604801), 'max_age'];
        yield 'negative' => [fn () => Fixture::verifier(leeway: -1), 'leeway'];
        yield 'beyond the type in C' => [fn () => Fixture::verifier(lease: 1 << 40), 'lease'];
        yield 'profile' => [fn () => Fixture::verifier(profile: 'other'), 'profile'];
        yield 'advice' => [fn () => Fixture::verifier(advice: 'none'), 'advice'];
        yield 'retry status' => [fn () => Fixture::verifier(retryStatus: 500), 'retry_status'];
        yield 'keyring text' => [fn () => Keyring::fromJson('{"version": 1, "accounts": [{"api_key": "a", "secrets": "hush"}]}'), 'secrets'];
        yield 'signer' => [fn () => new Signer('a', ''), 'secret'];
    }

    public function testAKeyringIsReplacedAsAWhole(): void
    {
        $verifier = Fixture::verifier();
        $request = Fixture::signer()->request(Fixture::BODY);
        self::assertSame(2, $verifier->replaceKeyring(['ffffffff' => 'another']));
        self::assertSame(Reason::KeyUnknown, Fixture::refusal(fn () => $verifier->verify($request))->reason);
        try {
            $verifier->replaceKeyring([]);
            self::fail('an empty keyring was taken');
        } catch (ConfigException) {
            self::assertSame(2, $verifier->generation());
        }
        $verifier->replaceKeyring(Keyring::fromJson(json_encode(['version' => 1, 'accounts' => [
            ['api_key' => Fixture::API_KEY, 'secrets' => [['label' => 'json', 'secret' => Fixture::SECRET]]],
        ]])));
        self::assertSame(['json', 3], [$verifier->verify($request)->keyLabel(), $verifier->verify($request)->keyringGeneration()]);
    }

    public function testADatedSecretCountsInItsTime(): void
    {
        $ring = new Keyring([Fixture::API_KEY => new Secret(
            'old',
            Fixture::SECRET,
            notAfter: new \DateTimeImmutable('@' . (Fixture::NOW - 1)),
        )]);
        self::assertSame(1, count($ring));
        $refusal = Fixture::refusal(fn () => Fixture::verifier()->verify(Fixture::signer()->request(Fixture::BODY), keyring: $ring));
        self::assertSame([Reason::KeyInactive, 'old'], [$refusal->reason, $refusal->keyLabel]);
    }

    public function testASourceLoadsTheSecretsOfAnAccount(): void
    {
        $asked = [];
        $verifier = new Verifier(new KeySource(function (string $apiKey) use (&$asked): ?string {
            $asked[] = $apiKey;
            return match ($apiKey) {
                Fixture::API_KEY => Fixture::SECRET,
                'broken' => throw new \RuntimeException('the database is away'),
                default => null,
            };
        }), clock: static fn (): int => Fixture::NOW);
        $by = fn (string $apiKey) => (new Signer($apiKey, Fixture::SECRET, clock: fn () => Fixture::NOW))->request(Fixture::BODY);
        self::assertSame(Fixture::API_KEY, $verifier->verify($by(Fixture::API_KEY))->apiKey());
        self::assertSame(Reason::KeyUnknown, Fixture::refusal(fn () => $verifier->verify($by('unknown1')))->reason);
        $refusal = Fixture::refusal(fn () => $verifier->verify($by('broken')));
        self::assertSame([Reason::KeyUnavailable, 503], [$refusal->reason, $refusal->httpStatus]);
        self::assertSame('the database is away', $refusal->getPrevious()->getMessage());
        self::assertSame(Reason::HeaderMissing, Fixture::refusal(fn () => $verifier->verify(Request::post(null, 'x')))->reason);
        $pending = $verifier->begin($by(Fixture::API_KEY));
        $pending->update(Fixture::BODY);
        self::assertSame(Fixture::API_KEY, $pending->finish()->apiKey());
        self::assertSame([Fixture::API_KEY, 'unknown1', 'broken', Fixture::API_KEY], $asked);
        self::assertSame(Fixture::API_KEY, $verifier->untrustedAccount($by(Fixture::API_KEY)));
        self::assertSame(
            Reason::HeaderMalformed,
            Fixture::refusal(fn () => $verifier->untrustedAccount(Request::post('x', '')))->reason,
        );
    }

    public function testABodyIsStreamed(): void
    {
        $verifier = Fixture::verifier(maxBodyBytes: 100);
        $request = Fixture::signer()->request(Fixture::BODY);
        $pending = $verifier->begin($request, strlen(Fixture::BODY));
        self::assertSame('key-1', $pending->keyLabel());
        foreach (str_split(Fixture::BODY, 3) as $chunk) {
            $pending->update($chunk);
        }
        $webhook = $pending->finish();
        self::assertNull($webhook->body());
        self::assertSame('other', $webhook->readEvent(Fixture::BODY)->event);
        self::assertInstanceOf(PayloadRefused::class, Fixture::refusal(fn () => $webhook->readEvent('{}')));
        try {
            $webhook->event();
            self::fail('an event without a body');
        } catch (CallException $failure) {
            self::assertStringContainsString('readEvent', $failure->getMessage());
        }
        try {
            $pending->update('more');
            self::fail('a body was fed after its verdict');
        } catch (CallException $failure) {
            self::assertStringContainsString('error.state', $failure->getMessage());
        }
        // What is announced, and what comes, must not be too large; a forgery ends before the body.
        self::assertSame(413, Fixture::refusal(fn () => $verifier->begin($request, 101))->httpStatus);
        $pending = $verifier->begin($request);
        self::assertSame(413, Fixture::refusal(fn () => $pending->update(str_repeat('x', 101)))->httpStatus);
        $forged = (new Signer(Fixture::API_KEY, 'x', clock: fn () => Fixture::NOW))->request(Fixture::BODY);
        self::assertSame(Reason::SignatureInvalid, Fixture::refusal(fn () => $verifier->begin($forged))->reason);
        // A body that took beyond the window.
        $pending = $verifier->begin($request);
        $pending->update(Fixture::BODY);
        self::assertSame(Reason::TimeStale, Fixture::refusal(fn () => $pending->finish(Fixture::NOW + 301))->reason);
    }

    public function testAGetIsVerifiedByItsQuery(): void
    {
        $query = 'from=447700900000&text=a%20b&empty=';
        $request = new Request('', Fixture::signer()->signQuery($query), 'GET', $query);
        $webhook = Fixture::verifier()->verify($request);
        self::assertSame([['from', '447700900000'], ['text', 'a b'], ['empty', '']], $webhook->query());
        self::assertSame(['a b', null], [$webhook->queryValue('text'), $webhook->queryValue('other')]);
        self::assertSame('query', $webhook->payloadForm());
        $other = new Request('', $request->headers, 'GET', "$query&more=1");
        self::assertSame(Reason::PayloadMismatch, Fixture::refusal(fn () => Fixture::verifier()->verify($other))->reason);
    }

    public function testTheSmsApisOwnSignature(): void
    {
        $parameters = 'api-key=' . Fixture::API_KEY . '&msisdn=447700900001&to=447700900000&messageId=0A&text=Hi&type=text';
        $form = Fixture::signer()->signSms($parameters, 'sha512');
        $verifier = Fixture::verifier(profile: 'sms_sha512');
        $webhook = $verifier->verify(new Request('', null, 'GET', $form));
        self::assertSame(Fixture::API_KEY, $webhook->apiKey());
        self::assertSame(['sms', 'inbound', true], [$webhook->event()->api, $webhook->event()->event, $webhook->event()->signed]);
        $refusal = Fixture::refusal(fn () => $verifier->verify(new Request('', null, 'GET', "$form&text=x")));
        self::assertInstanceOf(SmsRefused::class, $refusal);
        $json = Fixture::signer()->signSms($parameters, 'sha512', asJson: true);
        self::assertSame(Fixture::API_KEY, $verifier->untrustedAccount(new Request($json)));
    }

    public function testEventsAreTyped(): void
    {
        $body = '{"message_uuid":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab","timestamp":"2026-01-01T00:00:00Z","to":{"type":"sms",'
            . '"number":"447700900000"},"from":{"type":"sms","number":"447700900001"},"channel":"sms","message_type":"text",'
            . '"text":"\u0000 odd","usage":{"price":"0.03330","currency":"EUR"},"x":{"y":[1.50,{}]}}';
        $event = Fixture::verifier()->verify(Fixture::signer()->request($body))->event();
        self::assertInstanceOf(MessagesInbound::class, $event->detail);
        self::assertSame(["\0 odd", '447700900001'], [$event->detail->text, $event->from]);
        self::assertSame('0.03330', $event->detail->usage->price);
        self::assertSame(['/x' => ['y' => [1.5, []]]], $event->unknown);
        self::assertTrue($event->signed);
        self::assertJson($event->json);
        $readonly = false;
        try {
            $event->api = 'other';
        } catch (\Error) {
            $readonly = true;
        }
        self::assertTrue($readonly, 'an event was changed');
    }

    public function testAnUnsignedEventSaysSo(): void
    {
        $form = 'msisdn=447700900001&to=447700900000&messageId=0A&status=delivered&price=0.03330000&err-code=0&scts=2601011200'
            . '&network-code=12345&message-timestamp=2026-01-01+00%3A00%3A00';
        $event = Event::parseUnsigned($form, Carrier::Form);
        self::assertInstanceOf(SmsReceipt::class, $event->detail);
        self::assertFalse($event->signed);
        self::assertSame(['0.03330000', 0], [$event->detail->price, $event->detail->errCode]);
        self::assertSame('2026-01-01T00:00:00+00:00', $event->occurredAt->format(DATE_ATOM));
        self::assertSame('unreadable', Event::parseUnsigned("\xFF", Carrier::Json)->event);
        self::assertNull(Event::parseUnsigned('[]', Carrier::Json)->detail);
    }

    /** Any bytes end in a verdict. */
    public function testAnyBytesEndInAVerdict(): void
    {
        $verifier = Fixture::verifier();
        $good = Fixture::signer()->sign(Fixture::BODY);
        for ($round = 0; $round < 2000; $round++) {
            $bytes = random_bytes(random_int(1, 300));
            $cut = substr($good, 0, random_int(0, strlen($good))) . $bytes;
            foreach ([new Request($bytes, $bytes, $bytes, $bytes, $bytes), Request::post($cut, Fixture::BODY)] as $request) {
                if ($request->headers !== $good) {
                    self::assertNotSame('', Fixture::refusal(fn () => $verifier->verify($request))->getMessage());
                }
            }
            self::assertNotSame('', Event::parseUnsigned($bytes, Carrier::from($round % 3))->json);
        }
    }

    public function testHandlesAreFreed(): void
    {
        $request = Fixture::signer()->request(Fixture::BODY);
        $resident = static function (): int {
            preg_match('/^VmRSS:\s+(\d+)/m', file_get_contents('/proc/self/status'), $found);
            return (int) $found[1];
        };
        $round = static function () use ($request): void {
            $verifier = Fixture::verifier();
            $verifier->verify($request)->event();
            $verifier->begin($request);
            Fixture::refusal(fn () => $verifier->verify(Request::post($request->headers, 'other')));
            $verifier->claim($request, new \Hookproof\Store\MemoryStore(8));
        };
        for ($count = 0; $count < 500; $count++) {
            $round();
        }
        gc_collect_cycles();
        $before = $resident();
        for ($count = 0; $count < 5000; $count++) {
            $round();
        }
        gc_collect_cycles();
        // A leak of one handle at each round would be megabytes.
        self::assertLessThan(1024, $resident() - $before);
    }

    /** @dataProvider holders */
    public function testWhatHoldsASecretOrAHandleIsNeitherShownNorCopied(\Closure $make): void
    {
        $holder = $make();
        $shown = print_r($holder, true) . var_export($holder, true) . json_encode($holder);
        ob_start();
        var_dump($holder, (array) $holder);
        self::assertStringNotContainsString('hush', $shown . ob_get_clean());
        foreach ([fn () => serialize($holder), fn () => clone $holder, fn () => unserialize(sprintf('O:%d:"%s":0:{}', strlen($holder::class), $holder::class))] as $copy) {
            $copied = true;
            try {
                $copy();
            } catch (\LogicException | \Error) {
                $copied = false;
            }
            self::assertFalse($copied, $holder::class);
        }
    }

    /** @return iterable<string, array{\Closure(): object}> */
    public static function holders(): iterable
    {
        yield 'secret' => [fn () => new Secret('x', 'hush')];
        yield 'keyring' => [fn () => new Keyring(['a' => 'hush'])];
        yield 'verifier' => [fn () => new Verifier(['a' => 'hush'])];
        yield 'signer' => [fn () => new Signer('a', 'hush')];
        yield 'store' => [fn () => new \Hookproof\Store\MemoryStore(1)];
        yield 'library' => [fn () => \Hookproof\Native::get()];
        yield 'webhook' => [fn () => Fixture::verifier()->verify(Fixture::signer()->request('{}'))];
    }

    public function testTheTraceOfAnExceptionHoldsNoSecret(): void
    {
        $before = ini_set('zend.exception_ignore_args', '0');
        try {
            new Verifier(['a' => ['hush-hush-hush', '']]);
            self::fail('an empty secret was taken');
        } catch (ConfigException $failure) {
            $frames = array_filter($failure->getTrace(), fn (array $frame) => str_starts_with($frame['class'] ?? '', 'Hookproof\\')
                && $frame['class'] !== self::class);
            self::assertGreaterThan(2, count($frames));
            self::assertStringNotContainsString('hush', print_r($frames, true));
        } finally {
            ini_set('zend.exception_ignore_args', (string) $before);
        }
    }

    public function testAnAddressIsComparedWithNetworks(): void
    {
        self::assertSame('not_checked', Fixture::verifier()->sourceHint('192.0.2.1'));
        $verifier = Fixture::verifier(networks: ['published', '192.0.2.0/24']);
        self::assertSame(['added', 'elsewhere', 'unreadable'], array_map($verifier->sourceHint(...), ['192.0.2.1', '203.0.113.1', 'x']));
    }

    /** @return iterable<string, array{array<string, string>, array{?string, int}}> */
    public static function variables(): iterable
    {
        yield 'plain' => [['HTTP_AUTHORIZATION' => 'Bearer a'], ['Bearer a', 1]];
        yield 'after redirects' => [['REDIRECT_REDIRECT_HTTP_AUTHORIZATION' => 'Bearer a'], ['Bearer a', 1]];
        yield 'set to nothing after one' => [['HTTP_AUTHORIZATION' => '', 'REDIRECT_HTTP_AUTHORIZATION' => 'Bearer a'], ['Bearer a', 1]];
        yield 'empty' => [['HTTP_AUTHORIZATION' => ''], [null, 0]];
        yield 'another field' => [['HTTP_REDIRECT_HTTP_AUTHORIZATION' => 'Bearer a'], [null, 0]];
        yield 'two' => [['HTTP_AUTHORIZATION' => 'Bearer a, Bearer b'], ['Bearer b', 2]];
        yield 'another scheme first' => [['HTTP_AUTHORIZATION' => 'Basic x, Bearer a'], ['Bearer a', 2]];
        yield 'an empty one first' => [['HTTP_AUTHORIZATION' => ', Bearer a'], ['Bearer a', 2]];
    }

    /**
     * @dataProvider variables
     *
     * @param array<string, string> $variables
     * @param array{?string, int} $field
     */
    public function testTheHeaderIsFoundAmongTheVariablesOfTheServer(array $variables, array $field): void
    {
        $before = $_SERVER;
        try {
            $_SERVER = $variables;
            self::assertSame($field, Request::fromGlobals(body: '')->field('Authorization'));
        } finally {
            $_SERVER = $before;
        }
    }
}
