import type { Impact } from '../../../contract/system.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { NO_IMPACT, joinImpact, sayImpact, shortened } from './impact.ts'
import { isSame } from './kinds.ts'
import type { Assessment, Assessor, Change, Foreseen, Found } from './impact.ts'

export interface Assessing {
  /** Says what changes come to in a domain; once for each domain, while the app opens. */
  assessWith(assessor: Assessor): void
  /** What a change would come to. Long work: it is asked for before the transaction. */
  assess(change: Change): Promise<Foreseen>
  /** Has the change be recorded with it, in the transaction that makes it. */
  assessed(tx: Tx, foreseen: Foreseen): void
}

export function openAssessing(): Assessing & {
  assessmentOf(tx: Tx, change: Omit<Change, 'user_id'>): Assessment | undefined
} {
  const assessors: Assessor[] = []
  const attached = new WeakMap<Tx, Foreseen[]>()
  return {
    assessWith: (assessor) => assessors.push(assessor),
    assess: async (change) => {
      const parts: Found[] = []
      for (const assessor of assessors) parts.push(await assessor(change))
      const impact = parts.reduce<Impact>(joinImpact, NO_IMPACT)
      const { user_id: _, ...what } = change
      const assessment = {
        impact: shortened(impact),
        impact_assessment: sayImpact(impact, {
          under_way: parts.flatMap(({ under_way = [] }) => under_way),
          times: parts.flatMap(({ times = [] }) => times),
        }),
      }
      return { ...what, assessment }
    },
    assessed: (tx, foreseen) => {
      const known = attached.get(tx) ?? []
      attached.set(tx, known)
      known.push(foreseen)
    },
    // What was worked out on another state of the object says nothing about this change.
    assessmentOf: (tx, { kind, target, before, after }) => {
      const same = (attached.get(tx) ?? []).filter(
        (one) => one.kind === kind && one.target === target && isSame(one.before, before),
      )
      return (same.find((one) => isSame(one.after, after)) ?? same[0])?.assessment
    },
  }
}
