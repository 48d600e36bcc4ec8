<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * An order.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Order extends Record
{
    /** @internal */
    public const FIELDS = [
        'catalog_id' => ['catalogId', 'plain'],
        'product_items' => ['productItems', ['list', ['record', ProductItem::class]]],
        'text' => ['text', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The catalogue. */
        public ?string $catalogId = null,
        /**
         * What is ordered.
         *
         * @var list<ProductItem|null>|null
         */
        public ?array $productItems = null,
        /** What was written with it. */
        public ?string $text = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
