<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A failover has ended.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class DispatchReport extends Record
{
    /** @internal */
    public const FIELDS = [
        'template' => ['template', 'plain'],
        'usage' => ['usage', ['record', Usage::class]],
        'links' => ['links', ['record', DispatchLinks::class]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** `failover`. */
        public ?string $template = null,
        /** What all of it costs. */
        public ?Usage $usage = null,
        /** Its messages. */
        public ?DispatchLinks $links = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
