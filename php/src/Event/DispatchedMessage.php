<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A message of a failover.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class DispatchedMessage extends Record
{
    /** @internal */
    public const FIELDS = [
        'message_uuid' => ['messageUuid', 'plain'],
        'href' => ['href', 'plain'],
        'channel' => ['channel', 'plain'],
        'usage' => ['usage', ['record', Usage::class]],
        'status' => ['status', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Its id. */
        public ?string $messageUuid = null,
        /** Its address. */
        public ?string $href = null,
        /**
         * Its channel. The sender writes `viber_sevice_msg` for one of them.
         *
         * @var 'sms'|'mms'|'rcs'|'whatsapp'|'whatsapp_interactive'|'messenger'|'viber_service'|'viber_service_msg'|'email'|'voice'|'silent_auth'|string|null
         */
        public ?string $channel = null,
        /** What it costs. */
        public ?Usage $usage = null,
        /**
         * What became of it.
         *
         * @var 'submitted'|'accepted'|'buffered'|'delivered'|'read'|'rejected'|'undeliverable'|'expired'|'failed'|'unknown'|'started'|'ringing'|'answered'|'busy'|'cancelled'|'timeout'|'unanswered'|'disconnected'|'human'|'machine'|'completed'|'transcribed'|'success'|'failure'|'user_rejected'|'action_pending'|'error'|'paused'|'stopped'|'uploaded'|'available'|string|null
         */
        public ?string $status = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
