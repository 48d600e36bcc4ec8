<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A product that a message is about.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class ReferredProduct extends Record
{
    /** @internal */
    public const FIELDS = [
        'catalog_id' => ['catalogId', 'plain'],
        'product_retailer_id' => ['productRetailerId', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The catalogue. */
        public ?string $catalogId = null,
        /** The product. */
        public ?string $productRetailerId = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
