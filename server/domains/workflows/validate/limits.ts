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

/** Bytes of a definition as JSON: it is read whole whenever it is shown, compared or run. */
const BYTES_MAX = 262_144
/** Expressions of a whole definition. */
export const EXPRESSIONS_MAX = 2_000

/** Whether a definition is small enough to be looked into. */
export function checkBytes(definition: unknown, findings: Findings): boolean {
  const bytes = Buffer.byteLength(jsonOf(definition))
  if (bytes > BYTES_MAX)
    findings.error(
      '',
      'TOO_LARGE',
      `A definition has at most ${BYTES_MAX} bytes as JSON and this one has ${bytes}.`,
    )
  return bytes <= BYTES_MAX
}

/** What is no JSON has no size, and other things wrong with it. */
function jsonOf(definition: unknown): string {
  try {
    const text: unknown = JSON.stringify(definition)
    return typeof text === 'string' ? text : ''
  } catch {
    return ''
  }
}

/** How many expressions there are. */
export function checkExpressionCount({ count }: { count: number }, findings: Findings): void {
  if (count <= EXPRESSIONS_MAX) return
  const text = `A definition has at most ${EXPRESSIONS_MAX} expressions: those of the last steps were not looked at.`
  findings.error('', 'TOO_MANY_EXPRESSIONS', text)
}

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
