<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A verification has ended.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VerifySummary extends Record
{
    /** @internal */
    public const FIELDS = [
        'event_type' => ['eventType', 'plain'],
        'channel_timeout' => ['channelTimeout', 'plain'],
        'workflow' => ['workflow', ['list', ['record', VerifyStep::class]]],
        'price' => ['price', 'decimal'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** `summary`. */
        public ?string $eventType = null,
        /** How long a channel was waited for, in seconds. */
        public ?int $channelTimeout = null,
        /**
         * The channels, in their order.
         *
         * @var list<VerifyStep|null>|null
         */
        public ?array $workflow = null,
        /**
         * What all of it costs.
         *
         * @var numeric-string|null
         */
        public ?string $price = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
