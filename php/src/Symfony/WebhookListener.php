<?php

declare(strict_types=1);

namespace Hookproof\Symfony;

use Hookproof\Abi;
use Hookproof\Exception\WebhookRefused;
use Hookproof\Received;
use Hookproof\Verifier;
use Symfony\Component\EventDispatcher\EventSubscriberInterface;
use Symfony\Component\HttpFoundation\Response;
use Symfony\Component\HttpKernel\Event\ExceptionEvent;
use Symfony\Component\HttpKernel\Event\ResponseEvent;
use Symfony\Component\HttpKernel\KernelEvents;

/**
 * Gives a refusal, and a failure after a claim, the answer of the table; and ends the claim by the answer: confirmed at 200 to
 * 205, else released.
 */
final class WebhookListener implements EventSubscriberInterface
{
    public function __construct(private readonly Verifier $verifier)
    {
    }

    public static function getSubscribedEvents(): array
    {
        // After the framework has logged the exception (0), before it makes its page of it (-128); and before the answer
        // leaves, after everybody who may change it.
        return [KernelEvents::EXCEPTION => ['onException', -64], KernelEvents::RESPONSE => ['onResponse', -1024]];
    }

    public function onException(ExceptionEvent $event): void
    {
        $failure = $event->getThrowable();
        if ($failure instanceof WebhookRefused) {
            $response = new Response('', $failure->httpStatus);
            if ($failure->retryAfter !== null) {
                $response->headers->set('Retry-After', (string) $failure->retryAfter);
            }
            $event->allowCustomResponseCode();
            $event->setResponse($response);
        } elseif ($event->getRequest()->attributes->get(Received::class) instanceof Received) {
            $event->allowCustomResponseCode();
            $event->setResponse(new Response('', $this->verifier->retryStatus, [
                'Retry-After' => (string) $this->verifier->retryAfter(),
            ]));
        }
    }

    public function onResponse(ResponseEvent $event): void
    {
        $received = $event->getRequest()->attributes->get(Received::class);
        if ($received instanceof Received && $event->isMainRequest()) {
            $received->end(in_array($event->getResponse()->getStatusCode(), Abi::PROCESSED, true));
        }
    }
}
