import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { Capabilities, Stored } from '../capabilities.ts'
import { fold, matching } from '../match.ts'
import { ActionError, keeping, shape } from '../skill.ts'
import { sayChoice, sayList } from '../say.ts'
import { isSlip } from './slips.ts'

export type Can = Pick<Capabilities, 'clock' | 'records'>

export const ITEMS = 'item'
const DEFAULT_LIST = 'to do'

/** Done items are kept so that the same thing, needed again, returns to its place. */
const Item = shape({
  text: Type.String({ minLength: 1, maxLength: 500 }),
  done: Type.Boolean(),
  priority: Type.Enum(['low', 'normal', 'high']),
  done_at: Type.Optional(Type.String({ maxLength: 64 })),
})
export type Item = Static<typeof Item>
export const keeps = { [ITEMS]: keeping({ body: Item, named: ['name', 'title'] }) }
export type StoredItem = Stored<Item>

const TO_DO = new Set([
  '',
  'to do',
  'todo',
  'to-do',
  'to dos',
  'todos',
  'to-dos',
  'task',
  'tasks',
  'things to do',
])

/** The name of a list as it is kept: "My Shopping List" is `shopping`, and none at all is `to do`. */
export function listName(said = ''): string {
  const name = said
    .toLowerCase()
    .replaceAll(/["'“”‘’]/g, '')
    .replace(/^\s*(my|the|our|a|your)\s+/, '')
    .replace(/\s*\blists?\s*$/, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return TO_DO.has(name) ? DEFAULT_LIST : name
}

/** A text as it is kept: without a full stop at the end. */
export function cleanText(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.,;]+$/, '')
}

/** "your shopping list". */
export function sayName(list: string): string {
  return `your ${list} list`
}

/** All items, in the order of their lists. The name of a list is its items' group. */
export async function allItems(can: Pick<Capabilities, 'records'>): Promise<StoredItem[]> {
  const found = await can.records.list<Item>(ITEMS)
  return found.toSorted((a, b) => a.at - b.at)
}

export function open(items: readonly StoredItem[]): StoredItem[] {
  return items.filter(({ body }) => !body.done)
}

/** The list that was said, under the name of one there is when they differ by number: "groceries" for "grocery". */
export function knownList(said: string | undefined, items: readonly StoredItem[]): string {
  const name = listName(said)
  const folded = name.split(' ').map(fold).join(' ')
  const known = items.find(({ group }) => group.split(' ').map(fold).join(' ') === folded)
  return known?.group ?? name
}

/** The one list there is that a name which none has is a slip of: "shoping". */
export function nearList(name: string, items: readonly StoredItem[]): string | undefined {
  const names = [...new Set(items.map(({ group }) => group))]
  if (names.includes(name)) return undefined
  const [near, other] = names.filter((one) => isSlip(name, one))
  return other === undefined ? near : undefined
}

/**
 * The items of a list, or of all lists when none was said: "tick off milk" finds it wherever it is.
 *
 * @throws ActionError when there is no such list.
 */
export function inList(items: readonly StoredItem[], said?: string): StoredItem[] {
  if (said === undefined) return [...items]
  const name = knownList(said, items)
  const found = items.filter(({ group }) => group === name)
  if (found.length === 0) {
    const near = nearList(name, open(items))
    // Nothing is done to a list because of a word that was read as another one.
    const hint = near === undefined ? '' : ` Do you mean ${sayName(near)}?`
    throw new ActionError(`There is nothing on ${sayName(name)}.${hint}`)
  }
  return found
}

/**
 * The one item that a text means; `undefined` when none is. The to do list comes first when several lists have it.
 *
 * @throws ActionError naming the candidates when several are meant.
 */
export function findItem(said: string, items: readonly StoredItem[]): StoredItem | undefined {
  const found = matching(
    said,
    items.map((item) => ({ value: item, text: item.body.text, also: item.group })),
  )
  if (found.length <= 1) return found[0]
  const first = found.filter(({ group }) => group === DEFAULT_LIST)
  if (first.length === 1) return first[0]
  const names = found.map(({ group, body }) => `"${body.text}" on ${sayName(group)}`)
  throw new ActionError(`"${said}" could be ${sayChoice(names)}. Which one do you mean?`)
}

/** What was found of the items that were said, and what was not. */
export function findItems(said: readonly string[], items: readonly StoredItem[]) {
  const found = new Map<string, StoredItem>()
  const missing: string[] = []
  for (const text of said) {
    const item = findItem(text, items)
    if (item === undefined) missing.push(text)
    else found.set(item.id, item)
  }
  return { found: [...found.values()], missing }
}

/** Refuses when nothing was found, naming what is there. */
export function refuseMissing(
  missing: readonly string[],
  items: readonly StoredItem[],
  said?: string,
): never {
  const where = said === undefined ? 'your lists' : sayName(knownList(said, items))
  const there = open(items).map(({ body }) => body.text)
  const hint = there.length === 0 ? '' : ` There ${there.length === 1 ? 'is' : 'are'} ${sayList(there)}.`
  throw new ActionError(`I cannot find ${sayList(missing.map((text) => `"${text}"`))} on ${where}.${hint}`)
}
