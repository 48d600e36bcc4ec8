<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * One channel of a verification has a new status.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VerifyEvent extends Record
{
    /** @internal */
    public const FIELDS = [
        'event_type' => ['eventType', 'plain'],
        'finalized_at' => ['finalizedAt', 'time'],
        'channel_timeout' => ['channelTimeout', 'plain'],
        'action' => ['action', ['either', ['record', CheckAction::class], ['list', ['record', CheckAction::class]]]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** `event`. */
        public ?string $eventType = null,
        /** When the channel came to an end. */
        public ?\DateTimeImmutable $finalizedAt = null,
        /** How long a channel is waited for, in seconds. */
        public ?int $channelTimeout = null,
        /**
         * What the user's device must do for silent authentication.
         *
         * @var CheckAction|list<CheckAction|null>|null
         */
        public CheckAction|array|null $action = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
