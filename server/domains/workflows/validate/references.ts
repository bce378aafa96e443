import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import type { Compiled } from '../evaluate/expression.ts'
import { quoted } from './findings.ts'
import type { Findings } from './findings.ts'
import type { Order } from './order.ts'
import type { StepList } from './steps.ts'

/** Where an expression is read, and what there is to read. */
export interface Surroundings {
  readonly list: StepList
  readonly order: Order
  readonly other: StepList
  /** The place of the step in its list. */
  readonly step: number
  readonly trigger_type: WorkflowTrigger['type'] | undefined
  /** The fields of `trigger`, or nothing when they cannot be told. */
  readonly trigger_fields: ReadonlySet<string> | undefined
  readonly findings: Findings
  /** How many expressions of the whole definition have been read. */
  readonly expressions: { count: number }
}

/** What expressions see of a step. */
const OUTCOME: ReadonlySet<string> = new Set(['status', 'result', 'error'])
/** Triggers that start a workflow with an input: the body of a webhook is one as well. */
const WITH_INPUT: ReadonlySet<string> = new Set(['manual', 'webhook'])

/** What an expression reads that is not there when its step runs. */
export function checkReads({ reads }: Pick<Compiled, 'reads'>, at: string, around: Surroundings): void {
  const { findings, trigger_type, trigger_fields } = around
  const seen = new Set<string>()
  for (const { root, key, field, position } of reads) {
    const name = `${root}.${key}.${field ?? ''}`
    if (seen.has(name)) continue
    seen.add(name)
    const place = `(character ${position + 1})`
    if (field !== undefined) {
      if (root === 'steps' && key !== undefined && around.list.has(key) && !OUTCOME.has(field))
        findings.warn(
          at,
          'NEVER_GIVEN',
          `A step has a status, a result and an error, and no ${quoted(field)} ${place}.`,
        )
      continue
    }
    if (root === 'vars')
      findings.error(at, 'UNKNOWN_VARIABLE', `A workflow has no variables: \`vars\` cannot be read ${place}.`)
    else if (root === 'error' && !around.list.is_fallback)
      findings.warn(at, 'NEVER_GIVEN', `\`error\` is there for fallback steps alone ${place}.`)
    else if (key === undefined) continue
    else if (root === 'steps') checkStepRead(key, place, at, around)
    else if (root === 'trigger' && trigger_fields?.has(key) === false)
      findings.warn(at, 'NEVER_GIVEN', `The trigger ${trigger_type} gives no ${quoted(key)} ${place}.`)
    else if (root === 'input' && trigger_type !== undefined && !WITH_INPUT.has(trigger_type))
      findings.warn(
        at,
        'NEVER_GIVEN',
        `\`input\` is what a start by hand comes with: the trigger ${trigger_type} gives no ${quoted(key)} in it ${place}.`,
      )
  }
}

function checkStepRead(id: string, place: string, at: string, around: Surroundings): void {
  const { list, order, other, step, findings } = around
  const name = quoted(id)
  const number = list.numberOf(id)
  const when =
    list.steps[step]?.id === id ? 'itself' : number === undefined ? undefined : order.when(step, number)
  const code = 'NOT_YET_REFERENCE'
  if (when === 'itself')
    findings.error(at, code, `A step has no outcome of its own before it has run ${place}.`)
  else if (when === 'never')
    findings.error(at, code, `The step ${name} runs later and has no outcome yet ${place}.`)
  else if (when === 'unsure')
    findings.warn(
      at,
      code,
      `The step ${name} need not have an outcome yet, because this step does not wait for it ${place}.`,
    )
  else if (when === undefined && !list.has(id)) {
    if (!other.has(id))
      findings.error(at, 'UNKNOWN_STEP_REFERENCE', `There is no step ${name} to read ${place}.`)
    else if (other.is_fallback)
      findings.error(at, code, `The step ${name} is a fallback step, which runs later if at all ${place}.`)
  }
}
