import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import type { SentSignature } from '../../../kernel/delivery.ts'
import { Fault } from '../../../kernel/fault.ts'
import { checkSignature } from './signature.ts'

/** The example of Standard Webhooks. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const BODY = '{"test": 2432232314}'
const AT_S = 1_614_265_330
const SIGNATURE = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
const STANDARD = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: String(AT_S), standard: SIGNATURE }
/** The example of GitHub. */
const GITHUB = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'

/** Why a delivery is refused; nothing when it is taken. */
function refusal(
  sent: Partial<SentSignature>,
  { secret = SECRET, body = BODY, at_s = AT_S } = {},
): string | undefined {
  const signature = { id: undefined, timestamp: undefined, standard: undefined, hub: undefined, ...sent }
  try {
    checkSignature(secret, { bytes: Buffer.from(body), signature }, at_s * 1000)
    return undefined
  } catch (error) {
    assert.ok(error instanceof Fault)
    if (error.status !== 401) return `${error.status} ${error.code}`
    assert.equal(error.code, 'AUTH_001')
    return String(error.details?.['reason'])
  }
}

test('the examples of Standard Webhooks and of GitHub are taken', () => {
  assert.equal(refusal(STANDARD), undefined)
  const example = { secret: "It's a Secret to Everybody", body: 'Hello, World!' }
  assert.equal(refusal({ hub: GITHUB }, example), undefined)
  assert.equal(refusal({ hub: GITHUB.toUpperCase().replace('SHA', 'sha') }, example), undefined)
})

test('whatever is signed cannot be changed, and no other secret signs it', () => {
  const wrong: readonly (readonly [string, Partial<SentSignature>, Parameters<typeof refusal>[1]])[] = [
    ['another body', STANDARD, { body: `${BODY} ` }],
    ['no body', STANDARD, { body: '' }],
    ['another secret', STANDARD, { secret: SECRET.replace('M', 'N') }],
    ['another id', { ...STANDARD, id: 'msg_2' }, {}],
    ['another time', { ...STANDARD, timestamp: String(AT_S + 1) }, {}],
    ['the time written otherwise', { ...STANDARD, timestamp: `0${AT_S}` }, {}],
    ['an empty signature', { ...STANDARD, standard: '' }, {}],
    ['a version alone', { ...STANDARD, standard: 'v1,' }, {}],
    ['another version', { ...STANDARD, standard: SIGNATURE.replace('v1', 'v1a') }, {}],
    ['no version', { ...STANDARD, standard: SIGNATURE.slice(3) }, {}],
    ['a part of it', { ...STANDARD, standard: SIGNATURE.slice(0, -8) }, {}],
    ['more than it', { ...STANDARD, standard: `v1,AAAA${SIGNATURE.slice(3)}` }, {}],
    ['another body at GitHub', { hub: GITHUB }, { secret: "It's a Secret to Everybody", body: 'Hello' }],
    ['another secret at GitHub', { hub: GITHUB }, { body: 'Hello, World!' }],
    ['the older hash of GitHub', { hub: GITHUB.replace('sha256', 'sha1') }, {}],
    ['nothing of GitHub', { hub: 'sha256=' }, {}],
    ['something behind it', { ...STANDARD, standard: `${SIGNATURE}=` }, {}],
    ['something in it', { ...STANDARD, standard: SIGNATURE.replace('S', '!S') }, {}],
    ['another writing of its last bits', { ...STANDARD, standard: SIGNATURE.replace('OE=', 'OF=') }, {}],
    ['base64 for addresses', { ...STANDARD, standard: SIGNATURE.replaceAll('+', '-') }, {}],
  ]
  for (const [what, sent, more] of wrong) assert.equal(refusal(sent, more), 'signature_wrong', what)
})

test('a signature of GitHub is 64 digits and nothing beside them', () => {
  const example = { secret: "It's a Secret to Everybody", body: 'Hello, World!' }
  for (const hub of [
    `${GITHUB}00`,
    `${GITHUB}zz`,
    `${GITHUB} `,
    GITHUB.slice(0, -1),
    GITHUB.replace('=', '= '),
    GITHUB.replace('sha', 'SHA'),
    GITHUB.replace('sha256=', ''),
  ])
    assert.equal(refusal({ hub }, example), 'signature_wrong', hub)
})

test('an id with a full stop is refused: what was signed could be read in two ways', () => {
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64')
  const over = (text: string) => `v1,${createHmac('sha256', key).update(text).digest('base64')}`
  const timestamp = String(AT_S)
  // The same text is the id `abc` with the body `<time>.all good`, and the id `abc.<time>` with `all good`.
  const standard = over(`abc.${timestamp}.${timestamp}.all good`)
  assert.equal(refusal({ id: 'abc', timestamp, standard }, { body: `${timestamp}.all good` }), undefined)
  for (const id of [`abc.${timestamp}`, '.', 'a.', '.a'])
    assert.equal(refusal({ id, timestamp, standard }, { body: 'all good' }), '400 GENERAL_001', id)
})

test('without what is signed beside the body there is no signature', () => {
  for (const [what, sent] of [
    ['none at all', {}],
    ['no id', { ...STANDARD, id: undefined }],
    ['no time', { ...STANDARD, timestamp: undefined }],
    ['no signature', { ...STANDARD, standard: undefined }],
  ] as const)
    assert.equal(refusal(sent), 'signature_missing', what)
})

test('a time may be 5 minutes off in both directions, and no second more', () => {
  for (const off of [-300, -1, 0, 1, 300]) assert.equal(refusal(STANDARD, { at_s: AT_S + off }), undefined)
  for (const off of [-301, 301, 86_400])
    assert.equal(refusal(STANDARD, { at_s: AT_S + off }), 'timestamp_off', String(off))
  for (const timestamp of ['', 'now', '1e9', '-1614265330', `${AT_S}.0`, `${AT_S}000`, ' 1614265330'])
    assert.equal(refusal({ ...STANDARD, timestamp }), 'timestamp_off', timestamp)
})

test('a sender that changes its secret signs with both, and only so many are looked at', () => {
  const other = `v1,${createHmac('sha256', 'x').update('y').digest('base64')}`
  const among = (before: number) => [...Array<string>(before).fill(other), SIGNATURE].join(' ')
  assert.equal(refusal({ ...STANDARD, standard: among(1) }), undefined)
  assert.equal(refusal({ ...STANDARD, standard: `v2,AAAA ${SIGNATURE}` }), undefined)
  assert.equal(refusal({ ...STANDARD, standard: among(7) }), undefined)
  assert.equal(refusal({ ...STANDARD, standard: among(8) }), 'signature_wrong')
})

test('when both are sent, that of Standard Webhooks counts: a replay cannot hide its age behind the other', () => {
  const hub = `sha256=${createHmac('sha256', SECRET).update(BODY).digest('hex')}`
  assert.equal(refusal({ hub }), undefined)
  assert.equal(refusal({ ...STANDARD, hub: 'sha256=00' }), undefined)
  assert.equal(refusal({ ...STANDARD, hub }, { at_s: AT_S + 301 }), 'timestamp_off')
})
