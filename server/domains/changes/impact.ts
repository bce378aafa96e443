import type { Impact } from '../../../contract/system.ts'
import type { State } from './kinds.ts'

/** A change of one object that was not made yet. */
export interface Change {
  user_id: string
  kind: string
  target: string
  before: State | undefined
  after: State | undefined
  /** Of an agent that is to be made. */
  agent_number?: number
}

/** What a change comes to in one domain; in words, `under_way` says what the `executions` are, `times` the `schedules`. */
export type Found = Partial<Impact> & Partial<InWords>

/** What is said of a change in words of a domain's own. */
export interface InWords {
  under_way: readonly string[]
  times: readonly string[]
}

/** Finds what a change comes to in one domain, by trying it on a copy of what is there. */
export type Assessor = (change: Change) => Promise<Found>

/** What a change comes to, as data and in sentences. */
export interface Assessment {
  impact: Impact
  impact_assessment: string
}

/** What a change of an object was found to come to. */
export interface Foreseen extends Omit<Change, 'user_id'> {
  assessment: Assessment
}

export const NO_IMPACT: Impact = {
  workflows: [],
  triggers: [],
  executions: [],
  problems: [],
  irreversible: [],
  routes: [],
  schedules: [],
}

/** Of each list that many are kept; the text says how many there are. */
const LISTED_MAX = 200

/** Said where a change comes to nothing beyond itself. */
export const UNTOUCHED = 'Nothing else is touched.'

/** What is known of a change that nobody looked into. */
export const UNASSESSED: Assessment = {
  impact: NO_IMPACT,
  impact_assessment: 'Its impact was not worked out.',
}

/** Of two things that happen at once. */
export function joinImpact(whole: Impact, part: Partial<Impact>): Impact {
  return {
    workflows: [...new Set([...whole.workflows, ...(part.workflows ?? [])])],
    triggers: [...whole.triggers, ...(part.triggers ?? [])],
    executions: [...new Set([...whole.executions, ...(part.executions ?? [])])],
    problems: [...whole.problems, ...(part.problems ?? [])],
    irreversible: [...whole.irreversible, ...(part.irreversible ?? [])],
    routes: [...whole.routes, ...(part.routes ?? [])],
    schedules: [...whole.schedules, ...(part.schedules ?? [])],
  }
}

export function shortened(impact: Impact): Impact {
  return {
    workflows: impact.workflows.slice(0, LISTED_MAX),
    triggers: impact.triggers.slice(0, LISTED_MAX),
    executions: impact.executions.slice(0, LISTED_MAX),
    problems: impact.problems.slice(0, LISTED_MAX),
    irreversible: impact.irreversible.slice(0, LISTED_MAX),
    routes: impact.routes.slice(0, LISTED_MAX),
    schedules: impact.schedules.slice(0, LISTED_MAX),
  }
}

/** Things of one sort that are named in the text. */
const NAMED_MAX = 3

/** What a change comes to, worst first. */
export function sayImpact(impact: Impact, { under_way, times }: InWords): string {
  const { workflows, triggers, problems, irreversible, routes } = impact
  const sentences = [
    named(problems, (count) => (count === 1 ? 'One thing would break' : `${count} things would break`)),
    named(irreversible, () => 'No rollback brings back'),
    named(under_way, () => 'Under way, and ended or broken by it'),
    named(triggers, () => 'Of what starts workflows'),
    named(times, (count) => (count === 1 ? 'Next time' : 'Next times')),
    named(
      routes,
      (count) => `${count} of the last sentences would go elsewhere`,
      ({ text, from, to }) => `"${text}" to ${to ?? 'nobody'} in place of ${from ?? 'nobody'}`,
    ),
    named(
      workflows,
      (count) => (count === 1 ? 'One workflow has to do with it' : `${count} workflows have to do with it`),
      () => undefined,
    ),
  ].filter((sentence) => sentence !== undefined)
  return sentences.length === 0 ? UNTOUCHED : sentences.join(' ')
}

function named<T>(
  things: readonly T[],
  title: (count: number) => string,
  name: (thing: T) => string | undefined = String,
): string | undefined {
  if (things.length === 0) return undefined
  const names = things
    .slice(0, NAMED_MAX)
    .map(name)
    .filter((one) => one !== undefined)
    .map((one) => one.replace(/\.$/u, ''))
  const more = things.length > NAMED_MAX && names.length > 0 ? `, and ${things.length - NAMED_MAX} more` : ''
  return names.length === 0
    ? `${title(things.length)}.`
    : `${title(things.length)}: ${names.join('; ')}${more}.`
}
