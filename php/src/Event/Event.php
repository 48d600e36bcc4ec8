<?php

declare(strict_types=1);

namespace Hookproof\Event;

use FFI\CData;
use Hookproof\Carrier as Unsigned;
use Hookproof\Exception\CallException;
use Hookproof\Native;
use Hookproof\Refusals;

/**
 * What a webhook says: what all kinds have in common, and in `detail` the record of its kind.
 *
 *     if ($event->detail instanceof MessagesInbound) {
 *         reply($event->from, $event->detail->text);
 *     }
 */
final readonly class Event extends Record
{
    /** @internal */
    public const FIELDS = [
        'api' => ['api', 'plain'],
        'event' => ['event', 'plain'],
        'signed' => ['signed', 'plain'],
        'content_id' => ['contentId', 'plain'],
        'id' => ['id', 'plain'],
        'occurred_at' => ['occurredAt', 'time'],
        'from' => ['from', 'plain'],
        'from_type' => ['fromType', 'plain'],
        'to' => ['to', 'plain'],
        'to_type' => ['toType', 'plain'],
        'status' => ['status', 'plain'],
        'channel' => ['channel', 'plain'],
        'client_ref' => ['clientRef', 'plain'],
        'unknown' => ['unknown', 'any'],
        'duplicates' => ['duplicates', 'any'],
        'damaged' => ['damaged', 'plain'],
    ];

    /**
     * @internal
     *
     * @param array<string, mixed> $unknown
     * @param list<string> $duplicates
     * @param list<string> $nulls
     */
    public function __construct(
        /** The API: `messages`, `voice`, `sms`, ...; `other`. */
        public string $api,
        /** The kind: `answered`, `inbound/whatsapp`; `other` for one that is not known, `unreadable` for what is no JSON object. */
        public string $event,
        /** Whether the signature covers it. */
        public bool $signed,
        /** Names account and payload, whatever token came with it: 64 hexadecimal digits. */
        public string $contentId,
        /** The event as JSON, the same in every language. */
        public string $json,
        /** The record of the kind; null for `other` and `unreadable`. */
        public ?Record $detail = null,
        /** The sender's id of the message, call leg, recording or request. */
        public ?string $id = null,
        public ?\DateTimeImmutable $occurredAt = null,
        /** Who it is from. The SMS API's `msisdn` and `to` stand where they belong. */
        public ?string $from = null,
        public ?string $fromType = null,
        public ?string $to = null,
        public ?string $toType = null,
        /** What has become of the message, call or request, in the sender's word. */
        public ?string $status = null,
        public ?string $channel = null,
        /** The customer's own reference. */
        public ?string $clientRef = null,
        /** What no field holds, by its place as a JSON Pointer. */
        public array $unknown = [],
        /** The places of names that stand more than once in one object. The last value counts. */
        public array $duplicates = [],
        /** Whether some text was no Unicode, and has U+FFFD where it was not. */
        public bool $damaged = false,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }

    /**
     * Reads what NOBODY HAS SIGNED: anybody may have written it. For APIs that sign no token: SMS and US short codes, whose
     * own signature is checked by the profiles `sms_*`, Number Insight, and conversation events while signing is off.
     */
    public static function parseUnsigned(#[\SensitiveParameter] string $payload, Unsigned $carrier): self
    {
        $native = Native::get();
        [$status, $event] = $native->newUnsignedEvent($carrier->value, $payload);
        return self::take(
            $native,
            $event ?? throw new CallException(Refusals::sentence($native, $status), $status),
        );
    }

    /**
     * The event of a handle, which is freed.
     *
     * @internal
     */
    public static function take(Native $native, CData $handle): self
    {
        try {
            $json = $native->text($native->ffi->hookproof_event_json($handle));
        } finally {
            $native->ffi->hookproof_event_free($handle);
        }
        return Reader::event($json);
    }
}
