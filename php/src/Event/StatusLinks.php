<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * Where the failover of a message is.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class StatusLinks extends Record
{
    /** @internal */
    public const FIELDS = [
        'workflow' => ['workflow', ['record', WorkflowLink::class]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The failover. */
        public ?WorkflowLink $workflow = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
