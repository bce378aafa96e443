import assert from 'node:assert/strict'
import { createECDH } from 'node:crypto'
import { test } from 'node:test'
import { toPayload, toRequest } from './message.ts'
import { openBrowser } from './rig.ts'

const id = '019ac000-0000-7000-8000-000000000001'
const read = (payload: Uint8Array) => JSON.parse(Buffer.from(payload).toString()) as { text: string }
const payloadOf = (text: string) => toPayload({ notification_id: id, text, severity: 'info' })

test('a text that fits is sent whole, to the last byte', () => {
  const room = 3_072 - payloadOf('').length
  assert.equal(read(payloadOf('x'.repeat(room))).text, 'x'.repeat(room))
  const longer = payloadOf('x'.repeat(room + 1))
  assert.equal(read(longer).text, `${'x'.repeat(room - 3)}…`)
  assert.equal(longer.length, 3_072)
})

test('a longer one loses its end, whatever its characters take, and never half of one', () => {
  for (const [letter, size] of Object.entries({ ä: 2, '€': 3, '😀': 4, '\u0001': 6, '"': 2, '\uD800': 6 })) {
    const payload = payloadOf(letter.repeat(100_000))
    const { text } = read(payload)
    assert.ok(
      payload.length <= 3_072 && payload.length > 3_072 - 2 * size - 3,
      `${letter}: ${payload.length}`,
    )
    assert.match(text, /…$/)
    if (letter !== '\uD800') assert.ok(text.isWellFormed(), letter)
  }
  assert.deepEqual(read(toPayload({ notification_id: null, text: '', severity: 'critical' })), {
    notification_id: null,
    text: '',
    severity: 'critical',
  })
})

test('everything that is sent has one size, so that nobody on the way learns how much it says', async () => {
  const browser = openBrowser('a')
  const { endpoint, keys } = browser.subscription
  const server = createECDH('prime256v1')
  const made = {
    public_key: server.generateKeys('base64url'),
    private_key: server.getPrivateKey('base64url'),
  }
  const target = { endpoint, ...keys }
  const sizes = new Set<number>()
  for (const text of ['', 'a', 'x'.repeat(5_000)]) {
    const notice = { notification_id: id, text, severity: 'info' } as const
    const options = { keys: made, subject: 'mailto:a@example.org', ttl_ms: 1_999 }
    const { body, headers } = await toRequest(target, notice, options)
    assert.equal(headers['ttl'], '1')
    assert.equal(browser.decrypt(body).severity, 'info')
    assert.throws(() => openBrowser('b').decrypt(body), /authenticate data/)
    sizes.add(body.length)
  }
  assert.deepEqual([...sizes], [4_096])
})
