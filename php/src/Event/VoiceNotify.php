<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A notification that the customer's own call control object asked for.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class VoiceNotify extends Record
{
    /** @internal */
    public const FIELDS = [
        'conversation_uuid' => ['conversationUuid', 'plain'],
        'payload' => ['payload', 'any'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The conversation. */
        public ?string $conversationUuid = null,
        /** What the call control object had there. */
        public mixed $payload = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
