<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A call leg has a new state, up to its end.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VoiceCall extends Record
{
    /** @internal */
    public const FIELDS = [
        'conversation_uuid' => ['conversationUuid', 'plain'],
        'direction' => ['direction', 'plain'],
        'headers' => ['headers', 'any'],
        'detail' => ['detail', 'plain'],
        'sub_state' => ['subState', 'plain'],
        'sip_code' => ['sipCode', 'plain'],
        'start_time' => ['startTime', 'time'],
        'end_time' => ['endTime', 'time'],
        'duration' => ['duration', 'plain'],
        'rate' => ['rate', 'decimal'],
        'price' => ['price', 'decimal'],
        'network' => ['network', 'plain'],
        'disconnected_by' => ['disconnectedBy', 'plain'],
        'reason' => ['reason', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The conversation. */
        public ?string $conversationUuid = null,
        /**
         * Which way the call goes.
         *
         * @var 'inbound'|'outbound'|string|null
         */
        public ?string $direction = null,
        /**
         * The SIP headers of the call.
         *
         * @var array<string, mixed>|null
         */
        public ?array $headers = null,
        /**
         * Why the call came to nothing.
         *
         * @var 'unavailable'|'timeout'|'restricted'|'invalid_number'|'declined'|'carrier_timeout'|'cannot_route'|'number_out_of_service'|'internal_error'|string|null
         */
        public ?string $detail = null,
        /**
         * What the answering machine does.
         *
         * @var 'beep_start'|'beep_timeout'|string|null
         */
        public ?string $subState = null,
        /** The SIP response that the leg ended with. */
        public ?int $sipCode = null,
        /** When the call began to cost. */
        public ?\DateTimeImmutable $startTime = null,
        /** When the call ended. */
        public ?\DateTimeImmutable $endTime = null,
        /** How long the call was, in seconds. */
        public ?int $duration = null,
        /**
         * The price of a minute.
         *
         * @var numeric-string|null
         */
        public ?string $rate = null,
        /**
         * The price of the call.
         *
         * @var numeric-string|null
         */
        public ?string $price = null,
        /** The network of the other party. */
        public ?string $network = null,
        /**
         * Who ended the call.
         *
         * @var 'platform'|'user'|string|null
         */
        public ?string $disconnectedBy = null,
        /** Why, in words. */
        public ?string $reason = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
