<?php

declare(strict_types=1);

namespace Hookproof\Tests;

use Hookproof\Exception\CallException;
use Hookproof\Http\VerifyWebhook;
use Hookproof\KeySource;
use Hookproof\Laravel\SignatureValidator;
use Hookproof\Laravel\VerifyWebhook as LaravelMiddleware;
use Hookproof\Reason;
use Hookproof\Received;
use Hookproof\Request;
use Hookproof\Store\MemoryStore;
use Hookproof\Symfony\WebhookListener;
use Hookproof\Symfony\WebhookParser;
use Hookproof\Verifier;
use Hookproof\Webhook;
use Nyholm\Psr7\Factory\Psr17Factory;
use Nyholm\Psr7\Response;
use Nyholm\Psr7\ServerRequest;
use PHPUnit\Framework\TestCase;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Server\RequestHandlerInterface;
use Spatie\WebhookClient\WebhookConfig;
use Symfony\Component\EventDispatcher\EventDispatcher;
use Symfony\Component\HttpFoundation\Request as SymfonyRequest;
use Symfony\Component\HttpFoundation\Response as SymfonyResponse;
use Symfony\Component\HttpKernel\Controller\ArgumentResolver;
use Symfony\Component\HttpKernel\Controller\ControllerResolverInterface;
use Symfony\Component\HttpKernel\Event\ExceptionEvent;
use Symfony\Component\HttpKernel\Exception\HttpException;
use Symfony\Component\HttpKernel\HttpKernel;
use Symfony\Component\HttpKernel\KernelEvents;

/** The package behind PSR-15, Symfony and Laravel. */
final class GlueTest extends TestCase
{
    private MemoryStore $store;
    private string|false $errorLog;

    protected function setUp(): void
    {
        $this->store = new MemoryStore(64);
        $this->errorLog = ini_set('error_log', '/dev/null');
    }

    protected function tearDown(): void
    {
        ini_set('error_log', (string) $this->errorLog);
    }

    private function psr15(\Closure $work, ServerRequestInterface $request, ?\Closure $report = null): ResponseInterface
    {
        $handler = new class ($work) implements RequestHandlerInterface {
            public function __construct(private readonly \Closure $work)
            {
            }

            public function handle(ServerRequestInterface $request): ResponseInterface
            {
                return ($this->work)($request);
            }
        };
        $middleware = new VerifyWebhook(Fixture::verifier(), $this->store, new Psr17Factory(), report: $report);
        return $middleware->process($request, $handler);
    }

    private function psrRequest(string $jti, string $body = Fixture::BODY): ServerRequest
    {
        return new ServerRequest('POST', '/hook?x=1', ['Authorization' => Fixture::signer()->sign(Fixture::BODY, $jti)], $body);
    }

    public function testPsr15PassesAGenuineRequestOnAndConfirms(): void
    {
        $request = $this->psrRequest('psr');
        $response = $this->psr15(function (ServerRequestInterface $request): ResponseInterface {
            self::assertSame(Fixture::API_KEY, $request->getAttribute(Webhook::class)->apiKey());
            self::assertSame(Fixture::BODY, $request->getAttribute(Webhook::class)->body());
            self::assertTrue($request->getAttribute(Received::class)->isOpen());
            self::assertSame(Fixture::BODY, $request->getBody()->getContents(), 'the body is at its beginning');
            return new Response(204);
        }, $request);
        self::assertSame(204, $response->getStatusCode());
        $reported = [];
        $report = function (\Throwable $failure) use (&$reported): void {
            $reported[] = $failure;
        };
        $response = $this->psr15(fn () => self::fail('a repeat went on'), $request, $report);
        self::assertSame([200, ''], [$response->getStatusCode(), (string) $response->getBody()]);
        self::assertSame(Reason::ReplayDuplicate, $reported[0]->reason);
    }

    public function testPsr15AnswersARefusalByTheTable(): void
    {
        $response = $this->psr15(fn () => self::fail('a forgery went on'), $this->psrRequest('x', 'changed'));
        self::assertSame([503, '5', ''], [$response->getStatusCode(), $response->getHeaderLine('Retry-After'), (string) $response->getBody()]);
        $twice = $this->psrRequest('twice')->withAddedHeader('Authorization', 'Bearer other');
        self::assertSame(401, $this->psr15(fn () => self::fail('two headers went on'), $twice)->getStatusCode());
        $joined = $this->psrRequest('joined');
        $joined = $joined->withHeader('Authorization', $joined->getHeaderLine('Authorization') . ', Bearer other');
        $reason = null;
        $this->psr15(fn () => self::fail('two headers went on'), $joined, function (\Throwable $failure) use (&$reason): void {
            $reason = $failure->reason;
        });
        self::assertSame(Reason::HeaderDuplicated, $reason);
        $large = $this->psrRequest('large')->withHeader('Content-Length', '1048577');
        self::assertSame(413, $this->psr15(fn () => self::fail('a large body went on'), $large)->getStatusCode());
    }

    public function testPsr15LoadsTheSecretsOfAnAccountThatStandsInTheBody(): void
    {
        $parameters = 'api-key=' . Fixture::API_KEY . '&msisdn=447700900001&to=447700900000&messageId=0A&text=Hi&type=text';
        $form = Fixture::signer()->signSms($parameters);
        $source = new KeySource(fn (string $apiKey): ?string => $apiKey === Fixture::API_KEY ? Fixture::SECRET : null);
        $verifier = new Verifier($source, profile: 'sms_sha256', maxBodyBytes: 1000, clock: static fn (): int => Fixture::NOW);
        $handler = new class () implements RequestHandlerInterface {
            public function handle(ServerRequestInterface $request): ResponseInterface
            {
                return new Response(204, ['Account' => $request->getAttribute(Webhook::class)->apiKey()]);
            }
        };
        $middleware = new VerifyWebhook($verifier, $this->store, new Psr17Factory());
        $answer = fn (string $body) => $middleware->process(new ServerRequest('POST', '/sms', [], $body), $handler);
        self::assertSame([204, Fixture::API_KEY], [($response = $answer($form))->getStatusCode(), $response->getHeaderLine('Account')]);
        self::assertSame(200, $answer($form)->getStatusCode());
        self::assertSame(503, $answer("$form&text=x")->getStatusCode());
        self::assertSame(413, $answer($form . str_repeat('x', 2000))->getStatusCode());
        $this->expectException(CallException::class);
        $verifier->begin(new Request());
    }

    public function testPsr15ReleasesWhatFailed(): void
    {
        $request = $this->psrRequest('failing');
        $reported = null;
        $response = $this->psr15(fn () => throw new \DomainException('away'), $request, function (\Throwable $failure) use (&$reported): void {
            $reported = $failure;
        });
        self::assertInstanceOf(\DomainException::class, $reported);
        self::assertSame([503, '5'], [$response->getStatusCode(), $response->getHeaderLine('Retry-After')]);
        $deaf = fn () => throw new \LogicException('the log is full');
        self::assertSame(503, $this->psr15(fn () => throw new \DomainException('away'), $request, $deaf)->getStatusCode());
        // The sender does not repeat after a 500 everywhere; any other status is the application's own.
        self::assertSame(503, $this->psr15(fn () => new Response(500), $request)->getStatusCode());
        self::assertSame(422, $this->psr15(fn () => new Response(422), $request)->getStatusCode());
        self::assertSame(200, $this->psr15(fn () => new Response(200), $request)->getStatusCode());
    }

    /** Work that ends in the refusal of another request has failed, whatever the answer to that one is. */
    public function testARefusalOfAnotherRequestIsAFailureOfTheWork(): void
    {
        $verifier = Fixture::verifier();
        $other = Fixture::signer()->request(Fixture::BODY, 'other');
        $verifier->verifyOnce($other, $this->store);
        $work = fn () => $verifier->verifyOnce($other, $this->store);
        $request = $this->psrRequest('outer');
        self::assertSame(503, $this->psr15($work, $request)->getStatusCode());
        self::assertSame(201, $this->psr15(fn () => new Response(201), $request)->getStatusCode(), 'the retry is worked on');

        self::assertSame(503, $this->kernel($work)->handle($this->symfonyRequest('symfony outer'))->getStatusCode());
        $kernel = $this->kernel(fn () => null);
        self::assertSame(202, $kernel->handle($this->symfonyRequest('symfony outer'))->getStatusCode(), 'the retry is worked on');
    }

    public function testAGetOfPsr7IsReadFromItsTarget(): void
    {
        $query = 'b=%7e&a=x+y';
        $header = ['Authorization' => Fixture::signer()->signQuery($query, 'get')];
        $request = new ServerRequest('GET', "/hook?$query", $header, null, '1.1', ['REQUEST_URI' => "/hook?$query"]);
        self::assertSame('query', Fixture::verifier()->verify(Request::fromPsr7($request))->payloadForm());
        // Symfony sorts a query and writes it anew; the target is as it was sent.
        $request = SymfonyRequest::create("/hook?$query", 'GET', server: ['HTTP_AUTHORIZATION' => $header['Authorization']]);
        self::assertNotSame($query, $request->getQueryString());
        self::assertSame('x y', Fixture::verifier()->verify(Request::fromSymfony($request))->queryValue('a'));
    }

    private function symfonyRequest(string $jti, string $body = Fixture::BODY, string $class = SymfonyRequest::class): SymfonyRequest
    {
        return $class::create('/hook', 'POST', [], [], [], [
            'HTTP_AUTHORIZATION' => Fixture::signer()->sign(Fixture::BODY, $jti),
            'CONTENT_TYPE' => 'application/json',
        ], $body);
    }

    /** A kernel whose controller does what Symfony's Webhook component does: parse, then hand on. */
    private function kernel(\Closure $consume, ?\Closure $onException = null): HttpKernel
    {
        $parser = new WebhookParser(Fixture::verifier(), $this->store);
        $dispatcher = new EventDispatcher();
        $dispatcher->addSubscriber(new WebhookListener(Fixture::verifier()));
        if ($onException !== null) {
            $dispatcher->addListener(KernelEvents::EXCEPTION, $onException);
        }
        $resolver = new class ($parser, $consume) implements ControllerResolverInterface {
            public function __construct(private readonly WebhookParser $parser, private readonly \Closure $consume)
            {
            }

            public function getController(SymfonyRequest $request): callable
            {
                return function (SymfonyRequest $request): SymfonyResponse {
                    ($this->consume)($this->parser->parse($request, ''));
                    return $this->parser->createSuccessfulResponse();
                };
            }
        };
        return new HttpKernel($dispatcher, $resolver, null, new ArgumentResolver());
    }

    public function testSymfonysComponent(): void
    {
        $consumed = [];
        $kernel = $this->kernel(function (object $event) use (&$consumed): void {
            $consumed[] = [$event->getName(), strlen($event->getId()), $event->getPayload()['signed']];
        });
        self::assertSame(202, $kernel->handle($this->symfonyRequest('symfony'))->getStatusCode());
        self::assertSame([['other.other', 64, true]], $consumed);
        self::assertSame(200, $kernel->handle($this->symfonyRequest('symfony'))->getStatusCode());
        self::assertCount(1, $consumed);
        $response = $kernel->handle($this->symfonyRequest('changed', 'changed'));
        self::assertSame([503, '5', ''], [$response->getStatusCode(), $response->headers->get('Retry-After'), $response->getContent()]);

        $broken = $this->kernel(fn () => throw new \DomainException('away'));
        $response = $broken->handle($this->symfonyRequest('broken'));
        self::assertSame([503, '5', ''], [$response->getStatusCode(), $response->headers->get('Retry-After'), $response->getContent()]);
        self::assertSame(202, $kernel->handle($this->symfonyRequest('broken'))->getStatusCode(), 'the retry is worked on');
        // An application that makes its own page of a failure: the sender does not repeat after a 500 everywhere.
        $page = fn (ExceptionEvent $event) => $event->setResponse(new SymfonyResponse('sorry', 500));
        $response = $this->kernel(fn () => throw new \DomainException('away'), $page)->handle($this->symfonyRequest('page'));
        self::assertSame([503, '5', ''], [$response->getStatusCode(), $response->headers->get('Retry-After'), $response->getContent()]);
        self::assertSame(202, $kernel->handle($this->symfonyRequest('page'))->getStatusCode(), 'the retry is worked on');
        $parser = new WebhookParser(Fixture::verifier(), $this->store);
        self::assertSame(503, $parser->createRejectedResponse('why')->getStatusCode());
        self::assertSame('', $parser->createRejectedResponse('why')->getContent());
    }

    public function testLaravelsMiddleware(): void
    {
        $middleware = new LaravelMiddleware(Fixture::verifier(), $this->store);
        $request = $this->symfonyRequest('laravel', class: \Illuminate\Http\Request::class);
        $seen = null;
        $next = function (SymfonyRequest $request) use (&$seen): SymfonyResponse {
            $seen = $request->attributes->get(Webhook::class);
            return new SymfonyResponse('', 201);
        };
        self::assertSame(503, $middleware->handle($request, fn () => new SymfonyResponse('', 500))->getStatusCode());
        self::assertSame(201, $middleware->handle($request, $next)->getStatusCode());
        self::assertSame(Fixture::API_KEY, $seen->apiKey());
        self::assertSame(200, $middleware->handle($request, fn () => self::fail('a repeat went on'))->getStatusCode());
        $other = $this->symfonyRequest('laravel 2', class: \Illuminate\Http\Request::class);
        $response = $middleware->handle($other, fn () => self::fail('another account went on'), 'ffffffff');
        self::assertSame([503, '5'], [$response->getStatusCode(), $response->headers->get('Retry-After')]);
        try {
            $middleware->handle($other, fn () => throw new \DomainException('away'));
            self::fail('the failure was swallowed');
        } catch (\DomainException) {
            self::assertSame(201, $middleware->handle($other, $next)->getStatusCode());
        }
    }

    public function testSpatiesValidator(): void
    {
        $request = fn (string $body = Fixture::BODY) => $this->symfonyRequest('spatie', $body, \Illuminate\Http\Request::class);
        $validator = new SignatureValidator(Fixture::verifier());
        self::assertTrue($validator->isValid($request(), new WebhookConfig()));
        self::assertTrue($validator->isValid($request(), new WebhookConfig()));
        $once = new SignatureValidator(Fixture::verifier(), $this->store);
        self::assertTrue($once->isValid($request(), new WebhookConfig()));
        foreach ([[$once, $request(), 200, []], [$validator, $request('x'), 503, ['Retry-After' => '5']]] as [$by, $what, $status, $headers]) {
            try {
                $by->isValid($what, new WebhookConfig());
                self::fail('it was taken');
            } catch (HttpException $failure) {
                self::assertSame([$status, $headers, ''], [$failure->getStatusCode(), $failure->getHeaders(), $failure->getMessage()]);
            }
        }
    }
}
