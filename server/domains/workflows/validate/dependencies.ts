import { WORKFLOW_STEPS_MAX } from '../../../../contract/workflows.ts'
import { quoted } from './findings.ts'
import type { Findings } from './findings.ts'
import { wayRound } from './order.ts'
import type { Order } from './order.ts'
import { below } from './pointer.ts'
import type { Step, StepList } from './steps.ts'

/** Steps of a circle that are named. */
const NAMED_MAX = 20

/** How many steps there are. */
export function checkSize({ count, is_fallback, steps }: StepList, at: string, findings: Findings): void {
  if (count === 0 && !is_fallback) findings.error(at, 'NO_STEPS', 'A workflow has at least one step.')
  if (count === undefined || count <= WORKFLOW_STEPS_MAX) return
  const what = is_fallback ? 'fallback steps' : 'steps'
  findings.error(
    at,
    'TOO_MANY_STEPS',
    `A workflow has at most ${WORKFLOW_STEPS_MAX} ${what} and this one has ${count}: only the first ${steps.length} were looked at.`,
  )
}

/** Ids that are taken. */
export function checkIds(lists: readonly StepList[], findings: Findings): void {
  const taken = new Map<string, string>()
  for (const { id, at } of lists.flatMap(({ steps }) => steps)) {
    if (id === undefined) continue
    const first = taken.get(id)
    if (first === undefined) taken.set(id, at)
    else findings.error(`${at}/id`, 'DUPLICATE_STEP', `The id ${quoted(id)} is that of ${first} already.`)
  }
}

/** Steps of a list that wait for each other, and those that wait for them. */
export function checkCircles(list: StepList, order: Order, findings: Findings): void {
  for (const circle of order.circles)
    if (circle.length > 1) tellCircle(list, wayRound(order, circle), findings)
  for (const [index, { at, id = '' }] of list.steps.entries()) {
    if (order.isStuck(index))
      findings.warn(
        below(at, 'depends_on'),
        'NEVER_RUNS',
        `The step ${quoted(id)} waits for steps that never run, because they wait for each other.`,
      )
  }
}

/** Whom a step of a list waits for. */
export function checkWaits(step: Step, list: StepList, other: StepList, findings: Findings): void {
  for (const wait of step.waits ?? []) checkWait(step, wait, list, other, findings)
}

function checkWait(
  step: Step,
  { id, at }: { id: string; at: string },
  list: StepList,
  other: StepList,
  findings: Findings,
): void {
  const own = step.id === undefined ? '' : ` ${quoted(step.id)}`
  if (id === step.id) return findings.error(at, 'SELF_DEPENDENCY', `The step${own} waits for itself.`)
  if (list.has(id)) return
  if (!other.has(id))
    return findings.error(at, 'UNKNOWN_DEPENDENCY', `There is no step ${quoted(id)} to wait for.`)
  const message = list.is_fallback
    ? `The fallback step${own} can wait for fallback steps alone, and ${quoted(id)} is none.`
    : `The step${own} cannot wait for ${quoted(id)}, which is a fallback step.`
  findings.error(at, 'FALLBACK_DEPENDENCY', message)
}

/** Tells of a circle where its first step says whom it waits for. */
function tellCircle({ steps, numberOf }: StepList, way: readonly number[], findings: Findings): void {
  const [first = 0, second] = way
  const ids = way.map((step) => steps[step]?.id ?? '')
  const links = ids.map((id, index) => [id, ids[(index + 1) % ids.length]] as const)
  const said = links
    .slice(0, NAMED_MAX)
    .map(([id, next], index) => (index === 0 ? `${id} waits for ${next}` : `${id} for ${next}`))
  const rest = links.length - said.length
  const more = rest > 0 ? `, and so on for ${rest} more until ${ids.at(-1)} waits for ${ids[0]}` : ''
  const at = steps[first]?.waits?.find(({ id }) => numberOf(id) === second)?.at ?? ''
  findings.error(at, 'CYCLE', `These steps wait for each other: ${said.join(', ')}${more}.`)
}
