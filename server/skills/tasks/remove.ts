import { Type } from 'typebox'
import { sayCount, sayList } from '../say.ts'
import { ActionError, action, pieces, shape } from '../skill.ts'
import { ItemText, ListName } from './add.ts'
import { notFound } from './done.ts'
import { ITEMS, allItems, findItem, inList, open, refuseMissing, sayName } from './items.ts'
import type { Can, StoredItem } from './items.ts'

const Parameters = shape({
  items: Type.Optional(Type.Array(ItemText, { minItems: 1, maxItems: 500 })),
  list: Type.Optional(ListName),
})
const Result = shape({
  removed: Type.Array(Type.String()),
  missing: Type.Array(Type.String()),
  count: Type.Integer(),
})
type Said = Type.Static<typeof Parameters>

/** Names of what was removed that are answered and said; there may be thousands. */
const NAMED_MAX = 500

export const remove = action({
  summary: 'Takes things off a list without doing them.',
  parameters: Parameters,
  result: Result,
  effect: 'destructive',
  ends: true,
  slots: { items: 'items', list: 'name' },
  needsOne: ['items', 'list'],
  questions: { items: 'What should I remove?' },
  phrases: [
    '(remove|delete|drop|strike|scratch|erase) {items} from (my|the|our) {list} list',
    '(remove|delete|drop|strike|scratch|erase) {items} from (my|the|our) list',
    '(remove|delete|drop|strike|scratch|erase) {items} from (my|the) (tasks|to dos|todos)',
    'take {items} off (my|the|our) {list} list',
    'take {items} off (my|the|our) list',
    'take {items} off (my|the) (tasks|to dos|todos)',
    '(remove|delete|drop) [the|my] (task|to do|todo|item) [about] {items}',
    '(remove|delete|drop) the {items} (task|to do|todo)',
    '(remove|delete|drop|erase|clear) (everything|all|all items) (from|off|on) (my|the|our) {list} list',
    '(clear|empty|wipe) (my|the|our) [whole|entire] {list} list',
    '(delete|remove|erase|get rid of|throw away) (my|the|our) [whole|entire] {list} list',
    'we do not need {items} (anymore|any more|any longer|after all)',
  ],
  examples: [
    'remove cheese from the shopping list',
    'take the onions off my list again',
    'delete the task call the insurance',
    'we have enough rice, take it off',
    'scratch stamps from my to dos, no longer needed',
    'drop sleeping bag from the camping list',
    'I no longer want the lemons on there',
    'get rid of the slides task',
    'strike the string and the tape',
    'forget about the cat food, remove it from the list',
    'kick plates off the party list',
    'that task about the neighbours plants can be deleted',
    'undo the yoghurt on my list, we have some',
    'please remove the last thing I put on, light bulbs',
    'erase clean the windows from my tasks',
    'garlic should not be on the grocery list',
    'no need to return the library books any more, delete that task',
  ],
  confirm: async (can: Can, parameters) => {
    const items = await allItems(can)
    // What cannot be found, or could be several things, is refused when it is tried.
    const found = refusing(() => meant(parameters, inList(items, parameters.list)).found) ?? []
    if (found.length < 2) return undefined
    const named = sayList(found.map(({ body }) => body.text))
    return `That removes ${sayCount(found.length, 'item')}: ${named}. Shall I?`
  },
  perform: async (can: Can, parameters) => {
    const items = inList(await allItems(can), parameters.list)
    const { found, missing } = meant(parameters, items)
    if (found.length === 0) refuseMissing(missing, items, parameters.list)
    for (const { id } of found) await can.records.remove(ITEMS, id)
    return told(found, missing, found.length)
  },
  pieces: pieces<keyof Can, typeof Parameters, typeof Result, StoredItem>({
    plan: async (can, parameters) => {
      const items = inList(await allItems(can), parameters.list)
      return meant(parameters, items).found
    },
    each: async (can, { id }) => void (await can.records.remove(ITEMS, id)),
    join: (_parameters, done, count) => told(done, [], count),
  }),
})

function told(found: readonly StoredItem[], missing: string[], count: number) {
  const removed = found.slice(0, NAMED_MAX).map(({ body }) => body.text)
  const lists = [...new Set(found.map(({ group }) => sayName(group)))]
  const what = count > removed.length ? sayCount(count, 'item') : sayList(removed)
  return {
    data: { removed, missing, count },
    text: `Removed ${what}${lists.length === 0 ? '' : ` from ${sayList(lists)}`}.${notFound(missing)}`,
  }
}

/** What is still to do is meant before what is done. */
function meant({ items: said, list }: Said, items: readonly StoredItem[]) {
  if (said === undefined && list === undefined) throw new ActionError('What should I remove?')
  if (said === undefined) return { found: [...items], missing: [] }
  const found = new Map<string, StoredItem>()
  const missing: string[] = []
  for (const text of said) {
    const item = findItem(text, open(items)) ?? findItem(text, items)
    if (item === undefined) missing.push(text)
    else found.set(item.id, item)
  }
  return { found: [...found.values()], missing }
}

function refusing<T>(find: () => T): T | undefined {
  try {
    return find()
  } catch (error) {
    if (error instanceof ActionError) return undefined
    throw error
  }
}
