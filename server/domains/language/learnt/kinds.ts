import { Fault } from '../../../kernel/fault.ts'
import type { State } from '../../changes/kinds.ts'
import { normalise } from '../normalise.ts'
import type { LearntRow } from './store.ts'

/** A sentence and what it means to its user. */
export type Example = Omit<LearntRow, 'user_id'>

/** The kind of change that teaches: its targets are lessons, each a set of sentences. */
export const MODEL = 'model'

/** Examples of one user: with more, understanding would be made of them alone, and learning them would take too long. */
export const EXAMPLES_MAX = 5_000

export function tooMany(count: number): Fault {
  const most = EXAMPLES_MAX.toLocaleString('en')
  return new Fault('VALIDATION_ERROR', `I keep ${most} taught sentences of a user: roll back some first.`, {
    issues: [{ path: '/samples', message: `would make ${count}, and ${EXAMPLES_MAX} are the most` }],
  })
}

/** A sentence by its words: case, punctuation and politeness make no other one. */
export function keyOf(text: string): string {
  return keyIn(normalise(text, []))
}

/** The same of a sentence that was normalised already. */
export function keyIn({ tokens }: { tokens: readonly { key: string }[] }): string {
  return tokens.map(({ key }) => key).join(' ')
}

/** A lesson as a change keeps it: what was learnt, by the ids of the examples, and how many that are. */
export function stateOf(examples: readonly Example[]): State | undefined {
  if (examples.length === 0) return undefined
  const byId = examples.map((one) => {
    const { id, lesson_id: _, ...said } = one
    return [id, said] as const
  })
  return { count: examples.length, examples: Object.fromEntries(byId) }
}

/** The examples of a lesson in such a state. */
export function examplesIn(lesson_id: string, state: State | undefined): Example[] {
  const { examples = {} } = (state ?? {}) as { examples?: Record<string, Omit<Example, 'id' | 'lesson_id'>> }
  return Object.entries(examples).map(([id, said]) => ({ ...said, id, lesson_id }))
}
