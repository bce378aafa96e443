import type { Impact } from '../../../contract/system.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { NO_IMPACT, joinImpact, sayImpact, shortened } from './impact.ts'
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
  assessmentOf(tx: Tx, change: Pick<Change, 'kind' | 'target'>): Assessment | undefined
} {
  const assessors: Assessor[] = []
  const attached = new WeakMap<Tx, Map<string, Assessment>>()
  return {
    assessWith: (assessor) => assessors.push(assessor),
    assess: async (change) => {
      const parts: Found[] = []
      for (const assessor of assessors) parts.push(await assessor(change))
      const impact = parts.reduce<Impact>(joinImpact, NO_IMPACT)
      const { kind, target } = change
      const assessment = {
        impact: shortened(impact),
        impact_assessment: sayImpact(
          impact,
          parts.flatMap(({ under_way = [] }) => under_way),
        ),
      }
      return { kind, target, assessment }
    },
    assessed: (tx, foreseen) => {
      const known = attached.get(tx) ?? new Map<string, Assessment>()
      attached.set(tx, known.set(keyOf(foreseen), foreseen.assessment))
    },
    assessmentOf: (tx, change) => attached.get(tx)?.get(keyOf(change)),
  }
}

function keyOf({ kind, target }: Pick<Change, 'kind' | 'target'>): string {
  return `${kind} ${target}`
}
