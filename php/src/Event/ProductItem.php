<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * One line of an order.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class ProductItem extends Record
{
    /** @internal */
    public const FIELDS = [
        'product_retailer_id' => ['productRetailerId', 'plain'],
        'quantity' => ['quantity', 'plain'],
        'item_price' => ['itemPrice', 'decimal'],
        'currency' => ['currency', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The product. */
        public ?string $productRetailerId = null,
        /** How many. */
        public ?int $quantity = null,
        /**
         * The price of one.
         *
         * @var numeric-string|null
         */
        public ?string $itemPrice = null,
        /** The currency. */
        public ?string $currency = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
