<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/**
 * Family issuer: issuer.mismatch.
 *
 * Generated from the core's table (`cargo xtask php`).
 */
final class IssuerRefused extends WebhookRefused
{
}
