import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskSecrets } from './mask.ts'

test('what stands under the name of a secret is masked at any depth, and the rest is untouched', () => {
  const given = {
    text: 'my password is in here',
    Password: 'a',
    access_token: 'b',
    list: [{ API_KEY: 'c', keys: ['d'] }, null, 1, true],
    secret: { inner: 'e' },
    key: 'f',
  }
  assert.deepEqual(maskSecrets(given), {
    text: 'my password is in here',
    Password: '[redacted]',
    access_token: '[redacted]',
    list: [{ API_KEY: '[redacted]', keys: ['d'] }, null, 1, true],
    secret: '[redacted]',
    key: 'f',
  })
  assert.equal(given.Password, 'a')
})

test('a secret in the query of an address is masked, and the rest of the address is not', () => {
  const given = {
    url: 'https://a.example/x?page=2&api_key=abc%20d&my-Token=e#top',
    text: 'see http://b/?access_token=f, or g',
  }
  assert.deepEqual(maskSecrets(given), {
    url: 'https://a.example/x?page=2&api_key=[redacted]&my-Token=[redacted]#top',
    text: 'see http://b/?access_token=[redacted] or g',
  })
})

test('a secret is one by its name however that is spelt, and words that only hold one are shown', () => {
  const secret =
    'passwd db_passwd userPassword passphrase pwd PIN pin card-pin userPin pin_code otp totp_code mfaCode x-api-key x_api_key X-Api-Key apiKey apikey api_keys access_key AWS_SECRET_ACCESS_KEY x-access-key x-functions-key signing_key sshKey private-key x-csrf-token csrf JSESSIONID jwt cvv recovery_codes Set-Cookie'
  const plain =
    'pinned spinning opinion shipping pin_count pinboard compass passenger pass key keys keyboard monkey public_key idempotency_key primary_key sort_key laptop optional code country_code session_id sessions author bearers_name'
  for (const name of secret.split(' '))
    assert.deepEqual(maskSecrets({ [name]: 'v' }), { [name]: '[redacted]' }, name)
  assert.deepEqual(maskSecrets({ [`${'x'.repeat(100)}_pin`]: 'v' }), {
    [`${'x'.repeat(100)}_pin`]: '[redacted]',
  })
  for (const name of plain.split(' ')) assert.deepEqual(maskSecrets({ [name]: 'v' }), { [name]: 'v' }, name)
})

test('a number that is a secret is masked; a count and a flag are none', () => {
  assert.deepEqual(maskSecrets({ pin: 1234, token: 7 }), { pin: '[redacted]', token: '[redacted]' })
  const counts = { max_tokens: 100, tokens_used: 7, has_password: true, pin: false }
  assert.deepEqual(maskSecrets(counts), counts)
  assert.deepEqual(maskSecrets({ tokens: 'abc' }), { tokens: '[redacted]' })
})

test('what opens something by its form is masked wherever it stands in a text', () => {
  const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl'
  const long = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'
  for (const [text, left] of [
    [`sent ${jwt}, twice: ${jwt}`, 'sent [redacted], twice: [redacted]'],
    [`Authorization: Bearer ${long}`, 'Authorization: Bearer [redacted]'],
    ['a header, basic YW5uOnNlc2FtZQ==.', 'a header, basic [redacted].'],
    ['postgres://ann:sesame@db.example/x', 'postgres://ann:[redacted]@db.example/x'],
    ['see https://:sesame@a.example?pin=1234&n=1', 'see https://:[redacted]@a.example?pin=[redacted]&n=1'],
    [`the key sk-proj-${long} and`, 'the key [redacted] and'],
    [`(ghp_${long})`, '([redacted])'],
    ['AKIAIOSFODNN7EXAMPLE', '[redacted]'],
    ['?pin=1', '?pin=[redacted]'],
    [`whsec_${long}/+==`, '[redacted]'],
    ['x -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- y', 'x [redacted] y'],
  ] as const)
    assert.deepEqual(maskSecrets([text]), [left])
})

test('text that only begins like one is shown', () => {
  const texts = [
    'bearer of the good news today',
    'basic authentication',
    'Basic understanding of it',
    'ask-me-anything-now',
    'sk-learn-pipelines-are-fine',
    'https://a.example/b:c@d',
    'mail ann@example.org: hello',
    'at 10:30 @ home',
    'eyJ.not.one',
    'npm_config_registry_of_the_project',
    'https://a.example/?page=2&lang=de',
  ]
  assert.deepEqual(maskSecrets(texts), texts)
})

test('looking for one costs no more than the length of a text', () => {
  const pieces = [
    'a',
    '://',
    '://a:',
    '-eyJ',
    'eyJaaaaaaaa.',
    'sk-',
    'Bearer ',
    'basic aaaaaaaa',
    '?a=',
    '"a":"',
    '"token":"\\',
    '-ghp_',
    'A.',
    '@:',
  ]
  const began = process.cpuUsage()
  for (const piece of pieces) maskSecrets(piece.repeat(Math.ceil(300_000 / piece.length)))
  maskSecrets(`{"token": "${'a'.repeat(10_000_000)}"}`)
  maskSecrets('-----BEGIN PRIVATE KEY-----'.repeat(10_000))
  const { user } = process.cpuUsage(began)
  assert.ok(user < 2_000_000, `${user}`)
})

test('what stands under such a name in JSON that is written in a text is masked, and nothing beside it', () => {
  const said = 'sent {"user": "ann", "password": "a \\"b\\" c", "note":"password"} to it'
  assert.equal(maskSecrets(said), 'sent {"user": "ann", "password": "[redacted]", "note":"password"} to it')
  for (const [given, shown] of [
    ['{"api_key"  :\n "x", "password": ""}', '{"api_key"  :\n "[redacted]", "password": ""}'],
    ['{"a":"{\\"password\\":\\"x y\\"}"}', '{"a":"{\\"password\\":\\"[redacted]\\"}"}'],
    ['{"pin": 1234, "total_tokens": 12, "a": 1}', '{"pin": "[redacted]", "total_tokens": 12, "a": 1}'],
    ['{"password": "cut off he', '{"password": "[redacted]'],
    ['{"token": "cred:abc"}', '{"token": "cred:abc"}'],
  ] as const)
    assert.equal(maskSecrets(given), shown)
})

test('what is empty and what only refers to a secret is shown', () => {
  const given = { password: '', token: null, api_keys: {}, credential_id: 'x', token_id: 'y' }
  assert.deepEqual(maskSecrets(given), given)
})

test('keys that mean something to the engine are only keys', () => {
  const given = JSON.parse('{"__proto__": {"token": "a"}, "constructor": 1}') as Record<string, unknown>
  const shown = maskSecrets(given)
  assert.deepEqual(Object.keys(shown), ['__proto__', 'constructor'])
  assert.equal(JSON.stringify(shown).includes('"a"'), false)
})

test('what is nested too deep to be looked through is masked, too', () => {
  let deep: unknown = { token: 'a' }
  for (let depth = 0; depth < 40; depth += 1) deep = [deep]
  assert.equal(JSON.stringify(maskSecrets(deep)).includes('"a"'), false)
})
