<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A message that you have sent has a new status, in the older form.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class LegacyStatus extends Record
{
    /** @internal */
    public const FIELDS = [
        'error' => ['error', ['record', LegacyError::class]],
        'usage' => ['usage', ['record', Usage::class]],
        'links' => ['links', ['record', StatusLinks::class]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Why the message did not arrive. */
        public ?LegacyError $error = null,
        /** What the message costs. */
        public ?Usage $usage = null,
        /** Where the failover is, if the message is part of one. */
        public ?StatusLinks $links = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
