import type { Stopped } from '../../../contract/system.ts'

/** What was stopped, in a sentence or two. */
export function describeStopped(stopped: readonly Stopped[], workflows: readonly string[] = []): string {
  if (stopped.length === 0 && workflows.length === 0) return 'Nothing was running.'
  if (stopped.length === 0) return `Stopped ${named(workflows)}; nothing was changed by what they were at.`
  const also = workflows.length === 0 ? '' : ` Stopped ${named(workflows)}.`
  const parts = stopped.flatMap(({ action, done, total, undoable }) =>
    undoable ? [`${action.replaceAll('_', ' ')} had done ${done} of ${total}`] : [],
  )
  const outside = stopped.flatMap(({ action, begun }) =>
    begun === true ? [action.replaceAll('_', ' ')] : [],
  )
  const maybe =
    outside.length === 0
      ? ''
      : ` It may have happened outside all the same: ${outside.slice(0, 3).join(', ')}.`
  const count = stopped.length === 1 ? 'Stopped it' : `Stopped ${stopped.length}`
  if (parts.length === 0) return `${count}; nothing was changed here.${maybe}${also}`
  const shown = parts.slice(0, 3).join(', ')
  const more = parts.length > 3 ? `, and ${parts.length - 3} more` : ''
  return `${count}: ${shown}${more}. Say "undo" to take that back.${maybe}${also}`
}

/** Names of workflows, so that one hears which. */
function named(workflows: readonly string[]): string {
  const shown = workflows.slice(0, 3).map((name) => `“${name.slice(0, 60)}”`)
  const more = workflows.length > 3 ? ` and ${workflows.length - 3} more` : ''
  return `the ${workflows.length === 1 ? 'workflow' : 'workflows'} ${shown.join(', ')}${more}`
}
