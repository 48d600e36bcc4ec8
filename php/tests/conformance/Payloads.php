<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

use Hookproof\Carrier;
use Hookproof\Event\Event;
use Hookproof\Exception\WebhookRefused;
use Hookproof\Request;
use Hookproof\Verifier;

/** A sample webhook of the vendor's: verified where it is signed, and read as an event. */
final class Payloads
{
    /**
     * @param array<string, mixed> $file
     *
     * @return iterable<Finding>
     */
    public static function run(array $file): iterable
    {
        $entry = new Entry('?', $file);
        $id = $entry->text('api') . ' ' . $entry->text('event');
        $entry = new Entry($id, $file);
        $body = $entry->optionalText('wire_body') ?? '';
        $query = $entry->optionalText('wire_query') ?? '';
        $isSigned = $entry->optional('sample_signature') !== null;
        try {
            $event = $isSigned ? self::verified($entry, $body, $query) : self::unsigned($entry, $body, $query);
        } catch (WebhookRefused $refusal) {
            yield new Finding($id, 'reject', $refusal->reasonName, 'failed', 'accept', $refusal->reasonName);
            return;
        }
        $fits = [$event->api, $event->event, $event->signed] === [$entry->text('api'), $entry->text('event'), $isSigned];
        yield $fits
            ? new Finding($id, 'accept', event: $event->json)
            : new Finding($id, 'accept', '', 'failed', $id, "{$event->api} {$event->event}", $event->json);
    }

    private static function verified(Entry $entry, string $body, string $query): Event
    {
        $signature = $entry->object('sample_signature');
        $claims = $signature->object('claims');
        $verifier = new Verifier([$claims->text('api_key') => $signature->text('secret')]);
        $request = new Request($body, $signature->text('authorization'), $entry->text('method'), $query);
        return $verifier->verify($request, now: $claims->asInteger($claims->member('iat'), 'iat'))->event();
    }

    private static function unsigned(Entry $entry, string $body, string $query): Event
    {
        if ($entry->text('method') === 'GET') {
            return Event::parseUnsigned($query, Carrier::Query);
        }
        $isForm = str_contains($entry->optionalText('content_type') ?? '', 'form-urlencoded');
        return Event::parseUnsigned($body, $isForm ? Carrier::Form : Carrier::Json);
    }
}
