<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/**
 * Family sms: sms.unsigned, sms.malformed, sms.missing, sms.signature_invalid.
 *
 * Generated from the core's table (`cargo xtask php`).
 */
final class SmsRefused extends WebhookRefused
{
}
