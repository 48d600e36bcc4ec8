<?php

declare(strict_types=1);

namespace Hookproof\Exception;

/** A setting, a key or a namespace that is refused, when it is set. The text names the place and never the value. */
final class ConfigException extends \InvalidArgumentException implements HookproofException
{
}
