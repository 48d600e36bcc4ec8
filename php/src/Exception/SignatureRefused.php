<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/**
 * Family signature: signature.invalid.
 *
 * Generated from the core's table (`cargo xtask php`).
 */
final class SignatureRefused extends WebhookRefused
{
}
