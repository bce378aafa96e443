import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { killRepeatedly } from '../test/faults/kill.ts'
import { buildRecorder } from '../test/faults/recording.ts'
import { killRotations } from '../test/faults/rotation-kill.ts'
import { crashRepeatedly, drawPoints } from '../test/faults/workflow-crash.ts'
import { killServers } from '../test/faults/workflow-kill.ts'
import type { WorkflowFigures } from '../test/faults/workflow-series.ts'
import { cutWorkload } from '../test/faults/workloads.ts'
import { fuzzContract } from '../test/fuzz/contract.ts'
import { overload, strange } from '../test/load/overload.ts'
import { stayMute } from '../test/load/silent.ts'

/** The long form of the fault tests: kills a working server, and cuts its power, until something is lost or all is done. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    kills: { type: 'string', default: '200' },
    images: { type: 'string', default: '1000' },
    /** Kills of a server that runs workflows, at commits. */
    'workflow-commits': { type: 'string', default: '500' },
    /** The same of its process, at random times. */
    'workflow-kills': { type: 'string', default: '200' },
    /** Kills of a server that changes the key of a vault, and how many secrets are in that. */
    rotations: { type: 'string', default: '50' },
    credentials: { type: 'string', default: '10000' },
    /** Valid and as many mutated inputs of each operation. */
    fuzz: { type: 'string', default: '500' },
    /** Seconds of ten times the load that the server can do. */
    overload: { type: 'string', default: '60' },
    /** Sockets that say nothing. */
    silent: { type: 'string', default: '2000' },
  },
})
/** Images of one recording; then the workload is recorded anew with the next seed. */
const IMAGES_PER_RECORDING = 50
/** Kills of one series of runs: then the next begins on an empty folder. */
const KILLS_PER_SERIES = { commits: 50, processes: 20 }
/** Runs of workflows that go on at once, one after the other. */
const TOGETHER = [2, 1, 4, 8] as const
/** A server that takes longer to restart breaks what the documentation says. */
const RESTART_MS_MAX = 3_000

function count(name: keyof typeof values): number {
  const number = Number(values[name])
  if (Number.isSafeInteger(number) && number >= 0 && number <= 1_000_000) return number
  throw new Error(`--${name} is ${values[name]}, but must be a whole number up to 1,000,000.`)
}

async function torture(folder: string): Promise<string[]> {
  return [
    ...(await kill(join(folder, 'kills'))),
    ...(await killRuns(join(folder, 'runs'))),
    ...(await rotate(join(folder, 'rotations'))),
    ...(await cut(folder)),
    ...(await fuzz()),
    ...(await load()),
  ]
}

async function fuzz(): Promise<string[]> {
  const runs = count('fuzz')
  if (runs === 0) return []
  const { requests, violations } = await fuzzContract({ runs, seed: count('seed') })
  console.log(`${requests} valid and mutated requests`)
  return violations
}

async function load(): Promise<string[]> {
  const violations: string[] = []
  if (count('overload') > 0) {
    const figures = await overload(count('overload'))
    console.log(`overload: ${JSON.stringify(figures)} (aim: health p99 below 500 ms)`)
    violations.push(...strange(figures).map((outcome) => `overload: ${outcome}`))
  }
  if (count('silent') > 0) {
    const { grown, open } = await stayMute(count('silent'))
    console.log(`silent sockets: memory ${grown.toFixed(3)} of before (aim: at most 1.15), ${open} left`)
    if (grown > 1.15 || open > 0) violations.push('silent sockets leave something behind')
  }
  return violations
}

async function kill(root: string): Promise<string[]> {
  const kills = count('kills')
  if (kills === 0) return []
  const figures = await killRepeatedly(root, kills, count('seed'))
  const restarts = figures.restarts_ms.toSorted((a, b) => a - b)
  const at = (share: number): number => Math.round(restarts[Math.floor((restarts.length - 1) * share)] ?? 0)
  console.log(`${figures.kills} kills, ${figures.claims} acknowledged effects looked for after the last`)
  console.log(
    `${restarts.length} restarts: p50 ${at(0.5)} ms, max ${at(1)} ms (promise: at most ${RESTART_MS_MAX} ms)`,
  )
  return figures.violations
}

async function killRuns(root: string): Promise<string[]> {
  const commits = await seriesOf('workflow-commits', KILLS_PER_SERIES.commits, (seed, kills) => {
    const together = TOGETHER[seed % TOGETHER.length] ?? 1
    const asked = { seed, workflow: 'graph', together, pointOf: drawPoints(kills, seed) } as const
    return crashRepeatedly(join(root, `commits-${seed}`), asked)
  })
  const processes = await seriesOf('workflow-kills', KILLS_PER_SERIES.processes, (seed, kills) =>
    killServers(join(root, `processes-${seed}`), { seed, kills, counted: 0 }),
  )
  return [...commits, ...processes]
}

async function seriesOf(
  name: 'workflow-commits' | 'workflow-kills',
  kills_max: number,
  series: (seed: number, kills: number) => Promise<WorkflowFigures>,
): Promise<string[]> {
  const violations: string[] = []
  const sum = { kills: 0, runs: 0, steps: 0, unknown: 0, requests: 0, again: 0 }
  for (let seed = count('seed'); sum.kills < count(name); seed += 1) {
    const kills = Math.min(kills_max, count(name) - sum.kills)
    const figures = await series(seed, kills)
    violations.push(...figures.violations.map((violation) => `${name}: ${violation}`))
    for (const key of ['runs', 'steps', 'unknown', 'requests', 'again'] as const) sum[key] += figures[key]
    // What was found ends a series early.
    sum.kills += kills
  }
  if (sum.kills > 0) console.log(`${name}: ${JSON.stringify(sum)}`)
  return violations
}

async function rotate(root: string): Promise<string[]> {
  const [kills, credentials] = [count('rotations'), count('credentials')]
  if (kills === 0) return []
  const { violations, ...figures } = await killRotations(root, { seed: count('seed'), kills, credentials })
  console.log(`rotations of ${credentials} credentials: ${JSON.stringify(figures)}`)
  return violations
}

async function cut(folder: string): Promise<string[]> {
  const wanted = count('images')
  const built = buildRecorder(folder)
  if ('missing' in built) {
    console.log(`0 power cuts: ${built.missing}`)
    return []
  }
  const violations: string[] = []
  for (const workload of ['store', 'server'] as const) {
    const share = workload === 'store' ? Math.ceil(wanted / 2) : Math.floor(wanted / 2)
    let images = 0
    let claims = 0
    for (let seed = count('seed'); images < share; seed += 1) {
      const some = Math.min(IMAGES_PER_RECORDING, share - images)
      const figures = await cutWorkload({ workload, library: built.library, folder, seed, images: some })
      images += figures.images
      claims += figures.claims
      violations.push(...figures.violations.map((violation) => `${workload}: ${violation}`))
    }
    console.log(`${images} power cuts of the ${workload}, ${claims} acknowledged effects looked for`)
  }
  return violations
}

const started = performance.now()
const folder = mkdtempSync(join(tmpdir(), 'paios-torture-'))
try {
  const violations = await torture(folder)
  for (const violation of violations) console.log(`VIOLATION ${violation}`)
  const seconds = Math.round((performance.now() - started) / 1000)
  console.log(`${violations.length} violations, ${seconds} s`)
  process.exitCode = violations.length === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
