<?php

declare(strict_types=1);

namespace Hookproof\Event;

/**
 * Makes the classes of events from the JSON that every language's event has. It is trusted: give it nothing else.
 *
 * @internal
 */
final class Reader
{
    /** Begins a text that stands for a number with its digits, and not for a text. */
    private const MARK = "\0";

    public static function event(string $json): Event
    {
        $members = json_decode(self::keepDigits($json), false, 512, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
        $class = Kinds::RECORDS[$members->record ?? ''] ?? null;
        $detail = $class === null || $members->detail === null ? null : self::record($class, $members->detail);
        unset($members->record, $members->detail);
        [$fields, $nulls] = self::fields(Event::FIELDS, $members);
        return new Event(...$fields, detail: $detail, json: $json, nulls: $nulls);
    }

    /** Numbers with a fraction as marked texts: PHP's own reader would make floats of prices. */
    private static function keepDigits(string $json): string
    {
        if (!str_contains($json, '.') && stripos($json, 'e') === false) {
            return $json;
        }
        $marked = preg_replace_callback(
            '/"(?:[^"\\\\]++|\\\\.)*+"|-?[0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?/s',
            static function (array $found): string {
                $token = $found[0];
                if ($token[0] === '"') {
                    // A text that begins with the mark by itself gets another one.
                    return str_starts_with($token, '"\u0000') ? '"\u0000' . substr($token, 1) : $token;
                }
                return strpbrk($token, '.eE') === false ? $token : '"\u0000' . $token . '"';
            },
            $json,
        );
        return $marked ?? throw new \LogicException('an event could not be read: ' . preg_last_error_msg());
    }

    /** @param class-string<Record> $class */
    private static function record(string $class, object $members): Record
    {
        [$fields, $nulls] = self::fields($class::FIELDS, $members);
        return new $class(...$fields, nulls: $nulls);
    }

    /**
     * @param array<string, array{string, mixed}> $known
     *
     * @return array{array<string, mixed>, list<string>} the values by their properties, and which of them were null
     */
    private static function fields(array $known, object $members): array
    {
        $fields = [];
        $nulls = [];
        foreach ($members as $name => $value) {
            [$property, $how] = $known[$name];
            if ($value === null) {
                $nulls[] = $property;
            } else {
                $fields[$property] = self::value($value, $how);
            }
        }
        return [$fields, $nulls];
    }

    private static function value(mixed $value, string|array $how): mixed
    {
        return match ($how[0] ?? $how) {
            'list' => array_map(static fn (mixed $item): mixed => $item === null ? null : self::value($item, $how[1]), $value),
            'record' => self::record($how[1], $value),
            'either' => self::choice($value, array_slice($how, 1)),
            default => match ($how) {
                'time' => new \DateTimeImmutable($value),
                'decimal' => ltrim((string) $value, self::MARK),
                default => self::plain($value),
            },
        };
    }

    /** JSON tells the choices apart: no two are of one type of it. */
    private static function choice(mixed $value, array $choices): mixed
    {
        foreach ($choices as $how) {
            $fits = match ($how[0]) {
                'record' => is_object($value),
                'list' => is_array($value),
                default => $how === 'any' ? is_object($value) : !is_object($value) && !is_array($value),
            };
            if ($fits) {
                return self::value($value, $how);
            }
        }
        return self::plain($value);
    }

    /** Objects as arrays, numbers as PHP has them. */
    private static function plain(mixed $value): mixed
    {
        if (is_string($value) && str_starts_with($value, self::MARK)) {
            $rest = substr($value, 1);
            return str_starts_with($rest, self::MARK) ? $rest : (float) $rest;
        }
        return match (true) {
            is_object($value), is_array($value) => array_map(self::plain(...), (array) $value),
            default => $value,
        };
    }
}
