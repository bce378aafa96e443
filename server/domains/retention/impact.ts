import type { SystemConfig } from '../../../contract/system.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Reader } from '../../kernel/store/store.ts'
import type { Assessor } from '../changes/impact.ts'
import type { State } from '../changes/kinds.ts'

/** Up to when what may be forgotten, in epoch ms. */
export interface Cutoffs {
  /** Of what was done: executions, runs and their steps. */
  history: number
  /** Of what was deleted and can be brought back. */
  deleted: number
}

type Kept = Pick<SystemConfig, 'retention' | 'deleted_retention_days'>

/** Counts things of one sort that are older; beyond `OUTDATED_MAX` it need not go on. */
export type Outdated = (db: Pick<Reader, 'tables'>, cutoffs: Cutoffs) => Promise<number>

/** What is older is counted so far. */
const OUTDATED_MAX = 10_000
const DAY_MS = 86_400_000

/** How many rows a query finds; beyond `OUTDATED_MAX` it does not go on. */
export async function countUpTo(query: Countable): Promise<number> {
  return (await query.limit(OUTDATED_MAX + 1).execute()).length
}

interface Countable {
  limit(most: number): { execute(): Promise<readonly unknown[]> }
}

export function cutoffsOf({ retention, deleted_retention_days }: Kept, now: number): Cutoffs {
  return {
    history: now - retention.history_days * DAY_MS,
    deleted: now - deleted_retention_days * DAY_MS,
  }
}

/** What a change of settings has be forgotten that would have been kept, counted in what there is. */
export function openRetentionImpact(
  reader: Reader,
  clock: Pick<Clock, 'now'>,
  /** By what it is called in a sentence, in the plural. */
  outdated: Readonly<Record<string, Outdated>>,
): Assessor {
  return async ({ kind, before, after }) => {
    if (kind !== 'setting' || before === undefined || after === undefined) return {}
    const now = clock.now()
    const [was, is] = [before, after].map((state) => cutoffsOf(keptIn(state), now))
    if (was === undefined || is === undefined) return {}
    const irreversible: string[] = []
    for (const [what, count] of Object.entries(outdated)) {
      const [known, then] = [await count(reader, was), await count(reader, is)]
      if (then > known) irreversible.push(`${said(then, known)} ${what}`)
    }
    return { irreversible, problems: backupProblems(before, after) }
  }
}

function said(then: number, known: number): string {
  return then > OUTDATED_MAX ? `more than ${OUTDATED_MAX - known}` : String(then - known)
}

function keptIn(state: State): Kept {
  return state as unknown as Kept
}

function backupProblems(before: State, after: State): string[] {
  return isDaily(before) && !isDaily(after) ? ['Nothing is backed up by itself any more'] : []
}

function isDaily(state: State): boolean {
  return (state as unknown as SystemConfig).backups.daily
}
