<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A failover.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class WorkflowLink extends Record
{
    /** @internal */
    public const FIELDS = [
        'dispatch_uuid' => ['dispatchUuid', 'plain'],
        'href' => ['href', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Its id. */
        public ?string $dispatchUuid = null,
        /** Its address. */
        public ?string $href = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
