import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { listen, openCanary, openTestEgress, refusal, until } from './rig.ts'

const context = { user_id: 'ann', signal: new AbortController().signal }

/** A server of this machine, an egress that may reach it, and the other ends of its connections. */
async function open(t: TestContext, bounds = {}, served: (socket: Socket) => void = () => {}) {
  const ends: Socket[] = []
  const server = createServer((socket) => {
    ends.push(socket)
    served(socket)
  })
  const { port, ...counted } = await listen(t, server)
  const rig = openTestEgress(t, { lan: [`127.0.0.1:${port}`], bounds })
  const connect = (more = {}, asked = {}) =>
    rig.egress.connect({ host: '127.0.0.1', port, ...asked }, { ...context, ...more })
  return { ...rig, ...counted, port, ends, connect }
}

test('a connection carries bytes both ways to its end, is measured, and gives its place back', async (t) => {
  const { connect, open: isOpen } = await open(t, { connections: 1 }, (socket) => socket.pipe(socket))
  const measured: unknown[] = []
  for (let round = 0; round < 3; round += 1) {
    const connection = await connect({ measured: (bytes: number) => measured.push(bytes) })
    await connection.write(Buffer.from('hello'))
    let text = ''
    for await (const chunk of connection.received) {
      text += Buffer.from(chunk).toString()
      if (text.length === 5) break
    }
    assert.equal(text, 'hello')
  }
  await until(() => isOpen() === 0 && measured.length === 3)
  assert.deepEqual(measured, [10, 10, 10])
})

test('it goes nowhere that a request which sends may not go', async (t) => {
  const canary = await openCanary(t)
  const names = { 'a.example': ['127.0.0.1'], 'b.example': ['1.1.1.1', '10.0.0.1'] }
  const { egress } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port + 1}`], names, hosts: ['*.example'] })
  const to = (host: string, port = canary.port) => refusal(egress.connect({ host, port }, context))
  assert.match(await to('127.0.0.1'), /^UNAUTHORIZED 403: .* in PAIOS_EGRESS_LAN\.$/)
  for (const host of ['a.example', 'b.example', '::1', '0x7f.1', '169.254.169.254'])
    assert.match(await to(host), /^UNAUTHORIZED 403: .*PAIOS_EGRESS_LAN\.$/, host)
  assert.match(await to('else.where'), /^UNAUTHORIZED 403: .* in PAIOS_EGRESS_HOSTS\.$/)
  assert.match(await to('127.0.0.1', 0), /^VALIDATION_ERROR 400/)
  const reading = openTestEgress(t, { names: { 'c.example': ['1.1.1.1'] } })
  assert.match(
    await refusal(reading.egress.connect({ host: 'c.example', port: 80 }, context)),
    /^UNAUTHORIZED 403: Public hosts may only be read from: for CONNECT/,
  )
  assert.equal(canary.hits(), 0)
})

test('one that does not open in time, or is refused, is told as such', async (t) => {
  const never = Promise.withResolvers<string[]>()
  let asks = 0
  const slow = openTestEgress(t, { lan: ['nas.home:80'], resolve: () => ((asks += 1), never.promise) })
  const asked = refusal(slow.egress.connect({ host: 'nas.home', port: 80, timeout_ms: 900 }, context))
  await until(() => asks === 1)
  slow.clock.advance(900)
  assert.equal(await asked, 'AGENT_TIMEOUT 504: nas.home:80 did not answer within 0.9 s.')
  const { port, egress } = await open(t, { failures: 2 })
  const { egress: other } = openTestEgress(t, { lan: [`127.0.0.2:${port}`], bounds: { failures: 2 } })
  const shut = () => refusal(other.connect({ host: '127.0.0.2', port }, context))
  assert.match(await shut(), /takes no connections\.$/)
  await shut()
  assert.match(await shut(), /failed 2 times in a row and is left alone for 30 s/)
  assert.equal(egress.isResting('ann', { host: '127.0.0.1', port }), false)
})

test('what comes without an end is cut off, and a connection that is forgotten ends by itself', async (t) => {
  const {
    connect,
    clock,
    open: isOpen,
  } = await open(t, { connection_ms: 5_000 }, (socket) => {
    const pour = (): void => {
      while (socket.writable && socket.write(Buffer.alloc(4_096)));
    }
    socket.on('drain', pour)
    pour()
  })
  const endless = await connect({}, { bytes_max: 100_000 })
  assert.match(await refusal(Array.fromAsync(endless.received)), /answered with more than 100000 bytes\.$/)
  const forgotten = await connect()
  await until(() => isOpen() > 0)
  clock.advance(5_000)
  await until(() => isOpen() === 0)
  assert.match(await refusal(forgotten.write(Buffer.from('x'))), /closed the connection too early\.$/)
  assert.match(await refusal(Array.fromAsync(forgotten.received)), /was spoken with for too long\.$/)
})

test('it ends with its signal, by itself, and with the egress, and each is told apart', async (t) => {
  const rig = await open(t)
  const stop = new AbortController()
  const stopped = await rig.connect({ signal: stop.signal })
  const waits = Array.fromAsync(stopped.received)
  stop.abort(new RangeError('enough'))
  await assert.rejects(waits, RangeError)
  await assert.rejects(stopped.write(Buffer.from('x')), RangeError)
  const closed = await rig.connect()
  const ending = Array.fromAsync(closed.received)
  closed.close()
  assert.deepEqual(await ending, [])
  const ended = await rig.connect()
  const broken = refusal(Array.fromAsync(ended.received))
  await until(() => rig.ends.length === 3)
  rig.ends[2]?.resetAndDestroy()
  assert.match(await broken, /closed the connection too early\.$/)
  const last = await rig.connect()
  await rig.egress.close()
  assert.match(await refusal(last.write(Buffer.from('x'))), /^SERVICE_UNAVAILABLE 503/)
  await until(() => rig.open() === 0)
})

const lend = () =>
  Promise.resolve([{ in: 'header', name: 'x-key', text: 'sk-secret-123', secret: 'sk-secret-123' }] as const)

test('a body that is taken piece by piece has no secret in it, and what is no answer is kept whole', async (t) => {
  const canary = await openCanary(t, ({ url }, response) => {
    if (url === '/bad') return void response.writeHead(500).end('broken')
    response.writeHead(200, { 'content-type': 'audio/pcm' })
    response.write('abc sk-sec')
    setImmediate(() => response.end('ret-123 def'))
  })
  const { ask } = openTestEgress(t, { lan: [`127.0.0.1:${canary.port}`] })
  const parts: Uint8Array[] = []
  const request = (path: string, more = {}) => ({
    url: `http://127.0.0.1:${canary.port}${path}`,
    credential_id: 'c1',
    received: (part: Uint8Array) => void parts.push(part),
    ...more,
  })
  const good = await ask(request('/', { method: 'POST', body: 'x' }), { lend })
  assert.deepEqual([good.status, good.body.byteLength], [200, 0])
  assert.equal(Buffer.concat(parts).toString(), 'abc [secret:c1] def')
  const bad = await ask(request('/bad', { repeatable: true }), { lend })
  assert.deepEqual([bad.status, Buffer.from(bad.body).toString(), canary.hits()], [500, 'broken', 2])
  const cut = await ask(request('/', { method: 'POST', bytes_max: 4 }), { lend })
  assert.equal(cut.cut, true)
})
