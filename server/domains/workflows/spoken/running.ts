import { storedFields } from '../../../kernel/stored.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { SPOKEN_SOURCE as SOURCE } from '../engine/command.ts'
import type { Json } from '../evaluate/value.ts'
import { WAITS } from '../own/index.ts'
import { workflowStore } from '../store.ts'
import type { RunRow, StepRow } from '../store.ts'
import { triggerStore } from '../triggers/store.ts'
import { nameIn, noSuch, oneByOne, which, withNamed } from './course.ts'
import type { Asked, Command, Course, Performed, SpokenParts } from './course.ts'
import { severalNamed, workflowsNamed } from './names.ts'
import type { NamedWorkflow } from './names.ts'
import { quoted } from './say.ts'

const ASKED_CHARACTERS_MAX = 200
const GONE = { text: 'That workflow is gone.' }

/** Commands that start, stop and answer runs. */
export function runningCommands(parts: SpokenParts): Readonly<Record<string, Command>> {
  const start = withNamed((workflow, asked) => ({
    kind: 'do',
    perform: (tx) => startNamed(parts, tx, asked, workflow),
  }))
  return {
    run_workflow: (asked, workflows) => {
      const { triggers } = asked
      if (triggers === undefined) return start(asked, workflows)
      const said = ofPhrase(parts, asked, triggers, workflows)
      if ('kind' in said) return said
      return { kind: 'do', perform: (tx) => startByPhrase(parts, tx, said) }
    },
    stop_workflow: (asked, workflows) => stopping(parts, asked, workflows),
    approve_run: (asked, workflows) => answering(parts, asked, workflows, true),
    decline_run: (asked, workflows) => answering(parts, asked, workflows, false),
  }
}

function startNamed(
  { engine, charge }: SpokenParts,
  tx: Tx,
  { user_id, text }: Asked,
  { id }: NamedWorkflow,
): Performed {
  const workflow = workflowStore.find(tx.connection, user_id, id)
  if (workflow === undefined) return GONE
  try {
    charge(user_id)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return { text: `I did not start ${quoted(workflow.name)}. ${error.message}`, workflow_id: id }
  }
  const data = { type: 'voice_command', source: SOURCE, text }
  return started(engine.start(tx, { workflow, source: SOURCE, data, input: null }), workflow.name)
}

/** A phrase that was said: whose trigger it is, and what its slots hold. */
interface SaidPhrase {
  user_id: string
  key: string
  text: string
  slots: Readonly<Record<string, unknown>>
}

/** The trigger that a phrase means; of several workflows that are on and have it, which one is asked. */
function ofPhrase(
  { kernel }: SpokenParts,
  asked: Asked,
  keys: readonly string[],
  workflows: readonly NamedWorkflow[],
): SaidPhrase | Course {
  const { user_id, text, parameters } = asked
  const { connection } = kernel.store.reader
  const rows = keys.flatMap((key) => triggerStore.find(connection, key) ?? [])
  const on = rows.filter(
    ({ workflow_id }) => workflowStore.find(connection, user_id, workflow_id)?.is_active === 1,
  )
  const [first] = on.length === 0 ? keys : on.map(({ key }) => key)
  if (first === undefined) return { kind: 'say', text: GONE.text }
  const ids = new Set(on.map(({ workflow_id }) => workflow_id))
  if (ids.size < 2) return { user_id, key: first, text, slots: parameters }
  const able = workflows.filter(({ id }) => ids.has(id))
  const { workflow: said, ...slots } = parameters
  const found = typeof said === 'string' ? workflowsNamed(said, able) : able
  const [one] = found
  if (one === undefined || found.length > 1) return which(one === undefined ? able : found)
  const meant = on.find(({ workflow_id }) => workflow_id === one.id)
  return { user_id, key: meant?.key ?? first, text, slots }
}

/** Starts what waits for the phrase. The fields of the trigger itself win over slots of their names. */
function startByPhrase(
  { triggers }: SpokenParts,
  tx: Tx,
  { user_id, key, text, slots }: SaidPhrase,
): Performed {
  const row = triggerStore.find(tx.connection, key)
  const workflow = row && workflowStore.find(tx.connection, user_id, row.workflow_id)
  if (row?.user_id !== user_id || row.type !== 'voice_command' || workflow === undefined) return GONE
  const { type: _type, source: _source, ...own } = slots
  const data = { ...(JSON.parse(JSON.stringify(own)) as Record<string, Json>), text }
  const run = triggers.fire(tx, row, SOURCE, data)
  return run === undefined ? GONE : started(run, workflow.name)
}

function started({ id, workflow_id, status, error }: RunRow, name: string): Performed {
  const why = (error ?? '').replace(/^[A-Z]+(?:_\d{3})?: /u, '')
  const text = status === 'failed' ? `${quoted(name)} was not run. ${why}` : `Started ${quoted(name)}.`
  return { text, workflow_id, workflow_execution_id: id }
}

/** The workflow that was named among those that this can be about, or the only one. */
function chosen(
  asked: Asked,
  workflows: readonly NamedWorkflow[],
  among: ReadonlySet<string>,
  none: { named(name: string): string; at_all: string },
): NamedWorkflow | Course {
  const said = nameIn(asked)
  const able = workflows.filter(({ id }) => among.has(id))
  const found = said === undefined ? able : workflowsNamed(said, workflows)
  const fitting = found.filter(({ id }) => among.has(id))
  const [first] = fitting
  if (first !== undefined) return fitting.length > 1 ? which(fitting) : first
  const [idle] = found
  const several = said === undefined || idle !== undefined ? [] : severalNamed(said, workflows)
  if (several.length > 0) return oneByOne(several)
  if (said !== undefined && idle === undefined) return noSuch(said, workflows)
  return {
    kind: 'say',
    text: idle === undefined ? none.at_all : found.map(({ name }) => none.named(name)).join(' '),
  }
}

function stopping(
  { kernel, engine }: SpokenParts,
  asked: Asked,
  workflows: readonly NamedWorkflow[],
): Course {
  const open = workflowStore.openRuns(kernel.store.reader.connection, asked.user_id)
  const one = chosen(asked, workflows, new Set(open.map(({ workflow_id }) => workflow_id)), {
    at_all: 'No workflow is running.',
    named: (name) => `${quoted(name)} is not running.`,
  })
  if ('kind' in one) return one
  return {
    kind: 'do',
    perform: async (tx) => {
      const runs = await engine.stopAll(tx, asked.user_id, one.id)
      const count = runs.length > 1 ? ` ${runs.length} runs of` : ''
      const text =
        runs.length === 0 ? `${quoted(one.name)} is not running.` : `Stopped${count} ${quoted(one.name)}.`
      return { text, workflow_id: one.id }
    },
  }
}

interface Waiting {
  run: RunRow
  step: StepRow
}

function waitingFor({ connection }: Pick<Tx, 'connection'>, user_id: string): Waiting[] {
  return workflowStore.waiting(connection, user_id, WAITS.approval).flatMap((step) => {
    const run = workflowStore.run(connection, user_id, step.run_id)
    return run?.ended_at === null ? [{ run, step }] : []
  })
}

/** Answers the one step that waits for its user's approval. */
function answering(
  { kernel, engine }: SpokenParts,
  asked: Asked,
  workflows: readonly NamedWorkflow[],
  approved: boolean,
): Course {
  const all = waitingFor(kernel.store.reader, asked.user_id)
  const one = chosen(asked, workflows, new Set(all.map(({ run }) => run.workflow_id)), {
    at_all: 'No workflow waits for your approval.',
    named: (name) => `${quoted(name)} does not wait for your approval.`,
  })
  if ('kind' in one) return one
  const [first, ...more] = all.filter(({ run }) => run.workflow_id === one.id)
  // Which of them was meant cannot be told, and a yes to the wrong one cannot be taken back.
  if (first === undefined || more.length > 0)
    return {
      kind: 'say',
      text: `${more.length + 1} steps of ${quoted(one.name)} wait for your approval: answer them one by one with: paios workflows resume`,
    }
  return {
    kind: 'do',
    about: { kind: 'workflow', id: one.id, name: one.name },
    perform: (tx) => {
      const still = waitingFor(tx, asked.user_id).find(
        ({ step }) => step.run_id === first.run.id && step.step_id === first.step.step_id,
      )
      if (still === undefined)
        return { text: `${quoted(one.name)} does not wait for your approval any more.` }
      if (engine.isLate(still.run))
        return { text: `The time of that run of ${quoted(one.name)} is over: it ends without an answer.` }
      engine.answer(tx, still.run, still.step.step_id, { approved })
      const { text } = storedFields<{ text?: string }>(still.step.input ?? '{}') ?? {}
      const about = text === undefined ? '' : ` It had asked: ${text.slice(0, ASKED_CHARACTERS_MAX)}`
      const end = `${quoted(one.name)} goes on${approved ? '' : ' without it'}.`
      return {
        text: `${approved ? 'Approved' : 'Declined'}: ${end}${about}`,
        workflow_id: one.id,
        workflow_execution_id: still.run.id,
      }
    },
  }
}
