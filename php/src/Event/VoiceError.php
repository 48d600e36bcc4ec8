<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * Something went wrong with the customer's call control object or webhook.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VoiceError extends Record
{
    /** @internal */
    public const FIELDS = [
        'conversation_uuid' => ['conversationUuid', 'plain'],
        'reason' => ['reason', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The conversation. */
        public ?string $conversationUuid = null,
        /** What went wrong. */
        public ?string $reason = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
