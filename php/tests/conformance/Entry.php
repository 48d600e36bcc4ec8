<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

/** An object of a vector file, with faults that name the case and the member. */
final readonly class Entry
{
    public function __construct(public string $id, public mixed $value)
    {
    }

    public function fault(string $what): Unreadable
    {
        return new Unreadable("case {$this->id}: $what");
    }

    public function with(mixed $value): self
    {
        return new self($this->id, $value);
    }

    /** The member, with null as absent. */
    public function optional(string $name): mixed
    {
        return is_array($this->value) ? $this->value[$name] ?? null : null;
    }

    public function member(string $name): mixed
    {
        if (!is_array($this->value) || !array_key_exists($name, $this->value)) {
            throw $this->fault("$name is missing");
        }
        return $this->value[$name];
    }

    public function object(string $name): self
    {
        return $this->with($this->member($name));
    }

    /** A reader that passed over a member would judge another case than the one in the file. */
    public function only(string ...$names): self
    {
        foreach (array_keys($this->members()) as $name) {
            if (!in_array((string) $name, $names, true)) {
                throw $this->fault("$name is not known");
            }
        }
        return $this;
    }

    /** @return array<array-key, mixed> */
    public function members(): array
    {
        return is_array($this->value) ? $this->value : throw $this->fault('not an object');
    }

    public function text(string $name): string
    {
        return $this->asText($this->member($name), $name);
    }

    public function optionalText(string $name): ?string
    {
        $value = $this->optional($name);
        return $value === null ? null : $this->asText($value, $name);
    }

    public function asText(mixed $value, string $name): string
    {
        return is_string($value) ? $value : throw $this->fault("$name is not a text");
    }

    public function asInteger(mixed $value, string $name): int
    {
        return is_int($value) ? $value : throw $this->fault("$name is not an integer");
    }

    public function asBool(mixed $value, string $name): bool
    {
        return is_bool($value) ? $value : throw $this->fault("$name is not a boolean");
    }

    /** @return list<mixed> */
    public function list(string $name): array
    {
        $list = $this->member($name);
        return is_array($list) && array_is_list($list) ? $list : throw $this->fault("$name is not a list");
    }

    public function count(string $name): int
    {
        $count = $this->asInteger($this->member($name), $name);
        return $count >= 0 ? $count : throw $this->fault("$name is not a count");
    }

    /** The bytes of a text with one code point for each. */
    public function latin1(string $text): string
    {
        if (preg_match('/[^\x{0}-\x{FF}]/u', $text) === 1) {
            throw $this->fault('a code point above 255 stands for no byte');
        }
        return mb_convert_encoding($text, 'ISO-8859-1', 'UTF-8');
    }

    public function base64(string $text, string $name): string
    {
        $bytes = base64_decode($text, true);
        // PHP passes over white space, missing padding and bits that no byte has.
        return $bytes !== false && base64_encode($bytes) === $text ? $bytes : throw $this->fault("$name is not base64");
    }

    /** A text, or `{parts: [text | {repeat, count}]}`. */
    public function parts(mixed $value, string $name): string
    {
        if (is_string($value)) {
            return $this->latin1($value);
        }
        if (!is_array($value) || !is_array($value['parts'] ?? null) || !array_is_list($value['parts'])) {
            throw $this->fault("$name has no parts");
        }
        $bytes = '';
        foreach ($value['parts'] as $part) {
            $piece = is_array($part) ? $part['repeat'] ?? null : $part;
            $count = is_array($part) && array_key_exists('count', $part) ? $this->asInteger($part['count'], 'count') : 1;
            if ($count < 0) {
                throw $this->fault('count is negative');
            }
            $bytes .= str_repeat($this->latin1($this->asText($piece, 'repeat')), $count);
        }
        return $bytes;
    }

    /** @return string|list<string>|null what the member `authorization` says of the fields */
    public function authorization(): string|array|null
    {
        $value = $this->member('authorization');
        return match (true) {
            $value === null => null,
            is_array($value) && array_is_list($value)
                => array_map(fn (mixed $field): string => $this->parts($field, 'authorization'), $value),
            default => $this->parts($value, 'authorization'),
        };
    }

    /** A text, meaning its bytes, or `{b64}`. */
    public function secret(mixed $value): string
    {
        return is_string($value)
            ? $value
            : $this->base64($this->asText($this->with($value)->member('b64'), 'b64'), 'b64');
    }

    /** @return array<string, list<string>> the member `keyring`; PHP makes numbers of names that look like one */
    public function keyring(): array
    {
        $accounts = [];
        foreach ($this->object('keyring')->members() as $apiKey => $secrets) {
            if (!is_array($secrets) || !array_is_list($secrets)) {
                throw $this->fault('secrets are not a list');
            }
            $accounts[$apiKey] = array_map($this->secret(...), $secrets);
        }
        return $accounts;
    }
}
