import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import type { Challenge } from '../../contract/auth.ts'
import { operations } from '../../contract/index.ts'
import type { OperationName } from '../../contract/index.ts'
import { signChallenge } from '../../sdk/authenticator.ts'
import type { SoftwareKey } from '../../sdk/authenticator.ts'
import { toRequest } from '../../sdk/request.ts'
import { ask } from '../../server/transports/http/client.ts'
import { openClient } from '../../server/transports/socket/rig.ts'
import type { Client } from '../../server/transports/socket/rig.ts'
import { PASSWORD } from '../app.ts'
import { openMachine } from '../journeys/process.ts'
import type { Ended, Machine, Served } from '../journeys/process.ts'
import type { Place } from './burglar-search.ts'
import { dataOf } from './rig.ts'
import type { Answered, Fields } from './rig.ts'

/** A server in a process of its own, its owner with a passkey, and everything that anybody could read of a day. */
export interface Day {
  machine: Machine
  /** What was answered, printed, told by sockets and seen of processes. */
  places: Place[]
  user_id: string
  port(): number
  /** Asks over HTTP, by the owner unless another token is given. */
  http(line: string, body?: unknown, headers?: Record<string, string | undefined>): Promise<Answered>
  /** Performs an operation with a proof of the passkey. `hushed` keeps the answer out of `places`. */
  prove<T = Fields>(name: OperationName, input: Fields, hushed?: boolean): Promise<T>
  /** The same, but the answer whatever it is. */
  tryProven(name: OperationName, input: Fields, headers?: Record<string, string>): Promise<Answered>
  /** Lets an agent do something and waits; answers its error, or `done`. */
  act(agent: number, action: string, parameters: Fields): Promise<string>
  /** A command of the command line. `hushed` keeps what it printed out of `places`. */
  paios(words: readonly string[], piped?: string, hushed?: boolean): Promise<Ended>
  /** Opens a socket; what it hears is searched, too. */
  open(token?: string): Promise<Client>
  /** Ends the server in a way, and starts it again on the same port. */
  again(how: 'SIGKILL' | 'SIGUSR2'): Promise<void>
  /** Lets a little time pass for the server. */
  pause(): Promise<void>
  end(): Promise<void>
}

const EMAIL = 'ann@example.org'
const CODE = 'ABCD-EFGH-JKLM-NPQR'
/** A mistake that nobody has foreseen, at a moment that the test chooses. */
const CRASH = `process.on('SIGUSR2',()=>{throw(new(Error)('crashed'))})`

export async function openDay(lan: readonly string[]): Promise<Day> {
  const machine = openMachine()
  const places: Place[] = []
  const keep = (name: string, text: string) => void places.push([name, Buffer.from(text)])
  const environment = {
    PAIOS_LOG_LEVEL: 'debug',
    PAIOS_EGRESS_LAN: lan.join(','),
    PAIOS_SETUP_CODE: CODE,
    PAIOS_WATCH_FOLDERS: machine.home,
    NODE_OPTIONS: [
      `--import=data:text/javascript,${encodeURIComponent(CRASH)}`,
      `--report-uncaught-exception --report-on-fatalerror --report-directory=${machine.home}`,
    ].join(' '),
  }
  let server = await machine.serve(environment)
  const port = server.port
  listen(server, keep)
  const session = { token: '', user_id: '' }
  const clients: Client[] = []
  let key: SoftwareKey | undefined
  let requests = 0
  const send = async (line: string, body?: unknown, given: Record<string, string | undefined> = {}) => {
    const [method = '', path = ''] = line.split(' ')
    const headers = {
      authorization: session.token === '' ? undefined : `Bearer ${session.token}`,
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      ...given,
    }
    const asked = { method, headers, ...(body === undefined ? {} : { body: body as object }) }
    return ask({ port }, path, asked)
  }
  const http: Day['http'] = async (line, body, headers) => {
    const answered = await send(line, body, headers)
    keep(`answer ${answered.status} of ${line}`, `${JSON.stringify(answered.headers)}\n${answered.text}`)
    return answered
  }
  const proofOf = async (operation: OperationName, input: Fields): Promise<string> => {
    const asked = { purpose: 'operation', operation, input }
    const answered = await http('POST /api/auth/biometric/challenge', asked)
    if (answered.status >= 300) throw new Unproven(answered)
    if (key === undefined) throw new Error('There is no passkey yet.')
    return Buffer.from(JSON.stringify(signChallenge(key, dataOf<Challenge>(answered)))).toString('base64url')
  }
  const proven = async (name: OperationName, input: Fields, by: Day['http'], more = {}) => {
    const { method, path, body } = toRequest(operations[name], input)
    const proof = await proofOf(name, input)
    return by(`${method} ${path}`, body, { 'x-biometric-proof': proof, ...more })
  }
  const day: Day = {
    machine,
    places,
    user_id: '',
    port: () => port,
    http,
    prove: async <T>(name: OperationName, input: Fields, hushed = false) =>
      dataOf<T>(await proven(name, input, hushed ? send : http)),
    tryProven: async (name, input, headers) => {
      try {
        return await proven(name, input, http, headers)
      } catch (error) {
        if (error instanceof Unproven) return error.answered
        throw error
      }
    },
    act: async (agent, action, parameters) => {
      requests += 1
      const command = {
        action,
        parameters,
        user_id: session.user_id,
        request_id: `r${requests}`,
        priority: 'normal',
      }
      const answered = await http(`POST /api/agents/${agent}/execute`, { command, wait_for_completion: true })
      if (answered.status >= 300) return `${answered.status} ${answered.text}`
      return dataOf<{ result?: { error?: string } }>(answered).result?.error ?? 'done'
    },
    paios: async (words, piped, hushed = false) => {
      const more = {
        environment: { PAIOS_URL: `http://127.0.0.1:${port}` },
        ...(piped === undefined ? {} : { piped }),
      }
      const running = machine.paios(words, more)
      const seen = await lookAtProcesses(running)
      const ended = await running
      for (const [name, text] of seen) keep(name, text)
      if (!hushed) keep(`paios ${words.join(' ')}`, ended.stdout + ended.stderr)
      return ended
    },
    open: async (token = session.token) => {
      const client = openClient(port, token, {})
      clients.push(client)
      await client.next('authenticated')
      return client
    },
    again: async (how) => {
      const gone = Promise.withResolvers<void>()
      server.process.once('close', () => gone.resolve())
      server.process.kill(how)
      await gone.promise
      server = await machine.serve({ ...environment, PAIOS_PORT: String(port) })
      listen(server, keep)
    },
    pause: () => after(20),
    end: async () => {
      for (const [index, { heard, socket }] of clients.entries()) {
        keep(`socket ${index}`, JSON.stringify(heard))
        socket.disconnect()
      }
      await server.stop('SIGTERM')
    },
  }
  const by = ['--email', EMAIL, '--password-stdin']
  for (const words of [
    ['setup', '--code', CODE, ...by],
    ['passkey', 'add'],
  ]) {
    const { exit, stderr } = await day.paios(words, PASSWORD, true)
    if (exit !== 0) throw new Error(stderr)
  }
  const kept = readFileSync(join(machine.home, '.config', 'paios', 'cli-passkeys.json'), 'utf8')
  key = (JSON.parse(kept) as { passkeys: SoftwareKey[] }).passkeys[0]
  const signedIn = dataOf<{ access_token: string; user_id: string }>(
    await send('POST /api/auth/login', { email: EMAIL, password: PASSWORD }),
  )
  session.token = signedIn.access_token
  day.user_id = session.user_id = signedIn.user_id
  return day
}

/** That there is no challenge for a call, since nobody could perform it. */
class Unproven extends Error {
  readonly answered: Answered
  constructor(answered: Answered) {
    super(answered.text)
    this.answered = answered
  }
}

/** What a server prints from now on, and what anybody on its machine can see of it. */
function listen(server: Served, keep: (name: string, text: string) => void): void {
  keep('what the server printed', server.printed)
  const { pid, stdout, stderr } = server.process
  stdout?.on('data', (text: string) => keep(`standard output of ${pid}`, text))
  stderr?.on('data', (text: string) => keep(`standard error of ${pid}`, text))
  for (const [name, text] of lookAt(String(pid))) keep(name, text)
}

/** Looks at the processes of this one again and again until something is over. */
async function lookAtProcesses(running: Promise<unknown>): Promise<ReadonlyMap<string, string>> {
  const seen = new Map<string, string>()
  if (!existsSync('/proc/self/stat')) return seen
  const over = running.then(() => true)
  do {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
      if (parentOf(pid) === process.pid) for (const [name, text] of lookAt(pid)) seen.set(name, text)
  } while (!(await Promise.race([over, after(20, false)])))
  return seen
}

function parentOf(pid: string): number {
  return Number(/^\d+ \(.*\) \S (\d+)/s.exec(readOr(`/proc/${pid}/stat`))?.[1] ?? 0)
}

function lookAt(pid: string): (readonly [string, string])[] {
  return ['cmdline', 'environ']
    .map((name) => [`/proc/${pid}/${name}`, readOr(`/proc/${pid}/${name}`)] as const)
    .filter(([, text]) => text !== '')
}

/** A process may have ended meanwhile. */
function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The files of the machine that only a crash leaves. */
export function reportsIn({ home }: Pick<Machine, 'home'>): string[] {
  return readdirSync(home)
    .filter((name) => name.startsWith('report.'))
    .map((name) => join(home, name))
}
