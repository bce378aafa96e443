import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { finish, median, report } from './report.ts'

/**
 * CPU from start to ready, and memory and CPU of a server that nobody asks anything. The control is a bare server of the
 * same framework and sockets, started in turn and resting at the same time. Linux only: the figures are from /proc.
 */
const TIMES = 3
const IDLE_MS = 20_000
const TICKS_PER_S = 100
/** Bounds of waiting, so that a run never hangs. */
const READY_MS_MAX = 60_000
const CALM_MS_MAX = 120_000
const STOP_MS_MAX = 30_000
/** Milliseconds of CPU in a second below which what a start leaves to be done later is over. */
const CALM_CPU_MS = 10
const AIMS = { first_s: 2.5, later_s: 1.5, idle_mb: 150, idle_percent: 0.1 }

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const NOTHING = 'const { user, system } = process.cpuUsage(); console.log((user + system) / 1e6)'
const BARE = `
  import Fastify from 'fastify'
  import { Server } from 'socket.io'
  const fastify = Fastify()
  new Server(fastify.server)
  fastify.get('/', () => ({}))
  await fastify.listen({ port: 0, host: '127.0.0.1' })
  console.log('ready')`

interface Started {
  pid: number
  /** Seconds of CPU until it said that it is ready. */
  ready_s: number
  stop(): Promise<void>
}

/** Starts a process and waits until it has said something with `ready` in it. */
async function start(args: readonly string[], own: Record<string, string> = {}): Promise<Started> {
  // Settings of whoever runs this are for a server of theirs.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PAIOS_'))
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...Object.fromEntries(inherited), ...own },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const kill = (): boolean => child.kill('SIGKILL')
  process.once('exit', kill)
  const patience = setTimeout(kill, READY_MS_MAX)
  let said = ''
  const ready = new Promise<number>((resolve) => {
    child.stdout.on('data', (text: Buffer) => {
      if (said.includes('ready')) return
      said += text.toString()
      if (said.includes('ready')) resolve(cpuSeconds(child.pid ?? 0))
    })
  })
  const tooEarly = ended.then(([code]) =>
    Promise.reject(new Error(`It ended with ${code} before it was ready.`)),
  )
  const ready_s = await Promise.race([ready, tooEarly])
  clearTimeout(patience)
  return {
    pid: child.pid ?? 0,
    ready_s,
    stop: async () => {
      child.kill('SIGTERM')
      const impatience = setTimeout(kill, STOP_MS_MAX)
      await ended.catch(() => {})
      clearTimeout(impatience)
      process.off('exit', kill)
    },
  }
}

/** The server of the product. What it compiled and kept is below `folder`, so that the first start there is a first one. */
function startOurs(folder: string): Promise<Started> {
  return start(['cli/paios.mjs', 'serve'], {
    XDG_CACHE_HOME: join(folder, 'cache'),
    PAIOS_DATA_DIR: join(folder, 'data'),
    PAIOS_KEY_FILE: join(folder, 'root.key'),
    PAIOS_PORT: '0',
  })
}

/** Of the whole process, threads that have ended among them, in hundredths. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S
}

/** Of the threads there are, in billionths: a resting server uses less than a hundredth. */
function threadMilliseconds(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`)
  const times = threads.map((id) =>
    Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
  )
  return times.reduce((sum, time) => sum + time, 0) / 1e6
}

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}

/** Waits until a server has done what it does after its start. */
async function calm({ pid }: Started): Promise<void> {
  for (let waited = 0; waited < CALM_MS_MAX; waited += 1_000) {
    const before = cpuSeconds(pid)
    await pause(1_000)
    if ((cpuSeconds(pid) - before) * 1000 <= CALM_CPU_MS) return
  }
}

async function nothing(): Promise<number> {
  const child = spawn(process.execPath, ['-e', NOTHING], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: READY_MS_MAX,
  })
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  return Number(text.toString())
}

async function startBare(): Promise<number> {
  const bare = await start(['--input-type=module', '-e', BARE])
  await bare.stop()
  return bare.ready_s
}

function tell(what: string, value: number, unit: string, aim: number, digits = 2): void {
  const verdict = value <= aim ? '' : ', MISSED'
  console.log(`${what}: ${value.toFixed(digits)} ${unit} (aim: at most ${aim}${verdict})`)
}

function ms(seconds: number): number {
  return seconds * 1000
}

async function measureStarts(folder: string): Promise<void> {
  const rounds: { first: number; later: number; bare: number; node: number }[] = []
  for (let round = 0; round < TIMES; round += 1) {
    const place = join(folder, String(round))
    const first = await startOurs(place)
    await calm(first)
    await first.stop()
    const bare = await startBare()
    const later = await startOurs(place)
    await later.stop()
    rounds.push({ first: first.ready_s, later: later.ready_s, bare, node: await nothing() })
  }
  tell('first start to ready', median(rounds.map(({ first }) => first)), 's CPU', AIMS.first_s)
  tell('later start to ready', median(rounds.map(({ later }) => later)), 's CPU', AIMS.later_s)
  report(
    'ms CPU of a later start against a bare server',
    rounds.map(({ later, bare }) => [ms(later), ms(bare)]),
  )
  report(
    'ms CPU of a later start against node -e ""',
    rounds.map(({ later, node }) => [ms(later), ms(node)]),
  )
}

async function measureRest(folder: string): Promise<void> {
  const ours = await startOurs(join(folder, '0'))
  const bare = await start(['--input-type=module', '-e', BARE])
  await calm(ours)
  const both = [ours, bare] as const
  const before = both.map(({ pid }) => threadMilliseconds(pid))
  await pause(IDLE_MS)
  const [busy = 0, busy_bare = 0] = both.map(({ pid }, at) => threadMilliseconds(pid) - (before[at] ?? 0))
  const [size = 0, size_bare = 0] = both.map(({ pid }) => residentMegabytes(pid))
  tell('idle CPU', (busy / IDLE_MS) * 100, '%', AIMS.idle_percent, 3)
  tell('idle memory', size, 'MB', AIMS.idle_mb, 0)
  report(`ms CPU of ${IDLE_MS / 1000} idle seconds against a bare server`, [[busy, busy_bare]])
  report('MB of idle memory against a bare server', [[size, size_bare]])
  await Promise.all(both.map((started) => started.stop()))
}

if (process.platform === 'linux') {
  const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
  try {
    await measureStarts(folder)
    await measureRest(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  finish()
} else console.log('not measured: this reads /proc, which only Linux has')
