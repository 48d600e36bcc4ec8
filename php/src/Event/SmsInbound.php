<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * An SMS to one of your numbers.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class SmsInbound extends Record
{
    /** @internal */
    public const FIELDS = [
        'message_type' => ['messageType', 'plain'],
        'text' => ['text', 'plain'],
        'keyword' => ['keyword', 'plain'],
        'concat' => ['concat', 'plain'],
        'concat_ref' => ['concatRef', 'plain'],
        'concat_total' => ['concatTotal', 'plain'],
        'concat_part' => ['concatPart', 'plain'],
        'data' => ['data', 'plain'],
        'udh' => ['udh', 'plain'],
        'api_key' => ['apiKey', 'plain'],
        'signed_at' => ['signedAt', 'time'],
        'nonce' => ['nonce', 'plain'],
        'sig' => ['sig', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /**
         * What kind of message it is.
         *
         * @var 'text'|'unicode'|'binary'|string|null
         */
        public ?string $messageType = null,
        /** The message. A part of it, if the message came in parts. */
        public ?string $text = null,
        /** The first word, in upper case. */
        public ?string $keyword = null,
        /** Whether this is one part of a longer message. */
        public ?bool $concat = null,
        /** What all parts of the message have in common. */
        public ?int $concatRef = null,
        /** How many parts the message has. */
        public ?int $concatTotal = null,
        /** Which part this is; the first is 1. */
        public ?int $concatPart = null,
        /** The content of a binary message, in hexadecimal. */
        public ?string $data = null,
        /** The user data header of a binary message, in hexadecimal. */
        public ?string $udh = null,
        /** The account. */
        public ?string $apiKey = null,
        /** When it was signed, if it is signed by the SMS API's own scheme. */
        public ?\DateTimeImmutable $signedAt = null,
        /** The nonce of the SMS API's own signature. */
        public ?string $nonce = null,
        /** The SMS API's own signature. */
        public ?string $sig = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
