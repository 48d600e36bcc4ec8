<?php

declare(strict_types=1);

namespace Hookproof\Symfony;

use Hookproof\Duplicates;
use Hookproof\Exception\WebhookRefused;
use Hookproof\Received;
use Hookproof\Request as Incoming;
use Hookproof\Store\Store;
use Hookproof\Verifier;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\RemoteEvent\RemoteEvent;
use Symfony\Component\Webhook\Client\RequestParserInterface;

/**
 * A request parser for Symfony's Webhook component (6.3 and later), for the webhooks of every Vonage API:
 *
 *     framework:
 *         webhook:
 *             routing:
 *                 vonage: { service: Hookproof\Symfony\WebhookParser }
 *
 * Put WebhookListener beside it: it ends the claim by the answer, and gives a refusal the answer of the table. The remote
 * event's name is `messages.inbound/whatsapp`, its id names the content, and its payload is the body. The secret of the
 * component's configuration plays no part: the verifier has its own, by account.
 */
final class WebhookParser implements RequestParserInterface
{
    public function __construct(
        private readonly Verifier $verifier,
        private readonly Store $store,
        private readonly Duplicates $duplicates = Duplicates::Refuse,
        private readonly ?string $account = null,
    ) {
    }

    /** @throws WebhookRefused */
    public function parse(Request $request, #[\SensitiveParameter] string $secret): RemoteEvent
    {
        $received = $this->verifier->claim(Incoming::fromSymfony($request), $this->store, $this->duplicates, $this->account);
        $request->attributes->set(Received::class, $received);
        $event = $received->webhook->event();
        $payload = json_decode($event->json, true, 512, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
        return new RemoteEvent("{$event->api}.{$event->event}", $event->contentId, $payload);
    }

    public function createSuccessfulResponse(): Response
    {
        return new Response('', Response::HTTP_ACCEPTED);
    }

    public function createRejectedResponse(string $reason): Response
    {
        // The reason is for the log, and not for the sender.
        return new Response('', $this->verifier->retryStatus, ['Retry-After' => (string) $this->verifier->retryAfter()]);
    }
}
