import { Type } from 'typebox'
import { capitalised, sayList } from '../say.ts'
import { ActionError, AskError, action, shape } from '../skill.ts'
import { ITEMS, allItems, cleanText, knownList, nearList, sayName } from './items.ts'
import type { Can, Item, StoredItem } from './items.ts'
import { keyWords } from '../match.ts'

/** How long done items are kept, and how many old ones each change clears away. */
const DONE_KEPT_MS = 90 * 86_400_000
const CLEARED_AT_ONCE = 20
/** As much is named of what is asked about. */
const NAMED_MAX = 5
const NAMED_CHARACTERS_MAX = 200

export const ItemText = Type.String({ minLength: 1, maxLength: 500 })
export const ListName = Type.String({ minLength: 1, maxLength: 60 })

/** What makes a list means no list that there is by another name. */
const CREATE = { create: true } as const
const CREATING = {
  '(create|start|make) a [new] {list} list with {items} [on it]': CREATE,
  '(create|start|make) a [new] list (called|named) {list} [with {items} [on it]]': CREATE,
} as const

/** Where something is to be put that is no list: "to my order", "as a friend on …", "insult to injury". */
const ELSEWHERE =
  /\s(?:to|into|onto) \p{Ll}|\s(?:as|on|onto|to|into) (?:an?|my|our|the|this|that|these|your|his|her|their|(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Janu|Febru)ary|March|April|May|June|July|August|(?:Septem|Octo|Novem|Decem)ber)\p{Lu}\S*)(?:\s|$)/u
/** What is to be done, and has a place in it: "take the bins to the kerb". */
const TASK = new RegExp(
  `^(?:(?:an? |the )?(?:call|card|gift|invitation|letter|present|trip|visit)|${[
    'answer|apply|ask|book|bring|buy|call|carry|check|clean|copy|drive|drop|email|find|finish|fix|fly|forward|get|give|go',
    'hand|install|invite|listen|look|mail|meet|message|move|order|pay|phone|pick|plan|post|practise|prepare|print|read|reply',
    'respond|return|ride|ring|say|send|sign|speak|stick|submit|switch|take|talk|tell|text|travel|turn|walk|wash|work|write',
  ].join('|')})\\b`,
  'iu',
)
/** Who has no list: "we lost" was taken for one. */
const NOBODY = /^(?:i|you|we|he|she|they|it|who|what|this|that)$/iu
/** What one runs out of and no shop has. */
const NO_GOODS =
  /^(?:the |my |our |all )?(?:time|luck|patience|road|steam|ideas?|options|excuses|words|breath|energy|space|room|money|cash|hope|reasons?|sight|office|hand|place|order|town|bed|here|it)$/iu
/** Something that is not said yet. */
const NOTHING =
  /^(?:something(?: else)?|(?:some|a few|another|an?|more) (?:things?|items?|entry|entries|stuff)|stuff)$/iu
/** Lists that everybody means by their names alone. */
const EVERYBODYS = new Set(['shopping', 'groceries', 'grocery', 'to do'])
const FIRST = /^(?:my |the |our )?(?<list>\S+(?: \S+)?) list (?<text>.+)$/iu
const LAST = /^(?<text>.+) (?:to|on|onto) (?<list>\S+(?: \S+)?)$/iu
/** What somebody asks after a list, or tells of it, in the languages that are understood: "steht Milch auf der Liste". */
const ASKED =
  /^(?:are|did|do|does|had|has|have|is|was|were|fehl(?:t|en)|gibt|hab(?:e|en)?|hast|hat|ich hab\p{L}*|ist|sind|steh(?:t|en)|est[áa]n?|faltan?|hay|le dije|ten(?:go|emos)|tiene)\s/iu
/** An order within what is to be put on a list is one to somebody else: "Tom, add milk". */
const ORDER =
  /^(?:bitte )?(?:add|put|remind|remember|setz|setze|schreib|schreibe|pack|packe|pon|añade|agrega) \S/iu
/** Things that agents and programs have, and no list. */
const MADE =
  /^(?:an? |the |my |new )*(?:agent|alarm|appointment|event|meeting|passkey|reminder|timer|workflow)\b/iu
/** Sounds of who is looking for a word. */
const FILLER = /^(?:um+|uh+|erm?|hm+|äh+m?|eh+)$/iu
/** What somebody tells, rather than what belongs on a list. */
const TELLING =
  /^lists? (?:are|is|of)\b|\blist \S|(?<!\p{L})(?:it|that|he|she|we|they|you)['’](?:s|re|ve|d|ll)(?!\p{L})|\b(?:i|me|we|us|he|him|she|they|them|it) (?:am|are|is|was|were|had|have|did|do|cry|laugh)\b|\b(?:i|we|he|she|they) \S/iu

/** Something for another place than a list, or of a task that is under way: "stir it". */
function isElsewhere(item: string): boolean {
  return !TASK.test(item) && (ELSEWHERE.test(item) || /\s(?:it|them)(?:\s|$)/u.test(item))
}

export const add = action({
  summary: 'Puts things on a list: your to do list unless you say which.',
  parameters: shape({
    items: Type.Array(ItemText, { minItems: 1, maxItems: 500 }),
    list: Type.Optional(ListName),
    create: Type.Optional(Type.Boolean()),
  }),
  result: shape({ added: Type.Array(Type.String()), list: Type.String() }),
  effect: 'write',
  verbatim: true,
  slots: { items: 'items', list: 'name' },
  questions: { items: 'What should I add?' },
  phrases: [
    '(add|put|pop|stick|chuck|write) {items} (to|on|onto) (my|the|our) {list} list [too|as well]',
    '(add|put|pop|stick|chuck|write) {items} (to|on|onto) {list} list',
    '(add|put|pop|stick|chuck|write) {items} (to|on|onto) (my|the|our) list [too|as well]',
    '(add|put) {items} (to|on) (my|the) (to dos|todos|tasks)',
    'also add {items}',
    'add {items}',
    'add {items} too',
    '{list} list: {items}',
    'add to (my|the|our) {list} list [{items}]',
    '(to do|todo|task): {items}',
    'new (task|to do|todo|item): {items}',
    'add [a|the] (task|to do|todo) [to] {items}',
    '(create|make) a [new] task [to] {items}',
    ...Object.keys(CREATING),
    '(we are|we have run|we ran|i am|i have run|i ran) out of {items}',
    '(i|we) need to buy {items}',
  ],
  presets: CREATING,
  examples: [
    'add cheese to my shopping list',
    'put onions and garlic on the grocery list',
    'shopping list: rice, beans and lentils',
    'new task, call the insurance',
    'we have run out of dish soap',
    'I need to get nappies',
    'put renew passport on my to do list',
    'add sleeping bag to the camping list',
    'I have to finish the slides, add it to my tasks',
    'pop some apples on the list',
    'buy stamps, put that down as a to do',
    'create a list for the party with cups, plates and straws',
    'also add yoghurt',
    'write batteries on the shopping list',
    'stick paint brushes on the hardware store list',
    'there is no more toilet paper at home',
    'write flour on the list',
    'make it a task: water the neighbours plants',
    'another thing to buy, light bulbs',
    "let's get lemons too",
    'todo return the library books',
    'add these to my list: tape, string and a pen',
    'could you add cat food please',
    'I should clean the windows, put it on my list',
  ],
  confirm: async (can: Can, given) => {
    const all = await allItems(can)
    const { items, list, create } = placed(given, all)
    if (items.every((item) => NOTHING.test(item))) throw new AskError('items', 'What should I add?')
    const said = `“${items.slice(0, NAMED_MAX).join(', ').slice(0, NAMED_CHARACTERS_MAX)}”`
    const isTold = ASKED.test(items[0] ?? '') || items.some((item) => ORDER.test(item))
    if (isTold) return `Shall I put ${said} on ${sayName(knownList(list, all))}?`
    if (list === undefined)
      return items.some(
        (item) => isElsewhere(item) || NO_GOODS.test(item) || MADE.test(item) || TELLING.test(item),
      )
        ? `Shall I put ${said} on your to do list?`
        : undefined
    if (create === true || (!NOBODY.test(list) && !items.some((item) => TELLING.test(item)))) return undefined
    const asked = knownList(list, all)
    if (all.some(({ group }) => group === asked)) return undefined
    return `There is no ${asked} list. Shall I make it, with ${said} on it?`
  },
  perform: async (can: Can, parameters) => {
    const items = await allItems(can)
    const given = placed(parameters, items)
    const asked = knownList(given.list, items)
    const near = given.create === true ? undefined : nearList(asked, items)
    const list = near ?? asked
    const { added, present } = await addAll(can, cleanTexts(given.items), list, items)
    const told = near === undefined ? '' : `There is no ${asked} list, so I took ${sayName(near)}. `
    return { data: { added, list }, text: `${told}${spoken(added, present, list)}` }
  },
})

interface Given {
  items: string[]
  list?: string
  create?: boolean
}

/** "add milk to shopping", "shopping list milk": its end or its beginning is a list that there is. */
function placed(given: Given, known: readonly StoredItem[]): Given {
  if (given.list !== undefined) return given
  const { items } = given
  const isThere = (list: string | undefined): list is string =>
    list !== undefined &&
    (EVERYBODYS.has(knownList(list, known)) || known.some(({ group }) => group === knownList(list, known)))
  const last = LAST.exec(items.at(-1) ?? '')?.groups
  if (
    last !== undefined &&
    isThere(last['list']) &&
    (last['list'] === 'list' || !TASK.test(last['text'] ?? ''))
  )
    return {
      ...given,
      items: [...items.slice(0, -1), last['text'] ?? ''],
      list: knownList(last['list'], known),
    }
  const first = FIRST.exec(items[0] ?? '')?.groups
  if (first !== undefined && isThere(first['list']))
    return {
      ...given,
      items: [first['text'] ?? '', ...items.slice(1)],
      list: knownList(first['list'], known),
    }
  return given
}

/** Texts as they are kept, each once. */
export function cleanTexts(texts: readonly string[]): string[] {
  const clean = texts.map(cleanText).filter((text) => text !== '' && !FILLER.test(text))
  if (clean.length === 0) throw new ActionError('What should I add?')
  return [...new Map(clean.map((text) => [text.toLowerCase(), text])).values()]
}

/** Puts items at the end of a list. One that is there already stays; one that was done returns. */
export async function addAll(
  can: Can,
  texts: readonly string[],
  list: string,
  known: readonly StoredItem[],
  priorities: ReadonlyMap<string, Item['priority']> = new Map(),
): Promise<{ added: string[]; present: string[] }> {
  const here = await cleared(
    can,
    known.filter(({ group }) => group === list),
  )
  const byWords = Map.groupBy(here, ({ body }) => wordsOf(body.text))
  const added: string[] = []
  const present: string[] = []
  let at = Math.max(0, ...here.map((item) => item.at))
  for (const text of texts) {
    const alike = byWords.get(wordsOf(text)) ?? []
    // An open one first.
    const same = alike.find(({ body }) => !body.done) ?? alike[0]
    if (same !== undefined && !same.body.done) {
      present.push(same.body.text)
      continue
    }
    at += 1
    const body: Item = { text, done: false, priority: priorities.get(text) ?? 'normal' }
    const document = { group: list, at, body }
    await can.records.put(ITEMS, same === undefined ? document : { id: same.id, ...document })
    added.push(text)
  }
  return { added, present }
}

/** The telling words of a text in their order: "2 l of milk" is "2 l milk", and "call Ann about Bob" is not about Ann. */
function wordsOf(text: string): string {
  return keyWords(text).join(' ')
}

/** The items without those done long ago, which are cleared away. */
async function cleared(can: Can, here: readonly StoredItem[]): Promise<StoredItem[]> {
  const before = Temporal.Instant.fromEpochMilliseconds(can.clock.now - DONE_KEPT_MS).toString()
  const old = here.filter(({ body }) => body.done && body.done_at !== undefined && body.done_at < before)
  const gone = old.slice(0, CLEARED_AT_ONCE)
  for (const { id } of gone) await can.records.remove(ITEMS, id)
  return here.filter((item) => !gone.includes(item))
}

function spoken(added: readonly string[], present: readonly string[], list: string): string {
  const name = sayName(list)
  const already = `${sayList(present)} ${present.length === 1 ? 'is' : 'are'} already on ${name}.`
  if (added.length === 0) return capitalised(already)
  return `Added ${sayList(added)} to ${name}.${present.length === 0 ? '' : ` ${capitalised(already)}`}`
}
