import { Type } from 'typebox'
import { SPOKEN_MAX, capitalised, sayCount, sayList } from '../say.ts'
import { matching } from '../match.ts'
import { action, shape } from '../skill.ts'
import { ItemText, ListName } from './add.ts'
import { allItems, knownList, nearList, open, sayName } from './items.ts'
import type { Can, StoredItem } from './items.ts'

const NAMES = {
  '(what|which) lists (do i have|have i got|are there)': { names: true },
  '(show|list|name) [me] [all] (my|the|our) lists': { names: true },
} as const

export const list = action({
  summary: 'Tells what is on a list: your to do list unless you say which.',
  parameters: shape({
    list: Type.Optional(ListName),
    item: Type.Optional(ItemText),
    /** The lists that there are, and not what is on one. */
    names: Type.Optional(Type.Boolean()),
  }),
  result: shape({
    list: Type.String(),
    items: Type.Array(
      shape({
        item_id: Type.String(),
        text: Type.String(),
        priority: Type.Enum(['low', 'normal', 'high']),
      }),
    ),
    other_lists: Type.Array(shape({ list: Type.String(), count: Type.Integer() })),
  }),
  effect: 'read',
  slots: { list: 'name', item: 'text' },
  mentions: {
    list: /\b(?:my|the|our)\s+((?!list\b)[\p{L}\p{N}'-]{1,30}(?:\s(?!list\b)[\p{L}\p{N}'-]{1,30})?)\s+list\b/iu,
  },
  phrases: [
    '(what is|what have i got|what do i have) on (my|the|our) {list} list',
    '(what is|what have i got|what do i have) on (my|the|our) list',
    '(show|read|list|open|read out) [me] (my|the|our) {list} list',
    'tell me [what is on] (my|the|our) {list} list',
    '(show|read|list|read out) [me] [all] [of] (my|the) (tasks|to dos|todos)',
    '(show|read|read out) [me] (my|the|our) list',
    'what do i [still] (have|need) to do [today]',
    '(what|which) (tasks|to dos|todos) (do i have|have i got|are open|are left)',
    'what are my (tasks|to dos|todos)',
    'my {list} list',
    'my (tasks|to dos|todos)',
    '{list} list',
    ...Object.keys(NAMES),
    'list (tasks|to dos|todos)',
    '(is|are) [there] [any] {item} [already|still] on (my|the|our) {list} list',
    '(is|are) [there] [any] {item} [already|still] on (my|the|our) list',
    '(do i have|have i got|did i put) {item} on (my|the|our) {list} list',
    '(is there|have i got|do i have) (anything|something) [left|else] on (my|the|our) {list} list',
    '(is there|have i got|do i have) (anything|something) [left|else] on (my|the|our) list',
  ],
  presets: NAMES,
  examples: [
    'what is on my to do list',
    'read me the shopping list',
    'which tasks are open',
    'show the camping list',
    'what is left to do',
    'do I still have to buy something',
    'list everything on the party list',
    'tell me my tasks for today',
    'let me hear the grocery list',
    'open my todos',
    'what should I do next from my list',
    'is there anything on the hardware store list',
    'give me my to do list',
    'how many tasks do I have',
    'what was I supposed to buy',
    'see my lists',
    'are there tasks I have not done',
    'display the packing list please',
    'whats on my list',
  ],
  perform: async (can: Can, parameters) => {
    const stored = await allItems(can)
    const all = open(stored)
    const asked = knownList(parameters.list, all)
    const name = nearList(asked, all) ?? asked
    const { item } = parameters
    const there = all.filter(({ group }) => group === name)
    const here = item === undefined ? there : partsOf(item).flatMap((part) => meantBy(part, there))
    const items = here.map(({ id, body }) => ({ item_id: id, text: body.text, priority: body.priority }))
    const other_lists = others(all, name)
    if (parameters.names === true) return { data: { list: name, items, other_lists }, text: named(all) }
    const text =
      item === undefined ? spoken(here, name, other_lists) : answered(item, { here, name, all, stored })
    return { data: { list: name, items, other_lists }, text }
  },
})

function meantBy(item: string, among: readonly StoredItem[]): StoredItem[] {
  return matching(
    item,
    among.map((one) => ({ value: one, text: one.body.text })),
  )
}

interface Looked {
  here: readonly StoredItem[]
  name: string
  /** What is open, and what is done besides. */
  all: readonly StoredItem[]
  stored: readonly StoredItem[]
}

/** The lists that there are. */
function named(all: readonly StoredItem[]): string {
  const lists = others(all, '')
  if (lists.length === 0) return 'You have no list yet. Say for instance: add milk to my shopping list.'
  const said = lists
    .slice(0, SPOKEN_MAX + 1)
    .map(({ list: one, count }) => `${one} with ${sayCount(count, 'item')}`)
  return `You have ${sayCount(lists.length, 'list')}: ${sayList(said, lists.length)}.`
}

/** "eggs and milk" are two things. */
function partsOf(item: string): string[] {
  return item
    .split(/,\s*|\s+(?:and|und|y)\s+/iu)
    .filter((part) => part !== '')
    .slice(0, SPOKEN_MAX)
}

/** Whether things are on a list, and where else the others are. */
function answered(item: string, { here, name, all, stored }: Looked): string {
  const missing = partsOf(item).filter((part) => meantBy(part, here).length === 0)
  const texts = here.slice(0, SPOKEN_MAX + 1).map(({ body }) => body.text)
  const verb = here.length === 1 ? 'there is' : 'there are'
  const yes = here.length === 0 ? '' : `Yes: on ${sayName(name)} ${verb} ${sayList(texts, here.length)}. `
  return `${yes}${missing.map((part) => absent(part, { name, all, stored })).join(' ')}`.trim()
}

/** Where else something is that is not on a list. */
function absent(item: string, { name, all, stored }: Omit<Looked, 'here'>): string {
  const no = `Not on ${sayName(name)}: ${item}.`
  const [other] = meantBy(item, all)
  if (other !== undefined) return `${no} ${capitalised(other.body.text)} is on ${sayName(other.group)}.`
  const done = meantBy(
    item,
    stored.filter(({ group }) => group === name),
  )
  return done.length === 0 ? no : `${no} It was done already.`
}

interface OtherList {
  list: string
  count: number
}

function others(items: readonly StoredItem[], name: string): OtherList[] {
  const groups = Map.groupBy(items, ({ group }) => group)
  return [...groups]
    .filter(([group]) => group !== name)
    .map(([group, { length }]) => ({ list: group, count: length }))
}

function spoken(here: readonly StoredItem[], name: string, other: readonly OtherList[]): string {
  if (here.length > 0) {
    const texts = here.slice(0, SPOKEN_MAX + 1).map(({ body }) => body.text)
    const verb = here.length === 1 ? 'is' : 'are'
    return `On ${sayName(name)} ${verb} ${sayList(texts, here.length)}.`
  }
  const empty = capitalised(`${sayName(name)} is empty.`)
  if (other.length === 0) return empty
  return `${empty} There is also ${sayList(other.map((one) => `${one.list} with ${sayCount(one.count, 'item')}`))}.`
}
