import { Type } from 'typebox'
import { capitalised, sayCount } from '../say.ts'
import { ActionError, action, shape } from '../skill.ts'
import { ListName } from './add.ts'
import { ITEMS, allItems, inList, knownList, listName, open, sayName } from './items.ts'
import type { Can } from './items.ts'

export const rename = action({
  summary: 'Gives a list another name.',
  parameters: shape({ list: ListName, name: ListName }),
  result: shape({ list: Type.String(), name: Type.String(), count: Type.Integer() }),
  effect: 'write',
  slots: { list: 'name', name: 'text' },
  questions: { list: 'Which list?', name: 'What should it be called?' },
  phrases: [
    'rename (my|the|our) {list} list [to|as|into] {name}',
    'rename (my|the|our) {list} list to (my|the|our) {name} list',
    'rename {list} list (to|as|into) {name}',
    'rename the list [called|named] {list} (to|as|into) {name}',
    'rename (my|the|our) {list} list',
    'rename (a|one|one of my) (list|lists)',
    '(change|set) the name of (my|the|our) {list} list (to|into) {name}',
    '(call|name) (my|the|our) {list} list {name} (from now on|instead)',
    'turn (my|the|our) {list} list into (the|a|my|our) {name} list',
  ],
  examples: [
    'rename the shopping list to food',
    'the camping list needs another name',
    'call the party list birthday from now on',
    'I want my grocery list to be called supermarket',
    'give the hardware store list a new name',
    'change the name of the packing list to holiday',
    'the gift list should be named christmas',
    'rename my list of films into cinema',
    'let us rename the garden list',
    'make the errands list the saturday list',
    'can you rename the school list into class',
    'please rename our wish list as dreams',
    'my reading list should be called books',
    'another name for the chores list please',
    'the shopping list is now called market',
  ],
  perform: async (can: Can, said) => {
    const items = await allItems(can)
    const list = knownList(said.list, items)
    const name = listName(said.name)
    const moved = inList(items, said.list)
    if (name === list) throw new ActionError(`${capitalised(sayName(list))} is called so already.`)
    if (items.some(({ group }) => group === name))
      throw new ActionError(`You have a list called ${name} already.`)
    for (const { id, at, body } of moved) await can.records.put(ITEMS, { id, group: name, at, body })
    const count = open(moved).length
    const text = `Your ${list} list is called ${name} now, with ${sayCount(count, 'item')}.`
    return { data: { list, name, count }, text }
  },
})
