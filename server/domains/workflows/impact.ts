import { readDefinition } from './definition.ts'
import type { Impact } from '../../../contract/system.ts'
import type { WorkflowTrigger } from '../../../contract/triggers.ts'
import type { WorkflowDefinition } from '../../../contract/workflows.ts'
import { iso } from '../../kernel/clock.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { openTurns } from '../../kernel/turns.ts'
import type { Agents, KnownAgent } from '../agents/index.ts'
import type { Assessor, Change, Found } from '../changes/impact.ts'
import { isSame } from '../changes/kinds.ts'
import type { State } from '../changes/kinds.ts'
import type { Engine } from './engine/index.ts'
import { sayWhen } from './spoken/say.ts'
import { workflowStore } from './store.ts'
import type { OpenRun, WorkflowTables } from './store.ts'
import { nextDue } from './triggers/schedule.ts'
import { triggerStore, wantedBy } from './triggers/store.ts'
import type { TriggerTables } from './triggers/store.ts'
import { hasPart } from './using.ts'
import type { Told } from './validate/findings.ts'
import type { Validating } from './validating.ts'

interface Parts {
  agents: Pick<Agents, 'known' | 'knownAfter'>
  zoneOf: (user_id: string) => string
  /** Holds a definition against agents as they are, or would be. */
  validate: Validating['validate']
  performing: Engine['performing']
}

interface Named {
  id: string
  name: string
  definition: WorkflowDefinition
}

/** A workflow without what is in it. */
interface Seen extends Pick<Named, 'id' | 'name'> {
  source_agent: number | undefined
}

/** Workflows that a change of an agent is tried on, by name; of more it is only said how many there are. */
const TRIED_MAX = 100
/** Definitions that are read at once. */
const BATCH = 20

/** What a change comes to among the workflows, each tried with the agents as they would be. */
export function openWorkflowImpact(kernel: Kernel, parts: Parts): Assessor {
  return async (change) => {
    if (change.kind === 'agent') return ofAgent(kernel, parts, change)
    return change.kind === 'workflow' ? ofWorkflow(kernel, parts, change) : {}
  }
}

async function ofAgent(
  kernel: Kernel,
  { agents, validate, performing }: Parts,
  change: Change,
): Promise<Found> {
  const { user_id, target } = change
  const [before, after] = [await agents.known(user_id), await agents.knownAfter(change)]
  const [was, is] = [before, after].map((all) => all.find(({ id }) => id === target))
  const number = (was ?? is)?.agent_number
  if (number === undefined) return {}
  const breathe = openTurns(kernel.clock)
  const { all, using, tried } = await workflowsOf(kernel, user_id, number, breathe)
  const untried = using.length - tried.length
  // The first of them: of many only some are said.
  const problems =
    untried === 0 ? [] : [`perhaps ${untried} more workflows with this agent, which were not tried`]
  const broken = new Map<string, string>()
  const told = async (definition: WorkflowDefinition, known: readonly KnownAgent[]) =>
    toldOf(definition, await validate(user_id, definition, { agents: known, of: number, breathe }))
  for (const { id, name, definition } of tried) {
    const known = new Set(await told(definition, before))
    const fresh = (await told(definition, after)).filter((text) => !known.has(text))
    problems.push(...fresh.map((text) => `${name}: ${text}`))
    if (fresh.length > 0) broken.set(id, name)
    await breathe()
  }
  const runs = broken.size === 0 ? [] : workflowStore.openRuns(kernel.store.reader.connection, user_id)
  const touched = runs.filter((run) => {
    const { definition } = tried.find(({ id }) => id === run.workflow_id && broken.has(id)) ?? {}
    return definition !== undefined && isAhead(kernel, performing, run, { definition, number })
  })
  return {
    workflows: using,
    problems,
    executions: touched.map(({ id }) => id),
    under_way: touched.map(({ workflow_id }) => `a run of ${broken.get(workflow_id)}`),
    triggers: agentTriggers(user_id, { was, is, all }),
  }
}

/** Whether a run has yet to begin a step of an agent: what is being performed ends as it would have. */
function isAhead(
  { store }: Kernel,
  performing: Parts['performing'],
  run: OpenRun,
  { definition, number }: { definition: WorkflowDefinition; number: number },
): boolean {
  const { steps, error_handling } = definition
  const begun = performing(run.id)
  const ended = workflowStore
    .steps(store.reader.connection, run.id)
    .filter(({ ended_at }) => ended_at !== null)
  return [...steps, ...(error_handling.fallback_steps ?? [])].some(
    ({ id, agent_number }) =>
      agent_number === number && begun?.has(id) !== true && !ended.some(({ step_id }) => step_id === id),
  )
}

/** What is wrong with a definition, each once and with its place in words: "step fetch: There is no agent 7." */
function toldOf(definition: unknown, { errors, warnings }: Told): string[] {
  return [
    ...new Set([...errors, ...warnings].map(({ path, message }) => `${placeOf(definition, path)}${message}`)),
  ]
}

function placeOf(definition: unknown, path: string): string {
  const { steps, error_handling } = (definition ?? {}) as Partial<WorkflowDefinition>
  const [, own, fallback] = /^\/steps\/(\d+)|^\/error_handling\/fallback_steps\/(\d+)/u.exec(path) ?? []
  const step = own === undefined ? error_handling?.fallback_steps?.[Number(fallback)] : steps?.[Number(own)]
  if (step !== undefined) return `step ${step.id}: `
  const [, part = ''] = path.split('/')
  return part === '' ? '' : `${part.replaceAll('_', ' ')}: `
}

/** The triggers that the agent has, and those that wait for it. */
function agentTriggers(
  user_id: string,
  { was, is, all }: { was: KnownAgent | undefined; is: KnownAgent | undefined; all: readonly Seen[] },
): string[] {
  const nameOf = (id: string) => all.find((one) => one.id === id)?.name ?? 'a workflow that is not there'
  const own = [was, is].map((agent) => (agent === undefined ? [] : wantedBy({ ...agent, user_id })))
  const [before = [], after = []] = own
  const only = (some: typeof before, others: typeof before) =>
    some.filter(({ key }) => !others.some((other) => other.key === key))
  const isGone = was?.is_active === true && is?.is_active !== true
  const waiting = all.filter(
    ({ source_agent }) => source_agent !== undefined && source_agent === was?.agent_number,
  )
  return [
    ...only(before, after).map(
      ({ type, workflow_id }) => `the ${wordOf(type)} for ${nameOf(workflow_id)} ends`,
    ),
    ...only(after, before).map(({ type, workflow_id }) => `${oneOf(type)} for ${nameOf(workflow_id)} begins`),
    ...(isGone ? waiting.map(({ name }) => `${name} no longer starts after ${was.name}`) : []),
  ]
}

async function ofWorkflow(
  kernel: Kernel,
  { zoneOf, validate }: Parts,
  { user_id, target, before, after }: Change,
): Promise<Found> {
  const { reader } = kernel.store
  const { name } = (after ?? before ?? { name: '' }) as { name: string }
  const ends = after === undefined
  const runs = ends ? workflowStore.openRuns(reader.connection, user_id, target) : []
  const told = async (definition: unknown) => toldOf(definition, await validate(user_id, definition))
  const is = ends ? [] : await told(after['definition'])
  const known = new Set(before === undefined ? [] : await told(before['definition']))
  const stops = isOn(before) && !isOn(after)
  const time_zone = zoneOf(user_id)
  const schedules = shifted(kernel, time_zone, user_id, { id: target, name, before, after })
  return {
    workflows: [target],
    executions: runs.map(({ id }) => id),
    under_way: runs.map(() => `a run of ${name}`),
    problems: is.filter((text) => !known.has(text)).map((text) => `${name}: ${text}`),
    triggers: [
      ...ownTrigger(name, before, after),
      ...(stops ? await triggersOfOthers(kernel, user_id, { id: target, name }) : []),
    ],
    schedules,
    times: schedules.map((moved) => sayMove(moved, { now: kernel.clock.now(), time_zone })),
  }
}

/** What starts the workflow itself, where that changes. */
function ownTrigger(name: string, before: State | undefined, after: State | undefined): string[] {
  const [was, is] = [triggerOf(before), triggerOf(after)]
  const same = was !== undefined && is !== undefined && isSame({ ...was }, { ...is })
  if (same) return []
  return [
    ...(was === undefined || was.type === 'manual' ? [] : [`the ${wordOf(was.type)} of ${name} ends`]),
    ...(is === undefined || is.type === 'manual' ? [] : [`${oneOf(is.type)} of ${name} begins`]),
  ]
}

/** The triggers that agents have for a workflow, which start nothing while it is off. */
async function triggersOfOthers(
  { store }: Kernel,
  user_id: string,
  { id, name }: { id: string; name: string },
): Promise<string[]> {
  const rows = await triggerStore.ofWorkflow(store.reader.tables<TriggerTables>(), user_id, id)
  return rows
    .filter(({ agent_id }) => agent_id !== null)
    .map(({ type }) => `the ${wordOf(type)} that an agent has for ${name} starts nothing any more`)
}

function shifted(
  { clock, store }: Kernel,
  zone: string,
  user_id: string,
  {
    id,
    name,
    before,
    after,
  }: { id: string; name: string; before: State | undefined; after: State | undefined },
): Impact['schedules'] {
  const now = clock.now()
  // Intervals count from when it was switched on, which a change leaves alone while it stays on.
  const since = isOn(before) ? workflowStore.find(store.reader.connection, user_id, id)?.active_since : null
  const anchor = since === null || since === undefined ? now : Date.parse(since)
  const next = (state: State | undefined): string | null => {
    const trigger = triggerOf(state)
    if (trigger?.type !== 'schedule') return null
    const due = nextDue(trigger.conditions, { zone, anchor }, now)
    return due === undefined ? null : iso(due)
  }
  const [was, is] = [next(before), next(after)]
  return was === is ? [] : [{ workflow_id: id, name, before: was, after: is }]
}

/** "Tea starts tomorrow at 09:00 instead of tomorrow at 08:00", by the clock of the user. */
function sayMove(
  { name, before, after }: Impact['schedules'][number],
  how: Parameters<typeof sayWhen>[1],
): string {
  const was = before === null ? '' : sayWhen(before, how)
  if (after === null) return `${name} no longer starts ${was}`
  const next = sayWhen(after, how)
  return before === null ? `${name} starts ${next}` : `${name} starts ${next} instead of ${was}`
}

function isOn(state: State | undefined): boolean {
  return state?.['is_active'] === true
}

/** What starts a workflow in a state: nothing while it is off or gone. */
function triggerOf(state: State | undefined): WorkflowTrigger | undefined {
  if (state === undefined || !isOn(state)) return undefined
  return (state['definition'] as WorkflowDefinition).trigger
}

function wordOf(type: WorkflowTrigger['type']): string {
  return type.replaceAll('_', ' ')
}

function oneOf(type: WorkflowTrigger['type']): string {
  return `${type === 'agent_completion' ? 'an' : 'a'} ${wordOf(type)}`
}

/** The workflows of a user; the ids of those in which an agent has a part, and the first of these with their definitions. */
async function workflowsOf(
  { store }: Kernel,
  user_id: string,
  agent_number: number,
  breathe: () => Promise<void>,
): Promise<{ all: Seen[]; using: string[]; tried: Named[] }> {
  const db = store.reader.tables<WorkflowTables>()
  const [all, using, tried]: [Seen[], string[], Named[]] = [[], [], []]
  for (let after: string | undefined; ;) {
    const rows = await workflowStore.list(db, user_id, { after, limit: BATCH })
    for (const row of rows) {
      const { id, name } = row
      const definition = readDefinition(row.definition)
      all.push({ id, name, source_agent: definition.trigger.source_agent })
      if (hasPart(definition, agent_number)) {
        using.push(id)
        if (tried.length < TRIED_MAX) tried.push({ id, name, definition })
      }
      await breathe()
    }
    after = rows.at(-1)?.name_key
    if (rows.length < BATCH) return { all, using, tried }
  }
}
