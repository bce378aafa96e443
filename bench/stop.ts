import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { io } from 'socket.io-client'
import { prepare } from './http/app.ts'
import { startChild } from './http/child.ts'
import type { Child } from './http/child.ts'
import type { Counts } from './http/rows.ts'
import type { Visitor } from './http/scene.ts'
import { finish, median, report } from './report.ts'

/**
 * Milliseconds from sending a stop to its answer, while an agent removes thousands of items from a list and another
 * process keeps a core busy: by REST, by a socket, and by a sentence. The control is a plain write that is acknowledged
 * on the same server while nothing else runs. After the answer no further item may go, and undo brings
 * all of them back.
 */
const ROUNDS = 5
const ITEMS = 5_000
const ITEMS_AT_ONCE = 500
const WRITES = 20
const AGENT = 4
const TIMEOUT_MS = 600_000
/** The removal is under way for so long when it is stopped; each round stops it elsewhere. */
const UNDER_WAY_MS = 100
/** In which a piece that the stop did not hold up would show. */
const AFTER_MS = 300
const AIM_MS = 1_000
/** A stop waits for the transaction under way and ends a job besides, so it costs a few plain writes. */
const MOST = 12
/** The busy process ends by itself, whatever becomes of this one. */
const BUSY_MS_MAX = 300_000

interface Answer {
  data: Record<string, unknown>
}
type Stop = (said: object) => Promise<Answer>

const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
const busy = spawn(process.execPath, [
  '-e',
  `const end = Date.now() + ${BUSY_MS_MAX}; while (Date.now() < end);`,
])
process.once('exit', () => busy.kill('SIGKILL'))
const server = startChild(new URL('./http/ours.ts', import.meta.url))
let wrong = 0
let lost = 0
let requests = 0
try {
  const { ours } = await prepare(folder)
  const [visitor] = ours.visitors
  if (visitor === undefined) throw new Error('Nobody visits.')
  const port = await server.ask<number>('open', ours)
  const ask = client(port, visitor)
  const socket = io(`http://localhost:${port}`, { auth: { token: visitor.token }, transports: ['websocket'] })
  const write = await plainWrites(ask, visitor)
  console.log(`plain acknowledged write: ${write.toFixed(1)} ms`)
  await fill(ask, visitor)
  const ways: readonly (readonly [string, Stop, object])[] = [
    ['REST', (said) => ask('POST', '/stop', said), {}],
    ['socket', (said) => socket.emitWithAck('agent:stop', said) as Promise<Answer>, {}],
    ['sentence', (said) => ask('POST', '/voice/process', said), { text_fallback: 'stop' }],
  ]
  for (const [name, stop, said] of ways) {
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round += 1)
      times.push(await measure({ ask, visitor, round }, () => stop(said)))
    const worst = Math.max(...times)
    console.log(
      `${name}: ${times.map((time) => time.toFixed(1)).join(', ')} ms (aim: at most ${AIM_MS}${worst > AIM_MS ? ', MISSED' : ''})`,
    )
    report(
      `ms of a stop by ${name} against a plain write`,
      times.map((time) => [time, write]),
      { most: MOST },
    )
  }
  console.log(`${wrong === 0 ? 'ok  ' : 'FAIL'} items that went after a stop was acknowledged: ${wrong}`)
  console.log(`${lost === 0 ? 'ok  ' : 'FAIL'} items that undo did not bring back: ${lost}`)
  socket.disconnect()
  await server.stop()
} finally {
  busy.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
}
finish()
if (wrong + lost !== 0) process.exitCode = 1

type Ask = (method: string, path: string, body?: object) => Promise<Answer>

function client(port: number, { token }: Visitor): Ask {
  return async (method, path, body) => {
    const answer = await fetch(`http://localhost:${port}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
    return (await answer.json()) as Answer
  }
}

function execute(
  ask: Ask,
  { user_id }: Visitor,
  action: string,
  parameters: object,
  wait: boolean,
): Promise<Answer> {
  requests += 1
  const command = { action, parameters, user_id, request_id: `stop-${requests}`, priority: 'normal' }
  const more = { timeout_ms: TIMEOUT_MS, wait_for_completion: wait }
  return ask('POST', `/agents/${AGENT}/execute`, { command, ...more })
}

/** The middle of what single writes take, the first ones left out. */
async function plainWrites(ask: Ask, visitor: Visitor): Promise<number> {
  const times: number[] = []
  for (let at = 0; at < 2 * WRITES; at += 1) {
    const began = performance.now()
    await execute(ask, visitor, 'add', { items: [`plain ${at}`], list: 'plain' }, true)
    times.push(performance.now() - began)
  }
  return median(times.slice(WRITES))
}

async function fill(ask: Ask, visitor: Visitor): Promise<void> {
  for (let from = 0; from < ITEMS; from += ITEMS_AT_ONCE) {
    const items = Array.from({ length: ITEMS_AT_ONCE }, (_, at) => `item ${from + at}`)
    await execute(ask, visitor, 'add', { items, list: 'long' }, true)
  }
}

/** Begins to remove a list, stops that, looks what went, and takes it back. Answers the milliseconds of the stop. */
async function measure(
  { ask, visitor, round }: { ask: Ask; visitor: Visitor; round: number },
  stop: () => Promise<Answer>,
): Promise<number> {
  const { data: begun } = await execute(ask, visitor, 'remove', { list: 'long' }, false)
  await pause(UNDER_WAY_MS * (round + 1))
  const began = performance.now()
  const { data } = await stop()
  const took = performance.now() - began
  const told = Number(/had done (\d+) of/.exec(JSON.stringify(data))?.[1] ?? Number.NaN)
  await pause(AFTER_MS)
  const gone = ITEMS - (await itemsLeft(server))
  if (gone === 0 || gone === ITEMS || Number.isNaN(told))
    throw new Error(`Nothing was stopped in the middle: ${gone} of ${ITEMS} are gone.`)
  wrong += Math.abs(gone - told)
  await ask('POST', `/agents/executions/${String(begun['execution_id'])}/undo`, {})
  lost += ITEMS - (await itemsLeft(server))
  return took
}

/** Items of the list that is removed, which are all but the plain ones. */
async function itemsLeft(child: Child): Promise<number> {
  const { tables } = await child.ask<Counts>('count')
  return (tables['records'] ?? 0) - 2 * WRITES
}
