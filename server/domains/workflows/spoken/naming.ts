import type { WorkflowTrigger } from '../../../../contract/triggers.ts'
import { keyOf } from '../../agents/names.ts'
import { shortText } from '../propose/say.ts'
import { nextDue } from '../triggers/schedule.ts'
import type { Asked } from './course.ts'
import { isSameName } from './names.ts'
import type { NamedWorkflow } from './names.ts'
import { sayWhen } from './say.ts'

export const NAME_CHARACTERS_MAX = 80

/** The name, or with the first number behind it with which no workflow has it. */
export function freeName(wanted: string, workflows: readonly NamedWorkflow[]): string {
  const isTaken = (name: string): boolean =>
    workflows.some((one) => keyOf(one.name) === keyOf(name) || isSameName(one.name, name))
  // Of one name more than there are workflows, one is free.
  for (let count = 2, name = wanted; count <= workflows.length + 1; count += 1) {
    if (!isTaken(name)) return name
    name = `${shortText(wanted, NAME_CHARACTERS_MAX - 4)} ${count}`
    if (!isTaken(name)) return name
  }
  return wanted
}

/** When a schedule is due for the first time, as a sentence of its own. */
export function firstRun({ type, conditions }: WorkflowTrigger, { now, time_zone }: Asked): string {
  if (type === 'webhook') return ' Its address is in what “paios workflows show” tells of it.'
  if (type !== 'schedule') return ''
  const due = nextDue(conditions, { zone: time_zone, anchor: now }, now)
  return due === undefined ? '' : ` It runs first ${sayWhen(due, { now, time_zone })}.`
}
