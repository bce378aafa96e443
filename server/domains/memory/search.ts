import { sql } from 'kysely'
import type { Reader } from '../../kernel/store/store.ts'
import { readDates } from './dates.ts'
import type { DateWish } from './dates.ts'
import { contentOf } from './entry.ts'
import { alike } from './likeness.ts'
import { postings } from './postings.ts'
import { beside, refine, roughScores, wordScores } from './rank.ts'
import type { Found } from './rank.ts'
import { stem } from './stem.ts'
import { matching, memoryStore } from './store.ts'
import type { Db, MemoryFilter, MemoryTables, Owner, Scope, StoredMemory } from './store.ts'
import { plainWords, searchWords, textOf } from './words.ts'

/**
 * Puts the entries that the words found into another order, such as by embeddings. It sees only what the search has
 * found, and what it leaves out follows in the order of the words.
 */
export interface Ranker {
  rank(query: string, entries: readonly { id: string; text: string }[]): Promise<readonly string[]>
}

type Filter = Omit<MemoryFilter, 'before' | 'after'>
type Searched = Pick<Reader, 'tables' | 'connection'>

/** Entries that are ranked by more than their words alone, and how many times the limit they are. */
const REFINED_MIN = 60
const REFINED_TIMES = 2
/** What a word counts that is only like the one that was asked for. */
const ALIKE_WEIGHT = 0.6
/** Entries of a time that are looked at when a question says nothing but a time. */
const DATED_MAX = 500

/** The best entries for a question, and how many there are in all. Nothing in a question is syntax. */
export async function search(
  source: Searched,
  owner: Owner,
  query: string,
  filter: Filter,
  ranker?: Ranker,
): Promise<{ rows: StoredMemory[]; total: number }> {
  const db = source.tables<MemoryTables>()
  const scope = await memoryStore.scope(db, owner)
  if (scope === undefined) return { rows: [], total: 0 }
  const words = wordScores(find(source, scope, query), scope.entries)
  const rough = roughScores(words)
  const dates = readDates(plainWords(query))
  const may = await allowed(db, scope, filter, rough.size)
  for (const number of rough.keys()) if (!may(number)) rough.delete(number)
  if (rough.size === 0 && dates !== undefined) await addDated(db, scope, filter, dates, rough)
  const best = strongest(rough, Math.max(REFINED_MIN, filter.limit * REFINED_TIMES))
  const average = scope.words / Math.max(scope.entries, 1)
  const direct = postings.places(source.connection, scope, best)
  const joining = beside(direct.slice(0, filter.limit * REFINED_TIMES), rough).filter(may)
  const places = [...direct, ...postings.places(source.connection, scope, joining)]
  const ranked = refine(places, words, { average, dates })
  const order = ranked.slice(0, ranker === undefined ? filter.limit : ranked.length)
  const rows = await inOrder(db, scope, order)
  const arranged = ranker === undefined ? rows : await arrange(ranker, query, rows)
  return { rows: arranged.slice(0, filter.limit), total: rough.size + joining.length }
}

/** Where the words of a question are; a word that is nowhere is taken for those that are like it. */
function find({ connection }: Searched, scope: Scope, query: string): Found[][] {
  const terms = new Set(searchWords(query).map(stem))
  return [...terms].map((term) => {
    const posting = postings.of(connection, scope, term)
    if (posting.size > 0) return [{ posting, weight: 1 }]
    const like = alike(term, (start) => postings.beginning(connection, scope, start))
    return like.map((word) => ({ posting: postings.of(connection, scope, word), weight: ALIKE_WEIGHT }))
  })
}

/** Which of the found entries the filter lets through. */
async function allowed(
  db: Db,
  scope: Scope,
  filter: Filter,
  found: number,
): Promise<(number: number) => boolean> {
  if (found === 0) return () => false
  const { memory_type, since, tags = [] } = filter
  if (memory_type === undefined && since === undefined) {
    const hidden = await memoryStore.hidden(db, scope, filter)
    const tagged = await Promise.all(tags.map((tag) => memoryStore.tagged(db, scope, tag)))
    return (number) => !hidden.has(number) && tagged.every((seen) => seen.has(number))
  }
  const seen = await memoryStore.numbers(db, matching(db, scope, filter).select('number'))
  return (number) => seen.has(number)
}

/** "What did I note in November" names nothing but a time: then all of that time is meant. */
async function addDated(
  db: Db,
  scope: Scope,
  filter: Filter,
  { months, weekdays, years, days }: DateWish,
  rough: Map<number, number>,
): Promise<void> {
  const rows = await matching(db, scope, filter)
    .select('number')
    .where(part('%m', months))
    .where(part('%d', days))
    .where(part('%w', weekdays))
    .where(part('%Y', years))
    .orderBy('id', 'desc')
    .limit(DATED_MAX)
    .execute()
  for (const { number } of rows) rough.set(number, 1)
}

/** A part of the time of an entry, which must be one of those that are wanted. */
function part(format: string, wanted: ReadonlySet<number>) {
  if (wanted.size === 0) return sql<boolean>`1`
  return sql<boolean>`CAST(strftime(${format}, created_at) AS INTEGER) IN (${sql.join([...wanted])})`
}

/** The numbers with the highest scores, the newer of equals; without sorting all the others. */
function strongest(rough: ReadonlyMap<number, number>, count: number): number[] {
  const scores = Float64Array.from(rough.values()).toSorted()
  const least = scores[Math.max(0, scores.length - count)] ?? 0
  const best: [number, number][] = []
  for (const entry of rough) if (entry[1] >= least) best.push(entry)
  return best
    .toSorted(([a, first], [b, second]) => second - first || b - a)
    .slice(0, count)
    .map(([number]) => number)
}

async function inOrder(
  db: Db,
  { scope }: Scope,
  ranked: readonly { number: number }[],
): Promise<StoredMemory[]> {
  const found = await memoryStore.at(
    db,
    scope,
    ranked.map(({ number }) => number),
  )
  const byNumber = new Map(found.map((row) => [row.number, row]))
  return ranked.flatMap(({ number }) => byNumber.get(number) ?? [])
}

async function arrange(
  ranker: Ranker,
  query: string,
  rows: readonly StoredMemory[],
): Promise<StoredMemory[]> {
  const entries = rows.map((row) => ({ id: row.id, text: textOf(contentOf(row)) }))
  const places = new Map((await ranker.rank(query, entries)).map((id, place) => [id, place]))
  const placeOf = ({ id }: StoredMemory) => places.get(id) ?? places.size
  return rows.toSorted((a, b) => placeOf(a) - placeOf(b))
}
