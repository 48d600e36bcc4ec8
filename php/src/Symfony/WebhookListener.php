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
        // After a claim the work has failed, also by a refusal, of another request: its answer may be 200.
        if ($event->getRequest()->attributes->get(Received::class) instanceof Received) {
            $event->allowCustomResponseCode();
            $event->setResponse($this->retry());
        } elseif ($failure instanceof WebhookRefused) {
            $response = new Response('', $failure->httpStatus);
            if ($failure->retryAfter !== null) {
                $response->headers->set('Retry-After', (string) $failure->retryAfter);
            }
            $event->allowCustomResponseCode();
            $event->setResponse($response);
        }
    }

    public function onResponse(ResponseEvent $event): void
    {
        $received = $event->getRequest()->attributes->get(Received::class);
        if ($received instanceof Received && $event->isMainRequest()) {
            $status = $event->getResponse()->getStatusCode();
            $received->end(in_array($status, Abi::PROCESSED, true));
            if ($status === 500) {
                $event->setResponse($this->retry());
            }
        }
    }

    private function retry(): Response
    {
        $after = (string) $this->verifier->retryAfter();
        return new Response('', $this->verifier->retryStatus, ['Retry-After' => $after]);
    }
}
