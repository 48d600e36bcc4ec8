<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * Why a WhatsApp conversation began.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class ConversationOrigin extends Record
{
    /** @internal */
    public const FIELDS = [
        'origin_type' => ['originType', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Its category. */
        public ?string $originType = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
