<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/**
 * Family token: token.too_large, token.malformed, token.algorithm, token.critical.
 *
 * Generated from the core's table (`cargo xtask php`).
 */
final class TokenRefused extends WebhookRefused
{
}
