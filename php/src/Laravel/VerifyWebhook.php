<?php

declare(strict_types=1);

namespace Hookproof\Laravel;

use Hookproof\Abi;
use Hookproof\Duplicates;
use Hookproof\Exception\WebhookRefused;
use Hookproof\Received;
use Hookproof\Request as Incoming;
use Hookproof\Store\Store;
use Hookproof\Verifier;
use Hookproof\Webhook;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;

/**
 * A route middleware for Laravel:
 *
 *     Route::post('/webhooks/vonage', Controller::class)->middleware(VerifyWebhook::class)
 *
 * with the verifier and the store bound in a service provider. The webhook is `$request->attributes->get(Webhook::class)`. Take
 * the route out of CSRF protection.
 */
final class VerifyWebhook
{
    public function __construct(
        private readonly Verifier $verifier,
        private readonly Store $store,
        private readonly Duplicates $duplicates = Duplicates::Refuse,
    ) {
    }

    /**
     * @param \Closure(Request): Response $next
     * @param string|null $account the api_key that the route serves: `->middleware(VerifyWebhook::class . ':a1b2c3d4')`
     */
    public function handle(Request $request, \Closure $next, ?string $account = null): Response
    {
        try {
            $received = $this->verifier->claim(Incoming::fromSymfony($request), $this->store, $this->duplicates, $account);
        } catch (WebhookRefused $refusal) {
            error_log('hookproof: ' . $refusal->getMessage());
            return self::answer($refusal->httpStatus, $refusal->retryAfter);
        }
        $request->attributes->set(Received::class, $received);
        $request->attributes->set(Webhook::class, $received->webhook);
        try {
            // Laravel turns what a controller throws into an answer, and has reported it, before it comes here.
            $response = $next($request);
        } catch (\Throwable $failure) {
            $received->end(false);
            throw $failure;
        }
        $received->end(in_array($response->getStatusCode(), Abi::PROCESSED, true));
        return $response->getStatusCode() === 500
            ? self::answer($this->verifier->retryStatus, $this->verifier->retryAfter())
            : $response;
    }

    private static function answer(int $status, ?int $retryAfter): Response
    {
        return new Response('', $status, $retryAfter === null ? [] : ['Retry-After' => (string) $retryAfter]);
    }
}
