import { openTurns } from '../../../kernel/turns.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Learnt, Trying } from '../../language/index.ts'
import { keyOf } from '../../language/learnt/kinds.ts'
import type { Example } from '../../language/learnt/kinds.ts'
import type { Heard } from '../../language/understand.ts'

/** With as many samples or fewer each is left out once. */
const ALONE_MAX = 8
const FOLDS = 5

export interface Gain {
  accuracy_before: number
  accuracy_after: number
}

/**
 * Measures how many of the samples are understood as they are meant, before and after they are learnt.
 *
 * Before: by everything that understands sentences now, phrases and what was taught earlier included. After: by cross
 * validation, so that no sample is tried on what has learnt it. The samples are dealt into five parts; each part is tried
 * with what was learnt from the other four and from earlier lessons. With eight samples or fewer each is a part of its
 * own (leave one out), and a single one can show no gain. A sample whose sentence was taught before with another meaning
 * is left out with that meaning, which it replaces. What is finally learnt is learnt from all samples, so that the figure
 * tells of sentences like them, and not of the samples themselves, which are known by heart from then on.
 */
export async function measure(
  { clock }: Pick<Kernel, 'clock'>,
  learnt: Pick<Learnt, 'tryOut'>,
  { user_id, taught, lesson, heard, signal }: Measuring,
): Promise<Gain> {
  const breathe = openTurns(clock)
  const rightOf = async (hear: Trying, examples: readonly Example[]): Promise<number> => {
    let right = 0
    for (const { text, agent_number, action } of examples) {
      await breathe()
      signal?.throwIfAborted()
      const { meaning } = await hear({ ...heard, text })
      if (meaning?.agent_number === agent_number && meaning.name === action) right += 1
    }
    return right
  }
  const before = await rightOf(await learnt.tryOut(user_id, taught, signal), lesson)
  const places = new Map(lesson.map((one) => [keyOf(one.text), one]))
  const kept = taught.filter((one) => {
    const now = places.get(keyOf(one.text))
    return now === undefined || (now.agent_number === one.agent_number && now.action === one.action)
  })
  let after = 0
  for (const part of partsOf(lesson)) {
    const others = lesson.filter((one) => !part.includes(one))
    after += await rightOf(await learnt.tryOut(user_id, [...kept, ...others], signal), part)
  }
  return { accuracy_before: share(before, lesson.length), accuracy_after: share(after, lesson.length) }
}

interface Measuring {
  user_id: string
  /** What was taught before. */
  taught: readonly Example[]
  /** What is to be learnt: each sentence once. */
  lesson: readonly Example[]
  heard: Omit<Heard, 'text'>
  /** Ends it. */
  signal: AbortSignal | undefined
}

/** Deals examples into parts, those of each action one after the other, so that every part has some of each. */
function partsOf(lesson: readonly Example[]): Example[][] {
  const count = lesson.length <= ALONE_MAX ? lesson.length : FOLDS
  const parts = Array.from({ length: count }, (): Example[] => [])
  const sorted = lesson.toSorted((a, b) => a.agent_number - b.agent_number || (a.action < b.action ? -1 : 1))
  for (const [place, one] of sorted.entries()) parts[place % count]?.push(one)
  return parts
}

/** To three decimals. */
function share(right: number, of: number): number {
  return Math.round((right / of) * 1000) / 1000
}
