import { Type } from 'typebox'
import { action, shape } from '../skill.ts'
import { ItemText, ListName } from './add.ts'
import { ITEMS, allItems, findItem, inList, open, refuseMissing, sayName } from './items.ts'
import type { Can, Item, StoredItem } from './items.ts'
import { PRIORITY_NAMES, readPriority } from './slots.ts'

export const prioritise = action({
  summary: 'Moves a thing to the top of its list, or to the bottom with low priority.',
  parameters: shape({
    item: ItemText,
    list: Type.Optional(ListName),
    priority: Type.Optional(Type.Enum(PRIORITY_NAMES)),
  }),
  result: shape({ item: Type.String(), list: Type.String(), priority: Type.String() }),
  effect: 'write',
  slots: { item: 'text', list: 'name', priority: 'priority' },
  questions: { item: 'Which one is important?' },
  phrases: [
    '(prioritise|prioritize) {item}',
    '(prioritise|prioritize) {item} on (my|the|our) {list} list',
    '(make|give|set) {item} [a|to] {priority} priority',
    'set the priority of {item} to {priority}',
    'mark {item} as {priority} [priority]',
    'mark {item} as (urgent|important)',
    '(move|put) {item} (to|at) the top',
    '(move|put) {item} (to|at) the top of (my|the) list',
    '(move|put) {item} (to|at) the top of (my|the|our) {list} list',
    'make {item} (urgent|important|the most important)',
    'put {item} first',
  ],
  examples: [
    'prioritise the tax form',
    'the phone bill is urgent',
    'move call the vet to the top of my list',
    'make the slides my first task',
    'give cleaning the windows a low priority',
    'the passport matters most, put it first',
    'put onions at the top of the shopping list',
    'set water the plants to high priority',
    'mark the insurance call as important',
    'library books can wait, make that low priority',
    'bump the stamps up the list',
    'I need to do the lamp before everything else',
    'rank the report above the other tasks',
    'nothing is more pressing than the rent, move it up',
    'fixing the bike is not that important any more, lower it',
    'renewing the passport should have top priority',
    'treat the shed as a normal task again',
  ],
  perform: async (can: Can, { item: said, list, priority: name = 'high' }) => {
    const priority = readPriority(name)
    const items = inList(open(await allItems(can)), list)
    const item = findItem(said, items)
    if (item === undefined) return refuseMissing([said], items, list)
    const here = items.filter(({ group }) => group === item.group)
    const body: Item = { ...item.body, priority }
    await can.records.put(ITEMS, { id: item.id, group: item.group, at: place(item, here, priority), body })
    const where = { high: 'at the top of', low: 'at the bottom of', normal: 'where it was on' }[priority]
    return {
      data: { item: body.text, list: item.group, priority },
      text: `"${body.text}" is now ${where} ${sayName(item.group)}, with ${priority} priority.`,
    }
  },
})

/** A new place in the list; places below zero are above those that were given in order of adding. */
function place(item: StoredItem, here: readonly StoredItem[], priority: Item['priority']): number {
  const places = here.filter(({ id }) => id !== item.id).map(({ at }) => at)
  if (priority === 'normal' || places.length === 0) return item.at
  return priority === 'high' ? Math.min(...places) - 1 : Math.max(...places) + 1
}
