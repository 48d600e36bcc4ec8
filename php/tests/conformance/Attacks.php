<?php

declare(strict_types=1);

namespace Hookproof\Tests\Conformance;

use Hookproof\Exception\ConfigException;
use Hookproof\Request;
use Hookproof\Verifier;

/** `signed-webhook-attacks/1` */
final class Attacks
{
    public const FORMAT = 'signed-webhook-attacks/1';

    private const OPTIONS = ['leeway', 'max_age', 'expected_issuer', 'expected_application_id', 'require_payload_hash',
        'max_header_bytes', 'seen'];

    /**
     * @param array<string, mixed> $file
     *
     * @return iterable<Finding>
     */
    public static function run(array $file): iterable
    {
        $file = new Entry('?', $file);
        foreach ($file->list('cases') as $case) {
            $case = new Entry($file->with($case)->text('id'), $case);
            yield self::trial($file, $case)->finding(
                $case->id,
                Expectation::read($case, 'acceptable_codes'),
                $case->optional('debatable') === true,
            );
        }
    }

    private static function trial(Entry $file, Entry $case): Trial
    {
        $options = $case->with(array_merge((array) $file->optional('default_options'), (array) $case->optional('options')));
        $options->only(...self::OPTIONS);
        $settings = [
            'profile' => $case->optionalText('profile') ?? 'standard',
            'expectedIssuer' => $options->optionalText('expected_issuer'),
        ];
        foreach (['leeway' => 'leeway', 'max_age' => 'maxAge', 'max_header_bytes' => 'maxHeaderBytes'] as $name => $setting) {
            $value = $options->optional($name);
            $settings[$setting] = $value === null ? null : $options->asInteger($value, $name);
        }
        $required = $options->optional('require_payload_hash');
        $settings['dangerouslyAllowMissingPayloadHash'] =
            $required !== null && !$options->asBool($required, 'require_payload_hash');

        self::checkProfile($case, $settings['profile']);
        $accounts = $case->keyring();
        $route = $accounts === [] ? '' : self::least($accounts);
        $header = $case->authorization();
        $verifier = Trial::verifier($accounts, $options->optionalText('expected_application_id'), $settings);
        return new Trial(
            $verifier,
            new Request(
                $case->base64($case->parts($case->member('body'), 'body'), 'body'),
                // Several fields need a name; the verifier says which one it reads.
                is_array($header) ? [$verifier->headerName ?? 'Authorization' => $header] : $header,
                $case->latin1($case->optionalText('method') ?? 'POST'),
                $case->latin1($case->optionalText('query') ?? ''),
                $route,
            ),
            $case->asInteger($case->optional('now') ?? $file->member('now'), 'now'),
            array_map(static function (mixed $seen) use ($case): array {
                $seen = $case->with($seen);
                return [$seen->text('api_key'), $seen->text('jti')];
            }, (array) $options->optional('seen')),
        );
    }

    /** @param non-empty-array<array-key, mixed> $accounts */
    private static function least(array $accounts): string
    {
        $names = array_map(strval(...), array_keys($accounts));
        sort($names, SORT_STRING);
        return $names[0];
    }

    /** A profile that is not known is a fault of the file, and no refusal. */
    private static function checkProfile(Entry $case, string $profile): void
    {
        try {
            new Verifier(['account' => 'secret'], profile: $profile);
        } catch (ConfigException) {
            throw $case->fault("profile $profile is not known");
        }
    }
}
