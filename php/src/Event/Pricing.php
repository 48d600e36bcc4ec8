<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * By which rules a WhatsApp message costs.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Pricing extends Record
{
    /** @internal */
    public const FIELDS = [
        'pricing_type' => ['pricingType', 'plain'],
        'pricing_model' => ['pricingModel', 'plain'],
        'category' => ['category', 'plain'],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** `regular`, or why it is free. */
        public ?string $pricingType = null,
        /** `PMP`, `CBP`. */
        public ?string $pricingModel = null,
        /** `service`, `marketing`, `utility`, `authentication`. */
        public ?string $category = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
