<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * What only a WhatsApp message has.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class Whatsapp extends Record
{
    /** @internal */
    public const FIELDS = [
        'referral' => ['referral', ['record', Referral::class]],
        'whatsapp_referred_product' => ['whatsappReferredProduct', ['record', ReferredProduct::class]],
        'sender' => ['sender', ['record', WhatsappUser::class]],
        'recipient' => ['recipient', ['record', WhatsappUser::class]],
        'waba_id' => ['wabaId', 'plain'],
        'pricing' => ['pricing', ['record', Pricing::class]],
        'conversation' => ['conversation', ['record', Conversation::class]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** The advertisement that led to the message. */
        public ?Referral $referral = null,
        /** The product that the message is about. */
        public ?ReferredProduct $whatsappReferredProduct = null,
        /** Who wrote the message. */
        public ?WhatsappUser $sender = null,
        /** Who the message went to. */
        public ?WhatsappUser $recipient = null,
        /** The business account. */
        public ?string $wabaId = null,
        /** By which rules the message costs. */
        public ?Pricing $pricing = null,
        /** The conversation, which the message may belong to. */
        public ?Conversation $conversation = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
