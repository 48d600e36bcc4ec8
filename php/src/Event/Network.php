<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A network.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Network extends Record
{
    /** @internal */
    public const FIELDS = [
        'network_code' => ['networkCode', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Mobile country code and mobile network code. */
        public ?string $networkCode = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
