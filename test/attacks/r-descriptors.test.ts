import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { Agent, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { json } from 'node:stream/consumers'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { SignedIn } from '../../contract/auth.ts'
import { ask } from '../../server/transports/http/client.ts'
import type { Answered } from '../../server/transports/http/client.ts'
import { PASSWORD } from '../app.ts'
import { openMachine } from '../journeys/process.ts'
import { dataOf } from './rig.ts'

const DESCRIPTORS = 256
const CONNECTIONS = 1_000
/** They come so many at a time: of more than a listener has room for, some would be asked to come again in a second. */
const WAVE = 100
/** What the server gives to clients of so few descriptors. */
const CLIENTS_MAX = 96
/** What the egress may open at any time. */
const EGRESS_MAX = 64
const TRIES_MAX = 500
const PAIOS = fileURLToPath(new URL('../../cli/paios.mjs', import.meta.url))
const options = {
  skip: process.platform === 'win32' && 'Windows has no limit of descriptors',
  timeout: 120_000,
}

interface Limited {
  port: number
  pid: number
  setup_code: string
  /** How it ended, if it has, and what it has complained of. */
  ended(): { exit: number | null; signal: string | null; complaints: string }
  kill(): Promise<void>
}

const machine = openMachine()
const database = join(machine.home, 'data', 'paios.sqlite')
let server: Limited
/** A client who is there before the crowd, and keeps the connection. */
let kept: { port: number; agent: Agent }
before(async () => {
  if (options.skip !== false) return
  server = await startLimited()
  kept = { port: server.port, agent: new Agent({ keepAlive: true, maxSockets: 1 }) }
})
after(async () => {
  kept?.agent.destroy()
  await server?.kill()
  await machine.remove()
})

/** A server in a process that may have so many descriptors, once it is ready. */
function startLimited(): Promise<Limited> {
  const words = ['-c', `ulimit -n ${DESCRIPTORS} && exec "$0" "$@"`, process.execPath, PAIOS, 'serve']
  const child = spawn('sh', words, { env: { ...machine.environment, PAIOS_PORT: '0' }, cwd: machine.home })
  const { promise, resolve, reject } = Promise.withResolvers<Limited>()
  const end = Promise.withResolvers<void>()
  let [printed, complaints] = ['', '']
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    const [, port, setup_code = ''] = /ready at \S+:(\d+)\n[^]*^Setup code: (\S+)\n/m.exec(printed) ?? []
    const kill = (): Promise<void> => {
      child.kill('SIGKILL')
      return end.promise
    }
    const ended = () => ({ exit: child.exitCode, signal: child.signalCode, complaints })
    if (port !== undefined) resolve({ port: Number(port), pid: child.pid ?? 0, setup_code, ended, kill })
  })
  child.once('close', (exit) => {
    end.resolve()
    reject(new Error(`The server ended with ${exit}: ${complaints}`))
  })
  return promise
}

/** What is not whole, and what is: nothing is written before somebody sends a whole request. */
function sentences(): Record<'begun' | 'whole', readonly string[]> {
  const host = `Host: localhost:${server.port}\r\n`
  const body = 'Content-Type: application/json\r\nContent-Length: 90\r\n\r\n{"a'
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n'
  const key = 'Sec-WebSocket-Key: c2lsZW5jZSBpcyBnb2xkZW4=\r\n\r\n'
  return {
    begun: [
      '',
      'GET /api/system/health HTTP/1.1\r\nHost: loc',
      `POST /api/auth/login HTTP/1.1\r\n${host}${body}`,
    ],
    whole: [
      `GET /api/system/health HTTP/1.1\r\n${host}\r\n`,
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${host}${upgrade}${key}`,
    ],
  }
}

/** A crowd comes, in waves; answers who of it has got in and was not left out, and how to make them leave. */
async function enterCrowd(
  said: readonly string[],
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<{ inside: ReadonlySet<Socket>; leave: () => void }> {
  const inside = new Set<Socket>()
  const enter = (index: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const socket = connect(server.port, '127.0.0.1', resolve)
    inside.add(socket)
    socket
      .on('error', () => {})
      .once('close', () => {
        inside.delete(socket)
        resolve()
      })
    socket.resume().write(said[index % said.length] ?? '')
    return promise
  }
  for (let wave = 0; wave < CONNECTIONS / WAVE; wave += 1) {
    await Promise.all(Array.from({ length: WAVE }, (_, index) => enter(index)))
    await between()
  }
  return { inside, leave: () => inside.forEach((socket) => socket.destroy()) }
}

let [authorization, user_id]: [string | undefined, string] = [undefined, '']
let requests = 0
/** What the server has acknowledged. */
const acknowledged: string[] = []

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  return dataOf(await ask(kept, `/api${path}`, { method: 'POST', body, headers: { authorization } }))
}

/** Begins to claim the server on the connection that is kept; answers how to finish. */
async function beginClaim(): Promise<() => Promise<SignedIn>> {
  const body = JSON.stringify({ setup_code: server.setup_code, email: 'ann@example.org', password: PASSWORD })
  const headers = { 'content-type': 'application/json', 'content-length': body.length }
  const sent = request({ ...kept, host: '127.0.0.1', method: 'POST', path: '/api/auth/setup', headers })
  sent.flushHeaders()
  const [socket] = (await once(sent, 'socket')) as [Socket]
  await once(socket, 'connect')
  return async () => {
    sent.end(body)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    return ((await json(answer)) as { data: SignedIn }).data
  }
}

async function note(): Promise<void> {
  const content = `note ${acknowledged.length}`
  await post('/agents/2/memory', { memory_type: 'note', content })
  acknowledged.push(content)
}

async function act(agent: number, action: string, parameters: object): Promise<string> {
  requests += 1
  const command = { action, parameters, user_id, request_id: `request-${requests}`, priority: 'normal' }
  const { result } = await post(`/agents/${agent}/execute`, { command, wait_for_completion: true })
  return (result as { text: string }).text
}

/** The health as somebody new hears it, who comes again when there is no room, but not for ever. */
async function askAnew(): Promise<Answered> {
  for (let tries = 1; ; tries += 1) {
    const answered = await ask(server, '/api/system/health', { headers: { authorization } }).catch(() => {})
    if (answered !== undefined) return answered
    assert.ok(tries < TRIES_MAX, `no answer to ${TRIES_MAX} questions`)
  }
}

/** It runs, has complained of nothing, holds no more of a crowd than it has room for, and has enough left to go out. */
async function assertWell(inside: ReadonlySet<Socket> = new Set()): Promise<void> {
  for (let tries = 1; inside.size >= CLIENTS_MAX; tries += 1) {
    assert.ok(tries < TRIES_MAX, `${inside.size} are inside`)
    await note()
  }
  assert.deepEqual(server.ended(), { exit: null, signal: null, complaints: '' })
  const open = `/proc/${server.pid}/fd`
  const count = existsSync(open) ? readdirSync(open).length : 0
  assert.ok(count <= DESCRIPTORS - EGRESS_MAX, `${count} descriptors leave too few to go out`)
}

test(
  'R-024: amid 1,000 connections on 256 descriptors everything works for who was there before',
  options,
  async () => {
    const claim = await beginClaim()
    const crowd = await enterCrowd(sentences().begun)
    // The first write of all: with it begins the thread that syncs, and opens the log.
    const owner = await claim()
    authorization = `Bearer ${owner.access_token}`
    user_id = owner.user_id
    await note()
    const bytes = statSync(database).size
    const text = Array.from({ length: 80 }, (_, index) => `${index} ${'word '.repeat(1_800)}`).join('\n\n')
    await act(2, 'import_text', { text })
    await note()
    // Each of these begins a thread of its own, and so does moving the log into the database, which is large by now.
    assert.match(await act(6, 'summarise', { text: 'The boiler is old. It was serviced.' }), /boiler/)
    assert.match(await act(9, 'integrity', {}), /^The database is whole/)
    await post('/voice/process', { text_fallback: 'remember that the boiler is old' })
    await note()
    assert.ok(statSync(database).size > bytes + 1_000_000, 'the log was not moved into the database')
    await assertWell(crowd.inside)
    crowd.leave()
  },
)

test('R-024: after the crowd anybody is answered, and the next crowd finds room again', options, async () => {
  assert.equal((await askAnew()).status, 200)
  const { begun, whole } = sentences()
  const crowd = await enterCrowd([...begun, ...whole], note)
  await assertWell(crowd.inside)
  crowd.leave()
  assert.equal((await askAnew()).status, 200)
  await note()
  await assertWell()
})

test(
  'R-024: all that was acknowledged amid the crowds and after is kept when it is killed',
  options,
  async () => {
    await server.kill()
    const opened = new DatabaseSync(database)
    const contents = opened
      .prepare('SELECT content FROM memories')
      .all()
      .map(({ content }) => String(JSON.parse(String(content))))
    opened.close()
    assert.deepEqual(
      contents.filter((content) => /^note \d+$/.test(content)).toSorted(),
      acknowledged.toSorted(),
    )
    assert.ok(acknowledged.length >= 14)
    assert.ok(contents.includes('the boiler is old'))
  },
)
