import type { Stopped } from '../../../contract/system.ts'
import type { StoppedRun } from '../workflows/keeping.ts'

type Run = Omit<StoppedRun, 'id'>

/** What was stopped, and what of it may have happened, in a sentence or two. */
export function describeStopped(stopped: readonly Stopped[], runs: readonly Run[] = []): string {
  if (stopped.length === 0 && runs.length === 0) return 'Nothing was running.'
  const outside = [
    ...stopped.flatMap(({ action, begun }) => (begun === true ? [action.replaceAll('_', ' ')] : [])),
    ...runs.flatMap(({ unknown }) => unknown),
  ]
  const maybe =
    outside.length === 0
      ? ''
      : ` It may have happened outside all the same: ${outside.slice(0, 3).join(', ')}${more(outside)}.`
  const parts = stopped.length === 0 ? [] : [ofAgents(stopped)]
  if (runs.length > 0) parts.push(ofRuns(runs))
  return `${parts.join(' ')}${maybe}`
}

function ofAgents(stopped: readonly Stopped[]): string {
  const parts = stopped.flatMap(({ action, done, total, undoable }) =>
    undoable ? [`${action.replaceAll('_', ' ')} had done ${done} of ${total}`] : [],
  )
  const count = stopped.length === 1 ? 'Stopped it' : `Stopped ${stopped.length}`
  if (parts.length === 0) return `${count}; nothing was changed here.`
  return `${count}: ${parts.slice(0, 3).join(', ')}${more(parts)}. Say "undo" to take that back.`
}

function ofRuns(runs: readonly Run[]): string {
  const done = runs.reduce((sum, run) => sum + run.done, 0)
  const which = `the steps of ${runs.length === 1 ? 'it' : 'them'}`
  const before = done === 0 ? `none of ${which} had been done` : `${done} of ${which} had been done`
  return `Stopped ${named(runs.map(({ name }) => name))}; ${before}.`
}

function more(all: readonly string[]): string {
  return all.length > 3 ? `, and ${all.length - 3} more` : ''
}

/** Names of workflows, so that one hears which. */
function named(workflows: readonly string[]): string {
  const shown = workflows.slice(0, 3).map((name) => `“${name.slice(0, 60)}”`)
  const others = workflows.length > 3 ? ` and ${workflows.length - 3} more` : ''
  return `the ${workflows.length === 1 ? 'workflow' : 'workflows'} ${shown.join(', ')}${others}`
}
