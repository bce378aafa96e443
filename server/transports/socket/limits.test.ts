import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { ask, errorOf, raw } from '../http/client.ts'
import { ALICE } from '../http/rig.ts'
import { openSocketRig } from './rig.ts'
import type { Answer, SocketRig } from './rig.ts'

const rig = await openSocketRig({
  events_per_s: 20,
  packets_per_s: 60,
})
after(() => rig.close())
const codeOf = ({ error }: Answer) => error?.code
const progress = (own: SocketRig, value: number) =>
  own.happen('voice:processing', ALICE.user_id, { status: 'routing', progress: value })
const polling = '/socket.io/?EIO=4&transport=polling'

test('a token ends its socket when its time is over', async () => {
  const client = rig.open()
  await client.next('authenticated')
  rig.clock.advance(4_999)
  assert.equal((await client.ask('agent:unsubscribe', '1')).success, true)
  rig.clock.advance(1)
  assert.deepEqual(await client.next('unauthorized'), ['token expired'])
  assert.equal(await client.gone, 'io server disconnect')
})

test('a fresh token of the same session keeps the socket, any other ends it', async () => {
  const client = rig.open()
  await client.next('authenticated')
  assert.deepEqual(await client.ask('authenticate', 'alice-2'), { success: true, data: {} })
  rig.clock.advance(600_000)
  assert.equal((await client.ask('agent:unsubscribe', '1')).success, true)
  assert.equal(codeOf(await client.ask('authenticate', 7)), 'GENERAL_001')
  for (const token of ['alice-other', 'bob', 'eve']) {
    const other = rig.open('alice-2')
    await other.next('authenticated')
    assert.equal(codeOf(await other.ask('authenticate', token)), 'AUTH_001')
    await other.next('unauthorized')
    assert.equal(await other.gone, 'io server disconnect')
  }
  client.socket.disconnect()
})

test('the end of a session ends its sockets and no others', async (t) => {
  const own = await openSocketRig()
  t.after(() => own.close())
  const [alice, other] = [own.open(), own.open('alice-other')]
  await Promise.all([alice, other].map((client) => client.next('authenticated')))
  own.endSession(ALICE.session_id)
  assert.deepEqual(await alice.next('unauthorized'), ['session ended'])
  await alice.gone
  await progress(own, 1)
  await other.next('voice:processing')
  assert.equal(
    alice.heard.some(([name]) => name === 'voice:processing'),
    false,
  )
})

test('too many events in a second are refused, in the next they pass', async () => {
  const client = rig.open()
  await client.next('authenticated')
  rig.clock.advance(1_000)
  const answers = await Promise.all(Array.from({ length: 25 }, () => client.ask('agent:unsubscribe', '1')))
  assert.deepEqual(answers.map((answer) => codeOf(answer) ?? 'ok').slice(19, 22), [
    'ok',
    'GENERAL_002',
    'GENERAL_002',
  ])
  // Stopping is not refused for that, unless it is a flood of its own.
  const stops = await Promise.all(
    Array.from({ length: 8 }, (_, at) => client.ask(at % 2 === 0 ? 'agent:stop' : 'workflow:stop', 'run')),
  )
  assert.deepEqual(
    stops.map((answer) => codeOf(answer) === 'GENERAL_002'),
    [false, false, false, false, false, true, true, true],
  )
  rig.clock.advance(1_000)
  assert.equal((await client.ask('agent:unsubscribe', '1')).success, true)
  client.socket.disconnect()
})

test('a flood of any kind ends the socket and leaves the others alone', async () => {
  const [flooding, quiet] = [rig.open(), rig.open('bob')]
  await Promise.all([flooding, quiet].map((client) => client.next('authenticated')))
  for (let index = 0; index < 10_000; index += 1) flooding.socket.emit('agent:unsubscribe', '1', () => {})
  await flooding.gone
  assert.equal((await quiet.ask('agent:unsubscribe', '1')).success, true)
  quiet.socket.disconnect()
})

test('calls that wait are bounded', async (t) => {
  const own = await openSocketRig({ calls_max: 3 })
  t.after(() => own.close())
  const client = own.open()
  const open = Promise.all([1, 2, 3].map(() => client.ask('voice:command', {})))
  assert.equal(codeOf(await client.ask('voice:command', {})), 'SYSTEM_001')
  client.socket.disconnect()
  await assert.rejects(open)
})

test('what waits for a client that does not take it is bounded, and the client can resume', async (t) => {
  const own = await openSocketRig({ backlog_messages_max: 16 })
  t.after(() => own.close())
  const { sid } = JSON.parse((await ask(own, polling)).text.slice(1)) as { sid: string }
  const poll = async () => (await ask(own, `${polling}&sid=${sid}`)).text.split('\u001e')
  await ask(own, `${polling}&sid=${sid}`, { method: 'POST', body: '40{"token":"alice"}' })
  let taken: string[] = []
  while (!taken.some((packet) => packet.startsWith('42["authenticated"')))
    taken = [...taken, ...(await poll())]
  for (let index = 0; index < 16; index += 1) await progress(own, index)
  assert.equal((await poll()).length, 16)
  for (let index = 16; index < 60; index += 1) await progress(own, index)
  assert.match((await poll()).join(), /"code":"GENERAL_001","message":"Session ID unknown/)

  const again = own.open()
  await again.next('authenticated')
  assert.deepEqual((await again.ask('resume', 0)).data, { last_seq: 60, gap: false })
  assert.equal(again.heard.filter(([name]) => name === 'voice:processing').length, 60)
})

test('a frame that is too large, binary data and broken packets end the socket, not the server', async () => {
  const large = rig.open()
  await large.next('authenticated')
  large.socket.emit('workflow:execute', 'w1', 'a'.repeat(2_000_000))
  await large.gone
  const frames = [
    '451000000-["workflow:execute",{"_placeholder":true,"num":0}]',
    '49',
    '42not json',
    '4{',
    'x',
  ]
  const ending = [0, 1, 4]
  for (const [index, frame] of frames.entries()) {
    const client = rig.open()
    await client.next('authenticated')
    const { engine } = client.socket.io
    engine.transport.send([{ type: 'message', data: frame.slice(1) }])
    if (ending.includes(index)) await client.gone
    client.socket.disconnect()
  }
  const binary = rig.open()
  await binary.next('authenticated')
  binary.socket.emit('workflow:execute', 'w1', Buffer.from('binary'))
  await binary.gone
  const alive = rig.open()
  assert.equal((await alive.ask('agent:unsubscribe', '1')).success, true)
  alive.socket.disconnect()
})

test('a payload is read as strictly as a body, and answered', async () => {
  const client = rig.open()
  await client.next('authenticated')
  const { engine } = client.socket.io
  const payloads = [
    '["workflow:execute","w1",{"a":1,"a":2}]',
    '["workflow:execute","w1",{"__proto__":1}]',
    '["workflow:execute","w1",1e999]',
  ]
  for (const payload of [
    ...payloads,
    `["workflow:execute",${'['.repeat(40)}`,
    '["workflow:execute"',
    '{}',
    '[]',
    '[7]',
  ]) {
    engine.transport.send([{ type: 'message', data: `2${payload}` }])
    const [error] = (await client.next('error')) as [{ event: string; error: { code: string } }]
    assert.equal(error.error.code, 'GENERAL_001', payload)
    assert.equal(error.event, payload.startsWith('["') ? 'workflow:execute' : '')
  }
  for (const name of ['disconnect', 'connect', 'newListener', 'error', '__proto__']) {
    engine.transport.send([{ type: 'message', data: `2["${name}",1]` }])
    await client.next('error')
  }
  assert.equal(client.socket.connected, true)
  client.socket.disconnect()
})

test('a handshake from elsewhere, or with a token in the address, is refused as every request is', async () => {
  const refused = async (path: string, headers: Record<string, string> = {}) =>
    errorOf(await ask(rig, path, { headers }))
  assert.equal((await refused(polling, { origin: 'https://evil.test' })).status, 403)
  assert.equal((await refused(polling, { origin: 'null' })).status, 403)
  assert.equal((await refused(polling, { host: 'attacker.test' })).status, 403)
  assert.equal((await refused(polling, { 'sec-fetch-site': 'cross-site' })).status, 403)
  assert.equal((await refused(`${polling}&token=alice`)).code, 'AUTH_001')
  const lines = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  const host = `Host: localhost:${rig.port}`
  const start = 'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1'
  const upgrade = (...more: string[]) => raw(rig, [start, ...more, ...lines, '', ''].join('\r\n'))
  assert.match(await upgrade(host, 'Origin: https://evil.test'), /^HTTP\/1\.1 403 [\s\S]*"success":false/)
  assert.match(await upgrade('Host: evil.test'), /^HTTP\/1\.1 403 /)
})

test('what the socket protocol does not know is answered in the form of every error', async () => {
  for (const path of [
    '?EIO=3&transport=polling',
    '?EIO=4&transport=pigeon',
    '?EIO=4&transport=polling&sid=none',
    '',
  ]) {
    assert.equal(errorOf(await ask(rig, `/socket.io/${path}`)).status, 400, path)
  }
  assert.equal(errorOf(await ask(rig, polling, { method: 'POST', body: '40' })).status, 400)
  const large = { method: 'POST', body: 'a'.repeat(1_100_000) }
  assert.equal(errorOf(await ask(rig, `${polling}&sid=none`, large)).status, 413)
  assert.equal(errorOf(await ask(rig, '/socket.io/socket.io.js')).status, 400)
})

test('an offer to speak another protocol is passed over', async () => {
  const lines = [
    'GET /api/none HTTP/1.1',
    `Host: localhost:${rig.port}`,
    'Connection: Upgrade, close',
    'Upgrade: h2c',
  ]
  assert.match(
    await raw(rig, [...lines, 'HTTP2-Settings: AA', '', ''].join('\r\n'), '', ''),
    /^HTTP\/1\.1 404 /,
  )
})

test('only so many sockets are let in, and a silent one is ended whether it polls or not', async (t) => {
  const own = await openSocketRig({ sockets_max: 2, connect_timeout_ms: 100, last_poll_ms: 10 })
  t.after(() => own.close())
  const client = own.open()
  await client.next('authenticated')
  const silent = await ask(own, polling)
  const { status, code } = errorOf(await ask(own, polling))
  assert.deepEqual([status, code], [503, 'SYSTEM_001'])
  const { sid } = JSON.parse(silent.text.slice(1)) as { sid: string }
  // The poll is held until the time to sign in is over.
  assert.equal((await ask(own, `${polling}&sid=${sid}`)).text, '1')
  assert.equal((await ask(own, polling)).status, 200)
  let again = await ask(own, polling)
  while (again.status === 503) again = await ask(own, polling)
  assert.equal(again.status, 200)
  assert.equal(client.socket.connected, true)
})

test('a server that stops tells its sockets, and they come back by themselves', async (t) => {
  const own = await openSocketRig()
  t.after(() => own.close())
  const clients = [own.open(), own.open('alice', { transports: ['polling'] })]
  await Promise.all(clients.map((client) => client.next('authenticated')))
  await own.closeSockets()
  for (const client of clients) {
    const [error] = (await client.next('error')) as [{ error: { code: string; details: unknown } }]
    assert.deepEqual(
      [error.error.code, error.error.details],
      ['GENERAL_004', { reason: 'server_restarting' }],
    )
    assert.notEqual(await client.gone, 'io server disconnect')
  }
})

test('while the server drains, a new socket is told so and not that its token is wrong', async (t) => {
  const own = await openSocketRig()
  t.after(() => own.close())
  own.dispatch.close()
  const client = own.open()
  const [error] = (await client.next('error')) as [{ error: { code: string } }]
  assert.equal(error.error.code, 'GENERAL_004')
  assert.notEqual(await client.gone, 'io server disconnect')
  assert.equal(
    client.heard.some(([name]) => name === 'unauthorized'),
    false,
  )
})
