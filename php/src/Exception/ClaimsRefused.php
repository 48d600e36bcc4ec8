<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/**
 * Family claims: claims.malformed, claims.missing.
 *
 * Generated from the core's table (`cargo xtask php`).
 */
final class ClaimsRefused extends WebhookRefused
{
}
