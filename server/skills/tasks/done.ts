import { Type } from 'typebox'
import { sayList } from '../say.ts'
import { action, shape } from '../skill.ts'
import { ItemText, ListName } from './add.ts'
import { ITEMS, allItems, findItems, inList, open, refuseMissing } from './items.ts'
import type { Can, Item } from './items.ts'

export const done = action({
  summary: 'Ticks things off a list.',
  parameters: shape({
    items: Type.Array(ItemText, { minItems: 1, maxItems: 500 }),
    list: Type.Optional(ListName),
  }),
  result: shape({ done: Type.Array(Type.String()), missing: Type.Array(Type.String()) }),
  effect: 'write',
  slots: { items: 'items', list: 'name' },
  questions: { items: 'What is done?' },
  phrases: [
    '(mark|set) {items} [as|to] (done|complete|completed|finished)',
    '(mark|set) {items} on (my|the|our) {list} list [as] (done|complete|completed|finished)',
    '(tick|check|cross|strike) off {items}',
    '(tick|check|cross) {items} off',
    '(tick|check|cross) {items} off (my|the|our) list',
    '(tick|check|cross) {items} off (my|the|our) {list} list',
    '(tick|check|cross) off {items} (on|from) (my|the|our) {list} list',
    'complete [the|my] (task|to do|todo) {items}',
    'i have [already] (bought|done|finished|completed) {items}',
    'i [already] (bought|finished|completed) {items}',
    'i am done with {items}',
    'done with {items}',
    'finished {items}',
    '(task|to do|todo) done: {items}',
  ],
  examples: [
    'tick off the cheese',
    'I called the insurance, mark it done',
    'the slides are finished',
    'mark renew passport as complete',
    'got the onions and the garlic',
    'cross the library books off my list',
    'check off sleeping bag on the camping list',
    'I already bought stamps',
    'windows are clean now, tick that',
    'task done: water the neighbours plants',
    'I have taken care of the tape and the string',
    'finished painting the shed',
    'that is everything for the party bought, cups and plates',
    'done with the tax form',
    'set call the vet to completed',
    'apples are in the bag',
    'you can tick cat food, I have it',
    'just paid the phone bill so that one is done',
    'the lamp is repaired at last, cross it out',
  ],
  perform: async (can: Can, { items: said, list }) => {
    const items = inList(open(await allItems(can)), list)
    const { found, missing } = findItems(said, items)
    if (found.length === 0) refuseMissing(missing, items, list)
    const done_at = Temporal.Instant.fromEpochMilliseconds(can.clock.now).toString()
    for (const { id, group, at, body } of found) {
      const document: Item = { ...body, done: true, done_at }
      await can.records.put(ITEMS, { id, group, at, body: document })
    }
    const texts = found.map(({ body }) => body.text)
    return { data: { done: texts, missing }, text: `Done: ${sayList(texts)}.${notFound(missing)}` }
  },
})

/** What is added to an answer about the things that were not there. */
export function notFound(missing: readonly string[]): string {
  return missing.length === 0 ? '' : ` I could not find ${sayList(missing)}.`
}
