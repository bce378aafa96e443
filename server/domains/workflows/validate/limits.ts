import { quoted } from './findings.ts'
import type { Findings } from './findings.ts'
import { below } from './pointer.ts'
import type { Readable, Step } from './steps.ts'

/** Parameters that say how many seconds agent 0 waits, by action. */
const WAITS: ReadonlyMap<string | undefined, string> = new Map([
  ['wait', 'seconds'],
  ['wait_for_approval', 'timeout_seconds'],
  ['wait_for_event', 'timeout_seconds'],
])

/** Whether the strategy and the fallback steps belong together. */
export function checkFallback({ strategy, fallback }: Readable, findings: Findings): void {
  const at = '/error_handling/fallback_steps'
  if (strategy === undefined) return
  if (strategy === 'fallback' && (fallback.count ?? 0) === 0)
    findings.error(at, 'NO_FALLBACK', 'The strategy fallback needs fallback_steps.')
  if (strategy !== 'fallback' && (fallback.count ?? 0) > 0)
    findings.warn(at, 'UNUSED_FALLBACK', `With the strategy ${strategy} the fallback_steps never run.`)
}

/** Whether a step has the time that it takes. */
export function checkTime(step: Step, whole_ms: number | undefined, findings: Findings): void {
  if (whole_ms === undefined) return
  const { at, id = '', timeout_ms } = step
  const whole = `the whole workflow has ${whole_ms}`
  if (timeout_ms !== undefined && timeout_ms > whole_ms)
    findings.warn(
      below(at, 'timeout_ms'),
      'LONGER_THAN_WORKFLOW',
      `The step ${quoted(id)} may take ${timeout_ms} ms and ${whole}.`,
    )
  const parameter = step.agent_number === 0 ? WAITS.get(step.action) : undefined
  const parameters = step.parameters ?? {}
  const seconds =
    parameter !== undefined && Object.hasOwn(parameters, parameter) ? parameters[parameter] : undefined
  if (typeof seconds === 'number' && seconds * 1000 > whole_ms)
    findings.warn(
      `${at}/parameters/${parameter}`,
      'LONGER_THAN_WORKFLOW',
      `The step ${quoted(id)} waits ${seconds} seconds and ${whole} ms.`,
    )
}
