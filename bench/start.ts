import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** CPU from start to ready, and memory and CPU of a server that nobody asks anything; Linux only, from /proc. */
const IDLE_MS = 20_000
const TICKS_PER_S = 100

function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S
}

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}

async function start(folder: string): Promise<{ pid: number; stop: () => Promise<void> }> {
  const environment = {
    ...process.env,
    PAIOS_DATA_DIR: join(folder, 'data'),
    PAIOS_KEY_FILE: join(folder, 'root.key'),
    PAIOS_PORT: '0',
  }
  const child = spawn(process.execPath, ['cli/paios.mjs', 'serve'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  await new Promise<void>((resolve) =>
    child.stdout.on('data', (text: Buffer) => text.includes('ready') && resolve()),
  )
  const stop = (): Promise<void> => {
    child.kill('SIGTERM')
    return ended
  }
  return { pid: child.pid ?? 0, stop }
}

const folder = mkdtempSync(join(tmpdir(), 'paios-bench-'))
const first = await start(folder)
console.log(`first start to ready: ${cpuSeconds(first.pid).toFixed(2)} s CPU (aim: at most 2.5)`)
await pause(8_000)
await first.stop()
const second = await start(folder)
console.log(`later start to ready: ${cpuSeconds(second.pid).toFixed(2)} s CPU (aim: at most 1.5)`)
await pause(5_000)
const before = cpuSeconds(second.pid)
await pause(IDLE_MS)
const share = ((cpuSeconds(second.pid) - before) / (IDLE_MS / 1000)) * 100
console.log(`idle CPU: ${share.toFixed(2)} % (aim: at most 0.1)`)
console.log(`idle memory: ${residentMegabytes(second.pid).toFixed(0)} MB (aim: at most 150)`)
await second.stop()
rmSync(folder, { recursive: true })
