<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * A message that you have sent has a new status.
 *
 * Generated from the core's description of the events (`cargo xtask php`).
 */
final readonly class MessagesStatus extends Record
{
    /** @internal */
    public const FIELDS = [
        'error' => ['error', ['record', Problem::class]],
        'usage' => ['usage', ['record', Usage::class]],
        'workflow' => ['workflow', ['record', Workflow::class]],
        'destination' => ['destination', ['record', Network::class]],
        'profile' => ['profile', ['record', Profile::class]],
        'sms' => ['sms', ['record', SmsDetail::class]],
        'whatsapp' => ['whatsapp', ['record', Whatsapp::class]],
        'self_link' => ['selfLink', ['record', Link::class]],
    ];

    /**
     * @param list<string> $nulls the fields that were sent as null
     */
    public function __construct(
        /** Why the message did not arrive. */
        public ?Problem $error = null,
        /** What the message costs. */
        public ?Usage $usage = null,
        /** The place of the message in its failover. */
        public ?Workflow $workflow = null,
        /** The network that it went to. */
        public ?Network $destination = null,
        /** Who the message went to, as the channel knows them. */
        public ?Profile $profile = null,
        /** What only an SMS has. */
        public ?SmsDetail $sms = null,
        /** What only a WhatsApp message has. */
        public ?Whatsapp $whatsapp = null,
        /** This message's own address. */
        public ?Link $selfLink = null,
        array $nulls = [],
    ) {
        parent::__construct($nulls);
    }
}
