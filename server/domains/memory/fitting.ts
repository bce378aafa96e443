import { findIssues } from '../../kernel/validate.ts'
import type { Log } from '../../kernel/log.ts'
import { stored } from '../../kernel/stored.ts'
import type { Keeping, Skill } from '../../skills/skill.ts'
import type { RecordRow } from './store.ts'

/** Documents of which the log is told; it says nothing of more. */
const TOLD_MAX = 1_000

/** Knows what the collections of skills hold. */
export interface Fitting {
  /** Names the collections of a skill. */
  keep(skill: Pick<Skill, 'keeps'>): void
  /** Whether a document is what its collection holds; the log is told once of one that is not. */
  fits(row: RecordRow): boolean
  /** Whether it can be read at all; the log is told once of one that cannot. */
  isReadable(row: RecordRow): boolean
  /** Why a document from elsewhere cannot be kept; nothing when it can. */
  problemOf(row: RecordRow): string | undefined
}

export function openFitting(log: Pick<Log, 'warn'>): Fitting {
  const known = new Map<string, Keeping>()
  const told = new Set<string>()
  const tell = ({ id: record_id, collection }: RecordRow, problem: string): void => {
    if (told.size >= TOLD_MAX || told.has(record_id)) return
    told.add(record_id)
    const details = { record_id, collection, problem }
    log.warn('a document is not what its collection holds, and is passed over', details)
  }
  const isReadable: Fitting['isReadable'] = (row) => {
    if (stored(row.body) !== undefined) return true
    tell(row, UNREADABLE)
    return false
  }
  return {
    isReadable,
    keep: ({ keeps = {} }) => {
      for (const [collection, keeping] of Object.entries(keeps)) known.set(collection, keeping)
    },
    fits: (row) => {
      if (!isReadable(row)) return false
      const keeping = known.get(row.collection)
      const problem = keeping && problemIn(row, keeping)
      if (problem !== undefined) tell(row, problem)
      return problem === undefined
    },
    problemOf: (row) => {
      const keeping = known.get(row.collection)
      if (keeping === undefined) return `There are no documents of the kind ${row.collection}.`
      const problem = problemIn(row, keeping)
      if (problem !== undefined) return problem
      return keeping.isSound?.(documentOf(row)) === false ? UNSOUND : undefined
    },
  }
}

const UNREADABLE = 'It is no JSON.'
const UNSOUND = 'Its parts do not agree with each other.'

function problemIn(row: RecordRow, { document, agrees }: Keeping): string | undefined {
  const kept = documentOf(row)
  const [issue] = findIssues(document, kept)
  if (issue !== undefined) return `${issue.path} ${issue.message}.`
  return agrees?.(kept) === false ? UNSOUND : undefined
}

function documentOf({ group_name: group, at, body }: RecordRow) {
  return { group, at, body: stored<unknown>(body) }
}
