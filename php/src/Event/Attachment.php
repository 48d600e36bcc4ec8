<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * One of several attachments.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Attachment extends Record
{
    /** @internal */
    public const FIELDS = [
        'content_type' => ['contentType', 'plain'],
        'url' => ['url', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** What it is: `image`, `vcard` ... */
        public ?string $contentType = null,
        /** Where it is. */
        public ?string $url = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
