<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

use Hookproof\Request;

/** Real tokens and signatures of others, each with the secret it was made for. */
final class Vendor
{
    /** The account of tokens whose claims cannot be read, or name none. */
    private const PLACEHOLDER = 'vendor00';

    /**
     * @param list<mixed> $file
     *
     * @return iterable<Finding>
     */
    public static function run(array $file): iterable
    {
        foreach ($file as $index => $entry) {
            $entry = new Entry("vendor-$index", $entry);
            $inputs = $entry->object('inputs');
            // Whether blank values are part of what is signed, libraries of the vendor's own disagree.
            $blank = array_filter(
                (array) $inputs->optional('params'),
                static fn (mixed $value): bool => is_string($value) && trim($value) === '',
            );
            [$trial, $expectation] = match ($entry->text('kind')) {
                'jwt' => self::token($entry, $inputs),
                'sms-sig' => self::sms($entry, $inputs),
                default => throw $entry->fault('the kind is not known'),
            };
            yield $trial === null
                ? Finding::notApplicable($entry->id)
                : $trial->finding($entry->id, $expectation, $blank !== []);
        }
    }

    /** @return array{?Trial, Expectation} the parameters as a form, judged at their own time */
    private static function sms(Entry $entry, Entry $inputs): array
    {
        $secret = $inputs->optionalText('secret');
        if ($secret === null) {
            return [null, Expectation::signature(false)]; // never published
        }
        $good = $entry->object('recomputed');
        $good = $good->asBool($good->member('verdict'), 'verdict');
        $pairs = [];
        foreach ($inputs->object('params')->members() as $name => $value) {
            $pairs[] = urlencode((string) $name) . '=' . urlencode($inputs->asText($value, 'a parameter'));
        }
        $pairs[] = 'sig=' . urlencode($inputs->text('sig'));
        $timestamp = $inputs->object('params')->optional('timestamp');
        $verifier = Trial::verifier([self::PLACEHOLDER => [$secret]], null, [
            'profile' => 'sms_' . $inputs->text('method'),
            'dangerouslyAllowMissingNonce' => true,
        ]);
        return [
            new Trial(
                $verifier,
                new Request(implode('&', $pairs), route: self::PLACEHOLDER),
                is_string($timestamp) && preg_match('/^[+-]?[0-9]{1,18}\z/', $timestamp) === 1 ? (int) $timestamp : 0,
            ),
            self::expectation($secret, $good),
        ];
    }

    /** @return array{Trial, Expectation} */
    private static function token(Entry $entry, Entry $inputs): array
    {
        $token = $inputs->text('token');
        $secret = $inputs->text('secret');
        $good = $entry->object('recomputed');
        $good = $good->asBool($good->member('hs256_signature_ok'), 'hs256_signature_ok');
        $claims = self::claims($token);
        $profile = match (true) {
            $inputs->optional('header') !== null => 'contact_center',
            $claims === null, is_string($claims['api_key'] ?? null) => 'standard',
            default => 'video',
        };
        $account = $profile === 'standard' && is_string($claims['api_key'] ?? null) ? $claims['api_key'] : self::PLACEHOLDER;
        $key = match ($inputs->optionalText('secret_encoding')) {
            'base64' => $inputs->base64($secret, 'secret'),
            null => $secret,
            default => throw $inputs->fault('the encoding of the secret is not known'),
        };
        $now = $inputs->optional('now') ?? $claims['iat'] ?? 0;
        return [
            new Trial(
                Trial::verifier([$account => [$key]], null, ['profile' => $profile]),
                new Request(
                    $inputs->optionalText('body') ?? '',
                    'Bearer ' . $inputs->latin1($token),
                    $inputs->optionalText('method') ?? 'POST',
                    $inputs->latin1($inputs->optionalText('query') ?? ''),
                    self::PLACEHOLDER,
                ),
                is_int($now) ? $now : 0,
            ),
            self::expectation($secret, $good),
        ];
    }

    /** A verifier with an empty secret must not come to be, whatever the token is. */
    private static function expectation(string $secret, bool $isGood): Expectation
    {
        return $secret === '' ? Expectation::configError() : Expectation::signature($isGood);
    }

    /** @return array<string, mixed>|null the claims of a token of three parts as they stand */
    private static function claims(string $token): ?array
    {
        $parts = explode('.', $token);
        $text = count($parts) === 3 && preg_match('/^[A-Za-z0-9_-]*\z/', $parts[1]) === 1
            ? base64_decode(strtr($parts[1], '-_', '+/'), true)
            : false;
        $claims = $text === false ? null : json_decode($text);
        return is_object($claims) ? (array) $claims : null;
    }
}
