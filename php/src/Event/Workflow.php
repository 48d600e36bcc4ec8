<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * The place of a message in its failover.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Workflow extends Record
{
    /** @internal */
    public const FIELDS = [
        'workflow_id' => ['workflowId', 'plain'],
        'items_number' => ['itemsNumber', 'plain'],
        'items_total' => ['itemsTotal', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The failover. */
        public ?string $workflowId = null,
        /** Which message this is; the first is 1. */
        public ?int $itemsNumber = null,
        /** How many there are. */
        public ?int $itemsTotal = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
