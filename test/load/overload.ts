import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepare } from '../../bench/http/app.ts'
import { startChild } from '../../bench/http/child.ts'
import type { Measured, Round } from '../../bench/http/client.ts'
import type { Load, Outcomes } from './driver.ts'

export interface OverloadFigures {
  /** Executions a second of clients that wait for each other. */
  peak_per_s: number
  offered_per_s: number
  outcomes: Record<string, number>
  health_p99_ms: number
  /** Of the probes before, without load. */
  idle_p99_ms: number
  /** Executions a second right after, as part of the peak. */
  recovered: number
}

const FACTOR = 10
const PEAK_REQUESTS = 60
/** The driver is one process on one core, and asks no more than it can. */
const OFFERED_MAX = 12_000

/** Offers a server ten times what it can do, and looks at what it says, how its health answers, and how it is after. */
export async function overload(seconds: number): Promise<OverloadFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'paios-load-'))
  const { ours } = await prepare(folder)
  const [server, clients, driver, prober] = [
    new URL('../../bench/http/ours.ts', import.meta.url),
    new URL('../../bench/http/client.ts', import.meta.url),
    new URL('./driver.ts', import.meta.url),
    new URL('./driver.ts', import.meta.url),
  ].map((file) => startChild(file))
  if (server === undefined || clients === undefined || driver === undefined || prober === undefined)
    throw new Error('unreachable')
  const { visitors } = ours
  const port = await server.ask<number>('open', ours)
  const peak = async (name: string): Promise<number> => {
    const round: Round = { kind: 'execute', port, visitors, requests: PEAK_REQUESTS, name }
    const { elapsed_ms } = await clients.ask<Measured>('run', round)
    return (visitors.length * PEAK_REQUESTS * 1_000) / elapsed_ms
  }
  try {
    await peak('warm')
    const peak_per_s = await peak('peak')
    const idle = await prober.ask<number[]>('probe', { port, seconds: 2 })
    const offered_per_s = Math.min(OFFERED_MAX, Math.round(peak_per_s * FACTOR))
    const load: Load = { port, visitors, per_s: offered_per_s, seconds, name: 'over' }
    const [loaded, probed] = await Promise.all([
      driver.ask<Outcomes>('load', load),
      prober.ask<number[]>('probe', { port, seconds }),
    ])
    const recovered = (await peak('after')) / peak_per_s
    const figures = { peak_per_s, offered_per_s, outcomes: loaded.outcomes }
    return { ...figures, health_p99_ms: p99(probed), idle_p99_ms: p99(idle), recovered }
  } finally {
    for (const child of [driver, prober, clients, server]) await child.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a server that is asked too much may say; the driver itself holds back what it has no room for. */
const ALLOWED = /^(?:2\d\d|429|503|not sent)$/

/** Everything that it said besides. */
export function strange({ outcomes }: Pick<OverloadFigures, 'outcomes'>): string[] {
  return Object.keys(outcomes).filter((outcome) => !ALLOWED.test(outcome))
}

function p99(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? Number.NaN
}
