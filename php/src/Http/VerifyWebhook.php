<?php

declare(strict_types=1);

namespace Hookproof\Http;

use Hookproof\Abi;
use Hookproof\Duplicates;
use Hookproof\Exception\WebhookRefused;
use Hookproof\Received;
use Hookproof\Request;
use Hookproof\Store\Store;
use Hookproof\Verifier;
use Hookproof\Webhook;
use Psr\Http\Message\ResponseFactoryInterface;
use Psr\Http\Message\ResponseInterface;
use Psr\Http\Message\ServerRequestInterface;
use Psr\Http\Server\MiddlewareInterface;
use Psr\Http\Server\RequestHandlerInterface;

/**
 * A middleware of PSR-15. The request goes on only if it is genuine and nobody has worked on it, with the attributes
 * Webhook::class and Received::class. Its claim is confirmed when the handler answers with 200 to 205, else released.
 *
 * Where the handler throws, the failure is handed to `$report`, and the sender is told to try again: after the 500 of an
 * error handler it would not do so everywhere.
 */
final class VerifyWebhook implements MiddlewareInterface
{
    private const CHUNK = 65536;

    private readonly \Closure $reporter;

    /**
     * @param (callable(\Throwable): void)|null $report what becomes of a refusal and of a failure; error_log() unless given
     */
    public function __construct(
        private readonly Verifier $verifier,
        private readonly Store $store,
        private readonly ResponseFactoryInterface $responses,
        private readonly Duplicates $duplicates = Duplicates::Refuse,
        private readonly ?string $route = null,
        private readonly ?string $account = null,
        ?callable $report = null,
    ) {
        $this->reporter = $report === null
            ? static fn (\Throwable $failure): bool => error_log('hookproof: ' . ($failure instanceof WebhookRefused
                ? $failure->getMessage()
                : sprintf('%s in %s:%d', $failure::class, $failure->getFile(), $failure->getLine())))
            : $report(...);
    }

    public function process(ServerRequestInterface $request, RequestHandlerInterface $handler): ResponseInterface
    {
        try {
            $received = $this->receive($request);
        } catch (WebhookRefused $refusal) {
            $this->report($refusal);
            return $this->answer($refusal->httpStatus, $refusal->retryAfter);
        } catch (\Throwable $failure) {
            $this->report($failure);
            return $this->retry();
        }
        try {
            $response = $handler->handle(
                $request->withAttribute(Received::class, $received)->withAttribute(Webhook::class, $received->webhook),
            );
        } catch (\Throwable $failure) {
            // A refusal too, of another request: its answer may be 200, and this one's work has failed.
            $received->end(false);
            $this->report($failure);
            return $this->retry();
        }
        $received->end(in_array($response->getStatusCode(), Abi::PROCESSED, true));
        return $response->getStatusCode() === 500 ? $this->retry() : $response;
    }

    private function receive(ServerRequestInterface $request): Received
    {
        $length = $request->getHeaderLine('Content-Length');
        $stream = $request->getBody();
        if ($stream->isSeekable()) {
            $stream->rewind();
        }
        $received = $this->verifier->claimRead(
            Request::headOfPsr7($request, $this->route),
            preg_match('/^[0-9]{1,18}\z/', $length) === 1 ? (int) $length : null,
            static fn (): string => $stream->eof() ? '' : $stream->read(self::CHUNK),
            $this->store,
            $this->duplicates,
            $this->account,
        );
        if ($stream->isSeekable()) {
            $stream->rewind();
        }
        return $received;
    }

    /** The answer must not depend on it: after the 500 of an error handler the sender does not repeat everywhere. */
    private function report(\Throwable $failure): void
    {
        try {
            ($this->reporter)($failure);
        } catch (\Throwable $broken) {
            error_log('hookproof: the report of ' . $failure::class . ' failed: ' . $broken::class);
        }
    }

    private function retry(): ResponseInterface
    {
        return $this->answer($this->verifier->retryStatus, $this->verifier->retryAfter());
    }

    private function answer(int $status, ?int $retryAfter): ResponseInterface
    {
        $response = $this->responses->createResponse($status);
        return $retryAfter === null ? $response : $response->withHeader('Retry-After', (string) $retryAfter);
    }
}
