<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * The message that another is about.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Context extends Record
{
    /** @internal */
    public const FIELDS = [
        'message_uuid' => ['messageUuid', 'plain'],
        'message_from' => ['messageFrom', 'plain'],
        'whatsapp_referred_product' => ['whatsappReferredProduct', ['record', ReferredProduct::class]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Its id. */
        public ?string $messageUuid = null,
        /** Who wrote it. */
        public ?string $messageFrom = null,
        /** The product that it is about. */
        public ?ReferredProduct $whatsappReferredProduct = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
