import { isDeepStrictEqual } from 'node:util'
import type { StepRow } from '../../server/domains/workflows/store.ts'
import { TORTURED, textOf } from './workflow-definition.ts'
import type { Known, Trace } from './workflow-definition.ts'
import type { Event, Execution, Run, State } from './workflow-state.ts'

/** Everything that is not as it must be once all runs have ended. `told` are all events from the first on. */
export function findUnfinished(
  state: State,
  started: ReadonlyMap<string, string>,
  told: readonly Event[],
): string[] {
  const problems: string[] = [...state.halves]
  for (const [name, id] of started)
    if (state.runs.get(id)?.name !== name) problems.push(`the acknowledged run ${name} is lost`)
  const names = [...state.runs.values()].map(({ name }) => name)
  if (new Set(names).size < names.length) problems.push('a run was started twice')
  const attempts = Map.groupBy(state.executions.values(), ({ key }) => key)
  const traces = countTraces(state)
  const about = Map.groupBy(
    told.filter(({ name }) => name.startsWith('workflow:')),
    ({ data }) => String(data['execution_id']),
  )
  for (const run of state.runs.values()) {
    problems.push(...findInRun(run, state), ...findUntold(run, state, about.get(run.id) ?? []))
    for (const [id, known] of TORTURED[run.workflow]) {
      const key = `${run.id}/${id}`
      const step = state.steps.get(key)
      if (step === undefined) problems.push(`${key} is not recorded`)
      else problems.push(...findInStep(key, { run, known, step, attempts: attempts.get(key) ?? [], traces }))
    }
  }
  for (const [trace, count] of traces) if (count !== 0) problems.push(`${trace} is there ${count} times more`)
  for (const job of state.jobs) problems.push(`the job ${job} is left`)
  return [...problems, ...findInEvents(state, told)]
}

/** How often everything is there that steps left. */
function countTraces({ traces }: State): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [kind, texts] of Object.entries(traces))
    for (const text of texts) counts.set(`${kind} ${text}`, (counts.get(`${kind} ${text}`) ?? 0) + 1)
  return counts
}

/** A run has failed when a step is unknown, and in no other case; its user was told so once. */
function findInRun(run: Run, { steps, failures }: State): string[] {
  const own = [...steps.values()].filter(({ run_id }) => run_id === run.id)
  const hasFailed = own.some(({ status }) => status === 'unknown')
  const problems: string[] = []
  if (run.status !== (hasFailed ? 'failed' : 'completed'))
    problems.push(`run ${run.name} is ${run.status}${hasFailed ? ', but a step is unknown' : ''}`)
  if (own.length !== TORTURED[run.workflow].size) problems.push(`run ${run.name} has ${own.length} steps`)
  const told = failures.filter((id) => id === run.id).length
  if (told !== (hasFailed ? 1 : 0)) problems.push(`the failure of run ${run.name} was notified ${told} times`)
  return problems
}

interface About {
  run: Run
  known: Known
  step: StepRow
  attempts: readonly Execution[]
  /** What of them belongs to the step is taken off. */
  traces: Map<string, number>
}

function findInStep(key: string, { run, known, step, attempts, traces }: About): string[] {
  const problems: string[] = []
  const { sends, skipped, leaves, result, step: given } = known
  const allowed = skipped === true ? ['skipped'] : sends === true ? ['completed', 'unknown'] : ['completed']
  if (!allowed.includes(step.status)) problems.push(`${key} is ${step.status}: ${step.error}`)
  const isDone = step.status === 'completed'
  const wanted = JSON.parse(JSON.stringify(result ?? null).replaceAll('NAME', run.name)) as unknown
  if (isDone && result !== undefined && !isDeepStrictEqual(JSON.parse(step.result ?? 'null'), wanted))
    problems.push(`${key} gave ${step.result}`)
  if (given.agent_number !== 0) problems.push(...findInAttempts(key, step, attempts))
  if (leaves !== undefined) problems.push(...takeOff(traces, leaves, textOf(run.name, given.id), isDone))
  return problems
}

/** One execution for each attempt, of which the last one succeeded if the step did. */
function findInAttempts(key: string, step: StepRow, attempts: readonly Execution[]): string[] {
  const done = attempts.filter(({ status }) => status === 'completed')
  const failed = attempts.filter(({ status }) => status === 'failed')
  const isDone = step.status === 'completed'
  if (done.length + failed.length !== attempts.length) return [`an execution of ${key} is open`]
  if (done.length !== (isDone ? 1 : 0)) return [`${key} was done ${done.length} times`]
  if (attempts.length !== step.attempts)
    return [`${key} has ${attempts.length} of ${step.attempts} executions`]
  return isDone && done[0]?.id !== step.execution_id ? [`${key} was done by another execution`] : []
}

function takeOff(traces: Map<string, number>, kind: Trace, text: string, isDone: boolean): string[] {
  const trace = `${kind} ${text}`
  const count = traces.get(trace) ?? 0
  traces.delete(trace)
  return count === (isDone ? 1 : 0) ? [] : [`${trace} is there ${count} times`]
}

/** Every event of a run, once and in order: its beginning, its steps as they were recorded, its end. */
function findUntold(run: Run, { steps }: State, told: readonly Event[]): string[] {
  const own = [...steps.values()].filter(({ run_id }) => run_id === run.id).toSorted((a, b) => a.seq - b.seq)
  const wanted = [
    'workflow:triggered',
    ...own.map(({ step_id, status }) => `${step_id} ${status === 'unknown' ? 'failed' : status}`),
    `workflow:completed ${run.status === 'completed'}`,
  ]
  const heard = told.map(({ name, data }) => {
    if (name === 'workflow:step_completed') return `${String(data['step_id'])} ${String(data['status'])}`
    return name === 'workflow:completed' ? `${name} ${String(data['success'])}` : name
  })
  const problems = isDeepStrictEqual(wanted, heard) ? [] : [`run ${run.name} was told as ${heard.join(', ')}`]
  for (const { data } of told.filter(({ name }) => name === 'workflow:step_completed')) {
    const step = steps.get(`${run.id}/${String(data['step_id'])}`)
    if (step?.status === 'completed' && !isDeepStrictEqual(data['result'], JSON.parse(step.result ?? 'null')))
      problems.push(`the result of ${step.step_id} in run ${run.name} was told as ${JSON.stringify(data)}`)
  }
  return problems
}

/** Numbers without gaps, and each execution begun and ended once. */
function findInEvents({ executions }: State, told: readonly Event[]): string[] {
  const problems: string[] = []
  const gap = told.find(({ seq }, index) => seq !== index + 1)
  if (gap !== undefined) problems.push(`event ${gap.seq} is not in its place`)
  for (const name of ['agent:execution_started', 'agent:execution_completed']) {
    const ids = told.filter((event) => event.name === name).map(({ data }) => String(data['execution_id']))
    const counts = Map.groupBy(ids, (id) => id)
    for (const id of executions.keys())
      if (counts.get(id)?.length !== 1)
        problems.push(`${name} of ${id}: ${counts.get(id)?.length ?? 0} times`)
    for (const id of counts.keys())
      if (!executions.has(id)) problems.push(`${name} of ${id}, which is not there`)
  }
  return problems
}
