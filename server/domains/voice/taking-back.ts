import type { Call } from '../../kernel/answers.ts'
import type { Changes } from '../changes/index.ts'
import type { Course, Sensitive } from '../workflows/spoken/course.ts'

type Modification = NonNullable<Awaited<ReturnType<Changes['latest']['toUndo']>>>

const UNDONE = ['Undone', 'take back'] as const
const AGAIN = ['Done again', 'do again'] as const

/** What "undo" and "redo" come to when something was set up otherwise last: nothing when it was daily data. */
export async function takingBack(
  { latest }: Pick<Changes, 'latest'>,
  call: Call,
  action: string,
  /** Whether a change was the last one of this conversation. */
  isMine: (modification_id: string) => boolean,
): Promise<Course | undefined> {
  const { user_id } = call
  if (action === 'undo') {
    const row = await latest.toUndo(user_id)
    return row && courseOf(row, inverse(call, row), isMine(row.id), UNDONE)
  }
  if (action !== 'redo') return undefined
  const row = await latest.toRedo(user_id)
  return row && courseOf(row, rollback(row), isMine(row.id), AGAIN)
}

function courseOf(
  { id, kind, target, description }: Modification,
  asked: Pick<Sensitive, 'operation' | 'input'>,
  isMine: boolean,
  [done, would]: readonly [done: string, would: string],
): Course {
  const said = description.replace(/^Rolled back: /, '')
  const takes_back = { modification_id: id, kind, target }
  const sensitive: Sensitive = { ...asked, done: `${done}: ${said}`, takes_back }
  if (isMine) return { kind: 'sensitive', sensitive }
  return { kind: 'agree', question: `That would ${would}: ${said} Shall I?`, agreed: sensitive }
}

/** The operations that do the opposite of each other, by kind. */
const OPERATIONS: Readonly<Record<string, 'agents' | 'workflows'>> = {
  agent: 'agents',
  workflow: 'workflows',
}

/** A rollback takes a passkey; who has none may still do the opposite, which a sign-in is enough for. */
function inverse(call: Call, row: Modification): Pick<Sensitive, 'operation' | 'input'> {
  const { kind, target: id, before_state, after_state } = row
  const area = OPERATIONS[kind]
  if (call.caller?.has_passkey === true || area === undefined) return rollback(row)
  if (after_state === null) return { operation: `${area}.restore`, input: { id } }
  if (before_state === null) return { operation: `${area}.delete`, input: { id } }
  const before = JSON.parse(before_state) as Record<string, unknown>
  const after = JSON.parse(after_state) as Record<string, unknown>
  const changed = Object.entries(before).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(after[name]),
  )
  return { operation: `${area}.update`, input: { id, ...Object.fromEntries(changed) } }
}

function rollback({ id }: Modification): Pick<Sensitive, 'operation' | 'input'> {
  return { operation: 'system.rollback', input: { modification_id: id } }
}
