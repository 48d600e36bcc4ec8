<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * What a message costs.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Usage extends Record
{
    /** @internal */
    public const FIELDS = [
        'currency' => ['currency', 'plain'],
        'price' => ['price', 'decimal'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The currency. */
        public ?string $currency = null,
        /**
         * The price.
         *
         * @var numeric-string|null
         */
        public ?string $price = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
