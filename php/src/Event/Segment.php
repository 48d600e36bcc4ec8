<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A part of an SMS.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Segment extends Record
{
    /** @internal */
    public const FIELDS = [
        'occurred_at' => ['occurredAt', 'time'],
        'status' => ['status', 'plain'],
        'error_code' => ['errorCode', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** When. */
        public ?\DateTimeImmutable $occurredAt = null,
        /**
         * What became of it.
         *
         * @var 'submitted'|'accepted'|'buffered'|'delivered'|'read'|'rejected'|'undeliverable'|'expired'|'failed'|'unknown'|'started'|'ringing'|'answered'|'busy'|'cancelled'|'timeout'|'unanswered'|'disconnected'|'human'|'machine'|'completed'|'transcribed'|'success'|'failure'|'user_rejected'|'action_pending'|'error'|'paused'|'stopped'|'uploaded'|'available'|string|null
         */
        public ?string $status = null,
        /** Why it failed. */
        public ?string $errorCode = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
