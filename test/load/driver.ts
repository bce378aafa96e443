import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { serveParent } from '../../bench/http/child.ts'
import type { Visitor } from '../../bench/http/scene.ts'

/** Requests at a fixed rate, whatever becomes of those before: that is how an overload comes about. */
export interface Load {
  port: number
  visitors: readonly Visitor[]
  per_s: number
  seconds: number
  name: string
}

/** How often each outcome came: a status, `503 without Retry-After`, or what became of the connection. */
export interface Outcomes {
  sent: number
  outcomes: Record<string, number>
}

/** Connections of the driver; more requests than these wait in it. */
const SOCKETS_MAX = 1_900
/** Requests that may be open; beyond it the driver drops them, as a client's own time-out would. */
const OPEN_MAX = 5_000
const STEP_MS = 20
const PROBE_MS = 20

async function load({ port, visitors, per_s, seconds, name }: Load): Promise<Outcomes> {
  const agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX })
  const outcomes = new Map<string, number>()
  const count = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  const open = new Set<Promise<void>>()
  const started = performance.now()
  let sent = 0
  while (performance.now() - started < seconds * 1_000) {
    const due = ((performance.now() - started) / 1_000) * per_s
    for (; sent < due; sent += 1) {
      if (open.size >= OPEN_MAX) {
        count('not sent')
        continue
      }
      const visitor = visitors[sent % visitors.length]
      if (visitor === undefined) break
      const one = send(agent, port, visitor, `${name}-${sent}`).then(count)
      open.add(one)
      void one.finally(() => open.delete(one))
    }
    await pause(STEP_MS)
  }
  await Promise.all(open)
  agent.destroy()
  return { sent, outcomes: Object.fromEntries(outcomes) }
}

function send(agent: Agent, port: number, { user_id, token }: Visitor, request_id: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const command = {
    action: 'remember',
    parameters: { text: `the lock code of my bike is ${request_id}` },
    user_id,
    request_id,
    priority: 'normal',
  }
  const body = JSON.stringify({ command, wait_for_completion: true })
  const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
  const options = { agent, port, host: '127.0.0.1', path: '/api/agents/2/execute', method: 'POST', headers }
  const asked = request({ ...options, headers: { ...headers, Host: `localhost:${port}` } }, (answer) => {
    answer.resume()
    const { statusCode = 0, headers: told } = answer
    const isBare = statusCode === 503 && !/^\d+$/.test(told['retry-after'] ?? '')
    answer.on('end', () => resolve(isBare ? '503 without Retry-After' : String(statusCode)))
    answer.on('error', () => resolve('cut'))
  })
  asked.on('error', (error: NodeJS.ErrnoException) => {
    // The server had just ended the idle connection: every client of HTTP asks again then (RFC 9110, section 9.2.2).
    if (asked.reusedSocket && error.code === 'ECONNRESET')
      resolve(send(agent, port, { user_id, token }, request_id))
    else resolve(error.code ?? 'error')
  })
  asked.end(body)
  return promise
}

/** Milliseconds of health calls, one after the other, as a monitor makes them. */
async function probe({ port, seconds }: { port: number; seconds: number }): Promise<number[]> {
  const times: number[] = []
  const started = performance.now()
  while (performance.now() - started < seconds * 1_000) {
    const before = performance.now()
    const status = await health(port)
    if (status !== 200) throw new Error(`Health answered ${status}.`)
    times.push(performance.now() - before)
    await pause(PROBE_MS)
  }
  return times
}

function health(port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const headers = { Host: `localhost:${port}` }
  const asked = request({ port, host: '127.0.0.1', path: '/api/system/health', headers }, (answer) => {
    answer.resume()
    answer.on('end', () => resolve(answer.statusCode ?? 0))
  })
  asked.on('error', reject)
  asked.end()
  return promise
}

serveParent({ load, probe }, () => Promise.resolve())
