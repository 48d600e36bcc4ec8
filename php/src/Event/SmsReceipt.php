<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A delivery receipt for an SMS.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class SmsReceipt extends Record
{
    /** @internal */
    public const FIELDS = [
        'network_code' => ['networkCode', 'plain'],
        'price' => ['price', 'decimal'],
        'receipt_at' => ['receiptAt', 'time'],
        'err_code' => ['errCode', 'plain'],
        'api_key' => ['apiKey', 'plain'],
        'signed_at' => ['signedAt', 'time'],
        'nonce' => ['nonce', 'plain'],
        'sig' => ['sig', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The carrier: mobile country code and mobile network code. */
        public ?string $networkCode = null,
        /**
         * What the message cost.
         *
         * @var numeric-string|null
         */
        public ?string $price = null,
        /** When the carrier wrote the receipt, to the minute, in UTC. */
        public ?\DateTimeImmutable $receiptAt = null,
        /** Why the message failed; 0 if it did not. */
        public ?int $errCode = null,
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
