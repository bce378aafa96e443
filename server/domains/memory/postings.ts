import type { Connection } from '../../kernel/store/connection.ts'
import type { Scope } from './store.ts'

/** Where a word is: the entries by number, each with how often. */
export type Posting = ReadonlyMap<number, number>

/** An entry as ranking needs it; the neighbours are those stored directly before and after it. */
export interface Place {
  number: number
  created_at: string
  words: number
  before: number | null
  before_at: string | null
  after: number | null
  after_at: string | null
}

type Index = Pick<Connection, 'all' | 'run'>

/** Places of a word that a search reads: one that is in more of them tells next to nothing. */
const PLACES_MAX = 50_000
/** Words of a memory that are looked through for a likeness. */
const KNOWN_MAX = 5_000

/** The words of entries, each under the number of its memory. Nothing here reads another memory's words. */
export const postings = {
  add(index: Index, { scope }: Pick<Scope, 'scope'>, number: number, terms: readonly string[]): void {
    const text = terms.map((term) => `${scope}_${term}`).join(' ')
    index.run('INSERT INTO memory_words (rowid, text) VALUES (?, ?)', [number, text])
  },

  remove(index: Index, number: number): void {
    index.run('DELETE FROM memory_words WHERE rowid = ?', [number])
  },

  of(index: Index, { scope }: Scope, term: string): Posting {
    const [row] = index.all(
      `SELECT json_group_array(doc) AS docs FROM
        (SELECT doc FROM memory_words_places WHERE term = ? LIMIT ${PLACES_MAX})`,
      [`${scope}_${term}`],
    )
    const found = new Map<number, number>()
    for (const number of JSON.parse(String(row?.['docs'])) as number[])
      found.set(number, (found.get(number) ?? 0) + 1)
    return found
  },

  /** Words of the memory that begin so. */
  beginning(index: Index, { scope }: Scope, start: string): string[] {
    const from = `${scope}_${start}`
    const [row] = index.all(
      `SELECT json_group_array(term) AS terms FROM
        (SELECT term FROM memory_words_known WHERE term >= ? AND term < ? LIMIT ${KNOWN_MAX})`,
      [from, `${from}\u{10ffff}`],
    )
    const skipped = `${scope}_`.length
    return (JSON.parse(String(row?.['terms'])) as string[]).map((term) => term.slice(skipped))
  },

  /** The order of the joins is given: what is asked for decides the cost, not how much the memory holds. */
  places(index: Index, { scope }: Scope, numbers: readonly number[]): Place[] {
    return index.all(
      `SELECT f.*, b.created_at AS before_at, a.created_at AS after_at FROM
        (SELECT m.number, m.created_at, m.words, ${beside('<', 'DESC')} AS before, ${beside('>', 'ASC')} AS after
          FROM json_each(?2) j CROSS JOIN memories m ON m.number = j.value AND +m.scope = ?1) f
        LEFT JOIN memories b ON b.number = f.before LEFT JOIN memories a ON a.number = f.after`,
      [scope, JSON.stringify(numbers)],
    ) as unknown as Place[]
  },
}

function beside(sign: string, order: string): string {
  return `(SELECT o.number FROM memories o WHERE o.scope = ?1 AND o.id ${sign} m.id ORDER BY o.id ${order} LIMIT 1)`
}
