<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A channel of a verification that has ended.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VerifyStep extends Record
{
    /** @internal */
    public const FIELDS = [
        'channel' => ['channel', 'plain'],
        'initiated_at' => ['initiatedAt', 'time'],
        'status' => ['status', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /**
         * The channel.
         *
         * @var 'sms'|'mms'|'rcs'|'whatsapp'|'whatsapp_interactive'|'messenger'|'viber_service'|'viber_service_msg'|'email'|'voice'|'silent_auth'|string|null
         */
        public ?string $channel = null,
        /** When it began. */
        public ?\DateTimeImmutable $initiatedAt = null,
        /**
         * What became of it; `unused` if it was not needed.
         *
         * @var 'submitted'|'accepted'|'buffered'|'delivered'|'read'|'rejected'|'undeliverable'|'expired'|'failed'|'unknown'|'started'|'ringing'|'answered'|'busy'|'cancelled'|'timeout'|'unanswered'|'disconnected'|'human'|'machine'|'completed'|'transcribed'|'success'|'failure'|'user_rejected'|'action_pending'|'error'|'paused'|'stopped'|'uploaded'|'available'|string|null
         */
        public ?string $status = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
