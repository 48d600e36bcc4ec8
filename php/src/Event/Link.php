<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * An address on the web.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Link extends Record
{
    /** @internal */
    public const FIELDS = [
        'href' => ['href', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The address. */
        public ?string $href = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
