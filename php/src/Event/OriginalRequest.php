<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A request that failed.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class OriginalRequest extends Record
{
    /** @internal */
    public const FIELDS = [
        'url' => ['url', 'plain'],
        'request_type' => ['requestType', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Where it went. */
        public ?string $url = null,
        /** `answer` or `event`. */
        public ?string $requestType = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
