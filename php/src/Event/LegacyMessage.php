<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A message.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class LegacyMessage extends Record
{
    /** @internal */
    public const FIELDS = [
        'content' => ['content', ['record', LegacyContent::class]],
        'sms' => ['sms', ['record', LegacySms::class]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Its content. */
        public ?LegacyContent $content = null,
        /** What only an SMS has. */
        public ?LegacySms $sms = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
