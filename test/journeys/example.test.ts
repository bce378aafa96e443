import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ask } from '../../server/transports/http/client.ts'
import { openClient } from '../../server/transports/socket/rig.ts'
import { PASSWORD } from '../app.ts'
import { openMachine } from './process.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const EXAMPLE = join(ROOT, 'examples', 'remote-agent.mjs')
/** The program in the guide, which registers itself. */
const [, SELF = ''] = /```js\n([^]*?)```/.exec(readFileSync(join(ROOT, 'docs/guide/agents.md'), 'utf8')) ?? []
const ACTIONS = join(ROOT, 'examples', 'remote-agent.json')
/** No step of a test takes so long; what does hangs. */
const ENOUGH_MS = 30_000

const machine = openMachine()
const children: ChildProcess[] = []
after(async () => {
  for (const child of children) child.kill('SIGKILL')
  await machine.remove()
})
let server = await machine.serve()
const token_file = join(machine.home, '.config', 'paios', 'agent-20.token')
const paios = (words: readonly string[], piped = '') =>
  machine.paios(words, { piped, environment: { PAIOS_URL: server.url } })
await paios(['setup', '--email', 'ann@example.org', '--password-stdin'], PASSWORD)
const kept = readFileSync(join(machine.home, '.config', 'paios', 'cli-tokens.json'), 'utf8')
const [, token = ''] = /"access_token": "([^"]+)"/.exec(kept) ?? []
const [, user_id = ''] = /"user_id": "([^"]+)"/.exec(kept) ?? []

/** What comes in time, or a failure. */
function within<T>(promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('It did not come in time.')), ENOUGH_MS)
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer))
}

interface Program {
  child: ChildProcess
  /** The next line that begins so. */
  line(start: string): Promise<string>
  /** How it ended: its exit code, or the signal. */
  ended: Promise<number | string | null>
}

/** Starts a program of this project as its user does: with the home folder of the machine, and nothing else. */
function start(argv: readonly string[], environment: Record<string, string> = {}): Program {
  const { PATH = '', HOME = '', USERPROFILE = '' } = machine.environment
  const env = { PATH, HOME, USERPROFILE, PAIOS_URL: server.url, ...environment }
  const child = spawn(process.execPath, [...argv], { env, cwd: ROOT })
  children.push(child)
  const lines: string[] = []
  const waiting = new Set<() => void>()
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = `${rest}${text}`.split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts)
    for (const look of waiting) look()
  })
  const ended = new Promise<number | string | null>((resolve) => {
    child.once('close', (exit, signal) => resolve(exit ?? signal))
  })
  const line = (begin: string) =>
    within(
      new Promise<string>((resolve) => {
        const look = () => {
          const index = lines.findIndex((one) => one.startsWith(begin))
          const found = index === -1 ? undefined : lines.splice(0, index + 1).at(-1)
          if (found === undefined) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    )
  return { child, line, ended }
}

interface Result {
  success: boolean
  data?: unknown
  text?: string
  error?: string
}

let requests = 0
/** Lets agent 20 do something, and waits for what comes of it. */
async function execute(action: string, parameters: object = {}, timeout_ms = ENOUGH_MS): Promise<Result> {
  requests += 1
  const command = { action, parameters, user_id, request_id: `request-${requests}`, priority: 'normal' }
  const { body } = await within(
    ask(server, '/api/agents/20/execute', {
      method: 'POST',
      body: { command, wait_for_completion: true, timeout_ms },
      headers: { authorization: `Bearer ${token}` },
    }),
  )
  return (body['data'] as { result: Result }).result
}

let program: Program

test('the example is registered by one command and is there by another, without any secret on a command line', async () => {
  const words = ['agents', 'register', '20', 'Juggler', '--actions', ACTIONS, '--token-file', token_file]
  const { exit, stdout, stderr } = await paios(words)
  assert.deepEqual([exit, stderr], [0, ''])
  assert.equal(stdout.includes('paios_agent_'), false)
  assert.equal(statSync(token_file).mode & 0o777, 0o600)
  assert.equal((await execute('flip')).error, 'AGENT_003: Agent 20 is not connected.')
  program = start([EXAMPLE])
  assert.equal(await program.line('Connected'), `Connected to ${server.url}.`)
})

test('it does what it is asked by REST and by a sentence, and wrong parameters never reach it', async () => {
  const { success, data } = await execute('flip')
  assert.equal(success, true)
  assert.match((data as { side: string }).side, /^(?:heads|tails)$/)
  const shouted = await execute('shout', { text: 'grüß dich' })
  assert.deepEqual([shouted.data, shouted.text], [{ text: 'GRÜSS DICH' }, 'GRÜSS DICH!'])
  const flipped = await paios(['ask', 'flip a coin'])
  assert.match(flipped.stdout, /^It is (?:heads|tails)\.\nagent 20 Juggler · /)
  assert.match((await paios(['ask', 'shout good morning'])).stdout, /^GOOD MORNING!\nagent 20 Juggler · /)
  for (const parameters of [{}, { text: '' }, { text: 7 }]) {
    const { status } = await ask(server, '/api/agents/20/execute', {
      method: 'POST',
      body: {
        command: {
          action: 'shout',
          parameters,
          user_id,
          request_id: JSON.stringify(parameters),
          priority: 'low',
        },
      },
      headers: { authorization: `Bearer ${token}` },
    })
    assert.equal(status, 400, JSON.stringify(parameters))
  }
})

/** Says something to agent 20; a reply is waited for when it is wanted. */
async function tell(message_type: string, requires_response: boolean) {
  const { status, body } = await ask(server, '/api/agents/20/messages', {
    method: 'POST',
    body: { message_type, data: { n: 1 }, requires_response },
    headers: { authorization: `Bearer ${token}` },
  })
  return { status, text: JSON.stringify(body) }
}

test('it hears what it is told, and says of what it is asked otherwise that it does not do that', async () => {
  assert.equal((await tell('weather', false)).status, 200)
  assert.match(await program.line('Heard'), /"message_type":"weather","data":\{"n":1\}/)
  const { status, text } = await tell('question', true)
  assert.ok(status >= 400, text)
  assert.match(text, /AGENT_002.*I only do what I am asked to do\./)
})

test('an answer that comes when nobody waits any more is refused, in words', async () => {
  program.child.kill('SIGSTOP')
  assert.match((await execute('flip', {}, 300)).error ?? '', /^AGENT_003: /)
  program.child.kill('SIGCONT')
  assert.equal(await program.line('Nobody waits'), 'Nobody waits for the answer any more.')
  assert.match(await program.line('Refused: '), /^Refused: \w.+\.$/)
})

test('killed in the middle of a call it is AGENT_003 at once, and nothing hangs', async () => {
  const client = openClient(server.port, token, {})
  await within(client.next('authenticated'))
  await client.ask('agent:subscribe', '20')
  // Held still it takes the request and cannot answer it.
  program.child.kill('SIGSTOP')
  const asking = execute('flip')
  await within(client.next('agent:execution_started'))
  program.child.kill('SIGKILL')
  assert.equal(await program.ended, 'SIGKILL')
  const { success, error } = await asking
  assert.equal(success, false)
  assert.match(
    error ?? '',
    /^AGENT_003: (?:The agent was lost while it worked on this|Agent 20 is not connected)\.$/,
  )
  assert.equal((await execute('flip')).error, 'AGENT_003: Agent 20 is not connected.')
  client.socket.disconnect()
})

test('started again it works with the token that it has, and has what it missed', async () => {
  assert.equal((await tell('missed', false)).status, 200)
  program = start([EXAMPLE])
  await program.line('Connected')
  assert.match(await program.line('Heard'), /"message_type":"missed"/)
  assert.equal((await execute('shout', { text: 'a' })).text, 'A!')
})

test('when the server was killed and is back, it comes back by itself', async () => {
  await server.stop('SIGKILL')
  server = await machine.serve({ PAIOS_PORT: String(server.port) })
  await program.line('Connected')
  assert.equal((await execute('shout', { text: 'b' })).text, 'B!')
})

/** Switches agent 20 on or off. */
function update(is_active: boolean) {
  return ask(server, '/api/agents/20', {
    method: 'PUT',
    body: { is_active },
    headers: { authorization: `Bearer ${token}` },
  })
}

test('switched off it ends, and a wrong token is refused in words', async () => {
  assert.equal((await update(false)).status, 200)
  await program.line('Refused')
  assert.equal(await within(program.ended), 1)
  await update(true)
  const stranger = start([EXAMPLE], { PAIOS_AGENT_TOKEN: 'paios_agent_x' })
  assert.match(await stranger.line('Refused'), /The token is no longer valid/)
  assert.equal(await within(stranger.ended), 1)
})

/** What the token of an agent is worth. */
async function heartbeat(own: string): Promise<number> {
  const headers = { authorization: `Bearer ${own}` }
  return (await ask(server, '/api/mcp/heartbeat', { method: 'POST', body: {}, headers })).status
}

test('the program of the guide registers itself, at once or after an approval, and is told when it was denied', async () => {
  const argv = ['--input-type=module', '--eval', SELF]
  const registers = () => start(argv, { PAIOS_ACCESS_TOKEN: token })
  const first = await registers().line('paios_agent_')
  assert.equal(await heartbeat(first), 200)
  assert.equal((await paios(['passkey', 'add'])).exit, 0)
  const decide = async (verb: 'approve' | 'deny') => {
    const asking = registers()
    const id = /approval (\S+)\.$/.exec(await asking.line('Waiting for approval'))?.[1] ?? ''
    assert.equal((await paios(['approvals', verb, id])).exit, 0)
    return asking
  }
  await (await decide('deny')).line('It was not approved.')
  assert.equal(await heartbeat(first), 200)
  const second = await (await decide('approve')).line('paios_agent_')
  assert.deepEqual([await heartbeat(first), await heartbeat(second)], [401, 200])
})
